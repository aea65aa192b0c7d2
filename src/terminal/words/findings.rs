//! Counts and warnings of a whole sheet into words.

use std::fmt::Write;

use super::one_line;
use crate::goods::{Severity, Tally};
use crate::sheet::HeadingWarning;

/// An unknown heading that looks like a known one, and the remedy.
pub fn heading_warning(warning: &HeadingWarning) -> String {
    let heading = one_line(&warning.heading);
    let field = warning.field.name();
    format!(
        "heading '{heading}' (column {}) is not known but looks like '{}'; rename it, or read it with --map '{heading}={field}'",
        warning.column, warning.resembles
    )
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
