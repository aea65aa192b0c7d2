//! Outcomes into durable lines and back: the result CSV that is its own journal.

mod cell;
mod check;
mod columns;
mod line;
mod outcome;

pub use check::{Check, Content, Guarded, cover_digest};
pub use columns::{Layout, OWN};
pub use line::{Decoder, GONE, Line, NotALine, Presence};
pub use outcome::{Action, Counts, Outcome};
