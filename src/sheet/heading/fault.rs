//! What is wrong with headings, in words that name the place, what is missing, and the `--map` that helps.

use std::fmt;

use super::map::{HeadingMap, Meaning};
use super::quote::shown;
use crate::sheet::{Field, column_letters};

/// So many headings are named; a sheet can have thousands.
const NAMED: usize = 5;

/// More maps than these make no command that anybody types.
const MOST_MAPS: usize = 10;

/// None of the first rows is a heading row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoHeadingRow {
    /// How many rows were looked at.
    pub within: u32,
    /// The sheet, where there are several.
    pub sheet: Option<String>,
    /// The rows that look most like one, the likeliest first; none where all are blank.
    pub rows: Vec<QuotedRow>,
    /// What the likeliest row lacks.
    pub missing: Vec<Field>,
    /// Headings of that row that may hold what is missing.
    pub maps: Vec<HeadingMap>,
    /// Whether the headings of `maps` look as if they did; else they only show how a map is written.
    pub likely: bool,
    /// Headings that `--map` names and no row holds.
    pub unfound: Vec<String>,
    /// How much the likeliest row looks like a heading row.
    pub(in crate::sheet) likeness: usize,
}

/// A row in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedRow {
    /// Its number.
    pub row: u32,
    /// The beginning of what it holds.
    pub text: String,
}

impl fmt::Display for NoHeadingRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no heading row: none of the first {} rows", self.within)?;
        if let Some(sheet) = &self.sheet {
            write!(f, " of sheet {sheet:?}")?;
        }
        f.write_str(" holds at least a name and a price, like 商品名称 and 价格; ")?;
        for (number, QuotedRow { row, text }) in self.rows.iter().enumerate() {
            let comma = if number == 0 { "" } else { ", " };
            write!(f, "{comma}row {row} holds {text}")?;
        }
        match self.rows.first() {
            Some(QuotedRow { row, .. }) => self.say_what_is_missing(f, *row)?,
            None => f.write_str("they are blank")?,
        }
        let unfound: Vec<String> = self.unfound.iter().take(NAMED).map(|heading| shown(heading)).collect();
        match unfound.as_slice() {
            [] => Ok(()),
            headings => write!(f, "; no row holds {}, which --map names", headings.join(", ")),
        }
    }
}

impl NoHeadingRow {
    /// What to type beside the same command; nothing where that would be a mere guess.
    pub(in crate::sheet) fn remedy(&self) -> Vec<HeadingMap> {
        if self.likely { self.maps.clone() } else { Vec::new() }
    }

    fn say_what_is_missing(&self, f: &mut fmt::Formatter<'_>, row: u32) -> fmt::Result {
        let missing: Vec<&str> = self.missing.iter().map(|field| field.name()).collect();
        let maps: Vec<String> = self.maps.iter().map(HeadingMap::option).collect();
        write!(f, "; row {row} lacks a heading for {}", missing.join(" and "))?;
        match maps.as_slice() {
            [] => f.write_str("; add one, or name it with --map 'HEADING=FIELD'"),
            maps => write!(f, "; rename it, or say which column holds it, such as {}", maps.join(" ")),
        }
    }
}

/// Two headings for one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoHeadings {
    /// The heading row.
    pub row: u32,
    /// The field both name.
    pub field: Field,
    /// The heading further left.
    pub first: String,
    /// The heading further right.
    pub second: String,
    /// Their columns, 1 for the first.
    pub columns: (usize, usize),
    /// The one of them that may rather be set aside.
    pub aside: String,
}

impl fmt::Display for TwoHeadings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, field, first, second, columns, aside } = self;
        write!(
            f,
            "row {row}: two headings for {}: {} (column {}) and {} (column {}); rename one, or ",
            field.name(),
            shown(first),
            column_letters(columns.0),
            shown(second),
            column_letters(columns.1),
        )?;
        match HeadingMap::offered(aside, Meaning::Own) {
            Some(map) => write!(f, "set one aside with --map, such as {}", map.option()),
            None => f.write_str("set one aside with --map 'HEADING='"),
        }
    }
}

impl TwoHeadings {
    /// What to type beside the same command.
    pub(in crate::sheet) fn remedy(&self) -> Vec<HeadingMap> {
        HeadingMap::offered(&self.aside, Meaning::Own).into_iter().collect()
    }
}

/// Headings that speak of a price, and nobody knows of which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceHeadings {
    /// The heading row.
    pub row: u32,
    /// Each with its column, 1 for the first.
    pub headings: Vec<(String, usize)>,
    /// Whether the first of them may be the second price: the sheet has none, and has a price type.
    pub takes_second: bool,
}

impl fmt::Display for PriceHeadings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (heading, column)) in self.headings.iter().take(NAMED).enumerate() {
            let (column, name) = (column_letters(*column), shown(heading));
            if number > 0 {
                f.write_str("; ")?;
            }
            write!(
                f,
                "row {}, column {column}: {name} speaks of a price, and livegoods does not know of which: ",
                self.row
            )?;
            let map = |meaning| HeadingMap::offered(heading, meaning).map(|map| map.option());
            match (map(Meaning::Field(Field::Price2)), map(Meaning::Own)) {
                (Some(second), Some(aside)) => {
                    write!(f, "read it with {second} (or =price), or set the column aside with {aside}")?;
                }
                _ => f.write_str("shorten the heading, then read it or set it aside with --map")?,
            }
        }
        match self.headings.len().checked_sub(NAMED) {
            Some(more) if more > 0 => write!(f, "; and {more} more headings like them"),
            _ => Ok(()),
        }
    }
}

impl PriceHeadings {
    /// What to type beside the same command: one map for each heading, or none where one of them cannot be typed.
    pub(in crate::sheet) fn remedy(&self) -> Vec<HeadingMap> {
        let meaning = |number| match number {
            0 if self.takes_second => Meaning::Field(Field::Price2),
            _ => Meaning::Own,
        };
        if self.headings.len() > MOST_MAPS {
            return Vec::new();
        }
        let headings = self.headings.iter().enumerate();
        let maps: Option<Vec<HeadingMap>> =
            headings.map(|(number, (heading, _))| HeadingMap::offered(heading, meaning(number))).collect();
        maps.unwrap_or_default()
    }
}

/// The headings stand in two rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoHeadingRows {
    /// The two rows.
    pub rows: (u32, u32),
    /// The beginning of what each holds.
    pub texts: (String, String),
}

impl fmt::Display for TwoHeadingRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((first, second), (above, below)) = (self.rows, &self.texts);
        write!(
            f,
            "two heading rows: row {first} holds {above} and row {second} holds {below}; write each column's one \
             heading into row {second} and delete row {first}"
        )
    }
}
