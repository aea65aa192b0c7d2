//! A stretch of text into the number of the row, and the column, that follow it.

use std::io::{self, Read};

use super::quotes::Quoting;

/// Where in a row the reading stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    /// Nothing but blanks so far.
    CellStart,
    Plain,
    Quoted {
        /// An odd number of backslashes came last.
        backslash: bool,
    },
    /// After a quote within quotes, which either closes the cell or is doubled.
    Quote,
    /// After a backslash and a quote, and perhaps blanks: what comes next tells whether the cell is closed.
    BehindEscape {
        blanks: bool,
    },
    /// After a backslash and two quotes, and perhaps blanks.
    BehindPair,
}

/// Goes through text byte by byte, and knows no bounds: for the rare places where something has to be named.
///
/// It reads quotes as [`Quoting`] does, without looking ahead.
struct Walk {
    /// `None` takes each of the usual delimiters for one.
    delimiter: Option<u8>,
    at: At,
    row: u32,
    column: usize,
    previous: u8,
}

impl Walk {
    fn new(delimiter: Option<u8>) -> Self {
        Self { delimiter, at: At::CellStart, row: 1, column: 0, previous: 0 }
    }

    fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            if matches!(self.at, At::Quoted { .. }) || !self.ends_cell(byte) {
                self.at = self.within_cell(byte);
            } else {
                self.at = At::CellStart;
                let newline = matches!(byte, b'\n' | b'\r');
                self.row += u32::from(newline && !(byte == b'\n' && self.previous == b'\r'));
                self.column = if newline { 0 } else { self.column + 1 };
            }
            self.previous = byte;
        }
    }

    fn within_cell(&self, byte: u8) -> At {
        let blank = match self.delimiter {
            Some(delimiter) => Quoting { delimiter }.is_blank(byte),
            None => byte == b' ',
        };
        match (self.at, byte) {
            (At::CellStart, _) if blank => At::CellStart,
            (At::BehindEscape { .. }, _) if blank => At::BehindEscape { blanks: true },
            (At::BehindPair, _) if blank => At::BehindPair,
            (At::CellStart | At::Quote, b'"') => At::Quoted { backslash: false },
            (At::CellStart | At::Quote | At::Plain, _) => At::Plain,
            (At::Quoted { backslash: true }, b'"') => At::BehindEscape { blanks: false },
            (At::BehindEscape { blanks: false }, b'"') => At::BehindPair,
            (At::Quoted { .. } | At::BehindEscape { .. } | At::BehindPair, b'"') => At::Quote,
            (At::Quoted { backslash }, b'\\') => At::Quoted { backslash: !backslash },
            (At::BehindEscape { .. } | At::BehindPair, b'\\') => At::Quoted { backslash: true },
            (At::Quoted { .. } | At::BehindEscape { .. } | At::BehindPair, _) => {
                At::Quoted { backslash: false }
            }
        }
    }

    fn ends_cell(&self, byte: u8) -> bool {
        match self.delimiter {
            Some(delimiter) => Quoting { delimiter }.ends_cell(byte),
            None => matches!(byte, b',' | b';' | b'\t' | b'\n' | b'\r'),
        }
    }
}

/// The number of the row that `text` ends in, 1 for the first. Without a delimiter, each of the usual ones is one.
pub(super) fn row_after(mut text: impl Read, delimiter: Option<u8>) -> io::Result<u32> {
    let mut walk = Walk::new(delimiter);
    let mut buffer = vec![0; 64 << 10];
    loop {
        match text.read(&mut buffer)? {
            0 => return Ok(walk.row),
            count => walk.pass(&buffer[..count]),
        }
    }
}

/// The column, counted from 0, that `before` ends in; it begins with a row.
pub(super) fn column_after(before: &[u8], delimiter: u8) -> usize {
    let mut walk = Walk::new(Some(delimiter));
    walk.pass(before);
    walk.column
}

#[cfg(test)]
mod tests {
    use csv::StringRecord;
    use proptest::prelude::*;

    use super::super::text::TextRows;
    use super::*;

    #[test]
    fn a_quoted_cell_with_newlines_is_one_row() {
        for (text, row) in [
            ("", 1),
            ("a,b", 1),
            ("a,b\n", 2),
            ("a,b\r\n\r\nc", 3),
            ("a;\"b\n\"\"b\n\"\nc", 2),
            ("a, \"b\nb\"\nc", 2),
            ("5\",1\n6\",", 2),
            ("\"5\\\" a\n\"\n", 2),
        ] {
            assert_eq!(row_after(text.as_bytes(), None).expect("in memory"), row, "{text:?}");
        }
    }

    #[test]
    fn a_column_is_counted_from_the_beginning_of_its_row() {
        for (text, column) in [("", 0), ("a,b\nc,", 1), ("\"a,b\",c;d,", 2), ("\"5\\\" a,b\", ", 1)] {
            assert_eq!(column_after(text.as_bytes(), b','), column, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn rows_are_counted_as_they_are_read(
            parts in proptest::collection::vec(
                prop_oneof![Just("a"), Just(","), Just("\n"), Just("\r\n"), Just("\""), Just("\\"), Just(" "),
                    Just("\\\""), Just("\",\"")], 0..40),
        ) {
            let text = parts.concat();
            let mut rows = TextRows::new(&text, b',');
            let mut record = StringRecord::new();
            let mut at = 0;
            while let Some(number) = rows.read(&mut record) {
                // Blank rows before it are counted, too.
                let blank = text[at..].bytes().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
                let start = &text[..at + blank];
                prop_assert_eq!(row_after(start.as_bytes(), Some(b',')).expect("in memory"), number + 1);
                at = rows.at();
                let row = text[..at].trim_end_matches(['\n', '\r']);
                if !text[..at].ends_with('"') && row.len() < at {
                    prop_assert_eq!(column_after(row.as_bytes(), b',') + 1, record.len());
                }
            }
        }
    }
}
