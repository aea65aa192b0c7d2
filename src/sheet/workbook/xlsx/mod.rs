//! Excel's zipped XML into cells: `.xlsx`, and `.xlsm` and `.xltx`, which are the same.

mod book;
mod cells;
mod strings;
mod styles;

pub(super) use book::XlsxBook;
pub(super) use cells::XlsxCells;
pub(super) use strings::Strings;
pub(super) use styles::{Formats, Styles};
