//! A block of CSV text into rows, each numbered by its distance from the block's first.

use csv::StringRecord;

/// The rows of one block, blank lines counted.
pub(super) struct TextRows<'b> {
    block: &'b [u8],
    reader: csv::Reader<&'b [u8]>,
    next: u32,
}

impl<'b> TextRows<'b> {
    pub fn new(block: &'b [u8], delimiter: u8) -> Self {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(block.len().clamp(64, 64 << 10))
            .from_reader(block);
        Self { block, reader, next: 0 }
    }

    /// Reads the next row into `record`, and answers its distance from the block's first row.
    pub fn read(&mut self, record: &mut StringRecord) -> Result<Option<u32>, csv::Error> {
        self.next += self.blank_lines();
        if !self.reader.read_record(record)? {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(self.next - 1))
    }

    /// How many rows the block spans, once all were read.
    pub fn spanned(&self) -> u32 {
        self.next
    }

    /// Where the next row begins in the block.
    pub fn at(&self) -> usize {
        let at = self.consumed();
        at + usize::from(self.amid_newline(at))
    }

    fn consumed(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX).min(self.block.len())
    }

    /// Whether `at` stands between a carriage return and its line feed.
    fn amid_newline(&self, at: usize) -> bool {
        at > 0 && self.block[at - 1] == b'\r' && self.block.get(at) == Some(&b'\n')
    }

    /// The csv crate passes over blank lines in silence, but a spreadsheet program numbers them.
    fn blank_lines(&self) -> u32 {
        let mut at = self.at();
        let mut lines = 0;
        while let Some(b'\n' | b'\r') = self.block.get(at) {
            at += 1;
            at += usize::from(self.amid_newline(at));
            lines += 1;
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(block: &str) -> (Vec<(u32, String)>, u32) {
        let mut rows = TextRows::new(block.as_bytes(), b',');
        let mut record = StringRecord::new();
        let mut seen = Vec::new();
        while let Some(number) = rows.read(&mut record).expect("text") {
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
}
