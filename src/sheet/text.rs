//! A block of CSV text into rows, each numbered by its distance from the block's first.

use csv::StringRecord;
use memchr::{memchr, memchr2};

use super::quotes::{Met, Quoting};
use super::stops::Stops;

/// The rows of one block, blank lines counted: the csv crate passes over them in silence, looks at every byte for
/// its encoding again, and says nothing of what stands behind a closing quote.
pub(super) struct TextRows<'b> {
    text: &'b str,
    quoting: Quoting,
    stops: Stops,
    at: usize,
    start: usize,
    next: u32,
    unquoted: String,
    /// Columns of the row whose quotes do not say where the cell ends.
    misquoted: Vec<usize>,
    /// Columns of the row that end in a backslash and a quote: misquoted if a later cell ends in a quote that
    /// nothing opened, because then they may have reached that far.
    suspects: Vec<usize>,
}

impl<'b> TextRows<'b> {
    pub fn new(text: &'b str, delimiter: u8) -> Self {
        Self {
            text,
            quoting: Quoting { delimiter },
            stops: Stops::new(delimiter),
            at: 0,
            start: 0,
            next: 0,
            unquoted: String::new(),
            misquoted: Vec::new(),
            suspects: Vec::new(),
        }
    }

    /// Reads the next row into `record`, and answers its distance from the block's first row.
    pub fn read(&mut self, record: &mut StringRecord) -> Option<u32> {
        record.clear();
        self.misquoted.clear();
        self.suspects.clear();
        while self.pass_newline() {
            self.next += 1;
        }
        if self.at == self.text.len() {
            return None;
        }
        self.start = self.at;
        loop {
            self.read_cell(record);
            if self.byte() != Some(self.quoting.delimiter) {
                break;
            }
            self.at += 1;
        }
        self.pass_newline();
        self.next += 1;
        Some(self.next - 1)
    }

    /// The columns of the row read last in which more stands behind a closing quote, or may.
    pub fn misquoted(&self) -> &[usize] {
        &self.misquoted
    }

    /// The row read last, as it stands.
    pub fn row_text(&self) -> &'b str {
        &self.text[self.start..self.at]
    }

    /// How many rows were passed, blank ones included.
    pub fn spanned(&self) -> u32 {
        self.next
    }

    /// Where the next row begins in the block.
    pub fn at(&self) -> usize {
        self.at
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn pass_newline(&mut self) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let length = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        self.at += length;
        length > 0
    }

    fn read_cell(&mut self, record: &mut StringRecord) {
        // One comparison is all that most cells need: what begins a quoted one is among the lowest bytes.
        let quote = if self.byte().is_some_and(|byte| byte <= b'"') { self.opening_quote() } else { None };
        if let Some(quote) = quote {
            self.at = quote + 1;
            self.read_quoted(record);
        } else {
            let text = self.pass_plain();
            if !self.suspects.is_empty() && text.trim_end().ends_with('"') {
                self.misquoted.append(&mut self.suspects);
            }
            record.push_field(as_shown(text));
        }
    }

    #[inline(never)]
    fn opening_quote(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let at = (self.at..bytes.len()).find(|at| !self.quoting.is_blank(bytes[*at]))?;
        (bytes[at] == b'"').then_some(at)
    }

    /// What stands before the next delimiter or newline.
    fn pass_plain(&mut self) -> &'b str {
        let start = self.at;
        self.at = self.stops.next_from(self.text.as_bytes(), start);
        &self.text[start..self.at]
    }

    fn read_quoted(&mut self, record: &mut StringRecord) {
        let (bytes, start) = (self.text.as_bytes(), self.at);
        if let Some(offset) = memchr(b'"', &bytes[start..]) {
            let quote = start + offset;
            let ends = bytes.get(quote + 1).is_none_or(|byte| self.quoting.ends_cell(*byte));
            if ends && bytes[quote - 1] != b'\\' {
                self.at = quote + 1;
                return record.push_field(&self.text[start..quote]);
            }
        }
        self.read_intricate(record);
    }

    /// A cell with quotes in its text, or with something between its closing quote and the delimiter.
    fn read_intricate(&mut self, record: &mut StringRecord) {
        let (text, start) = (self.text, self.at);
        let mut escapes = false;
        let mut doubtful = false;
        self.unquoted.clear();
        loop {
            let from = self.at;
            let Some(offset) = memchr(b'"', &text.as_bytes()[from..]) else {
                self.unquoted.push_str(&text[from..]);
                self.at = text.len();
                break;
            };
            let quote = from + offset;
            let met = self.quoting.meet(text.as_bytes(), start, quote, true).unwrap_or(Met::Closes);
            let (kept, next) = match met {
                Met::Closes | Met::ClosesBehindBackslash => (quote, quote + 1),
                Met::Doubled => (quote, quote + 2),
                Met::Escaped => (quote - 1, quote + 1),
                Met::EscapedAtEnd => (quote - 1, quote + 2),
            };
            self.unquoted.push_str(&text[from..kept]);
            self.at = next;
            if !matches!(met, Met::Closes | Met::ClosesBehindBackslash) {
                self.unquoted.push('"');
            }
            match met {
                Met::Closes => break,
                Met::ClosesBehindBackslash | Met::EscapedAtEnd => {
                    self.suspects.push(record.len());
                    // Who escapes quotes does not end a text in a single backslash.
                    doubtful = escapes && met == Met::ClosesBehindBackslash;
                    break;
                }
                Met::Escaped => escapes = true,
                Met::Doubled => {}
            }
        }
        // A quote taken for text might have been the end of the cell, and of its row.
        doubtful |= escapes && memchr2(b'\n', b'\r', self.unquoted.as_bytes()).is_some();
        let tail = self.pass_plain();
        if !tail.bytes().all(|byte| self.quoting.is_blank(byte)) {
            // The text is what spreadsheet programs make of it.
            self.unquoted.push_str(tail);
            doubtful = true;
        }
        if doubtful {
            self.misquoted.push(record.len());
        }
        record.push_field(as_shown(&self.unquoted));
    }
}

/// Some programs write a text as a formula, `="00123"`, so that spreadsheet programs keep it as it is: a person sees the
/// text alone.
fn as_shown(text: &str) -> &str {
    if !text.starts_with('=') {
        return text;
    }
    let inner = text.trim_end().strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    inner.filter(|inner| !inner.contains('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(block: &str) -> (Vec<(u32, String)>, u32) {
        let mut rows = TextRows::new(block, b',');
        let mut record = StringRecord::new();
        let mut seen = Vec::new();
        while let Some(number) = rows.read(&mut record) {
            seen.push((number, record.iter().collect::<Vec<_>>().join("|")));
        }
        (seen, rows.spanned())
    }

    #[test]
    fn quotes_are_read_as_their_writers_mean_them() {
        for (row, cells, misquoted) in [
            (r#""a" ,b"#, "a|b", &[][..]),
            ("\"a\"\t \n", "a", &[]),
            (r#"a, "b,c",d"#, "a|b,c|d", &[]),
            (r#"5" pipe,6""#, "5\" pipe|6\"", &[]),
            (r#"a, b"c,"d"#, "a| b\"c|d", &[]),
            (r#""abc"def,"g"  h"#, "abcdef|g  h", &[0, 1]),
            (r#"a, "b" c"#, "a|b c", &[1]),
            (r#""5\" pipe green tea",1"#, "5\" pipe green tea|1", &[]),
            (r#""pipe 5\"",1"#, "pipe 5\"|1", &[]),
            (r#""C:\dir\",1"#, "C:\\dir\\|1", &[]),
            (r#""C:\dir\","5""""#, "C:\\dir\\|5\"", &[]),
            (r#""a\\",1"#, "a\\\\|1", &[]),
            (r#""a \\\" b",1"#, "a \\\\\" b|1", &[]),
            (r#""say \""hi\""",1"#, "say \\\"hi\\\"|1", &[]),
            // Both readings are possible: one cell with a comma, or two.
            (r#""5\", 6\" pipe",1"#, "5\\| 6\\\" pipe\"|1", &[0]),
            (r#""5\" or 6\", 7\"",1"#, "5\" or 6\\| 7\\\"\"|1", &[0]),
            ("\"5\\\" pipe\nb\",1", "5\" pipe\nb|1", &[0]),
        ] {
            let mut rows = TextRows::new(row, b',');
            let mut record = StringRecord::new();
            assert!(rows.read(&mut record).is_some());
            assert_eq!(record.iter().collect::<Vec<_>>().join("|"), cells, "{row}");
            let mut columns = rows.misquoted().to_vec();
            columns.dedup();
            assert_eq!(columns, misquoted, "{row}");
        }
    }

    #[test]
    fn a_tab_that_separates_is_no_blank() {
        let mut rows = TextRows::new("\t\"a\"\t \"b\"", b'\t');
        let mut record = StringRecord::new();
        assert!(rows.read(&mut record).is_some());
        assert_eq!(record, StringRecord::from(vec!["", "a", "b"]));
    }

    #[test]
    fn a_text_written_as_a_formula_is_the_text() {
        let (seen, _) = numbers("\"=\"\"00123\"\"\",=\"茶\",=A1&\"b\",=\"a\"&\"b\",=1");
        assert_eq!(seen[0].1, "00123|茶|=A1&\"b\"|=\"a\"&\"b\"|=1");
    }

    #[test]
    fn blank_lines_count_whatever_ends_them() {
        for newline in ["\n", "\r\n", "\r"] {
            let block = ["a,1", "", "", "\"b\nb\",2", "", "c,3", ""].join(newline);
            let (seen, spanned) = numbers(&block);
            let expected = [(0, "a|1"), (3, "b\nb|2"), (5, "c|3")].map(|(n, text)| (n, text.to_owned()));
            assert_eq!(seen, expected, "{newline:?}");
            assert_eq!(spanned, 6, "{newline:?}");
        }
    }

    #[test]
    fn blank_lines_at_both_ends_count() {
        assert_eq!(numbers("\n\na\n\n"), (vec![(2, "a".to_owned())], 4));
        assert_eq!(numbers("\r\n\r\na\r\n\r\n"), (vec![(2, "a".to_owned())], 4));
    }

    proptest! {
        #[test]
        fn cells_are_those_the_csv_crate_reads_where_no_blank_or_backslash_meets_a_quote(
            parts in proptest::collection::vec(
                prop_oneof![Just("a"), Just(","), Just("\n"), Just("\r\n"), Just("\r"), Just("\""), Just("\"\""), Just("名"),
                    Just("\",\""), Just("b c")], 0..40),
        ) {
            let text = parts.concat();
            let mut rows = TextRows::new(&text, b',');
            let mut record = StringRecord::new();
            let mut plain = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            for expected in plain.records() {
                prop_assert!(rows.read(&mut record).is_some());
                prop_assert_eq!(&record, &expected.expect("text"));
            }
            prop_assert_eq!(rows.read(&mut record), None);
        }
    }
}
