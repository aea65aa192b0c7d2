//! The bytes of a results file into a book: as we wrote it, torn at the end, or saved by a spreadsheet program.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder, StringRecord};
use rayon::prelude::*;

use super::book::{BOM, Book, BookError, Lost};
use super::cell::unguard;
use super::fold::fold;
use super::line::Decoder;
use super::{Check, Held, Layout, Line, OWN, Outcome};
use crate::goods::Keys;
use crate::sheet::{Columns, RawRow, ReadOptions};

pub(super) fn read(path: &Path, options: &ReadOptions) -> Result<Option<Book>, BookError> {
    // A pipe would be waited for and a device read for ever.
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(BookError::NotAFile(path.to_owned()));
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            return Err(BookError::Io { path: path.to_owned(), verb: "cannot be read", source });
        }
    };
    if bytes.is_empty() {
        let why =
            "the file is empty, and may have held ids; restore it from a copy, or delete it to begin anew";
        return Err(BookError::Damaged { path: path.to_owned(), row: 1, why: why.to_owned() });
    }
    match Own::headings(&bytes) {
        Some(headings) => Own { path, bytes: &bytes, headings }.read(options).map(Some),
        None => foreign(path, options).map(Some),
    }
}

/// How much of a file is looked at to see its headings.
const HEAD: u64 = 256 * 1024;

pub(super) fn begins_as_ours(path: &Path) -> bool {
    if !fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return false;
    }
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && Own::headings(&head).is_some()
}

/// A file in our own form, perhaps with a torn end.
struct Own<'a> {
    path: &'a Path,
    bytes: &'a [u8],
    headings: StringRecord,
}

/// A record's own bytes: whether it was written to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// With its line end.
    Whole,
    /// All its cells may be there, but not its line end.
    Unended,
    /// Inside a quoted cell.
    Torn,
}

/// A line, or whose line it was that is torn off.
type Read = Result<Held, Lost>;

impl<'a> Own<'a> {
    /// The headings, if the file begins as we begin it and ends its headings with our columns.
    fn headings(bytes: &[u8]) -> Option<StringRecord> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes.strip_prefix(BOM)?);
        let headings = reader.headers().ok()?.clone();
        let user = headings.len().checked_sub(OWN.len())?;
        headings.iter().skip(user).eq(OWN).then_some(headings)
    }

    fn read(&self, options: &ReadOptions) -> Result<Book, BookError> {
        if let Some(at) = memchr::memchr(0, self.bytes) {
            let row = 1 + self.bytes[..at].iter().filter(|byte| **byte == b'\n').count() as u64;
            return Err(self.damaged(row, "holds a NUL byte; restore the file from a copy"));
        }
        let headings = self.headings.iter().map(str::to_owned).collect();
        let file = Columns::of_results(self.path, headings, &options.maps)?;
        let reading = Reading::of(&file);
        let body = &self.bytes[BOM.len()..];
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(body);
        let mut found = Vec::new();
        let mut record = ByteRecord::new();
        let mut row = 1;
        while reader.read_byte_record(&mut record).map_err(|error| self.damaged(row, error))? {
            row += 1;
            let start = record.position().map_or(0, |position| position.byte()) as usize;
            let at_end = reader.position().byte() as usize >= body.len();
            let ending = if at_end { ending(&body[start..]) } else { Ending::Whole };
            if ending == Ending::Torn && self.swallows_lines(&body[start..]) {
                return Err(
                    self.damaged(row, "opens a quote that is never closed; restore the file from a copy")
                );
            }
            found.push((record.clone(), row, ending));
        }
        let mut lost = Lost::Nothing;
        let mut lines = Vec::with_capacity(found.len());
        let read = |(record, row, ending)| self.line(&reading, record, row, ending);
        let all: Vec<Result<Read, BookError>> = found.into_par_iter().map(read).collect();
        for held in all {
            match held? {
                Ok(held) => lines.push(held),
                Err(torn) => lost = torn,
            }
        }
        Ok(Book { layout: reading.layout, lines: fold(lines), lost })
    }

    /// Whether whole lines stand inside what would be one torn cell: then a quote went astray amid the file, and
    /// the lines behind it hold ids that must not be taken for torn off.
    fn swallows_lines(&self, torn: &[u8]) -> bool {
        let mut ended: Vec<&[u8]> = torn.split(|byte| *byte == b'\n').skip(1).collect();
        ended.pop();
        ended.into_iter().any(|piece| {
            let mut record = ByteRecord::new();
            let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(piece);
            let is_read = reader.read_byte_record(&mut record).is_ok_and(|read| read);
            is_read && record.len() == self.headings.len() && self.outcome(&record).is_some()
        })
    }

    fn outcome(&self, record: &ByteRecord) -> Option<Outcome> {
        let own = OWN.iter().position(|name| *name == "outcome")?;
        let cell = record.get(self.headings.len() - OWN.len() + own)?;
        Outcome::from_word(std::str::from_utf8(cell).ok()?)
    }

    /// Whether a record has all its cells. Spreadsheet programs drop empty ones at the end of a row, and only a
    /// line that was never sent ends in one.
    fn has_all_cells(&self, record: &ByteRecord) -> bool {
        let never_sent = || matches!(self.outcome(record), Some(Outcome::Pending | Outcome::Invalid));
        record.len() == self.headings.len() || (record.len() + 1 == self.headings.len() && never_sent())
    }

    /// The line of a record, or what a torn one took with it.
    fn line(
        &self,
        reading: &Reading,
        record: ByteRecord,
        row: u64,
        ending: Ending,
    ) -> Result<Read, BookError> {
        let whole = ending == Ending::Whole;
        if ending == Ending::Torn || (!whole && record.len() != self.headings.len()) {
            return Ok(Err(reading.lost(&record)));
        }
        if !self.has_all_cells(&record) {
            let why = format!(
                "has {} columns where the headings have {}; restore the file from a copy",
                record.len(),
                self.headings.len()
            );
            return Err(self.damaged(row, why));
        }
        let text = match StringRecord::from_byte_record(record) {
            Ok(text) => text,
            Err(error) if !whole => return Ok(Err(reading.lost(&error.into_byte_record()))),
            Err(error) => {
                let column = self.headings.get(error.utf8_error().field()).unwrap_or("");
                let why =
                    format!("column {column:?} holds bytes that are no text; restore the file from a copy");
                return Err(self.damaged(row, why));
            }
        };
        match reading.decode(&text, row) {
            Ok(held) if whole || is_complete(&held.line) => Ok(Ok(held)),
            Err(error) if whole => Err(self.damaged(row, error)),
            Ok(_) | Err(_) => Ok(Err(reading.lost(text.as_byte_record()))),
        }
    }

    fn damaged(&self, row: u64, why: impl ToString) -> BookError {
        BookError::Damaged { path: self.path.to_owned(), row, why: why.to_string() }
    }
}

fn ending(record: &[u8]) -> Ending {
    let quotes = memchr::memchr_iter(b'"', record).count();
    if !quotes.is_multiple_of(2) {
        Ending::Torn
    } else if record.ends_with(b"\r\n") {
        Ending::Whole
    } else {
        Ending::Unended
    }
}

/// Whether a line without its line end has its last cell to the end: the check has a fixed length, and only a
/// line that was never sent has none.
fn is_complete(line: &Line) -> bool {
    let never_sent = matches!(line.outcome, Some(Outcome::Pending | Outcome::Invalid));
    line.updated_at.is_some()
        && (line.check.parse::<Check>().is_ok() || (never_sent && line.check.is_empty()))
}

/// What a file's columns mean.
struct Reading {
    layout: Layout,
    decoder: Decoder,
}

impl Reading {
    fn of(file: &Columns) -> Self {
        let layout = Layout::of_results(file);
        let user = layout.source.iter().copied().flatten().collect();
        Self { decoder: Decoder::new(file, user), layout }
    }

    fn decode(&self, record: &StringRecord, row: u64) -> Result<Held, super::NotALine> {
        let mut line = self.decoder.decode(record, u32::try_from(row).unwrap_or(u32::MAX))?;
        let raw = RawRow { number: line.row, cells: std::mem::take(&mut line.user), ..RawRow::default() };
        let keys = Keys::of(&raw, &self.layout.columns);
        line.user = raw.cells;
        Ok(Held { line, keys })
    }

    /// Whose line a torn record was: known once all the user's cells and the one behind them are whole.
    fn lost(&self, record: &ByteRecord) -> Lost {
        let width = self.layout.columns.headings.len();
        if record.len() <= width + 1 {
            return Lost::Somebody;
        }
        let cells = record.iter().take(width).map(String::from_utf8_lossy);
        let cells = cells.map(|cell| unguard(&cell).to_owned()).collect();
        Lost::Line(Keys::of(&RawRow { cells, ..RawRow::default() }, &self.layout.columns))
    }
}

/// A file that a spreadsheet program saved, or that somebody made by hand.
fn foreign(path: &Path, options: &ReadOptions) -> Result<Book, BookError> {
    let sheet = crate::sheet::open(path, options)?;
    let file = sheet.columns().clone();
    if !file.is_results() {
        return Err(BookError::NotResults(path.to_owned()));
    }
    let reading = Reading::of(&file);
    let width = file.headings.len();
    let mut lines = Vec::new();
    for raw in sheet.rows()? {
        let damaged = |why: String| BookError::Damaged { path: path.to_owned(), row: raw.number.into(), why };
        let held =
            reading.decode(&raw.cells, raw.number.into()).map_err(|error| damaged(error.to_string()))?;
        if let Some(cells) = raw.ragged.filter(|cells| *cells > width) {
            let why =
                format!("has {cells} columns where the headings have {width}; restore the file from a copy");
            return Err(damaged(why));
        }
        // Programs drop empty cells at the end of a row; only a line that was never sent ends in one.
        let sent = !matches!(held.line.outcome, None | Some(Outcome::Pending | Outcome::Invalid));
        if raw.cells.len() < width && sent && !held.line.check.is_empty() {
            let why = format!(
                "has {} columns where the headings have {width}; restore the file from a copy",
                raw.cells.len()
            );
            return Err(damaged(why));
        }
        lines.push(held);
    }
    Ok(Book { layout: reading.layout, lines: fold(lines), lost: Lost::Nothing })
}
