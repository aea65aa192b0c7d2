//! An Excel 97 workbook into sheets, cells and merges: calamine reads the values, the records show how they look.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::Cursor;
use std::sync::Arc;

use calamine::{Data, DataRef, Range, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::super::area::Area;
use super::super::{Limits, Problem};
use super::biff::Stream;
use super::entry::{Entry, Visible};
use super::found::Found;
use super::records::{error_text, f64_at, u16_at};
use super::shown::Shown;
use super::xlsx::{Formats, Styles};

const CALCULATED_BY: u16 = 0x01C1;
const FORMAT: u16 = 0x041E;
const STYLE: u16 = 0x00E0;
const ROW: u16 = 0x0208;
const MERGES: u16 = 0x00E5;
const FORMULA: u16 = 0x0006;
const MANY_NUMBERS: u16 = 0x00BD;
const NUMBER: u16 = 0x0203;
const PACKED: u16 = 0x027E;

/// An open workbook.
pub(super) struct XlsBook {
    book: Xls<Cursor<Arc<[u8]>>>,
    pub sheets: Vec<Entry>,
    stream: Stream,
    styles: Styles,
    /// Without the mark of the program that calculated its formulas, a workbook is calculated when it is opened: a 0 or an
    /// empty text stored beside a formula means nothing then.
    calculates_on_load: bool,
}

impl XlsBook {
    /// Opens a file that is proven to fit in memory first.
    pub fn open(mut file: File, limits: Limits) -> Result<Self, Problem> {
        let stream = Stream::read(&mut file, limits.held)?;
        stream.prove()?;
        let book = Xls::new(stream.file())?;
        let sheets = book.sheets_metadata().iter().map(|sheet| {
            let visible = sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
            let visible = if visible { Visible::Yes } else { Visible::No };
            Entry { name: sheet.name.clone(), visible, part: String::new() }
        });
        let (sheets, styles) = (sheets.collect(), styles_in(&stream)?);
        let calculates_on_load = !stream.globals().any(|(kind, _)| kind == CALCULATED_BY);
        Ok(Self { book, sheets, stream, styles, calculates_on_load })
    }

    /// The cells of a sheet.
    pub fn cells(&mut self, sheet: &Entry) -> Result<XlsCells, Problem> {
        let range = self.book.worksheet_range(&sheet.name)?;
        let looks = Looks::of(self.records_of(sheet), &self.styles, self.calculates_on_load);
        Ok(XlsCells::new(range, looks))
    }

    /// The merges of a sheet.
    pub fn merges(&self, sheet: &Entry) -> Vec<Area> {
        let of_merges = self.records_of(sheet).filter(|(kind, _)| *kind == MERGES);
        let areas = of_merges.flat_map(|(_, data)| data.get(2..).unwrap_or_default().chunks_exact(8));
        let area = |area: &[u8]| {
            let [top, bottom, left, right] = [0, 2, 4, 6].map(|at| u16_at(area, at).unwrap_or_default());
            let (top, bottom) = (u32::from(top) + 1, u32::from(bottom) + 1);
            Area { top, bottom, left: left.into(), right: right.into() }
        };
        areas.map(area).collect()
    }

    fn records_of(&self, sheet: &Entry) -> impl Iterator<Item = (u16, &[u8])> {
        let place = self.sheets.iter().position(|other| other == sheet);
        self.stream.records_of(place.unwrap_or(usize::MAX))
    }
}

/// What each style of the workbook shows. Of formats only the codes in ASCII or UTF-16 are read, which is all of them
/// but in workbooks older than Excel 97.
fn styles_in(stream: &Stream) -> Result<Styles, Problem> {
    let mut formats = Formats::default();
    for (kind, data) in stream.globals() {
        if let (FORMAT, Some(id), Some(code)) = (kind, u16_at(data, 0), format_code(data)) {
            formats.add(id.into(), &code)?;
        }
    }
    let styles = stream.globals().filter(|(kind, _)| *kind == STYLE);
    let shown = styles.map(|(_, data)| formats.shown(u16_at(data, 2).unwrap_or_default().into()));
    Ok(shown.collect::<Vec<Shown>>().into())
}

fn format_code(data: &[u8]) -> Option<String> {
    let (length, wide) = (usize::from(u16_at(data, 2)?), data.get(4)? & 1 != 0);
    let text = data.get(5..)?;
    if !wide {
        return Some(text.get(..length)?.iter().map(|byte| char::from(*byte)).collect());
    }
    let units = text.get(..length * 2)?.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    String::from_utf16(&units.collect::<Vec<_>>()).ok()
}

/// How the cells of a sheet look, beside their values.
#[derive(Default)]
struct Looks {
    calculates_on_load: bool,
    hidden: HashSet<u32>,
    cells: BTreeMap<(u32, u32), CellLook>,
}

enum CellLook {
    Shown(Shown),
    NotCalculated,
    Error(&'static str),
}

impl Looks {
    fn of<'r>(
        records: impl Iterator<Item = (u16, &'r [u8])>,
        styles: &Styles,
        calculates_on_load: bool,
    ) -> Self {
        let mut looks = Self { calculates_on_load, ..Self::default() };
        for (kind, data) in records {
            // A record that is too short says nothing; the reader of values has its own opinion of it.
            let _ = looks.take(kind, data, styles);
        }
        looks
    }

    fn take(&mut self, kind: u16, data: &[u8], styles: &Styles) -> Option<()> {
        let row = u32::from(u16_at(data, 0)?);
        match kind {
            ROW if u16_at(data, 12)? & 0x20 != 0 => drop(self.hidden.insert(row)),
            MANY_NUMBERS => {
                let first = u32::from(u16_at(data, 2)?);
                let numbers = data.get(4..data.len().checked_sub(2)?)?.as_chunks::<6>().0;
                for (column, number) in (first..).zip(numbers) {
                    self.show((row, column), styles.shown(u16_at(number, 0)?.into()));
                }
            }
            FORMULA | NUMBER | PACKED => {
                let place = (row, u32::from(u16_at(data, 2)?));
                let style = styles.shown(u16_at(data, 4)?.into());
                if kind == FORMULA && data.get(12..14)? == [0xFF, 0xFF] {
                    match *data.get(6)? {
                        2 => drop(self.cells.insert(place, CellLook::Error(error_text(*data.get(8)?)))),
                        3 if self.is_left_to_others(data) => {
                            self.cells.insert(place, CellLook::NotCalculated);
                        }
                        _ => {}
                    }
                } else if kind == FORMULA && f64_at(data, 6)? == 0.0 && self.is_left_to_others(data) {
                    self.cells.insert(place, CellLook::NotCalculated);
                } else {
                    self.show(place, style);
                }
            }
            _ => {}
        }
        Some(())
    }

    /// Whether a formula is to be calculated by whoever opens the workbook.
    fn is_left_to_others(&self, formula: &[u8]) -> bool {
        self.calculates_on_load || u16_at(formula, 14).is_some_and(|flags| flags & 2 != 0)
    }

    fn show(&mut self, place: (u32, u32), shown: &Shown) {
        if *shown != Shown::Number {
            self.cells.insert(place, CellLook::Shown(shown.clone()));
        }
    }
}

/// Walks over the cells of one sheet, row by row.
pub(super) struct XlsCells {
    range: Range<Data>,
    looks: Looks,
    row: u32,
    column: u32,
}

impl XlsCells {
    fn new(range: Range<Data>, looks: Looks) -> Self {
        let (row, column) = range.start().unwrap_or_default();
        Self { range, looks, row, column }
    }

    /// The next cell that has a value; `None` after the last.
    pub fn next_cell(&mut self) -> Result<Option<Found<'static>>, Problem> {
        let (Some((_, left)), Some((bottom, right))) = (self.range.start(), self.range.end()) else {
            return Ok(None);
        };
        while self.row <= bottom {
            let (row, column) = (self.row, self.column);
            (self.row, self.column) = if column < right { (row, column + 1) } else { (row + 1, left) };
            let value = self.range.get_value((row, column)).map_or(DataRef::Empty, owned);
            let mut found = Found::at(row, column, value)?;
            found.hidden = self.looks.hidden.contains(&row);
            match self.looks.cells.get(&(row, column)) {
                Some(CellLook::Shown(shown)) => found.show(shown, false),
                Some(CellLook::NotCalculated) => found.not_calculated(),
                Some(CellLook::Error(text)) => found.value = DataRef::String((*text).to_owned()),
                None => found.show(&Shown::Number, false),
            }
            if !found.is_blank() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn owned(value: &Data) -> DataRef<'static> {
    match value.clone() {
        Data::String(text) => DataRef::String(text),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text),
        Data::DurationIso(text) => DataRef::DurationIso(text),
        Data::Int(number) => DataRef::Int(number),
        Data::Float(number) => DataRef::Float(number),
        Data::Bool(truth) => DataRef::Bool(truth),
        Data::DateTime(date) => DataRef::DateTime(date),
        Data::Error(error) => DataRef::Error(error),
        Data::Empty => DataRef::Empty,
    }
}

impl From<XlsError> for Problem {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Password => Self::Encrypted,
            other => Self::Damaged { detail: other.to_string() },
        }
    }
}
