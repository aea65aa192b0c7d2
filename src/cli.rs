//! The command line: words into a verb and a session, and every end into an exit code.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Command, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::flags::{self, OutputFlags, Settings};
use crate::commands::{
    NextCommand, OrExit, Session, check, completions, delete, explain, export, import, man, quota, resubmit,
    sandbox, status, template, update, withdraw,
};
use crate::exit::Exit;
use crate::terminal::{self, Paint};

/// From a merchandiser's spreadsheet to goods on the shelf of a WeChat live broadcast.
#[derive(Debug, Parser)]
#[command(name = "livegoods", version, max_term_width = 100, disable_help_subcommand = true, after_help = ROOT_HELP)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,

    /// How to speak.
    #[command(flatten)]
    pub output: OutputFlags,

    /// Read settings from this file instead of ./livegoods.toml
    #[arg(long, global = true, value_name = "PATH", env = "LIVEGOODS_CONFIG", help_heading = "Output")]
    pub config: Option<PathBuf>,
}

const ROOT_HELP: &str = "\
Every option has a twin in the environment: --dry-run is LIVEGOODS_DRY_RUN=1, --jobs 4 is LIVEGOODS_JOBS=4. \
A flag counts before the environment, then ./livegoods.toml, then ~/.config/livegoods/config.toml; their keys \
are the options' names (jobs = 4).

Examples:
  livegoods template -o goods.xlsx
  livegoods check goods.xlsx
  livegoods import goods.xlsx --sandbox
";

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Check sheets by every rule that needs no network
    Check(check::Check),
    /// Add and submit each valid row that is not there yet; running it again is the resume
    Import(import::Import),
    /// Refresh the audit status of goods with as few calls as possible
    Status(status::Status),
    /// Withdraw goods that are in review
    Withdraw(withdraw::Withdraw),
    /// Submit again what was withdrawn or never submitted
    Resubmit(resubmit::Resubmit),
    /// Send what a sheet changed to goods that exist
    Update(update::Update),
    /// Delete goods for good, out of running live rooms too
    Delete(delete::Delete),
    /// Write the whole library to a file that every verb takes
    Export(export::Export),
    /// Show what is spent and left of the day's calls, and how far a sheet goes with it
    Quota(quota::Quota),
    /// Say what an errcode or an issue code means and what to do
    Explain(explain::Explain),
    /// Write an empty workbook to fill in
    Template(template::Template),
    /// Serve the embedded stand-in for the service on a loopback address until stopped
    Sandbox(sandbox::SandboxArgs),
    /// Print the completion script of a shell
    Completions(completions::Completions),
    /// Print the manual page
    Man(man::Man),
}

impl Verb {
    fn run(self, session: &Session) -> anyhow::Result<Exit> {
        match self {
            Self::Check(verb) => verb.run(session),
            Self::Import(verb) => verb.run(session),
            Self::Status(verb) => verb.run(session),
            Self::Withdraw(verb) => verb.run(session),
            Self::Resubmit(verb) => verb.run(session),
            Self::Update(verb) => verb.run(session),
            Self::Delete(verb) => verb.run(session),
            Self::Export(verb) => verb.run(session),
            Self::Quota(verb) => verb.run(session),
            Self::Explain(verb) => verb.run(session),
            Self::Template(verb) => verb.run(session),
            Self::Sandbox(verb) => verb.run(session),
            Self::Completions(verb) => verb.run(session),
            Self::Man(verb) => verb.run(session),
        }
    }
}

/// Runs the command line `words`, the program's name first.
pub fn run(words: &[OsString]) -> Exit {
    // The words alone come first: help and usage do not depend on what files and environment say.
    let typed = match Typed::parse(words) {
        Ok(typed) => typed,
        Err(error) => return tell(&error, words),
    };
    match typed.layered(words) {
        Ok((cli, session)) => {
            if !session.output.quiet {
                terminal::show_warnings(session.paint());
            }
            cli.verb.run(&session).unwrap_or_else(|error| session.fail(&error))
        }
        Err(error) => typed.session.fail(&error),
    }
}

/// The whole command line, for completions and the manual page.
pub fn command() -> Command {
    // Twins are told once for all, not at each option: half the help would be their names.
    flags::map_options(Cli::command(), |option| option.hide_env(true))
}

/// What the words alone say.
struct Typed {
    session: Session,
    verb: String,
    config: Option<PathBuf>,
}

impl Typed {
    fn parse(words: &[OsString]) -> Result<Self, clap::Error> {
        let mut command = flags::without_environment(command());
        let matches = command.try_get_matches_from_mut(words)?;
        let cli = Cli::from_arg_matches(&matches)?;
        let session = Session { output: cli.output, command: NextCommand::again(&command, &matches) };
        let verb = matches.subcommand_name().unwrap_or_default().to_owned();
        Ok(Self { session, verb, config: cli.config })
    }

    /// The words with the settings files and the environment below them.
    fn layered(&self, words: &[OsString]) -> anyhow::Result<(Cli, Session)> {
        let command = command();
        let config = self.config.clone().or_else(flags::config_variable);
        let command =
            Settings::load(&command, config.as_deref()).or_exit(Exit::Configuration)?.apply(command);
        let command = flags::map_options(flags::without_empty_variables(command), |option| {
            // clap reads the variable of a global option though the option was given after the verb.
            let given = option.get_long().is_some_and(|long| self.session.command.has(long));
            if given { option.env(None::<&'static str>) } else { option }
        });
        // Words and files were found right by themselves, so what is wrong now is in the environment.
        let cli = command
            .clone()
            .try_get_matches_from(words)
            .and_then(|matches| Cli::from_arg_matches(&matches))
            .map_err(|error| flags::variable_at_fault(&command, &self.verb).unwrap_or_else(|| error.into()))
            .or_exit(Exit::Configuration)?;
        let session = Session { output: cli.output.clone(), ..self.session.clone() };
        Ok((cli, session))
    }
}

/// Help that was asked for, or a command line that does not say what to do.
fn tell(error: &clap::Error, words: &[OsString]) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let paint = Paint::auto(&std::io::stdout());
        terminal::say_styled(&mut terminal::stdout(), paint, &error.render());
        return Exit::Done;
    }
    let command = command();
    let verb = words.iter().skip(1).find_map(|word| command.find_subcommand(word));
    let help = NextCommand::new(verb.map_or("", Command::get_name)).flag("help").to_string();
    let complaint = error.render();
    // Whoever reads the object reads it at every end, whatever else the words got wrong.
    if words.iter().any(|word| word == "--json") {
        let text = terminal::usage_complaint(&complaint);
        terminal::say_error_as_json(&mut terminal::stdout(), Exit::Usage, &text, &help);
    }
    let paint = Paint::auto(&std::io::stderr());
    terminal::say_usage_error(&mut terminal::stderr(), paint, &complaint, &help);
    Exit::Usage
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_makes_sense_to_clap() {
        command().debug_assert();
    }

    #[test]
    fn every_twin_is_named_after_its_option() {
        let root = command();
        let options = root.get_subcommands().flat_map(Command::get_arguments).chain(root.get_arguments());
        let twins: Vec<(&str, &str)> =
            options.filter_map(|option| Some((option.get_long()?, option.get_env()?.to_str()?))).collect();
        assert!(twins.len() > 30, "{twins:?}");
        for (long, twin) in twins {
            assert_eq!(twin, format!("LIVEGOODS_{}", long.to_ascii_uppercase().replace('-', "_")));
        }
    }
}
