//! A row of goods that exist into what the person wants them to be: a picture that stays needs no upload.

use csv::StringRecord;

use crate::goods::{Cover, Judged, judge};
use crate::results::{Line, digest_of};
use crate::sheet::{Columns, Field, RawRow};

/// Stands for a picture that is left alone, so that the other rules judge the row.
const LEFT_ALONE: &str = "picture-that-is-left-alone";

/// A row of goods that exist, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What the rules said. The cover of the goods means nothing: see `cover`.
    pub judged: Judged,
    /// Another picture than the one last sent.
    pub cover: Option<Cover>,
    /// The row goes by another sku or name than its line: the cells that the line takes over once that is
    /// recorded.
    pub moved: Option<StringRecord>,
}

/// Judges the row of a line. `digest` tells what a cover's content is now, where that can be told without asking
/// another machine.
///
/// An empty cover cell leaves the picture alone, and so does one that says what was sent last (or exported),
/// whatever kind it is. Where that is not known, nothing says that it changed.
pub fn wanted(
    row: &RawRow,
    columns: &Columns,
    line: &Line,
    digest: impl Fn(&Cover) -> Option<String>,
) -> Wanted {
    let text = row.get(columns, Field::Cover).trim();
    let cover = Cover::recognise(text);
    let stays = cover.as_ref().is_some_and(|cover| {
        line.cover_digest.is_empty()
            || digest_of(cover) == line.cover_digest
            || digest(cover).is_none_or(|now| now == line.cover_digest)
    });
    if !text.is_empty() && !stays {
        return Wanted { judged: judge(row, columns), cover, moved: None };
    }
    let (row, columns) = with_cover(row, columns);
    Wanted { judged: judge(&row, &columns), cover: None, moved: None }
}

/// The row with a picture that no rule objects to.
fn with_cover(row: &RawRow, columns: &Columns) -> (RawRow, Columns) {
    let mut columns = columns.clone();
    let at = columns.of(Field::Cover).unwrap_or(columns.headings.len());
    columns.fields[Field::Cover as usize] = Some(at);
    let width = row.cells.len().max(at + 1);
    let cell = |column| if column == at { LEFT_ALONE } else { row.cells.get(column).unwrap_or("") };
    let cells: StringRecord = (0..width).map(cell).collect();
    let mut row = row.clone();
    row.cells = cells;
    (row, columns)
}
