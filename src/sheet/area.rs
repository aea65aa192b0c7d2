//! A cell's name into its place, and cells merged into one as the rectangle they cover.

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

/// `B12` is row 11, column 1, both counted from 0.
pub(super) fn place_of(cell: &str) -> Option<(u32, u32)> {
    let (mut column, mut row) = (0_u32, 0_u32);
    for byte in cell.bytes() {
        match byte {
            b'$' => {}
            b'0'..=b'9' if column > 0 => {
                row = row.checked_mul(10)?.checked_add(u32::from(byte - b'0'))?;
            }
            letter if letter.is_ascii_alphabetic() && row == 0 => {
                let letter = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
                column = column.checked_mul(26)?.checked_add(letter)?;
            }
            _ => return None,
        }
    }
    Some((row.checked_sub(1)?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cells_name_is_its_row_and_column() {
        for (cell, place) in [
            ("A1", Some((0, 0))),
            ("$Z$9", Some((8, 25))),
            ("aa10", Some((9, 26))),
            ("XFD1048576", Some((1_048_575, 16_383))),
            ("12", None),
            ("B", None),
            ("B0", None),
            ("A99999999999", None),
        ] {
            assert_eq!(place_of(cell), place, "{cell}");
        }
    }
}
