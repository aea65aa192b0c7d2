//! A block of CSV text into rows, each numbered by its distance from the block's first.

use csv::StringRecord;
use memchr::memchr;

use super::stops::Stops;

/// The rows of one block, blank lines counted: the csv crate, whose reading of quotes this follows, passes over
/// blank lines in silence and looks at every byte for its encoding again.
pub(super) struct TextRows<'b> {
    text: &'b str,
    delimiter: u8,
    stops: Stops,
    at: usize,
    next: u32,
    unquoted: String,
}

impl<'b> TextRows<'b> {
    pub fn new(text: &'b str, delimiter: u8) -> Self {
        Self { text, delimiter, stops: Stops::new(delimiter), at: 0, next: 0, unquoted: String::new() }
    }

    /// Reads the next row into `record`, and answers its distance from the block's first row.
    pub fn read(&mut self, record: &mut StringRecord) -> Option<u32> {
        record.clear();
        while self.pass_newline() {
            self.next += 1;
        }
        if self.at == self.text.len() {
            return None;
        }
        loop {
            self.read_cell(record);
            if self.byte() != Some(self.delimiter) {
                break;
            }
            self.at += 1;
        }
        self.pass_newline();
        self.next += 1;
        Some(self.next - 1)
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
        if self.byte() == Some(b'"') {
            self.at += 1;
            self.read_quoted(record);
        } else {
            record.push_field(self.pass_plain());
        }
    }

    /// What stands before the next delimiter or newline.
    fn pass_plain(&mut self) -> &'b str {
        let start = self.at;
        self.at = self.stops.next_from(self.text.as_bytes(), start);
        &self.text[start..self.at]
    }

    fn read_quoted(&mut self, record: &mut StringRecord) {
        let simple = self.pass_to_quote();
        let ends = self.byte().is_none_or(|byte| byte == self.delimiter || matches!(byte, b'\n' | b'\r'));
        if ends {
            return record.push_field(simple);
        }
        self.unquoted.clear();
        self.unquoted.push_str(simple);
        while self.byte() == Some(b'"') {
            self.at += 1;
            self.unquoted.push('"');
            let more = self.pass_to_quote();
            self.unquoted.push_str(more);
        }
        // What follows a closed quote belongs to the cell as it stands.
        let tail = self.pass_plain();
        self.unquoted.push_str(tail);
        record.push_field(&self.unquoted);
    }

    /// What stands before the next quote, which is passed too.
    fn pass_to_quote(&mut self) -> &'b str {
        let rest = &self.text[self.at..];
        let quote = memchr(b'"', rest.as_bytes());
        self.at += quote.map_or(rest.len(), |quote| quote + 1);
        &rest[..quote.unwrap_or(rest.len())]
    }
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
        fn cells_are_those_the_csv_crate_reads(
            parts in proptest::collection::vec(
                prop_oneof![Just("a"), Just(","), Just("\n"), Just("\r\n"), Just("\r"), Just("\""), Just("\"\""), Just("名"),
                    Just("\",\""), Just(" ")], 0..40),
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
