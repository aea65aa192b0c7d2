//! `OpenDocument` sheets into cells.

mod book;
mod cells;
mod styles;

pub(super) use book::OdsBook;
pub(super) use cells::OdsCells;
