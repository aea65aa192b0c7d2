//! A path into a sheet: what it is, its columns, and a way to read its rows block by block.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use encoding_rs::UTF_8;

use super::buffers::Buffers;
use super::content::GLANCE;
use super::csv_file::{self, CsvFile};
use super::heading::Heading;
use super::in_order::in_order;
use super::rows::{Block, RowFault, RowPictures, Spent, Table};
use super::workbook::{self, Workbook};
use super::{
    Columns, Content, Field, Format, HeadingMap, HeadingWarning, Kind, Limits, Pictures, Problem, RawRow,
    Rows, SheetError, SheetNote,
};

/// What the person says about the file, beside its path.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// `--sheet`: the sheet of a workbook to read.
    pub sheet: Option<String>,
    /// `--encoding`: the label of a text file's encoding.
    pub encoding: Option<String>,
    /// `--delimiter`: what separates a text file's cells.
    pub delimiter: Option<u8>,
    /// `--map`: headings and what they mean, beside those that are known.
    pub maps: Vec<HeadingMap>,
    /// `--visible-only`: leave out hidden and filtered rows.
    pub visible_only: bool,
    /// Bounds on what is held in memory.
    pub limits: Limits,
}

/// A sheet whose heading row is known and whose rows are still to be read.
pub struct Sheet {
    file: PathBuf,
    format: Format,
    heading: Heading,
    body: Body,
    pictures: Option<Arc<Pictures>>,
    visible_only: bool,
    limits: Limits,
}

enum Body {
    Csv(CsvFile),
    Workbook(Workbook),
}

/// What was read, once all was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows that are not blank, below the heading row.
    pub rows: u64,
    /// How many of them a person does not see: they are hidden or filtered away.
    pub hidden: u64,
    /// How many more were passed over, because they hold nothing but a total or a remark.
    pub remarks: u64,
    /// The number of the last row looked at.
    pub last_row: u32,
}

impl Totals {
    /// What the sheet's owner should know of its rows.
    pub fn notes(&self) -> Vec<SheetNote> {
        let hidden = SheetNote::HiddenRows { rows: self.hidden };
        let remarks = SheetNote::RemarksPassed { rows: self.remarks };
        let notes = [(self.hidden, hidden), (self.remarks, remarks)];
        notes.into_iter().filter(|(rows, _)| *rows > 0).map(|(_, note)| note).collect()
    }
}

/// Opens the file at `path`, `-` for CSV on stdin, and finds its heading row.
///
/// # Errors
/// Whatever keeps the file from being read as a sheet, see [`Problem`]; nothing is changed on disk.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Sheet, SheetError> {
    open_file(path, options).map_err(SheetError::at(path))
}

fn open_file(path: &Path, options: &ReadOptions) -> Result<Sheet, Problem> {
    let (mut file, promised) = if path == Path::new("-") {
        (spool(&mut io::stdin().lock(), options.limits.stdin)?, &[Kind::Csv][..])
    } else {
        let found = std::fs::metadata(path).map_err(Problem::opening)?;
        if found.is_dir() {
            return Err(Problem::Folder);
        }
        // A pipe would be waited for, and a device read for ever.
        if !found.is_file() {
            return Err(Problem::NotAFile);
        }
        let file = File::open(path).map_err(Problem::opening)?;
        (file, Kind::promised(path))
    };
    if promised.is_empty() {
        return Err(Problem::KindUnknown);
    }
    let mut head = Vec::with_capacity(GLANCE);
    file.by_ref().take(GLANCE as u64).read_to_end(&mut head)?;
    let content = match Content::of(&head) {
        Content::Zip => workbook::inspect(&file, options.limits)?,
        Content::CompoundFile if workbook::is_encrypted_package(&mut file, options.limits.held)? => {
            return Err(Problem::Encrypted);
        }
        other => other,
    };
    file.rewind()?;
    let kind = expect_content(promised, content)?;
    let (body, heading) = match kind {
        Kind::Csv => {
            let (csv, heading) = CsvFile::open(file, options)?;
            (Body::Csv(csv), heading)
        }
        kind => {
            let (workbook, heading) = Workbook::open(file, kind, options)?;
            (Body::Workbook(workbook), heading)
        }
    };
    let format = body.format(kind);
    let pictures = match (kind, format.sheet.as_deref()) {
        (Kind::Xlsx, Some(sheet)) => Pictures::find(path, sheet, options.limits)?.map(Arc::new),
        _ => None,
    };
    let (visible_only, limits) = (options.visible_only, options.limits);
    Ok(Sheet { file: path.to_owned(), format, heading, body, pictures, visible_only, limits })
}

fn expect_content(promised: &[Kind], found: Content) -> Result<Kind, Problem> {
    let held = match found {
        Content::Empty => return Err(Problem::Empty),
        Content::Text => Some(Kind::Csv),
        Content::CompoundFile => Some(Kind::Xls),
        Content::Xlsx => Some(Kind::Xlsx),
        Content::Xlsb => Some(Kind::Xlsb),
        Content::Ods => Some(Kind::Ods),
        _ => None,
    };
    match (held.filter(|kind| promised.contains(kind)), promised) {
        (Some(kind), _) => Ok(kind),
        (None, [promised, ..]) => Err(Problem::OtherContent { promised: *promised, found }),
        (None, []) => Err(Problem::KindUnknown),
    }
}

/// Stdin cannot be looked at twice, so it is kept in a file without a name.
fn spool(input: &mut impl Read, limit: u64) -> Result<File, Problem> {
    let mut file = tempfile::tempfile()?;
    if io::copy(&mut input.take(limit + 1), &mut file)? > limit {
        return Err(Problem::TooMuchOnStdin { limit });
    }
    file.rewind()?;
    Ok(file)
}

impl Body {
    fn format(&self, kind: Kind) -> Format {
        match self {
            Self::Csv(csv) => {
                Format { kind, sheet: None, encoding: Some(csv.encoding()), delimiter: Some(csv.delimiter) }
            }
            Self::Workbook(book) => {
                Format { kind, sheet: Some(book.sheet().to_owned()), encoding: None, delimiter: None }
            }
        }
    }
}

impl Sheet {
    /// What was recognised, for the summary.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The headings, and where each field is.
    pub fn columns(&self) -> &Columns {
        &self.heading.columns
    }

    /// Unknown headings that look like known ones: some of its notes.
    pub fn warnings(&self) -> Vec<&HeadingWarning> {
        let notes = self.notes().iter();
        let warnings = notes.filter_map(|note| match note {
            SheetNote::Resembles(warning) => Some(warning),
            _ => None,
        });
        warnings.collect()
    }

    /// What its owner should know of it, such as unknown headings that look like known ones.
    pub fn notes(&self) -> &[SheetNote] {
        &self.heading.notes
    }

    /// The pictures of the sheet, if it has any. Once all rows were read it knows which are in none of them.
    pub fn pictures(&self) -> Option<Arc<Pictures>> {
        self.pictures.clone()
    }

    /// About how many rows there are, as far as a look at the top and the size of the file tell; else 0.
    pub fn rows_expected(&self) -> usize {
        match &self.body {
            Body::Csv(csv) => csv.rows_expected,
            Body::Workbook(_) => 0,
        }
    }

    /// The number of the heading row.
    pub fn heading_row(&self) -> u32 {
        self.heading.row
    }

    /// Reads all rows block by block: `work` runs on several blocks at once, `take` gets the number of each block's
    /// first row and what `work` made of it, in the sheet's order, until it breaks off.
    ///
    /// # Errors
    /// What makes a row unreadable, after `take` got all blocks before it.
    pub fn read<T: Send>(
        self,
        work: impl Fn(&mut Rows<'_>) -> T + Sync,
        mut take: impl FnMut(u32, T) -> ControlFlow<()>,
    ) -> Result<Totals, SheetError> {
        let Self { file, heading, body, pictures, visible_only, limits, .. } = self;
        let table = Table::new(&heading.columns, visible_only);
        let totals = Totals { last_row: heading.row, ..Totals::default() };
        let mut reading = Reading { totals, problem: None };
        let buffers = Buffers::new(limits.block * 2);
        let work = |block: Block| {
            let pictures = pictures.as_deref().map(|pictures| RowPictures {
                pictures,
                first: block.first_row().unwrap_or_default(),
                cover: heading.columns.of(Field::Cover),
            });
            let mut rows = Rows::new(&block, &table, pictures);
            let (made, first) = (work(&mut rows), block.first_row());
            let spent = rows.finish();
            if let Block::Text { bytes, .. } = block {
                buffers.give_back(bytes);
            }
            (first, made, spent)
        };
        let take = |(first, made, spent)| reading.take(first, spent, |row| take(row, made));
        match body {
            Body::Csv(csv) => {
                let delimiter = csv.delimiter;
                let mut at = csv.data_from();
                let mut blocks = csv.blocks().map_err(SheetError::at(&file))?;
                let mut trouble = None;
                let next = || match blocks.next_block(buffers.take()) {
                    Ok(bytes) => bytes.map(|bytes| {
                        let start = at;
                        at += bytes.len() as u64;
                        Block::Text { bytes, delimiter, at: start }
                    }),
                    Err(met) => {
                        trouble = Some(met);
                        None
                    }
                };
                in_order(next, work, take);
                let headings = &heading.columns.headings;
                let row = reading.totals.last_row + 1;
                reading.then(trouble.map(|trouble| csv_file::explain(trouble, row, headings, limits.record)))
            }
            Body::Workbook(mut book) => {
                let mut batches = book.batches(&heading).map_err(SheetError::at(&file))?;
                let mut problem = None;
                let next = || match batches.next_batch() {
                    Ok(batch) => batch.map(Block::Cells),
                    Err(met) => {
                        problem = Some(met);
                        None
                    }
                };
                in_order(next, work, take);
                reading.then(problem)
            }
        }
        .map_err(SheetError::at(&file))
    }

    /// Reads all rows into memory, with their numbers.
    ///
    /// # Errors
    /// As [`Sheet::read`].
    pub fn rows(self) -> Result<Vec<RawRow>, SheetError> {
        let mut all = Vec::new();
        let gather = |rows: &mut Rows<'_>| {
            let mut gathered = Vec::new();
            while let Some(row) = rows.next_row() {
                gathered.push(row.clone());
            }
            gathered
        };
        self.read(gather, |first, rows| {
            all.extend(rows.into_iter().map(|row| RawRow { number: first + row.number, ..row }));
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }
}

/// How far the reading is.
struct Reading {
    totals: Totals,
    problem: Option<Problem>,
}

impl Reading {
    fn take(
        &mut self,
        first: Option<u32>,
        spent: Spent,
        take: impl FnOnce(u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let totals = &mut self.totals;
        let first = first.unwrap_or(totals.last_row + 1);
        if let Some(fault) = spent.fault {
            self.problem = Some(Self::explain(first, &fault));
            return ControlFlow::Break(());
        }
        totals.last_row = first + spent.spanned - 1;
        totals.rows += spent.read;
        totals.hidden += spent.hidden;
        totals.remarks += spent.remarks;
        take(first)
    }

    fn explain(first: u32, fault: &RowFault) -> Problem {
        match *fault {
            RowFault::Undecodable { offset, byte } => {
                Problem::Undecodable { encoding: UTF_8.name(), row: first + offset, byte }
            }
            RowFault::Nul { offset, byte } => Problem::Nul { row: first + offset, byte },
        }
    }

    /// The end of the reading, which `later` may have cut short unless a row before it already had.
    fn then(self, later: Option<Problem>) -> Result<Totals, Problem> {
        match self.problem.or(later) {
            Some(problem) => Err(problem),
            None => Ok(self.totals),
        }
    }
}
