//! A verb's flags and its run, one file each, wiring the rooms.

/// `check`: everything that is wrong with sheets, row by row.
pub mod check;
/// `completions`: a shell's completion script.
pub mod completions;
/// `delete`: goods out of the library, for good.
pub mod delete;
/// `explain`: what a code means.
pub mod explain;
/// `export`: the whole library into a file.
pub mod export;
/// Flags that several verbs share, and where their values come from.
pub mod flags;
/// `import`: a sheet onto the shelf.
pub mod import;
/// `man`: the manual page.
pub mod man;
/// `quota`: what is spent and left.
pub mod quota;
/// `resubmit`: goods into review once more.
pub mod resubmit;
/// `sandbox`: the embedded stand-in, served until it is stopped.
pub mod sandbox;
/// `status`: the audit status of rows, refreshed.
pub mod status;
/// `template`: an empty workbook to fill in.
pub mod template;
/// `update`: what a sheet changed, onto goods that exist.
pub mod update;
/// `withdraw`: goods out of review.
pub mod withdraw;

mod account;
mod connection;
mod errand;
mod failure;
mod input;
mod next;
mod pass;
mod prices;
mod records;
mod reports;
mod session;
mod signals;
mod whole_file;

pub use account::Account;
pub use failure::{Failure, OrExit};
pub use next::NextCommand;
pub use session::Session;
