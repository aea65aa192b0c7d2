//! `completions`: the command line into a shell's completion script.

use std::io::Write;

use clap::Args;
use clap_complete::Shell;

use super::Session;
use crate::exit::Exit;
use crate::{cli, terminal};

/// Flags of `completions`.
#[derive(Args, Debug)]
#[command(
    after_help = "Example:\n  livegoods completions bash > ~/.local/share/bash-completion/completions/livegoods"
)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script on stdout.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn run(self, _session: &Session) -> anyhow::Result<Exit> {
        // The generator panics when its writer fails, so it writes to memory.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut cli::command(), "livegoods", &mut script);
        let mut out = terminal::stdout();
        out.write_all(&script)?;
        out.flush()?;
        Ok(Exit::Done)
    }
}
