//! A stream of CSV bytes into blocks that end where a record ends, so that each can be read by itself.

use std::io::{self, Read};

use memchr::{memchr, memrchr2};

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
                        column: column_at(&bytes[..opened_at], self.delimiter),
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
                    Some(at) => Trouble::QuoteNotClosed { column: column_at(&bytes[..at], self.delimiter) },
                    None => Trouble::TooLong { column: column_at(&bytes, self.delimiter) },
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

/// Follows quotes as the csv crate does: one opens a cell only as its first byte, and two in a row are text.
struct Quotes {
    delimiter: u8,
    /// How far the bytes have been looked at.
    at: usize,
    /// After the last newline outside quotes.
    cut: usize,
    /// The quote we are in.
    opened_at: Option<usize>,
}

impl Quotes {
    fn new(delimiter: u8) -> Self {
        Self { delimiter, at: 0, cut: 0, opened_at: None }
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
                match bytes.get(quote + 1) {
                    None if !whole => {
                        self.at = quote;
                        return None;
                    }
                    Some(b'"') => self.at = quote + 2,
                    next => {
                        if self.closes_midway(next.copied(), &bytes[opened_at..quote]) {
                            return Some(opened_at);
                        }
                        self.at = quote + 1;
                        self.opened_at = None;
                    }
                }
            } else {
                let end = found.unwrap_or(bytes.len());
                self.note_newline(bytes, end, whole);
                self.at = end + usize::from(found.is_some());
                self.opened_at = found.filter(|quote| self.opens(bytes, *quote));
            }
        }
        None
    }

    fn opens(&self, bytes: &[u8], quote: usize) -> bool {
        quote == 0 || matches!(bytes[quote - 1], b'\n' | b'\r') || bytes[quote - 1] == self.delimiter
    }

    fn closes_midway(&self, next: Option<u8>, quoted: &[u8]) -> bool {
        next.is_some_and(|next| next != self.delimiter && !matches!(next, b'\n' | b'\r' | b' '))
            && memchr(b'\n', quoted).is_some()
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

/// The column, counted from 0, that the cell after `before` stands in; `before` begins with its record.
fn column_at(before: &[u8], delimiter: u8) -> usize {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(before);
    let mut record = csv::ByteRecord::new();
    let cells = match reader.read_byte_record(&mut record) {
        Ok(true) => record.len(),
        _ => 1,
    };
    cells.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn blocks(bytes: &[u8], size: usize) -> Result<Vec<Vec<u8>>, Trouble> {
        let mut blocks = Blocks::new(bytes, b',', size, 1 << 20);
        std::iter::from_fn(|| blocks.next_block(Vec::new()).transpose()).collect()
    }

    fn records(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes)
            .byte_records()
            .map(|record| record.expect("in memory").iter().map(<[u8]>::to_vec).collect())
            .collect()
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
        assert_eq!(records(&cut[0])[0][0].len(), 5000);
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

    proptest! {
        #[test]
        fn cutting_changes_no_record(
            parts in proptest::collection::vec(
                prop_oneof![Just("a"), Just(","), Just("\n"), Just("\r\n"), Just("\r"), Just("\"x\ny\""), Just("\"\"\"\""),
                    Just("\"q,\""), Just("名"), Just("5\""), Just("\n\n")], 0..60),
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
