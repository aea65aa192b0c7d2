//! A verb's flags and its run, one file each, wiring the rooms.

/// `check`: everything that is wrong with sheets, row by row.
pub mod check;
/// `completions`: a shell's completion script.
pub mod completions;
/// Flags that several verbs share, and where their values come from.
pub mod flags;
/// `man`: the manual page.
pub mod man;
/// `template`: an empty workbook to fill in.
pub mod template;

mod failure;
mod next;
mod session;

pub use failure::{Failure, OrExit};
pub use next::NextCommand;
pub use session::Session;
