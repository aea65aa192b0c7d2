//! Results into what people look at.

mod blank;

pub use blank::blank_workbook;
