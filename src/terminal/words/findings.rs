//! Counts and warnings of a whole sheet into words.

use std::fmt::Write;

use super::one_line;
use crate::goods::{Severity, Tally};
use crate::report::ColumnsRead;
use crate::sheet::{Field, HeadingMap, SheetNote, column_letters};

/// What the owner of a sheet should know of it, and the remedy.
pub fn sheet_note(note: &SheetNote) -> String {
    match note {
        SheetNote::Resembles(warning) => {
            let heading = heading_shown(&warning.heading);
            format!(
                "heading '{heading}' (column {}) is not known but looks like '{}'; rename it, or read it with {}",
                warning.column,
                warning.resembles,
                HeadingMap::new(&*heading, warning.field).option()
            )
        }
        SheetNote::CodesUnread { heading, column } => {
            let heading = heading_shown(heading);
            format!(
                "heading '{heading}' (column {column}) seems to hold codes and was not read, and no other column is \
                 the sku; with {} goods are known by them, whatever else is changed",
                HeadingMap::new(&*heading, Field::Sku).option()
            )
        }
        SheetNote::OtherSheets { read, others } => {
            let quoted = |name: &String| format!("'{}'", one_line(name));
            let named: Vec<String> = others.iter().take(SHEETS_NAMED).map(quoted).collect();
            let more = if others.len() > SHEETS_NAMED { ", …" } else { "" };
            format!(
                "sheet {} was read; {}{more} {} goods too, read with --sheet {}",
                quoted(read),
                named.join(", "),
                if others.len() == 1 { "holds" } else { "hold" },
                others.first().map_or_else(|| "NAME".to_owned(), quoted),
            )
        }
        SheetNote::NoHeading { column } => format!(
            "column {} holds something under no heading and was not read; give it a heading, or clear it",
            column_letters(*column)
        ),
        SheetNote::HiddenRows { rows } => format!(
            "{} hidden or filtered away and {} read all the same; leave {} out with --visible-only",
            counted_are(*rows),
            if *rows == 1 { "was" } else { "were" },
            if *rows == 1 { "it" } else { "them" },
        ),
        SheetNote::RemarksPassed { rows } => format!(
            "{} nothing but a total or a remark and {} passed over; write goods with a cover and a path",
            if *rows == 1 { "1 row holds".to_owned() } else { format!("{rows} rows hold") },
            if *rows == 1 { "was" } else { "were" },
        ),
    }
}

fn counted_are(rows: u64) -> String {
    if rows == 1 { "1 row is".to_owned() } else { format!("{rows} rows are") }
}

/// So many other sheets are named.
const SHEETS_NAMED: usize = 5;

/// So many columns are named for people; programs get them all.
const COLUMNS_NAMED: usize = 20;

/// So much of a heading is shown.
const HEADING_SHOWN: usize = 40;

/// `read: 商品名称=name, 价格=price; not read: 备注`
pub fn columns_read(columns: &ColumnsRead) -> String {
    let read =
        columns.read.iter().map(|(heading, field)| format!("{}={}", heading_shown(heading), field.name()));
    let not_read = columns.not_read.iter().take(COLUMNS_NAMED).map(|heading| heading_shown(heading));
    let mut text = format!("read: {}", read.collect::<Vec<_>>().join(", "));
    if !columns.not_read.is_empty() {
        let _ = write!(text, "; not read: {}", not_read.collect::<Vec<_>>().join(", "));
    }
    if let Some(more @ 1..) = columns.not_read.len().checked_sub(COLUMNS_NAMED) {
        let _ = write!(text, " and {more} more");
    }
    text
}

/// A heading on one line, and not without end.
fn heading_shown(heading: &str) -> String {
    let mut shown: String = one_line(heading).chars().take(HEADING_SHOWN).collect();
    if heading.chars().nth(HEADING_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// `100 rows, 97 ok, 3 invalid, 2 warnings`
pub fn tally(tally: &Tally) -> String {
    let mut text = format!("{}, {} ok, {} invalid", counted(tally.rows, "row"), tally.ok(), tally.invalid);
    if tally.warnings > 0 {
        let _ = write!(text, ", {}", counted(tally.warnings, "warning"));
    }
    text
}

/// A line a code with how often it was met: errors first, the most frequent in front.
pub fn codes(tally: &Tally) -> String {
    let mut codes: Vec<_> = tally.codes.iter().collect();
    codes.sort_by_key(|&(&(severity, code), &count)| (severity, std::cmp::Reverse(count), code));
    codes.into_iter().fold(String::new(), |mut text, (&(severity, code), count)| {
        let mark = if severity == Severity::Warning { " (warning)" } else { "" };
        let _ = writeln!(text, "  {count:>8}  {code}{mark}");
        text
    })
}

fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
