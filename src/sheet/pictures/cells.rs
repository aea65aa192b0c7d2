//! A sheet's cells into those that hold a picture by a rich value or a formula, which the reader of values leaves out.

use quick_xml::events::Event;

use super::super::Problem;
use super::dispimg::picture_id;
use super::package::{Package, attribute, text_of};

/// A cell that may hold a picture.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PictureCell<'c> {
    /// 1 for the first row.
    pub row: u32,
    /// Counted from 0.
    pub column: usize,
    pub holds: Holds<'c>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Holds<'c> {
    /// Excel's: the number of the rich value, 1 for the first.
    Rich(usize),
    /// WPS Office's: the ID of the picture.
    Named(&'c str),
}

/// Hands the cells of a sheet's part to `take`; at most `limit` bytes of it are unpacked.
pub(super) fn read(
    package: &mut Package,
    sheet: &str,
    limit: u64,
    mut take: impl FnMut(PictureCell<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let (mut place, mut formula) = (None, None::<String>);
    package.read(sheet, limit, |event| {
        if let (Some(formula), Some(more)) = (&mut formula, text_of(&event)?) {
            formula.push_str(&more);
        }
        match &event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "c" => {
                    place = attribute(tag, "r")?.and_then(|cell| place_of(&cell));
                    let rich = attribute(tag, "vm")?.and_then(|number| number.parse().ok());
                    if let (Some((row, column)), Some(number)) = (place, rich) {
                        take(PictureCell { row, column, holds: Holds::Rich(number) })?;
                    }
                }
                "f" if matches!(event, Event::Start(_)) => formula = Some(String::new()),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "f" => {
                let formula = formula.take().unwrap_or_default();
                if let (Some((row, column)), Some(id)) = (place, picture_id(&formula)) {
                    take(PictureCell { row, column, holds: Holds::Named(id) })?;
                }
            }
            _ => {}
        }
        Ok(())
    })
}

/// `B12` is row 12, column 1.
fn place_of(cell: &str) -> Option<(u32, usize)> {
    let digits = cell.find(|sign: char| sign.is_ascii_digit())?;
    let (letters, row) = cell.split_at(digits);
    let column = letters.bytes().try_fold(0_usize, |column, letter| {
        let letter = letter.to_ascii_uppercase();
        letter.is_ascii_uppercase().then(|| column.saturating_mul(26) + usize::from(letter - b'A') + 1)
    })?;
    Some((row.parse().ok()?, column.checked_sub(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cells_name_is_its_row_and_column() {
        for (cell, place) in
            [("A1", Some((1, 0))), ("Z9", Some((9, 25))), ("AA10", Some((10, 26))), ("12", None), ("B", None)]
        {
            assert_eq!(place_of(cell), place, "{cell}");
        }
    }
}
