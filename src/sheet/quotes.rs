//! A quote amid the bytes of a CSV file into what it does there: it opens a cell, closes one, or is text.
//!
//! Programs do not agree on quotes. Here they are read as their writers mean them, and never so that a quote whose
//! end was forgotten takes following rows with it.

/// Reads quotes in a file with this delimiter.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quoting {
    pub delimiter: u8,
}

/// What a quote inside a quoted cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    /// It closes the cell.
    Closes,
    /// It closes the cell, with a backslash before it: the end of a path, rather than a quote amid the text.
    ClosesBehindBackslash,
    /// It and the next quote are one quote of the text.
    Doubled,
    /// It and the backslash before it are one quote of the text.
    Escaped,
    /// It and the backslash before it are one quote of the text, and the next quote closes the cell.
    EscapedAtEnd,
}

impl Quoting {
    /// Whether the quote at `quote`, outside any quoted cell, opens one: only blanks stand between it and the
    /// beginning of its cell. `bytes` begin with a row.
    pub fn opens(self, bytes: &[u8], quote: usize) -> bool {
        let before = bytes[..quote].iter().rfind(|byte| !self.is_blank(**byte));
        before.is_none_or(|byte| self.ends_cell(*byte))
    }

    /// What the quote at `quote` does in the cell whose text begins at `inside`; `None` when that only shows in
    /// bytes yet to come, unless these are the `whole`.
    ///
    /// A backslash before a quote is some writers' way to say that the quote is text, and others' last character of
    /// a folder's name. What follows tells them apart.
    pub fn meet(self, bytes: &[u8], inside: usize, quote: usize, whole: bool) -> Option<Met> {
        let next_is_quote = match bytes.get(quote + 1) {
            None if !whole => return None,
            next => next == Some(&b'"'),
        };
        let backslashes = bytes[inside..quote].iter().rev().take_while(|byte| **byte == b'\\').count();
        Some(match (backslashes % 2 == 1, next_is_quote) {
            (false, true) => Met::Doubled,
            (false, false) => Met::Closes,
            (true, true) if self.ends(bytes, quote + 2, whole)? => Met::EscapedAtEnd,
            (true, true) => Met::Doubled,
            (true, false) if self.ends(bytes, quote + 1, whole)? => Met::ClosesBehindBackslash,
            (true, false) => Met::Escaped,
        })
    }

    /// Whether a cell ends at `at`, blanks aside; `None` when that only shows in bytes yet to come.
    pub fn ends(self, bytes: &[u8], at: usize, whole: bool) -> Option<bool> {
        match bytes.iter().skip(at).find(|byte| !self.is_blank(**byte)) {
            Some(byte) => Some(self.ends_cell(*byte)),
            None => whole.then_some(true),
        }
    }

    /// Whether the byte is a blank that does not separate cells.
    pub fn is_blank(self, byte: u8) -> bool {
        matches!(byte, b' ' | b'\t') && byte != self.delimiter
    }

    /// Whether the byte ends a cell outside quotes.
    pub fn ends_cell(self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\n' | b'\r')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Quoting = Quoting { delimiter: b',' };

    #[test]
    fn what_follows_tells_a_backslash_that_escapes_from_one_that_ends_a_path() {
        for (text, quote, met) in [
            (r#""a",1"#, 2, Some(Met::Closes)),
            (r#""a"b"#, 2, Some(Met::Closes)),
            (r#""a""b""#, 2, Some(Met::Doubled)),
            (r#""5\" pipe",1"#, 3, Some(Met::Escaped)),
            (r#""5\"",1"#, 3, Some(Met::EscapedAtEnd)),
            (r#""5\"" ,1"#, 3, Some(Met::EscapedAtEnd)),
            (r#""5\""b""#, 3, Some(Met::Doubled)),
            (r#""C:\",1"#, 4, Some(Met::ClosesBehindBackslash)),
            ("\"C:\\\" \n", 4, Some(Met::ClosesBehindBackslash)),
            (r#""5\\",1"#, 4, Some(Met::Closes)),
            (r#""5\\\"b""#, 5, Some(Met::Escaped)),
            (r#""a""#, 2, None),
            (r#""5\""#, 3, None),
            (r#""5\"""#, 3, None),
            (r#""5\"  "#, 3, None),
        ] {
            assert_eq!(COMMA.meet(text.as_bytes(), 1, quote, false), met, "{text}");
        }
    }

    #[test]
    fn only_blanks_may_stand_before_a_quote_that_opens() {
        for (text, opens) in [
            ("", true),
            ("  ", true),
            ("a,", true),
            ("a, \t", true),
            ("a\n ", true),
            ("5", false),
            ("\" ", false),
        ] {
            assert_eq!(COMMA.opens([text, "\""].concat().as_bytes(), text.len()), opens, "{text:?}");
        }
        assert!(!Quoting { delimiter: b';' }.opens(b"a,\"", 2));
        assert!(Quoting { delimiter: b'\t' }.opens(b"a\t\"", 2));
    }
}
