//! Text of a sheet into what a message can quote: on one line, and not too long.

/// How much of a heading is quoted.
const LONGEST: usize = 40;

/// How much of a row is quoted.
const LONGEST_ROW: usize = 80;

/// A longer heading is not one that anybody types.
pub(super) const LONGEST_TYPED: usize = 100;

/// A heading in quotes.
pub(super) fn shown(heading: &str) -> String {
    format!("'{}'", clipped(heading.trim(), LONGEST))
}

/// The filled cells of a row.
pub(super) fn row_shown(cells: &[String]) -> String {
    let mut shown = String::new();
    for cell in cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()) {
        if shown.chars().nth(LONGEST_ROW).is_some() {
            break;
        }
        let bar = if shown.is_empty() { "" } else { " | " };
        shown.push_str(bar);
        shown.push_str(&clipped(cell, LONGEST));
    }
    clipped(&shown, LONGEST_ROW)
}

/// A heading as a person would type it: blanks for line breaks and for what a terminal would obey.
pub(super) fn typed(heading: &str) -> String {
    // One character more than is taken tells that the heading is too long.
    let start: String = heading.trim().chars().take(LONGEST_TYPED * 4).map(plain).collect();
    start.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn clipped(text: &str, most: usize) -> String {
    let mut shown: String = text.chars().map(plain).take(most).collect();
    if text.chars().nth(most).is_some() {
        shown.push('…');
    }
    shown
}

fn plain(letter: char) -> char {
    let steers = matches!(letter, '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if letter.is_control() || steers { ' ' } else { letter }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_row_is_one_short_line() {
        let cells: Vec<String> = std::iter::repeat_n("一\n二".to_owned(), 16_384).collect();
        let shown = row_shown(&cells);
        assert!(shown.starts_with("一 二 | 一 二 | ") && shown.ends_with('…'), "{shown}");
        assert_eq!(shown.chars().count(), LONGEST_ROW + 1);
    }
}
