//! A path into judged rows and the results they belong to: a sheet, or results that stand for their own sheet.

use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use rayon::prelude::*;

use super::OrExit;
use super::flags::{CoverFlags, RunFlags};
use crate::clock::Clock;
use crate::cover::Sources;
use crate::exit::Exit;
use crate::goods::{Judged, judge};
use crate::plan::{Distrust, SheetRow, distrust};
use crate::report::{ColumnsRead, Recognised};
use crate::results::{Book, BookError, Lock, LockError, Outcome, Presence};
use crate::sheet::{self, Columns, Field, Kind, RawRow, ReadOptions, Rows, SheetNote};
use crate::terminal::words;

/// What an import reads.
pub struct Input {
    /// The sheet's columns.
    pub columns: Columns,
    /// Its rows, judged.
    pub rows: Vec<SheetRow>,
    /// How it was read.
    pub recognised: Option<Recognised>,
    /// The results file.
    pub results: PathBuf,
    /// Where the pictures of its covers come from.
    pub covers: Arc<Sources>,
    /// What the results say already.
    pub history: Option<Book>,
    /// The rows are the lines of the results themselves.
    pub is_own: bool,
    /// Held as long as the run works on the results; a dry run holds none.
    pub _lock: Option<Lock>,
}

/// How an input is to be read.
pub struct Wishes<'a> {
    /// The file.
    pub sheet: &'a Path,
    /// How to read it.
    pub options: &'a ReadOptions,
    /// Where the results go.
    pub run: &'a RunFlags,
    /// The sandbox keeps results of its own.
    pub sandbox: bool,
    /// Results are to be read as a mere sheet.
    pub as_new: bool,
    /// Where covers may come from.
    pub covers: &'a CoverFlags,
    /// The time.
    pub clock: &'a Arc<dyn Clock>,
}

impl Input {
    /// Reads the sheet, then takes the lock on its results and reads those. A sheet that cannot be understood
    /// leaves nothing behind.
    ///
    /// # Errors
    /// 65 and 66 for what cannot be understood, 75 when another run holds the results, 73 for the disk.
    pub fn read(wishes: &Wishes<'_>) -> anyhow::Result<Self> {
        let named = wishes.run.results.as_deref();
        let stands_alone = !wishes.as_new && named.is_none_or(|results| is_one_file(results, wishes.sheet));
        if stands_alone && Book::is_one(wishes.sheet) {
            return Self::own(wishes, None);
        }
        let sheet = sheet::open(wishes.sheet, wishes.options).map_err(unreadable)?;
        tell_notes(sheet.notes());
        let recognised = Some(recognised(sheet.format()));
        if sheet.columns().is_results() {
            priced(wishes.sheet, sheet.columns(), sheet.heading_row(), wishes.options)?;
        }
        if stands_alone && sheet.format().kind == Kind::Csv && sheet.columns().is_results() {
            return Self::own(wishes, recognised);
        }
        let columns = sheet.columns().clone();
        let pictures = sheet.pictures();
        let covers = wishes.covers.sources(wishes.sheet, pictures.clone(), Arc::clone(wishes.clock))?;
        let rows = judged(sheet, |raw, columns| judged_with_cover(raw, columns, &covers))?;
        for astray in pictures.iter().flat_map(|pictures| pictures.astray()) {
            let _ = writeln!(crate::terminal::stderr(), "{}", words::astray(&astray));
        }
        if let Some(row) = doubtful_row(&columns, &rows).filter(|_| !wishes.as_new) {
            let sheet = wishes.sheet.display();
            return Err(anyhow::anyhow!(
                "{sheet}: row {row}: column \"outcome\" says that its goods may have been added, which only the \
                 results file itself can settle; save it as CSV and import that"
            ))
            .or_exit(Exit::BadInput);
        }
        let results = wishes.run.results_path(wishes.sheet, wishes.sandbox);
        let lock = if wishes.run.dry_run { None } else { Some(take_lock(&results)?) };
        // What the flags say of the sheet's spelling says nothing of the results'.
        let options = ReadOptions { maps: wishes.options.maps.clone(), ..ReadOptions::default() };
        let history = Book::read(&results, &options).map_err(unusable)?;
        Ok(Self {
            columns,
            rows,
            recognised,
            results,
            covers: Arc::new(covers),
            history,
            is_own: false,
            _lock: lock,
        })
    }

    /// Results that are their own sheet.
    fn own(wishes: &Wishes<'_>, recognised: Option<Recognised>) -> anyhow::Result<Self> {
        let results = wishes.sheet.to_owned();
        let lock = if wishes.run.dry_run { None } else { Some(take_lock(&results)?) };
        let history = Book::read(&results, wishes.options).map_err(unusable)?;
        let columns = history.as_ref().map(|book| book.layout.columns.clone()).unwrap_or_default();
        priced(&results, &columns, 1, wishes.options)?;
        let covers = wishes.covers.sources(wishes.sheet, None, Arc::clone(wishes.clock))?;
        let lines = history.as_ref().map_or(&[][..], |book| &book.lines);
        let rows = lines
            .par_iter()
            .map(|held| {
                let raw =
                    RawRow { number: held.line.row, cells: held.line.user.clone(), ..RawRow::default() };
                // Of goods that are there already nothing is sent, so nothing of them is judged.
                let is_there = held.line.presence() == Presence::Present;
                let judged = if is_there {
                    Judged { goods: None, issues: Vec::new(), keys: held.keys.clone(), cover: None }
                } else {
                    judged_with_cover(&raw, &columns, &covers)
                };
                SheetRow { judged, raw }
            })
            .collect();
        Ok(Self {
            columns,
            rows,
            recognised,
            results,
            covers: Arc::new(covers),
            history,
            is_own: true,
            _lock: lock,
        })
    }

    /// Which columns of the sheet were read as what; `None` for results that are their own.
    pub fn columns_read(&self) -> Option<ColumnsRead> {
        (!self.is_own).then(|| ColumnsRead::of(&self.columns))
    }

    /// Ends the run where the results are another mini-program's, or were changed where nobody may.
    ///
    /// # Errors
    /// 78 for another mini-program, 65 for changed lines.
    pub fn believe(&self, appid: &str) -> anyhow::Result<()> {
        let lines = self.history.as_ref().map_or(&[][..], |book| &book.lines);
        let Some(distrust) = distrust(lines, appid) else { return Ok(()) };
        let exit = match distrust {
            Distrust::OtherAppid { .. } => Exit::Configuration,
            Distrust::Changed { .. } => Exit::BadInput,
        };
        Err(anyhow::anyhow!(words::distrust(&self.results, &distrust, appid))).or_exit(exit)
    }
}

/// A row of results read as a mere sheet (a workbook, say) whose add may have been carried out: sent as a new
/// row, its goods could be there twice.
fn doubtful_row(columns: &Columns, rows: &[SheetRow]) -> Option<u32> {
    let outcome =
        columns.headings.iter().position(|heading| columns.is_results() && heading.trim() == "outcome")?;
    let is_doubtful = |row: &&SheetRow| {
        let word = row.raw.cells.get(outcome).unwrap_or("").trim();
        let carries_id = !row.raw.get(columns, Field::GoodsId).trim().is_empty();
        !carries_id && matches!(Outcome::from_word(word), Some(Outcome::Sending | Outcome::InDoubt))
    };
    rows.iter().find(is_doubtful).map(|row| row.raw.number)
}

/// Whether two paths, however they are spelt, name one file that is there.
fn is_one_file(one: &Path, other: &Path) -> bool {
    one == other || one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

/// A row judged by every rule, and its cover by what can be told without opening it.
fn judged_with_cover(raw: &RawRow, columns: &Columns, covers: &Sources) -> Judged {
    let mut judged = judge(raw, columns);
    if let Some(fault) = judged.cover.as_ref().and_then(|cover| covers.glance(cover).err()) {
        judged.blame_cover(fault);
    }
    judged
}

/// A sheet that is no results.
pub struct SheetRead {
    /// Its columns.
    pub columns: Columns,
    /// Its rows, judged.
    pub rows: Vec<SheetRow>,
    /// How it was read.
    pub recognised: Recognised,
}

/// Reads a sheet; `None` for results, which are read in a way of their own.
///
/// # Errors
/// 65 and 66 for what cannot be understood.
pub fn read_sheet(path: &Path, options: &ReadOptions) -> anyhow::Result<Option<SheetRead>> {
    if Book::is_one(path) {
        return Ok(None);
    }
    let sheet = sheet::open(path, options).map_err(unreadable)?;
    if sheet.columns().is_results() {
        return Ok(None);
    }
    tell_notes(sheet.notes());
    let (columns, recognised) = (sheet.columns().clone(), recognised(sheet.format()));
    Ok(Some(SheetRead { columns, rows: judged(sheet, judge)?, recognised }))
}

/// Says what the owner of a sheet should know of it.
fn tell_notes(notes: &[SheetNote]) {
    for note in notes {
        // Advice that nobody can hear must not end a run.
        let _ = writeln!(crate::terminal::stderr(), "{}", words::sheet_note(note));
    }
}

/// Refuses results from which prices are to be taken while a heading that speaks of one is not read.
///
/// # Errors
/// 65 for such a heading.
pub fn priced(path: &Path, columns: &Columns, row: u32, options: &ReadOptions) -> anyhow::Result<()> {
    columns.refuse_unread_prices(path, row, &options.maps).map_err(unreadable)
}

/// All rows of a sheet, judged block by block.
fn judged(
    sheet: sheet::Sheet,
    judge: impl Fn(&RawRow, &Columns) -> Judged + Sync,
) -> anyhow::Result<Vec<SheetRow>> {
    let columns = sheet.columns().clone();
    let work = |rows: &mut Rows<'_>| {
        let mut judged = Vec::new();
        while let Some(raw) = rows.next_row() {
            judged.push(SheetRow { judged: judge(raw, &columns), raw: raw.clone() });
        }
        judged
    };
    let mut blocks: Vec<Vec<SheetRow>> = Vec::new();
    let take = |first, mut rows: Vec<SheetRow>| {
        rows.iter_mut().for_each(|row| row.raw.number += first);
        blocks.push(rows);
        ControlFlow::Continue(())
    };
    let totals = sheet.read(work, take).map_err(unreadable)?;
    tell_notes(&totals.notes());
    // Put together at the end: a vector that grows with each block copies all its rows again and again.
    let mut all = Vec::with_capacity(blocks.iter().map(Vec::len).sum());
    blocks.into_iter().for_each(|block| all.extend(block));
    Ok(all)
}

/// Takes the lock on results, making their folder where it is missing.
///
/// # Errors
/// 75 when another run holds them, 73 for the disk.
pub fn take_lock(results: &Path) -> anyhow::Result<Lock> {
    if let Some(folder) = results.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: the folder for results cannot be made", folder.display()))
            .or_exit(Exit::CannotWrite)?;
    }
    let words: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let holder = format!("process {}: livegoods {}", std::process::id(), words.join(" "));
    let taken = Lock::take(results, &holder);
    taken.map_err(|error| {
        let exit = match error {
            LockError::Held { .. } => Exit::ComeBackLater,
            LockError::Io { .. } => Exit::CannotWrite,
        };
        super::Failure::new(exit, error).into()
    })
}

/// What a reader recognised, for the summary.
pub fn recognised(format: &sheet::Format) -> Recognised {
    Recognised {
        kind: format.kind.to_string(),
        sheet: format.sheet.clone(),
        encoding: format.encoding.map(str::to_owned),
        delimiter: format.delimiter_name().map(str::to_owned),
    }
}

fn unreadable(error: sheet::SheetError) -> anyhow::Error {
    super::Failure::of_sheet(error).into()
}

/// Why results are not to be had, with its exit code.
pub fn unusable(error: BookError) -> anyhow::Error {
    let exit = match error {
        BookError::Sheet(error) => return unreadable(error),
        BookError::Damaged { .. } | BookError::NotResults(_) | BookError::NotAFile(_) => Exit::BadInput,
        BookError::Io { .. } => Exit::CannotWrite,
    };
    super::Failure::new(exit, error).into()
}
