//! What `check` found into lines for people or one JSON object for programs.

mod json;
mod lines;
mod listener;

pub use json::JsonFindings;
pub use lines::LineFindings;
pub use listener::{Findings, NoFindings, SheetFacts};
