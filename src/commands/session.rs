//! What every verb is handed beside its own flags, and how each of its ends is told.

use std::io::{self, Write};

use super::flags::OutputFlags;
use super::{Failure, NextCommand};
use crate::exit::Exit;
use crate::terminal::{self, Paint};

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
        let (exit, next) = Failure::of(error);
        let next = next.unwrap_or(&self.command).to_string();
        let told = format!("{error:#}");
        if self.output.json {
            terminal::say_error_as_json(&mut terminal::stdout(), exit, &told, &next);
        }
        terminal::say_error(&mut terminal::stderr(), self.paint(), &told, &next);
        exit
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

    /// Whether messages on stderr are coloured.
    pub fn paint(&self) -> Paint {
        self.output.color.paint(&io::stderr())
    }
}
