//! A stream of CSV bytes into blocks that end where a record ends, so that each can be read by itself.

use std::io::{self, Read};

use memchr::{memchr, memchr2, memrchr2};

use super::quotes::{Met, Quoting};
use super::row_of::column_after;

/// Cuts a stream into blocks at newlines outside quotes.
pub(super) struct Blocks<R> {
    input: R,
    delimiter: u8,
    size: usize,
    limit: usize,
    carry: Vec<u8>,
    ended: bool,
}

/// Why no further block can be cut. Positions are in the record that comes next, the block's first row.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The quote opened in this column (counted from 0) is never closed, or closed in the midst of another row.
    QuoteNotClosed { column: usize },
    /// The record is longer than allowed; the bound was passed in this column (counted from 0).
    TooLong { column: usize },
    /// The stream could not be read.
    Unreadable(io::Error),
}

impl<R: Read> Blocks<R> {
    /// Blocks of about `size` bytes; a longer record makes a longer block, up to `limit`.
    pub fn new(input: R, delimiter: u8, size: usize, limit: usize) -> Self {
        Self { input, delimiter, size, limit, carry: Vec::new(), ended: false }
    }

    /// The next block of whole records, in `bytes`, which is empty; `None` after the last.
    pub fn next_block(&mut self, mut bytes: Vec<u8>) -> Result<Option<Vec<u8>>, Trouble> {
        bytes.append(&mut self.carry);
        let mut quotes = Quotes::new(self.delimiter);
        let mut wanted = self.size;
        loop {
            self.fill(&mut bytes, wanted).map_err(Trouble::Unreadable)?;
            let broken = quotes.scan(&bytes, self.ended).or(quotes.opened_at.filter(|_| self.ended));
            if let Some(opened_at) = broken {
                return match quotes.cut {
                    0 => Err(Trouble::QuoteNotClosed {
                        column: column_after(&bytes[..opened_at], self.delimiter),
                    }),
                    cut => Ok(Some(self.keep_after(cut, bytes))),
                };
            }
            if self.ended {
                return Ok(Some(bytes).filter(|bytes| !bytes.is_empty()));
            }
            if quotes.cut > 0 {
                return Ok(Some(self.keep_after(quotes.cut, bytes)));
            }
            if bytes.len() > self.limit {
                return Err(match quotes.opened_at {
                    Some(at) => {
                        Trouble::QuoteNotClosed { column: column_after(&bytes[..at], self.delimiter) }
                    }
                    None => Trouble::TooLong { column: column_after(&bytes, self.delimiter) },
                });
            }
            wanted = wanted.max(bytes.len()).saturating_mul(2).min(self.limit + 1);
        }
    }

    fn fill(&mut self, bytes: &mut Vec<u8>, wanted: usize) -> io::Result<()> {
        let missing = wanted.saturating_sub(bytes.len());
        if missing > 0 && !self.ended {
            bytes.reserve_exact(missing);
            self.ended = self.input.by_ref().take(missing as u64).read_to_end(bytes)? < missing;
        }
        Ok(())
    }

    fn keep_after(&mut self, cut: usize, mut bytes: Vec<u8>) -> Vec<u8> {
        self.carry.extend_from_slice(&bytes[cut..]);
        bytes.truncate(cut);
        bytes
    }
}

/// Follows quotes from cell to cell.
struct Quotes {
    quoting: Quoting,
    /// How far the bytes have been looked at.
    at: usize,
    /// After the last newline outside quotes.
    cut: usize,
    /// The quote we are in.
    opened_at: Option<usize>,
}

impl Quotes {
    fn new(delimiter: u8) -> Self {
        Self { quoting: Quoting { delimiter }, at: 0, cut: 0, opened_at: None }
    }

    /// Looks at what is new in `bytes`. Answers where a quote opened that is closed in the midst of another row,
    /// which only happens when its own end was forgotten.
    fn scan(&mut self, bytes: &[u8], whole: bool) -> Option<usize> {
        while self.at < bytes.len() {
            let found = memchr(b'"', &bytes[self.at..]).map(|offset| self.at + offset);
            if let Some(opened_at) = self.opened_at {
                let Some(quote) = found else {
                    self.at = bytes.len();
                    return None;
                };
                let Some((next, closes)) = self.behind(bytes, opened_at, quote, whole) else {
                    self.at = quote;
                    return None;
                };
                if closes == Some(Closing::Midway) {
                    return Some(opened_at);
                }
                self.at = next;
                self.opened_at = self.opened_at.filter(|_| closes.is_none());
            } else {
                let end = found.unwrap_or(bytes.len());
                self.note_newline(bytes, end, whole);
                self.at = end + usize::from(found.is_some());
                self.opened_at = found.filter(|quote| self.quoting.opens(bytes, *quote));
            }
        }
        None
    }

    /// Where the reading goes on behind a quote inside the cell opened at `opened_at`, and how it closes the cell,
    /// if it does; `None` when that only shows in bytes yet to come.
    fn behind(
        &self,
        bytes: &[u8],
        opened_at: usize,
        quote: usize,
        whole: bool,
    ) -> Option<(usize, Option<Closing>)> {
        Some(match self.quoting.meet(bytes, opened_at + 1, quote, whole)? {
            Met::Doubled => (quote + 2, None),
            Met::Escaped => (quote + 1, None),
            Met::EscapedAtEnd => (quote + 2, Some(Closing::AtItsEnd)),
            Met::ClosesBehindBackslash => (quote + 1, Some(Closing::AtItsEnd)),
            Met::Closes if self.quoting.ends(bytes, quote + 1, whole)? => {
                (quote + 1, Some(Closing::AtItsEnd))
            }
            Met::Closes => match memchr2(b'\n', b'\r', &bytes[opened_at..quote]) {
                Some(_) => (quote + 1, Some(Closing::Midway)),
                None => (quote + 1, Some(Closing::WithMoreBehind)),
            },
        })
    }

    fn note_newline(&mut self, bytes: &[u8], end: usize, whole: bool) {
        let mut until = end;
        while let Some(offset) = memrchr2(b'\n', b'\r', &bytes[self.at..until]) {
            let newline = self.at + offset;
            // A carriage return ends a row by itself only when no line feed follows it.
            let alone = bytes.get(newline + 1).map_or(whole, |next| *next != b'\n');
            if bytes[newline] == b'\n' || alone {
                self.cut = newline + 1;
                return;
            }
            until = newline;
        }
    }
}

/// How a quote closes its cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closing {
    AtItsEnd,
    /// More text stands before the delimiter.
    WithMoreBehind,
    /// More text stands there, and the cell began in a row above.
    Midway,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::TextRows;
    use super::*;

    fn blocks(bytes: &[u8], size: usize) -> Result<Vec<Vec<u8>>, Trouble> {
        let mut blocks = Blocks::new(bytes, b',', size, 1 << 20);
        std::iter::from_fn(|| blocks.next_block(Vec::new()).transpose()).collect()
    }

    /// The cells of each row, and which of them are misquoted.
    fn records(bytes: &[u8]) -> Vec<(Vec<String>, Vec<usize>)> {
        let text = std::str::from_utf8(bytes).expect("text");
        let mut rows = TextRows::new(text, b',');
        let mut record = csv::StringRecord::new();
        let mut seen = Vec::new();
        while rows.read(&mut record).is_some() {
            seen.push((record.iter().map(str::to_owned).collect(), rows.misquoted().to_vec()));
        }
        seen
    }

    #[test]
    fn a_newline_in_quotes_cuts_no_block() {
        let cut = blocks(b"a,\"b\nc\"\nd,e\n", 4).expect("well formed");
        assert_eq!(cut, [b"a,\"b\nc\"\n".to_vec(), b"d,e\n".to_vec()]);
    }

    #[test]
    fn a_quote_amid_a_cell_is_text() {
        let cut = blocks(b"5\" pipe,1\n6\" pipe,2\n", 4).expect("well formed");
        assert_eq!(cut.len(), 2);
    }

    #[test]
    fn a_record_longer_than_a_block_stays_whole() {
        let long = format!("{},1\nshort,2\n", "x".repeat(5000));
        let cut = blocks(long.as_bytes(), 16).expect("well formed");
        assert_eq!(cut.concat(), long.as_bytes());
        assert_eq!(records(&cut[0])[0].0[0].len(), 5000);
    }

    #[test]
    fn a_record_beyond_the_limit_names_its_column() {
        let bytes = format!("ok,1\na,{},1\n", "x".repeat(500));
        let mut blocks = Blocks::new(bytes.as_bytes(), b',', 16, 100);
        assert_eq!(blocks.next_block(Vec::new()).expect("first").expect("some"), b"ok,1\n");
        assert!(matches!(blocks.next_block(Vec::new()), Err(Trouble::TooLong { column: 1 })));
    }

    #[test]
    fn an_open_quote_is_found_after_the_rows_before_it() {
        for size in [8, 1 << 16] {
            let mut blocks = Blocks::new(&b"a,1\nb,2\nc,\"3\nd,4\n"[..], b',', size, 1 << 20);
            let mut before = Vec::new();
            let trouble = loop {
                match blocks.next_block(Vec::new()) {
                    Ok(block) => before.extend(block.expect("trouble comes first")),
                    Err(trouble) => break trouble,
                }
            };
            assert_eq!(before, b"a,1\nb,2\n");
            assert!(matches!(trouble, Trouble::QuoteNotClosed { column: 1 }));
        }
    }

    #[test]
    fn a_quote_closed_by_the_next_rows_quote_is_found_where_it_opened() {
        let mut blocks = Blocks::new(&b"a,1\n\"b,2\n\"c\",3\n"[..], b',', 1 << 16, 1 << 20);
        assert_eq!(blocks.next_block(Vec::new()).expect("first").expect("some"), b"a,1\n");
        assert!(matches!(blocks.next_block(Vec::new()), Err(Trouble::QuoteNotClosed { column: 0 })));
    }

    #[test]
    fn a_quote_closed_amid_the_text_of_another_row_is_found_where_it_opened() {
        for text in ["\"a,1\nsize 5\" pipe,2\n", "\"a,1\rsize \"5\" pipe,2\r", "\"a\\\"b,1\nc,\"2\",3\n"] {
            for size in [1, 3, 1 << 16] {
                let cut = blocks(text.as_bytes(), size);
                assert!(matches!(cut, Err(Trouble::QuoteNotClosed { column: 0 })), "{text:?} {cut:?}");
            }
        }
    }

    #[test]
    fn quotes_behind_blanks_and_backslashes_hold_their_newlines() {
        for row in ["a, \"b\nc\" \n", "\"5\\\" pipe\nc\",1\n", "\"b\nC:\\\",1\n", "\"b\n5\\\"\" ,1\n"] {
            for size in 1..16 {
                let text = [row, "d,e\n"].concat();
                let cut = blocks(text.as_bytes(), size).expect("well formed");
                assert!(cut[0].starts_with(row.as_bytes()), "{row:?} {size}");
                assert_eq!(cut.concat(), text.as_bytes());
            }
        }
    }

    proptest! {
        #[test]
        fn cutting_changes_no_record(
            parts in proptest::collection::vec(
                prop_oneof![Just("a"), Just(","), Just("\n"), Just("\r\n"), Just("\r"), Just("\"x\ny\""), Just("\"\"\"\""),
                    Just("\"q,\""), Just("名"), Just("5\""), Just("\n\n"), Just(" "), Just("\""), Just("\\"),
                    Just("\\\""), Just("\"5\\\" x\""), Just("\"a\" ,"), Just(", \"b,\n\"")], 0..60),
            size in 1_usize..24,
        ) {
            let bytes = parts.concat().into_bytes();
            if let Ok(cut) = blocks(&bytes, size) {
                prop_assert_eq!(cut.concat(), bytes.clone());
                let apart: Vec<_> = cut.iter().flat_map(|block| records(block)).collect();
                prop_assert_eq!(apart, records(&bytes));
            }
        }
    }
}
