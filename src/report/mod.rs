//! Results into what people look at.

mod blank;
mod columns;
mod summary;
mod workbook;

pub use blank::blank_workbook;
pub use columns::ColumnsRead;
pub use summary::{AllCounts, IssueGroup, IssueTally, PricesRead, QuotaLine, Recognised, Summary, exit_of};
pub use workbook::results_workbook;
