//! Events into progress and words: the only room that draws or speaks.

/// Every text, one function an enum.
pub mod words;

mod bar;
mod errors;
mod findings;
mod lines;
mod log;
mod paint;
mod streams;
mod tally;
mod warnings;

pub use bar::Bar;
pub use errors::{say_error, say_error_as_json, say_styled, say_usage_error, usage_complaint};
pub use findings::{Findings, JsonFindings, LineFindings, NoFindings, SheetFacts};
pub use lines::{Detail, Lines};
pub use log::{Log, LogForm};
pub use paint::Paint;
pub use streams::{Pipe, stderr, stdout};
pub use warnings::show_warnings;
