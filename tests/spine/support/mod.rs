//! What the tests of this crate stand on: a service in memory, a disk that can die, tables, and whole imports
//! inside the process, with the time, the service and the disk as parameters.

mod desk;
mod mortal;
mod program;
pub mod raw;
mod run_clock;
mod scratch;
mod shelf;
mod shop;
mod table;

pub use desk::{APPID, Desk, Ran, Wishes};
pub use mortal::{Fuse, MortalDisk, MortalService};
pub use program::{Ended, Program, snapshot};
pub use run_clock::RunClock;
pub use shelf::Shelf;
pub use shop::{adds, desk, shop};
pub use table::Table;
