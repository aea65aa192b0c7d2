//! A workbook opened by kind: the sheet chosen, its heading row found, its rows lent in batches.

use std::fs::File;

use super::super::area::Area;
use super::super::error::Place;
use super::super::guard::guarded;
use super::super::heading::{self, Heading, WITHIN, heading_not_found};
use super::super::{Kind, Limits, Problem, ReadOptions, SheetNote};
use super::batches::Batches;
use super::cells::Cells;
use super::entry::{Entry, Visible};
use super::merges::Merges;
use super::number::push_value;
use super::ods::OdsBook;
use super::xls::XlsBook;
use super::xlsb::XlsbBook;
use super::xlsx::XlsxBook;

/// Where WPS keeps its in-cell pictures; never a sheet of goods.
const WPS_PICTURES: &str = "WpsReserved_CellImgList";

/// A workbook, ready to be read from below the heading row of one of its sheets.
pub(in crate::sheet) struct Workbook {
    book: Book,
    sheet: Entry,
    merges: Vec<Area>,
    limits: Limits,
}

enum Book {
    Xlsx(Box<XlsxBook>),
    Xlsb(Box<XlsbBook>),
    Ods(Box<OdsBook>),
    Xls(Box<XlsBook>),
}

/// The rows in which the heading row is looked for, and the one behind them, which may be a second one: each one's
/// number and texts.
type Top = Vec<(u32, Vec<String>)>;

impl Workbook {
    /// Opens a file that was found to be of this kind, and finds the heading row.
    pub fn open(file: File, kind: Kind, options: &ReadOptions) -> Result<(Self, Heading), Problem> {
        guarded(|| {
            let limits = options.limits;
            let mut book = Book::open(file, kind, limits)?;
            let mut search = Search { book: &mut book, options, left: limits.tops };
            let Headed { sheet, mut heading, merges } = search.heading_row()?;
            let others = search.others(&sheet);
            if !others.is_empty() {
                heading.notes.push(SheetNote::OtherSheets { read: sheet.name.clone(), others });
            }
            Ok((Self { book, sheet, merges, limits }, heading))
        })
    }

    /// The name of the sheet that is read.
    pub fn sheet(&self) -> &str {
        &self.sheet.name
    }

    /// Lends a reader of the batches below the heading row.
    pub fn batches<'b>(&'b mut self, heading: &'b Heading) -> Result<Batches<'b>, Problem> {
        guarded(|| {
            let merges = Merges::new(std::mem::take(&mut self.merges), heading.row, &heading.columns);
            let cells = self.book.cells(&self.sheet, self.limits.worksheet)?;
            Ok(Batches::new(cells, heading, merges, self.limits.record))
        })
    }
}

impl Book {
    fn open(file: File, kind: Kind, limits: Limits) -> Result<Self, Problem> {
        Ok(match kind {
            Kind::Xlsx => Self::Xlsx(Box::new(XlsxBook::open(file, limits)?)),
            Kind::Xlsb => Self::Xlsb(Box::new(XlsbBook::open(file, limits)?)),
            Kind::Xls => Self::Xls(Box::new(XlsBook::open(file, limits)?)),
            Kind::Ods => Self::Ods(Box::new(OdsBook::open(file, limits)?)),
            Kind::Csv => return Err(Problem::KindUnknown),
        })
    }

    fn sheets(&self) -> &[Entry] {
        match self {
            Self::Xlsx(book) => &book.sheets,
            Self::Xlsb(book) => &book.sheets,
            Self::Ods(book) => &book.sheets,
            Self::Xls(book) => &book.sheets,
        }
    }

    /// The cells of a sheet, of which at most `bytes` are unpacked.
    fn cells(&mut self, sheet: &Entry, bytes: u64) -> Result<Cells<'_>, Problem> {
        Ok(match self {
            Self::Xlsx(book) => Cells::Xlsx(book.cells(sheet, bytes)?),
            Self::Xlsb(book) => Cells::Xlsb(book.cells(sheet, bytes)?),
            Self::Ods(book) => Cells::Ods(book.cells(sheet, bytes)?),
            Self::Xls(book) => Cells::Xls(book.cells(sheet)?),
        })
    }

    /// The merges of a sheet, but for those that only their cells tell of.
    fn merges(&mut self, sheet: &Entry) -> Result<Vec<Area>, Problem> {
        Ok(match self {
            Self::Xlsx(book) => book.merges(sheet)?,
            Self::Xlsb(book) => book.merges(sheet)?,
            Self::Ods(_) => Vec::new(),
            Self::Xls(book) => book.merges(sheet),
        })
    }
}

/// The sheet of goods.
struct Headed {
    sheet: Entry,
    heading: Heading,
    merges: Vec<Area>,
}

/// The search for the sheet of goods.
struct Search<'b> {
    book: &'b mut Book,
    options: &'b ReadOptions,
    /// How many bytes may still be unpacked for it.
    left: u64,
}

impl Search<'_> {
    /// The sheet asked for, or the first with a heading row, and that row. What is told otherwise is the sheet that looks
    /// most like one of goods.
    fn heading_row(&mut self) -> Result<Headed, Problem> {
        let maps = &self.options.maps;
        let mut refused: Option<Problem> = None;
        for sheet in self.candidates()? {
            let top = self.top(&sheet)?;
            // Merges stand behind all cells: they are only asked for where there is something to be told of them.
            if !matches!(heading::find(rows_of(&top), &[], maps), Ok(None)) {
                let merges = self.book.merges(&sheet)?;
                if let Some(heading) = heading::find(rows_of(&top), &merges, maps)? {
                    return Ok(Headed { sheet, heading: widened(heading, &top), merges });
                }
            }
            let lack = heading_not_found(rows_of(&top), Some(&sheet.name), maps);
            if refused.as_ref().is_none_or(|refused| likeness(&lack) > likeness(refused)) {
                refused = Some(lack);
            }
        }
        Err(refused.unwrap_or_else(|| heading_not_found([], None, maps)))
    }

    /// The names of other sheets that have a heading row of goods, as far as may be looked.
    fn others(&mut self, read: &Entry) -> Vec<String> {
        if self.options.sheet.is_some() {
            return Vec::new();
        }
        self.left = self.left.min(self.options.limits.held / 8);
        let sheets = self.book.sheets().iter().filter(|sheet| is_candidate(sheet) && *sheet != read);
        let mut others = Vec::new();
        for sheet in sheets.cloned().collect::<Vec<_>>() {
            let Ok(top) = self.top(&sheet) else { break };
            if matches!(heading::find(rows_of(&top), &[], &self.options.maps), Ok(Some(_))) {
                others.push(sheet.name);
            }
        }
        others
    }

    fn candidates(&self) -> Result<Vec<Entry>, Problem> {
        let sheets: Vec<Entry> =
            self.book.sheets().iter().filter(|sheet| sheet.name != WPS_PICTURES).cloned().collect();
        let Some(wanted) = &self.options.sheet else {
            return Ok(sheets.into_iter().filter(is_candidate).collect());
        };
        match sheets.iter().find(|sheet| sheet.name.trim() == wanted.trim()) {
            Some(sheet) => Ok(vec![sheet.clone()]),
            None => Err(Problem::NoSuchSheet {
                name: wanted.to_owned(),
                names: sheets.into_iter().map(|sheet| sheet.name).collect(),
            }),
        }
    }

    fn top(&mut self, sheet: &Entry) -> Result<Top, Problem> {
        let limits = self.options.limits;
        let mut cells = self.book.cells(sheet, self.left.min(limits.worksheet))?;
        let top = top_of(&mut cells, limits.record);
        self.left = self.left.saturating_sub(cells.unpacked());
        let limit = limits.tops.min(limits.worksheet);
        top.map_err(|problem| match problem {
            Problem::UnpacksTooFar { part, .. } => Problem::UnpacksTooFar { part, limit },
            other => other,
        })
    }
}

/// How much a sheet without a heading row looks as if it had one.
fn likeness(problem: &Problem) -> usize {
    if let Problem::NoHeadingRow(lack) = problem { lack.likeness } else { 0 }
}

fn is_candidate(sheet: &Entry) -> bool {
    sheet.visible == Visible::Yes && sheet.name != WPS_PICTURES
}

fn rows_of(top: &Top) -> impl Iterator<Item = (u32, &[String])> {
    top.iter().map(|(row, texts)| (*row, texts.as_slice()))
}

/// Reads the rows, which have at most `limit` bytes of text together.
fn top_of(cells: &mut Cells<'_>, limit: usize) -> Result<Top, Problem> {
    let mut rows = Top::new();
    let mut text = 0;
    while let Some(found) = cells.next_cell()?.filter(|found| found.row <= WITHIN + 1) {
        let last = rows.last().map_or(0, |(last, _)| *last);
        if found.row < last {
            return Err(Problem::Damaged { detail: format!("row {} has cells out of order", found.row) });
        }
        if found.row > last {
            rows.push((found.row, Vec::new()));
        }
        if let Some((_, texts)) = rows.last_mut() {
            texts.resize(texts.len().max(found.column + 1), String::new());
            push_value(&mut texts[found.column], &found.value);
            text += texts[found.column].len();
            if text > limit {
                let place = Place { row: found.row, column: found.column + 1, heading: String::new() };
                return Err(Problem::TooLong { place, limit });
            }
        }
    }
    Ok(rows)
}

/// Columns without a heading that are still taken for part of the table.
const UNHEADED: usize = 64;

/// Adds the columns right of the last heading that the first rows use: they are the user's, under empty headings.
fn widened(mut heading: Heading, rows: &Top) -> Heading {
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
