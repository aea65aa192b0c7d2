//! A stretch of text into the number of the row that follows it.

use std::io::{self, Read};

/// Where in a row the reading stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote within quotes, which either closes the cell or is doubled.
    Quote,
}

/// The number of the row that `text` ends in, 1 for the first, whichever of the usual delimiters separates it.
pub(super) fn row_after(mut text: impl Read) -> io::Result<u32> {
    let mut buffer = vec![0; 64 << 10];
    let (mut row, mut at, mut previous) = (1_u32, At::CellStart, 0_u8);
    loop {
        let count = text.read(&mut buffer)?;
        if count == 0 {
            return Ok(row);
        }
        for &byte in &buffer[..count] {
            let ends_row = at != At::Quoted && matches!(byte, b'\n' | b'\r');
            row += u32::from(ends_row && !(byte == b'\n' && previous == b'\r'));
            at = match (at, byte) {
                (At::Quoted, b'"') => At::Quote,
                (At::Quoted, _) | (At::CellStart | At::Quote, b'"') => At::Quoted,
                (_, b',' | b';' | b'\t' | b'\n' | b'\r') => At::CellStart,
                _ => At::Plain,
            };
            previous = byte;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_cell_with_newlines_is_one_row() {
        for (text, row) in [
            ("", 1),
            ("a,b", 1),
            ("a,b\n", 2),
            ("a,b\r\n\r\nc", 3),
            ("a;\"b\n\"\"b\n\"\nc", 2),
            ("5\",1\n6\",", 2),
        ] {
            assert_eq!(row_after(text.as_bytes()).expect("in memory"), row, "{text:?}");
        }
    }
}
