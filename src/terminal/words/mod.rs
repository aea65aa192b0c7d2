//! Values into sentences, in English. Each enum has one function with an exhaustive match, so that a second
//! language is a second file and the compiler says what it lacks.

mod faults;
mod findings;
mod line;
mod remarks;

pub use faults::{fault, note};
pub use findings::{codes, heading_warning, tally};
pub use line::one_line;
pub use remarks::template_written;
