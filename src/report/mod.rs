//! Results into what people look at.

mod blank;
mod summary;

pub use blank::blank_workbook;
pub use summary::{AllCounts, IssueGroup, IssueTally, QuotaLine, Recognised, Summary, exit_of};
