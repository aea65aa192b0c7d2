//! What every verb is handed beside its own flags, and how each of its ends is told.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use anyhow::Context;
use jiff::tz::TimeZone;

use super::flags::OutputFlags;
use super::{Failure, NextCommand, OrExit};
use crate::clock::{Clock, SystemClock};
use crate::event::Everyone;
use crate::exit::Exit;
use crate::report::Summary;
use crate::terminal::{self, Bar, Detail, Lines, Log, Paint, words};

/// One run of the program: how it speaks, and the command it was started with.
#[derive(Clone, Debug)]
pub struct Session {
    /// `--json`, `--quiet` and the others that every verb takes.
    pub output: OutputFlags,
    /// The command as it was typed; every next command begins from it.
    pub command: NextCommand,
}

impl Session {
    /// Tells `error` and what to type next; the exit code it ends with.
    pub fn fail(&self, error: &anyhow::Error) -> Exit {
        let (exit, next) = Failure::of(error, &self.command);
        let next = next.to_string();
        let told = Failure::text(error);
        if self.output.json {
            terminal::say_error_as_json(&mut terminal::stdout(), exit, &told, &next);
        }
        terminal::say_error(&mut terminal::stderr(), self.paint(), &told, &next);
        self.log_end(exit, &told);
        exit
    }

    /// Notes in the log how the run ended. A log that cannot be written ended the run before, or stops nothing.
    fn log_end(&self, exit: Exit, text: &str) {
        let Some(path) = &self.output.log_file else { return };
        if let Ok(log) = Log::open(path, self.output.log_format.into(), Arc::new(SystemClock::new())) {
            log.ended(exit, text);
        }
    }

    /// Writes a closing remark for people on stdout; `--quiet` and `--json` leave it out.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn say(&self, words: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        if !self.output.quiet && !self.output.json {
            let mut out = terminal::stdout();
            words(&mut out)?;
            out.flush()?;
        }
        Ok(())
    }

    /// Prints the closing summary and gives its exit code: one JSON object with `--json`, nothing on
    /// stdout with `--quiet`. An end that is not 0 is told on stderr wherever stdout has no words for it.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn close(&self, summary: &Summary) -> anyhow::Result<Exit> {
        let zone = TimeZone::system();
        if self.output.json {
            let mut out = terminal::stdout();
            writeln!(out, "{}", serde_json::to_string(summary)?)?;
            out.flush()?;
        }
        let paint = self.output.color.paint(&io::stdout());
        self.say(|out| words::summary(out, summary, paint, &zone))?;
        if summary.exit != Exit::Done && (self.output.json || self.output.quiet) {
            // A closed stderr must not turn the run's own end into another.
            let _ = words::short_summary(&mut terminal::stderr(), summary, self.paint(), &zone);
        }
        self.log_end(summary.exit, &words::ending(summary, &zone));
        Ok(summary.exit)
    }

    /// The same for a run whose data is on stdout: the summary goes to stderr.
    ///
    /// # Errors
    /// The summary cannot be put into JSON.
    pub fn close_beside_data(&self, summary: &Summary) -> anyhow::Result<Exit> {
        let (mut out, zone) = (terminal::stderr(), TimeZone::system());
        // A closed stderr must not turn the run's own end into another.
        let _ = match self.output {
            OutputFlags { json: true, .. } => writeln!(out, "{}", serde_json::to_string(summary)?),
            OutputFlags { quiet: true, .. } if summary.exit == Exit::Done => Ok(()),
            OutputFlags { quiet: true, .. } => words::short_summary(&mut out, summary, self.paint(), &zone),
            _ => words::summary(&mut out, summary, self.paint(), &zone),
        };
        self.log_end(summary.exit, &words::ending(summary, &zone));
        Ok(summary.exit)
    }

    /// Everybody who hears what a run tells: a bar on a terminal, lines elsewhere, the log.
    ///
    /// # Errors
    /// Exit 73 when the log cannot be written.
    pub fn listener(&self, clock: &Arc<dyn Clock>) -> anyhow::Result<Everyone> {
        let OutputFlags { quiet, verbose, no_progress, .. } = self.output;
        let mut everyone = Everyone::default();
        if !quiet {
            let on_terminal =
                io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb");
            everyone.0.push(if on_terminal && !no_progress {
                Box::new(Bar::new(Arc::clone(clock), verbose, self.paint()))
            } else {
                let detail = Detail { progress: !no_progress, rows: verbose };
                Box::new(Lines::new(terminal::stderr(), Arc::clone(clock), detail, TimeZone::system()))
            });
        }
        if let Some(path) = &self.output.log_file {
            let log = Log::open(path, self.output.log_format.into(), Arc::clone(clock))
                .with_context(|| format!("{}: the log cannot be written", path.display()))
                .or_exit(Exit::CannotWrite)?;
            everyone.0.push(Box::new(log));
        }
        Ok(everyone)
    }

    /// Whether messages on stderr are coloured.
    pub fn paint(&self) -> Paint {
        self.output.color.paint(&io::stderr())
    }
}
