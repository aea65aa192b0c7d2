//! Any text into text that stays on its line.

use std::borrow::Cow;

use crate::sheet::Field;

/// The text with blanks for line breaks and control characters, which would break a line or steer a terminal.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}');
    if text.contains(breaks) { Cow::Owned(text.replace(breaks, " ")) } else { Cow::Borrowed(text) }
}

/// The option that reads the column under `heading` as `field`, as it is typed into a shell.
pub fn map_option(heading: &str, field: Field) -> String {
    let heading = one_line(heading.trim()).replace('\'', r"'\''");
    format!("--map '{heading}={}'", field.name())
}
