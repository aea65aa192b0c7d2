//! Results files into the pile of lines that a pass works on, and back.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};

use super::flags::{RunFlags, results_path};
use super::input::{SheetRead, take_lock, unusable};
use super::{NextCommand, OrExit};
use crate::clock::Clock;
use crate::exit::Exit;
use crate::plan::{Distrust, Edited, OfSheet, Pile, Step, chosen, edited, foreign, heal};
use crate::report::{ColumnsRead, Recognised};
use crate::results::{Book, Disk, FileDisk, Journal, Layout, Lock, Lost};
use crate::sheet::{Columns, Kind, ReadOptions};
use crate::terminal::words;

/// The results files of one run.
pub struct Records {
    /// Their lines.
    pub pile: Pile,
    files: Vec<Record>,
}

/// One of them.
struct Record {
    path: PathBuf,
    layout: Layout,
    /// Held as long as the run works on the file; a dry run holds none.
    _lock: Option<Lock>,
}

/// Results that are read, with what is known of them beside their lines.
pub struct Opened {
    /// The files.
    pub records: Records,
    /// What is decided about lines already.
    pub fates: Vec<(usize, Step)>,
    /// What the rows of these lines say in the sheet beside the lines' cells.
    pub of_sheet: HashMap<usize, OfSheet>,
    /// How the sheet was read, where there is one.
    pub recognised: Option<Recognised>,
    /// Which of its columns were read as what.
    pub columns: Option<ColumnsRead>,
}

impl From<Records> for Opened {
    fn from(records: Records) -> Self {
        Self { records, fates: Vec::new(), of_sheet: HashMap::new(), recognised: None, columns: None }
    }
}

/// A file that there is not: lines of it are counted and never written.
const NOWHERE: usize = usize::MAX;

/// How results files are to be read.
pub struct Asked<'a> {
    /// The command that asks.
    pub command: &'a NextCommand,
    /// The files.
    pub inputs: &'a [PathBuf],
    /// How to read them.
    pub options: &'a ReadOptions,
    /// Where what was done is written, and whether anything is.
    pub run: &'a RunFlags,
    /// The sandbox keeps results of its own.
    pub sandbox: bool,
    /// The mini-program.
    pub appid: &'a str,
}

impl Records {
    /// Locks and reads the files.
    ///
    /// A text file is its own journal. A workbook cannot be appended to: it chooses rows, and what is done with
    /// them is written to a CSV (`--results`, else `reports/<name>.results.csv`), which a later run with the
    /// same workbook goes on from.
    ///
    /// # Errors
    /// 65 and 66 for what cannot be understood, 75 when another run holds a file, 2 for `--results` with several
    /// files.
    pub fn read(asked: &Asked<'_>) -> anyhow::Result<Self> {
        let mut records = Self { pile: Pile::default(), files: Vec::new() };
        if asked.run.results.is_some() && asked.inputs.len() > 1 {
            return Err(anyhow!("--results names one file, and several were given")).or_exit(Exit::Usage);
        }
        for input in asked.inputs {
            let path = journal_of(input, asked);
            if records.files.iter().any(|record| same_file(&record.path, &path)) {
                only_twice(input, &path)?;
                continue;
            }
            records.read_one(input, path, asked)?;
        }
        Ok(records)
    }

    /// Locks and reads the results of a sheet, and lays the sheet over them.
    ///
    /// # Errors
    /// 66 when there are none, else as [`Records::read`].
    pub fn under_sheet(sheet: &Path, read: SheetRead, asked: &Asked<'_>) -> anyhow::Result<Opened> {
        let path = asked.run.results_path(sheet, asked.sandbox);
        if !path.exists() {
            let why = "no such results: only goods that were imported can be updated";
            let import = || asked.command.of_the_sheet("import").value(sheet);
            return Err(anyhow!("{}: {why}", path.display())).or_exit_then(Exit::NoInput, import);
        }
        let lock = if asked.run.dry_run { None } else { Some(take_lock(&path)?) };
        // What the flags say of the sheet's spelling says nothing of the results'.
        let options = ReadOptions { maps: asked.options.maps.clone(), ..ReadOptions::default() };
        let history = Book::read(&path, &options).map_err(unusable)?;
        let empty = || anyhow!("{}: is empty", path.display());
        let mut history = history.ok_or_else(empty).or_exit(Exit::BadInput)?;
        heal(&mut history, asked.appid, words::note);
        let columns = Some(ColumnsRead::of(&read.columns));
        let laid = edited(&read.columns, read.rows, history, asked.appid, words::note);
        let Edited { book, rows, strangers, fates, of_sheet } = laid;
        let mut pile = Pile::default();
        pile.add(book.lines, rows, &book.layout);
        strangers.into_iter().for_each(|line| pile.lines[line].line.file = NOWHERE);
        let records = Self { pile, files: vec![Record { path, layout: book.layout, _lock: lock }] };
        Ok(Opened { records, fates, of_sheet, recognised: Some(read.recognised), columns })
    }

    /// One of the files, by its number.
    pub fn path(&self, file: usize) -> Option<&Path> {
        self.files.get(file).map(|record| record.path.as_path())
    }

    /// The user's columns, those of the first file.
    pub fn columns(&self) -> &Columns {
        &self.files[0].layout.columns
    }

    fn read_one(&mut self, input: &Path, path: PathBuf, asked: &Asked<'_>) -> anyhow::Result<()> {
        let missing = || anyhow!("{}: no such results file", input.display());
        let is_there = input == Path::new("-") || input.exists();
        is_there.then_some(()).ok_or_else(missing).or_exit(Exit::NoInput)?;
        let lock = if asked.run.dry_run { None } else { Some(take_lock(&path)?) };
        let book = Book::read(input, asked.options).map_err(unusable)?;
        let book = book.ok_or_else(|| anyhow!("{}: is empty", input.display())).or_exit(Exit::BadInput)?;
        let memory = if path == input { None } else { Book::read(&path, asked.options).map_err(unusable)? };
        let (mut book, given) = match memory {
            Some(memory) => chosen(book, memory, asked.appid),
            None => {
                let given = book.lines.len();
                (book, given)
            }
        };
        heal(&mut book, asked.appid, words::note);
        self.pile.add(book.lines, given, &book.layout);
        self.files.push(Record { path, layout: book.layout, _lock: lock });
        Ok(())
    }

    /// Ends the run where a line is another mini-program's.
    ///
    /// # Errors
    /// 78.
    pub fn believe(&self, appid: &str) -> anyhow::Result<()> {
        let Some(held) = foreign(&self.pile.lines, appid) else { return Ok(()) };
        let path = &self.files[held.line.file].path;
        let distrust = Distrust::OtherAppid { row: held.line.row };
        Err(anyhow!(words::distrust(path, &distrust, appid))).or_exit(Exit::Configuration)
    }

    /// The results files, for people.
    pub fn paths(&self) -> String {
        joined(self.files.iter().map(|record| record.path.as_path()))
    }

    /// Opens a journal over all files.
    ///
    /// # Errors
    /// 73 when one cannot be written.
    pub fn journal(&self, clock: &Arc<dyn Clock>) -> anyhow::Result<Journal> {
        let mut disks: Vec<(Box<dyn Disk>, usize)> = Vec::new();
        for record in &self.files {
            let disk = FileDisk::open(&record.path)
                .with_context(|| format!("{}: cannot be written", record.path.display()))
                .or_exit(Exit::CannotWrite)?;
            disks.push((Box::new(disk), record.layout.columns.headings.len()));
        }
        let latest = self.pile.lines.iter().filter_map(|held| held.line.updated_at).max();
        Ok(Journal::start_all(disks, Arc::clone(clock), latest))
    }

    /// Replaces each file by its lines as they stand now.
    ///
    /// # Errors
    /// 73 when one cannot be written.
    pub fn write(&mut self, clock: &Arc<dyn Clock>) -> anyhow::Result<()> {
        for (number, record) in self.files.iter().enumerate() {
            let lines = self.pile.lines.iter().filter(|held| held.line.file == number).cloned().collect();
            let mut book = Book { layout: record.layout.clone(), lines, lost: Lost::Nothing };
            book.stamp(clock.now());
            book.write(&record.path).or_exit(Exit::CannotWrite)?;
            let own = self.pile.lines.iter_mut().filter(|held| held.line.file == number);
            own.zip(book.lines).for_each(|(held, written)| *held = written);
        }
        Ok(())
    }
}

/// Where what is done with the rows of `input` is written.
fn journal_of(input: &Path, asked: &Asked<'_>) -> PathBuf {
    match &asked.run.results {
        Some(results) => results.clone(),
        None if can_be_appended_to(input) => input.to_owned(),
        None => results_path(None, input, asked.sandbox),
    }
}

fn can_be_appended_to(input: &Path) -> bool {
    Kind::promised(input).iter().all(|kind| *kind == Kind::Csv) && input != Path::new("-")
}

/// A file given twice is worked on once; what is done with one must not go into another that is given too.
fn only_twice(input: &Path, path: &Path) -> anyhow::Result<()> {
    if same_file(input, path) {
        return Ok(());
    }
    let why = "what is done with it goes into results that are given too; name one of the two";
    Err(anyhow!("{}: {why}", input.display())).or_exit(Exit::Usage)
}

fn same_file(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Paths on one line.
pub fn joined<'a>(paths: impl Iterator<Item = &'a Path>) -> String {
    let paths: Vec<String> = paths.map(|path| path.display().to_string()).collect();
    paths.join(", ")
}
