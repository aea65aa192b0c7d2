//! A merge of cells as a rectangle.

/// The cells of a merge: rows as a spreadsheet program numbers them, columns counted from 0, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub top: u32,
    pub bottom: u32,
    pub left: usize,
    pub right: usize,
}
