//! A workbook into batches of cells: opened by kind, the sheet chosen, its heading row found.

use std::fs::File;
use std::io::BufReader;
use std::panic::resume_unwind;
use std::thread;

use calamine::{
    Cell, Data, DataRef, DataType, Range, Reader, Sheet as SheetEntry, SheetType, SheetVisible, Xls,
    XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::archive::Worksheets;
use super::batch::Batch;
use super::biff;
use super::error::Place;
use super::guard::guarded;
use super::heading::{self, Heading, WITHIN, heading_not_found};
use super::number::push_value;
use super::ods::{COLUMNS, OdsBook, ROWS};
use super::{Kind, Limits, Problem, ReadOptions};

type Source = BufReader<File>;

/// Where WPS keeps its in-cell pictures; never a sheet of goods.
const WPS_PICTURES: &str = "WpsReserved_CellImgList";

/// A workbook, ready to be read from below the heading row of one of its sheets.
pub(super) struct Workbook {
    book: Book,
    sheet: String,
    limits: Limits,
}

enum Book {
    Xlsx(Box<Xlsx<Source>>),
    Xlsb(Box<Xlsb<Source>>),
    Ods(Box<OdsBook>),
    Xls(Box<Xls<Source>>),
}

/// Yields cells in the order of the sheet, row by row; `None` after the last.
type Cells<'b> = Box<dyn FnMut() -> Result<Option<Cell<DataRef<'b>>>, Problem> + 'b>;

impl Workbook {
    /// Opens a file that was found to be of this kind, and finds the heading row. The `worksheets` are proven
    /// meanwhile, before one of them is read.
    pub fn open(
        file: File,
        kind: Kind,
        worksheets: &Worksheets,
        options: &ReadOptions,
    ) -> Result<(Self, Heading), Problem> {
        guarded(|| {
            let limits = options.limits;
            let (book, proven) = if worksheets.is_empty() {
                (Book::open(file, kind, limits), Ok(()))
            } else {
                thread::scope(|scope| {
                    let proof = scope.spawn(|| guarded(|| worksheets.prove(limits)));
                    (Book::open(file, kind, limits), proof.join().unwrap_or_else(|fall| resume_unwind(fall)))
                })
            };
            proven?;
            let mut book = book?;
            let (sheet, heading) = book.find_heading(options)?;
            Ok((Self { book, sheet, limits: options.limits }, heading))
        })
    }

    /// The sheet that is read.
    pub fn sheet(&self) -> &str {
        &self.sheet
    }

    /// Lends a reader of the batches below the heading row.
    pub fn batches<'b>(&'b mut self, heading: &'b Heading) -> Result<Batches<'b>, Problem> {
        let limit = self.limits.record;
        let cells = guarded(|| self.book.cells(&self.sheet))?;
        Ok(Batches { cells, heading, limit, batch: None, ended: false })
    }
}

impl Book {
    fn open(mut file: File, kind: Kind, limits: Limits) -> Result<Self, Problem> {
        if kind == Kind::Xls {
            biff::prove(&mut file, limits.held)?;
        }
        let source = BufReader::new(file);
        Ok(match kind {
            Kind::Xlsx => Self::Xlsx(Box::new(Xlsx::new(source)?)),
            Kind::Xlsb => Self::Xlsb(Box::new(Xlsb::new(source)?)),
            Kind::Xls => Self::Xls(Box::new(Xls::new(source)?)),
            Kind::Ods => Self::Ods(Box::new(OdsBook::open(source)?)),
            Kind::Csv => return Err(Problem::KindUnknown),
        })
    }

    fn sheets(&self) -> &[SheetEntry] {
        match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Ods(book) => &book.sheets,
            Self::Xls(book) => book.sheets_metadata(),
        }
    }

    fn cells<'b>(&'b mut self, sheet: &str) -> Result<Cells<'b>, Problem> {
        Ok(match self {
            Self::Xlsx(book) => {
                let mut cells = book.worksheet_cells_reader(sheet)?;
                Box::new(move || Ok(cells.next_cell()?))
            }
            Self::Xlsb(book) => {
                let mut cells = book.worksheet_cells_reader(sheet)?;
                Box::new(move || Ok(cells.next_cell()?))
            }
            Self::Ods(book) => {
                let mut cells = book.cells(sheet)?;
                Box::new(move || cells.next_cell())
            }
            Self::Xls(book) => {
                let mut cells = used_cells(book.worksheet_range(sheet)?);
                Box::new(move || Ok(cells.next()))
            }
        })
    }

    /// The sheet asked for, or the first with a heading row, and that row.
    fn find_heading(&mut self, options: &ReadOptions) -> Result<(String, Heading), Problem> {
        let names = self.candidates(options.sheet.as_deref())?;
        let mut refused: Option<Problem> = None;
        for name in &names {
            let rows = self.top(name)?;
            let cells = || rows.iter().map(|(row, cells)| (*row, cells.as_slice()));
            if let Some(heading) = heading::find(cells(), &[], &options.maps)? {
                return Ok((name.clone(), widened(heading, &rows)));
            }
            let lack = heading_not_found(cells(), Some(name), &options.maps);
            // What is told is the sheet that looks most like one of goods.
            if refused.as_ref().is_none_or(|refused| likeness(&lack) > likeness(refused)) {
                refused = Some(lack);
            }
        }
        Err(refused.unwrap_or_else(|| heading_not_found([], None, &options.maps)))
    }

    fn candidates(&self, wanted: Option<&str>) -> Result<Vec<String>, Problem> {
        let usable = |sheet: &&SheetEntry| sheet.typ == SheetType::WorkSheet && sheet.name != WPS_PICTURES;
        let sheets = self.sheets().iter().filter(usable);
        let Some(wanted) = wanted else {
            let visible = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
            return Ok(visible.map(|sheet| sheet.name.clone()).collect());
        };
        let names: Vec<String> = sheets.map(|sheet| sheet.name.clone()).collect();
        match names.iter().find(|name| name.trim() == wanted.trim()) {
            Some(name) => Ok(vec![name.clone()]),
            None => Err(Problem::NoSuchSheet { name: wanted.to_owned(), names }),
        }
    }

    /// The rows in which the heading row is looked for.
    fn top(&mut self, sheet: &str) -> Result<Vec<(u32, Vec<String>)>, Problem> {
        let mut cells = self.cells(sheet)?;
        let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
        while let Some(cell) = cells()? {
            let (row, column) = place_of(&cell)?;
            if row > WITHIN {
                break;
            }
            if cell.get_value().is_empty() {
                continue;
            }
            let last = rows.last().map_or(0, |(last, _)| *last);
            if row < last {
                return Err(out_of_order(row));
            }
            if row > last {
                rows.push((row, Vec::new()));
            }
            if let Some((_, texts)) = rows.last_mut() {
                texts.resize(texts.len().max(column + 1), String::new());
                push_value(&mut texts[column], cell.get_value());
            }
        }
        Ok(rows)
    }
}

/// How much a sheet without a heading row looks as if it had one.
fn likeness(problem: &Problem) -> usize {
    match problem {
        Problem::NoHeadingRow(lack) => lack.likeness,
        _ => 0,
    }
}

/// Columns without a heading that are still taken for part of the table.
const UNHEADED: usize = 64;

/// Adds the columns right of the last heading that the first rows use: they are the user's, under empty headings.
fn widened(mut heading: Heading, rows: &[(u32, Vec<String>)]) -> Heading {
    let headings = &mut heading.columns.headings;
    let most = headings.len() + UNHEADED;
    let used = |cells: &[String]| {
        cells[..cells.len().min(most)].iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
    };
    let below = rows.iter().filter(|(row, _)| *row > heading.row);
    let width = below.map(|(_, cells)| used(cells)).max().unwrap_or(0).max(headings.len());
    headings.resize(width, String::new());
    heading
}

/// Gathers cells into batches of whole rows.
pub(super) struct Batches<'b> {
    cells: Cells<'b>,
    heading: &'b Heading,
    limit: usize,
    batch: Option<Batch>,
    ended: bool,
}

impl Batches<'_> {
    /// The next batch of rows below the heading row; `None` after the last.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, Problem> {
        guarded(|| self.gather())
    }

    fn gather(&mut self) -> Result<Option<Batch>, Problem> {
        while !self.ended {
            let Some(cell) = (self.cells)()? else {
                self.ended = true;
                break;
            };
            let (row, column) = place_of(&cell)?;
            if row <= self.heading.row || cell.get_value().is_empty() {
                continue;
            }
            self.check_length(row, column, cell.get_value())?;
            let batch = self.batch.get_or_insert_with(|| Batch::new(row));
            if row < batch.last() || column < batch.width_of(row) {
                return Err(out_of_order(row));
            }
            if row > batch.last() && batch.is_full() {
                let mut following = Batch::new(row);
                following.push(row, column, cell.get_value());
                return Ok(self.batch.replace(following));
            }
            batch.push(row, column, cell.get_value());
        }
        Ok(self.batch.take().filter(|batch| !batch.is_empty()))
    }

    fn check_length(&self, row: u32, column: usize, value: &DataRef<'_>) -> Result<(), Problem> {
        let length = match value {
            DataRef::String(text) => text.len(),
            DataRef::SharedString(text) => text.len(),
            _ => 0,
        };
        if length <= self.limit {
            return Ok(());
        }
        let headings = &self.heading.columns.headings;
        let heading = headings.get(column).map_or_else(String::new, |heading| heading.trim().to_owned());
        Err(Problem::TooLong { place: Place { row, column: column + 1, heading }, limit: self.limit })
    }
}

/// The cell's row number, 1 for the first, and its column, 0 for the first.
fn place_of(cell: &Cell<DataRef<'_>>) -> Result<(u32, usize), Problem> {
    let (row, column) = cell.get_position();
    if row >= ROWS || column >= COLUMNS {
        return Err(Problem::Damaged {
            detail: format!("a cell at row {row}, column {column}, beyond any sheet"),
        });
    }
    Ok((row + 1, column as usize))
}

fn used_cells<'b>(range: Range<Data>) -> impl Iterator<Item = Cell<DataRef<'b>>> {
    let (top, left) = range.start().unwrap_or_default();
    let (bottom, right) = range.end().unwrap_or_default();
    let places = (top..=bottom).flat_map(move |row| (left..=right).map(move |column| (row, column)));
    places.filter_map(move |place| {
        let value = range.get_value(place).filter(|value| !value.is_empty())?;
        Some(Cell::new(place, owned(value)))
    })
}

fn owned<'b>(value: &Data) -> DataRef<'b> {
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

fn out_of_order(row: u32) -> Problem {
    Problem::Damaged { detail: format!("row {row} has cells out of order") }
}

fn damaged(error: &impl std::fmt::Display) -> Problem {
    Problem::Damaged { detail: error.to_string() }
}

impl From<XlsxError> for Problem {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Self::Encrypted,
            other => damaged(&other),
        }
    }
}

impl From<XlsbError> for Problem {
    fn from(error: XlsbError) -> Self {
        match error {
            XlsbError::Password => Self::Encrypted,
            other => damaged(&other),
        }
    }
}

impl From<XlsError> for Problem {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Password => Self::Encrypted,
            other => damaged(&other),
        }
    }
}
