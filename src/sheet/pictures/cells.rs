//! A sheet's cells into those that hold a picture by a rich value or a formula, which the reader of values leaves out.

use quick_xml::events::Event;

use super::super::Problem;
use super::super::area::place_of;
use super::super::zipped::{Parts, attribute, text_of};
use super::dispimg::picture_id;

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
    package: &mut Parts,
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
            Event::Start(tag) => match tag.local_name().as_ref() {
                "c" => {
                    place = attribute(tag, "r")?.and_then(|cell| place_of(&cell));
                    let rich = attribute(tag, "vm")?.and_then(|number| number.parse().ok());
                    if let (Some((row, column)), Some(number)) = (place, rich) {
                        take(PictureCell {
                            row: row + 1,
                            column: column as usize,
                            holds: Holds::Rich(number),
                        })?;
                    }
                }
                "f" => formula = Some(String::new()),
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == "f" => {
                let formula = formula.take().unwrap_or_default();
                if let (Some((row, column)), Some(id)) = (place, picture_id(&formula)) {
                    take(PictureCell { row: row + 1, column: column as usize, holds: Holds::Named(id) })?;
                }
            }
            _ => {}
        }
        Ok(())
    })
}
