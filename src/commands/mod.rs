//! A verb's flags and its run, one file each, wiring the rooms.

/// `check`: everything that is wrong with sheets, row by row.
pub mod check;
/// `completions`: a shell's completion script.
pub mod completions;
/// Flags that several verbs share, and where their values come from.
pub mod flags;
/// `import`: a sheet onto the shelf.
pub mod import;
/// `man`: the manual page.
pub mod man;
/// `quota`: what is spent and left.
pub mod quota;
/// `sandbox`: the embedded stand-in, served until it is stopped.
pub mod sandbox;
/// `template`: an empty workbook to fill in.
pub mod template;

mod account;
mod connection;
mod failure;
mod input;
mod next;
mod session;
mod signals;

pub use account::Account;
pub use failure::{Failure, OrExit};
pub use next::NextCommand;
pub use session::Session;
