//! Cells merged into one, as the rectangle they cover.

/// A merge of cells; every bound belongs to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    /// Its first row, 1 for the first of the file.
    pub top: u32,
    /// Its last row.
    pub bottom: u32,
    /// Its first column, 0 for the first.
    pub left: usize,
    /// Its last column.
    pub right: usize,
}

impl Area {
    /// Whether the cell is part of the merge, and not the one that holds its text.
    pub fn hides(&self, row: u32, column: usize) -> bool {
        let inside = (self.top..=self.bottom).contains(&row) && (self.left..=self.right).contains(&column);
        inside && (row, column) != (self.top, self.left)
    }
}
