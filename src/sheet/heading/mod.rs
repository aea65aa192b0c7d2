//! The first rows of a sheet into its heading row: which column holds which field, or what keeps that from being told.

mod damaged;
mod fault;
mod fields;
mod find;
mod kept;
mod lack;
mod map;
mod note;
mod quote;
mod spelling;
mod synonyms;
mod two_rows;

pub use fault::{NoHeadingRow, PriceHeadings, QuotedRow, TwoHeadingRows, TwoHeadings};
pub use map::{HeadingMap, Meaning};
pub use note::{HeadingWarning, SheetNote};

pub(super) use find::{Heading, Maps, WITHIN, are_results, columns_of, fields_named, find, unread_prices};
pub(super) use lack::heading_not_found;
