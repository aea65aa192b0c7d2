//! `template`: an empty workbook to fill in.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use clap::Args;
use clap::builder::BoolishValueParser;

use super::whole_file::{publish, write_beside};
use super::{NextCommand, OrExit, Session};
use crate::exit::Exit;
use crate::report::blank_workbook;
use crate::terminal::{self, words};

/// Flags of `template`.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  livegoods template -o goods.xlsx")]
pub struct Template {
    /// The workbook to write
    #[arg(short, long, value_name = "FILE.xlsx")]
    output: PathBuf,

    /// Overwrite the file if it is there
    #[arg(long, env = "LIVEGOODS_FORCE", value_parser = BoolishValueParser::new())]
    force: bool,
}

impl Template {
    /// Writes the workbook.
    ///
    /// # Errors
    /// Exit 2 for a name that does not end in .xlsx, exit 73 when the file is there already or cannot be
    /// written.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let path = &self.output;
        let again = || session.command.clone().option("output", path.with_extension("xlsx"));
        ensure_xlsx(path).or_exit_then(Exit::Usage, again)?;
        let workbook = blank_workbook().or_exit(Exit::CannotWrite)?;
        let file = write_beside(path, &workbook).or_exit(Exit::CannotWrite)?;
        publish(file, path, self.force)
            .or_exit_then(Exit::CannotWrite, || session.command.clone().flag("force"))?;
        let next = NextCommand::new("check").value(path);
        if session.output.json {
            words::template_written_as_json(&mut terminal::stdout(), path, &next)?;
        }
        session.say(|out| words::template_written(out, path, &next))?;
        Ok(Exit::Done)
    }
}

fn ensure_xlsx(path: &Path) -> anyhow::Result<()> {
    let is_xlsx = path.extension().is_some_and(|kind| kind.eq_ignore_ascii_case("xlsx"));
    ensure!(is_xlsx, "{}: a template is an .xlsx workbook", path.display());
    Ok(())
}
