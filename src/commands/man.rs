//! `man`: the command line into its manual pages.

use std::io::Write;

use anyhow::anyhow;
use clap::{Args, Command};

use super::{NextCommand, OrExit, Session};
use crate::exit::Exit;
use crate::{cli, terminal};

/// Flags of `man`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  livegoods man > livegoods.1\n  livegoods man import > livegoods-import.1"
)]
pub struct Man {
    /// The command whose page is wanted; without one, the page of the whole program
    command: Option<String>,
}

impl Man {
    /// Prints the page on stdout, as roff.
    ///
    /// # Errors
    /// Exit 2 for a command that does not exist; stdout cannot be written.
    pub fn run(self, _session: &Session) -> anyhow::Result<Exit> {
        let mut root = cli::command();
        root.build();
        let page = match &self.command {
            None => root,
            Some(name) => page_of(&root, name)
                .ok_or_else(|| anyhow!("there is no command {name:?}"))
                .or_exit_then(Exit::Usage, || NextCommand::new("").flag("help"))?,
        };
        let mut out = terminal::stdout();
        clap_mangen::Man::new(page).render(&mut out)?;
        out.flush()?;
        Ok(Exit::Done)
    }
}

fn page_of(root: &Command, name: &str) -> Option<Command> {
    let page = root.find_subcommand(name)?.clone();
    Some(page.name(format!("livegoods-{name}")).version(env!("CARGO_PKG_VERSION")))
}
