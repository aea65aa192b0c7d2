//! A heading row that was understood into what is worth saying about it.

use super::super::{Columns, Field};
use super::fields::Said;
use super::find::TopRow;
use super::spelling::is_code;
use super::synonyms::resembling;

/// Something about a sheet that keeps nobody from reading it, and that its owner should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SheetNote {
    /// An unknown heading looks like a known one.
    Resembles(HeadingWarning),
    /// A column that seems to hold codes of goods was not read, and no other one is the sku.
    CodesUnread {
        /// The heading as it stands in the sheet.
        heading: String,
        /// Its column, 1 for the first.
        column: usize,
    },
    /// Other sheets of the workbook have a heading row, too.
    OtherSheets {
        /// The sheet that is read.
        read: String,
        /// Those that are not.
        others: Vec<String>,
    },
    /// A column holds text under no heading, and was not read.
    NoHeading {
        /// Which, 1 for the first.
        column: usize,
    },
    /// Rows were read that a person does not see: they are hidden or filtered away.
    HiddenRows {
        /// How many.
        rows: u64,
    },
    /// Rows were passed over that hold nothing but a total or a remark.
    RemarksPassed {
        /// How many.
        rows: u64,
    },
}

impl SheetNote {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Resembles(_) => "heading-unknown",
            Self::CodesUnread { .. } => "codes-unread",
            Self::OtherSheets { .. } => "other-sheets",
            Self::NoHeading { .. } => "heading-missing",
            Self::HiddenRows { .. } => "rows-hidden",
            Self::RemarksPassed { .. } => "rows-passed-over",
        }
    }

    /// Whether it is about a heading.
    pub fn is_of_a_heading(&self) -> bool {
        matches!(self, Self::Resembles(_) | Self::CodesUnread { .. })
    }
}

/// An unknown heading that looks like a known one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingWarning {
    /// The heading as it stands in the sheet.
    pub heading: String,
    /// Its column, 1 for the first.
    pub column: usize,
    /// The known heading it looks like.
    pub resembles: &'static str,
    /// What that one would mean.
    pub field: Field,
}

/// So many unknown headings are looked at, and so many notes are made: more help nobody.
const LOOKED_AT: usize = 512;
const MOST_NOTES: usize = 20;

/// The columns that hold text in `below`, the rows under the headings, and have none.
pub(super) fn without_heading(headings: &[String], below: &[TopRow<'_>]) -> Vec<SheetNote> {
    let is_headed = |column: usize| headings.get(column).is_some_and(|heading| !heading.trim().is_empty());
    let holds_text = |column: usize| {
        below.iter().any(|(_, cells)| cells.get(column).is_some_and(|cell| !cell.trim().is_empty()))
    };
    let width = below.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0).min(LOOKED_AT);
    let columns = (0..width).filter(|column| !is_headed(*column) && holds_text(*column));
    columns.take(MOST_NOTES).map(|column| SheetNote::NoHeading { column: column + 1 }).collect()
}

/// What the headings of `columns`, which are no results', leave to be said.
pub(super) fn notes(columns: &Columns, said: &[Said]) -> Vec<SheetNote> {
    let is_unknown = |said: &Said| said.meaning.is_none() && !said.folded.is_empty();
    let unknown = columns.headings.iter().zip(said).enumerate().filter(|(_, (heading, said))| {
        // An older version's results call a user's own columns so.
        is_unknown(said) && !heading.trim().starts_with("sheet.")
    });
    let has_sku = columns.of(Field::Sku).is_some();
    let note = |(column, (heading, said)): (usize, (&String, &Said))| {
        let (heading, column) = (heading.trim().to_owned(), column + 1);
        if !has_sku && is_code(&heading, &said.folded) {
            return Some(SheetNote::CodesUnread { heading, column });
        }
        let (resembles, field) = resembling(&said.folded)?;
        Some(SheetNote::Resembles(HeadingWarning { heading, column, resembles, field }))
    };
    unknown.take(LOOKED_AT).filter_map(note).take(MOST_NOTES).collect()
}
