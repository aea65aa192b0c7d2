//! Events into progress and words: the only room that draws or speaks.

/// Every text, one function an enum.
pub mod words;

mod errors;
mod findings;
mod paint;
mod streams;

pub use errors::{say_error, say_error_as_json, say_styled, say_usage_error};
pub use findings::{Findings, JsonFindings, LineFindings, NoFindings, SheetFacts};
pub use paint::Paint;
pub use streams::{Pipe, stderr, stdout};
