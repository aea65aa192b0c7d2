//! A text file into blocks of rows: encoding and delimiter recognised, the heading row found.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use csv::StringRecord;
use encoding_rs::UTF_8;
use memchr::memchr_iter;

use super::block::{Blocks, Trouble};
use super::encoding::{Recognised, as_utf8, recognise};
use super::error::Place;
use super::heading::{self, Heading, Maps, WITHIN, heading_not_found};
use super::row_of::row_after;
use super::text::TextRows;
use super::{Limits, Problem, ReadOptions};

/// The delimiters that are recognised by themselves.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// The most columns that a spreadsheet program shows.
const COLUMNS: usize = 16_384;

/// How much is read at first to find the heading row.
const FIRST_LOOK: usize = 64 << 10;

/// A text file, ready to be read from below its heading row.
pub(super) struct CsvFile {
    file: File,
    recognised: Recognised,
    pub delimiter: u8,
    /// Where the row below the heading row begins, in bytes of UTF-8 after the mark.
    data_at: u64,
    /// About how many rows there are.
    pub rows_expected: usize,
    limits: Limits,
}

/// The rows of a full spreadsheet.
const MOST_EXPECTED: u64 = 1 << 20;

/// A delimiter with the heading row it shows.
struct Reading {
    delimiter: u8,
    heading: Heading,
    data_at: usize,
}

impl CsvFile {
    /// Recognises encoding and delimiter of `file`, and finds its heading row.
    pub fn open(mut file: File, options: &ReadOptions) -> Result<(Self, Heading), Problem> {
        if let Some(delimiter) = options.delimiter
            && (!delimiter.is_ascii() || matches!(delimiter, b'"' | b'\n' | b'\r' | 0))
        {
            return Err(Problem::DelimiterUnusable { delimiter });
        }
        let recognised = recognise(&mut file, options.encoding.as_deref())?;
        let delimiters = options.delimiter.as_ref().map_or(&DELIMITERS[..], std::slice::from_ref);
        let limits = options.limits;
        let mut wanted = FIRST_LOOK;
        loop {
            let top = Top::read(&mut file, recognised, wanted)?;
            if let Some(Reading { delimiter, heading, data_at }) = top.best(delimiters, &options.maps)? {
                let rows_expected = top.rows_in(file.metadata()?.len());
                let data_at = data_at as u64;
                return Ok((Self { file, recognised, delimiter, data_at, rows_expected, limits }, heading));
            }
            if top.ended || wanted >= limits.record || top.rows(delimiters[0]).len() as u32 > WITHIN {
                return Err(top.no_heading_row(delimiters[0], limits, &options.maps));
            }
            wanted = (wanted * 4).min(limits.record);
        }
    }

    /// The encoding's name.
    pub fn encoding(&self) -> &'static str {
        self.recognised.encoding.name()
    }

    /// Where the row below the heading row begins, in bytes of a file of UTF-8.
    pub fn data_from(&self) -> u64 {
        self.recognised.mark + self.data_at
    }

    /// The blocks below the heading row.
    pub fn blocks(mut self) -> Result<Blocks<Box<dyn Read>>, Problem> {
        let Recognised { encoding, mark } = self.recognised;
        let plain = encoding == UTF_8;
        self.file.seek(SeekFrom::Start(mark + if plain { self.data_at } else { 0 }))?;
        let mut text = as_utf8(self.file, encoding);
        if !plain {
            io::copy(&mut text.by_ref().take(self.data_at), &mut io::sink())?;
        }
        Ok(Blocks::new(text, self.delimiter, self.limits.block, self.limits.record))
    }
}

/// The top of a text file, as UTF-8.
struct Top {
    text: String,
    ended: bool,
}

/// One of the first rows: its number, its cells, and where the next one begins.
type TopRow = (u32, Vec<String>, usize);

impl Top {
    fn read(file: &mut File, recognised: Recognised, wanted: usize) -> io::Result<Self> {
        let Recognised { encoding, mark }: Recognised = recognised;
        file.seek(SeekFrom::Start(mark))?;
        let mut bytes = Vec::new();
        as_utf8(file, encoding).take(wanted as u64).read_to_end(&mut bytes)?;
        let ended = bytes.len() < wanted;
        // The end may be torn amid a character; that row is left out anyway.
        Ok(Self { text: String::from_utf8_lossy(&bytes).into_owned(), ended })
    }

    /// How many rows a file of so many bytes has if it goes on like this. No file, however it begins, is expected
    /// to have more rows than a spreadsheet.
    fn rows_in(&self, bytes: u64) -> usize {
        let seen = memchr_iter(b'\n', self.text.as_bytes()).count() as u64;
        let rows = bytes.saturating_mul(seen) / (self.text.len() as u64).max(1);
        rows.min(MOST_EXPECTED) as usize
    }

    /// The first rows; the one that the end of the top may have torn is left out.
    fn rows(&self, delimiter: u8) -> Vec<TopRow> {
        let mut rows = TextRows::new(&self.text, delimiter);
        let mut record = StringRecord::new();
        let mut seen = Vec::new();
        while let Some(offset) = rows.read(&mut record) {
            let torn = !self.ended && rows.at() >= self.text.len();
            if torn || offset > WITHIN {
                break;
            }
            // One cell too many is enough to tell that there are.
            let cells = record.iter().take(COLUMNS + 1).map(str::to_owned).collect();
            seen.push((offset + 1, cells, rows.at()));
        }
        seen
    }

    /// The delimiter by which the heading row names most fields.
    fn best(&self, delimiters: &[u8], maps: &Maps) -> Result<Option<Reading>, Problem> {
        let mut best: Option<Reading> = None;
        let mut refused = None;
        for &delimiter in delimiters {
            let rows = self.rows(delimiter);
            match heading::find(rows.iter().map(|(row, cells, _)| (*row, cells.as_slice())), &[], maps) {
                Ok(Some(heading)) if heading.columns.headings.len() > COLUMNS => {
                    refused = Some(Problem::TooManyHeadings { row: heading.row, limit: COLUMNS });
                }
                Ok(Some(heading)) => {
                    let named = heading::fields_named(&heading.columns);
                    if best.as_ref().is_none_or(|best| named > heading::fields_named(&best.heading.columns)) {
                        let data_at =
                            rows.iter().find(|(row, ..)| *row == heading.row).map_or(0, |row| row.2);
                        best = Some(Reading { delimiter, heading, data_at });
                    }
                }
                Ok(None) => {}
                Err(problem) => refused = Some(problem),
            }
        }
        match (best, refused) {
            (None, Some(problem)) => Err(problem),
            (best, _) => Ok(best),
        }
    }

    /// Tells why there is no heading row: a quote that swallows it, or nothing like one.
    fn no_heading_row(&self, delimiter: u8, limits: Limits, maps: &Maps) -> Problem {
        let mut blocks = Blocks::new(self.text.as_bytes(), delimiter, limits.block, limits.record);
        let mut row = 1;
        while row <= WITHIN {
            match blocks.next_block(Vec::new()) {
                Ok(Some(block)) => {
                    row += row_after(block.as_slice(), Some(delimiter)).map_or(0, |after| after - 1);
                }
                Ok(None) => break,
                Err(trouble) => return explain(trouble, row, &[], limits.record),
            }
        }
        let rows = self.rows(delimiter);
        heading_not_found(rows.iter().map(|(row, cells, _)| (*row, cells.as_slice())), None, maps)
    }
}

/// What a block's trouble means in the sheet: it is in `row`, under `headings`.
pub(super) fn explain(trouble: Trouble, row: u32, headings: &[String], limit: usize) -> Problem {
    let place = |column: usize| Place {
        row,
        column: column + 1,
        heading: headings.get(column).map_or_else(String::new, |heading| heading.trim().to_owned()),
    };
    match trouble {
        Trouble::QuoteNotClosed { column } => Problem::QuoteNotClosed { place: place(column) },
        Trouble::TooLong { column } => Problem::TooLong { place: place(column), limit },
        Trouble::Unreadable(error) => Problem::Unreadable(error),
    }
}
