//! Outcomes into durable lines and back: the result CSV that is its own journal.

mod outcome;

pub use outcome::{Action, Counts, Outcome};
