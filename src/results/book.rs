//! A results file as a whole: read, healed and folded, and written back by an atomic rename.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::{Timestamp, Unit};
use rayon::prelude::*;

use super::encode::{encode, encode_headings};
use super::lock::beside;
use super::read;
use super::{Held, Layout};
use crate::goods::Keys;
use crate::sheet::{ReadOptions, SheetError};

/// The UTF-8 byte order mark, by which spreadsheet programs know that the file is not in the local code page.
pub const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Lines that one thread encodes at a time.
const PIECE: usize = 512;
/// Such pieces that are in memory at a time.
const PIECES: usize = 32;

/// What a results file says, one line a row, in the order of the rows.
#[derive(Clone, Debug)]
pub struct Book {
    /// The user's columns.
    pub layout: Layout,
    /// The newest line of each row.
    pub lines: Vec<Held>,
    /// What a torn last line took with it.
    pub lost: Lost,
}

/// Whose line was torn off at the end of the file. Nobody knows whether its call went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No line was torn.
    Nothing,
    /// A line of the row that goes by these names.
    Line(Keys),
    /// So little is left of the line that it may have been any row's.
    Somebody,
}

impl Lost {
    /// Whether the line may have been that of the row that goes by `keys`.
    pub fn may_be_of(&self, keys: &Keys) -> bool {
        match self {
            Self::Nothing => false,
            Self::Line(torn) => (torn.sku.is_some() && torn.sku == keys.sku) || torn.page == keys.page,
            Self::Somebody => true,
        }
    }
}

/// Why a results file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// A spreadsheet program or somebody else changed the file beyond what can be made out.
    #[error("{}:{row}: {why}", .path.display())]
    Damaged {
        /// The results file.
        path: PathBuf,
        /// The row a spreadsheet program shows.
        row: u64,
        /// What is wrong, and what to do.
        why: String,
    },
    /// The file is not in the form we write, and cannot be understood as any other.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// It is a sheet, but holds no results.
    #[error("{}: has no headings \"outcome\" and \"goodsId\", so it is no results file; name the file that import wrote", .0.display())]
    NotResults(PathBuf),
    /// A folder, a pipe or a device.
    #[error("{}: is no file that could hold results; name another with --results", .0.display())]
    NotAFile(PathBuf),
    /// The disk.
    #[error("{}: {verb}: {source}", .path.display())]
    Io {
        /// The results file.
        path: PathBuf,
        /// What was tried.
        verb: &'static str,
        /// The reason.
        source: io::Error,
    },
}

impl Book {
    /// Whether the file at `path` begins as we begin results, whatever its end looks like.
    pub fn is_one(path: &Path) -> bool {
        read::begins_as_ours(path)
    }

    /// Reads a results file; `None` when there is none yet.
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Option<Self>, BookError> {
        read::read(path, options)
    }

    /// The newest time in the file.
    pub fn latest(&self) -> Option<Timestamp> {
        self.lines.iter().filter_map(|held| held.line.updated_at).max()
    }

    /// Stamps the lines that were not written yet: with `now`, but never before the newest of the others.
    pub fn stamp(&mut self, now: Timestamp) {
        let now = now.round(Unit::Millisecond).unwrap_or(now);
        let stamp = self.latest().map_or(now, |latest| latest.max(now));
        self.lines.iter_mut().for_each(|held| {
            held.line.updated_at.get_or_insert(stamp);
        });
    }

    /// Replaces the file by this book: all of it or, whatever happens, nothing. A file that says the same
    /// already is left alone.
    pub fn write(&self, path: &Path) -> Result<(), BookError> {
        let fail = |verb| move |source| BookError::Io { path: path.to_owned(), verb, source };
        // Behind a link the file itself is replaced, not the link.
        let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        // The name is fixed, so that a run that died here leaves one file behind at most; the lock guards it.
        let fresh = beside(path, ".tmp");
        let written = self.write_file(&fresh);
        let replaced = written.and_then(|()| {
            if same_bytes(&fresh, path)? {
                return fs::remove_file(&fresh);
            }
            if let Ok(old) = fs::metadata(path) {
                fs::set_permissions(&fresh, old.permissions())?;
            }
            fs::rename(&fresh, path)?;
            sync_folder(path)
        });
        replaced.map_err(|error| {
            let _ = fs::remove_file(&fresh);
            fail("cannot be written")(error)
        })
    }

    fn write_file(&self, path: &Path) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        self.write_to(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    }

    /// Writes the book as a file has it, the byte order mark first.
    ///
    /// # Errors
    /// The writer's own.
    pub fn write_to(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(BOM)?;
        let user = &self.layout.columns.headings;
        out.write_all(&encode_headings(user))?;
        let encode = |piece: &[Held]| encode(piece.iter().map(|held| &held.line), user.len(), None);
        for lines in self.lines.chunks(PIECE * PIECES) {
            let pieces: Vec<_> = lines.par_chunks(PIECE).map(encode).collect();
            pieces.iter().try_for_each(|piece| out.write_all(piece))?;
        }
        Ok(())
    }
}

/// Whether both files exist and hold the same.
fn same_bytes(fresh: &Path, old: &Path) -> io::Result<bool> {
    match fs::metadata(old) {
        Ok(found) if found.len() == fs::metadata(fresh)?.len() => Ok(fs::read(old)? == fs::read(fresh)?),
        _ => Ok(false),
    }
}

/// Makes a rename in the folder of `path` survive a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Line;

    #[test]
    fn an_empty_file_is_not_taken_for_none_and_a_device_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tea.results.csv");
        let read = |path: &Path| Book::read(path, &ReadOptions::default());
        assert!(read(&path).expect("nothing wrong").is_none());
        File::create(&path).expect("a file");
        assert!(matches!(read(&path), Err(BookError::Damaged { .. })));
        assert!(matches!(read(Path::new("/dev/zero")), Err(BookError::NotAFile(_))));
    }

    #[test]
    fn lines_that_are_encoded_in_pieces_stand_in_their_order() {
        let held = |row| Held {
            line: Line { row, note: format!("note {row}"), ..Line::default() },
            keys: Keys { sku: None, page: String::new() },
        };
        for count in [0, 1, PIECE, PIECE + 1, PIECE * PIECES, PIECE * PIECES + 1] {
            let layout = Layout::of_sheet(&crate::sheet::Columns::default());
            let lines = (0..count).map(|row| held(u32::try_from(row).expect("few"))).collect();
            let mut bytes = Vec::new();
            Book { layout, lines, lost: Lost::Nothing }.write_to(&mut bytes).expect("memory");
            let text = String::from_utf8(bytes).expect("text");
            let rows: Vec<&str> =
                text.lines().skip(1).map(|line| line.split(',').next().unwrap_or("")).collect();
            assert_eq!(rows, (0..count).map(|row| row.to_string()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_heading_that_could_run_as_a_formula_is_guarded_and_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tea.results.csv");
        let mut layout = Layout::of_sheet(&crate::sheet::Columns::default());
        layout.columns.headings = vec!["=cmd".to_owned()];
        let book = Book { layout, lines: Vec::new(), lost: Lost::Nothing };
        book.write(&path).expect("written");
        let text = fs::read_to_string(&path).expect("text");
        assert!(text.starts_with("\u{FEFF}'=cmd,row,"), "{text}");
        let read = Book::read(&path, &ReadOptions::default()).expect("read").expect("a book");
        assert_eq!(read.layout.columns.headings, ["=cmd"]);
    }
}
