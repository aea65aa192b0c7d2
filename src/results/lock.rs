//! One run at a time works on a results file: a lock beside it that says who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// A held lock; dropping it lets the next run in.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

/// Why the lock was not to be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run works on the file.
    #[error("{}: another run is working on these results ({holder}); wait until it ends", .results.display())]
    Held {
        /// The results file.
        results: PathBuf,
        /// Who, in its own words.
        holder: String,
    },
    /// The lock file cannot be made.
    #[error("{}: the lock file cannot be written: {source}", .path.display())]
    Io {
        /// The lock file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

impl Lock {
    /// Takes the lock on `results`, or says who has it.
    pub fn take(results: &Path, holder: &str) -> Result<Self, LockError> {
        // A link and the file behind it are one file.
        let results = &std::fs::canonicalize(results).unwrap_or_else(|_| results.to_owned());
        let path = beside(results, ".lock");
        let fail = |source| LockError::Io { path: path.clone(), source };
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .open(&path)
                .map_err(fail)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut holder = String::new();
                    // Whoever is just taking it has not written its name yet: better no name than no message.
                    let _ = file.read_to_string(&mut holder);
                    return Err(LockError::Held {
                        results: results.to_owned(),
                        holder: if holder.is_empty() { "just started".into() } else { holder.trim().into() },
                    });
                }
                Err(TryLockError::Error(source)) => return Err(fail(source)),
            }
            // The holder before us may have removed the file between our opening and our locking it.
            if !is_same_file(&file, &path) {
                continue;
            }
            file.set_len(0).and_then(|()| file.rewind()).map_err(fail)?;
            writeln!(file, "{holder}").map_err(fail)?;
            return Ok(Self { path, _file: file });
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while it is held: whoever opened it meanwhile sees that it is not there any more, and makes
        // a new one.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// `name.csv` with something after it: `name.csv.lock`.
pub fn beside(results: &Path, suffix: &str) -> PathBuf {
    let mut name = results.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(unix)]
fn is_same_file(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(held), Ok(found)) => (held.dev(), held.ino()) == (found.dev(), found.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same_file(_file: &File, _path: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_told_who_holds_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let results = folder.path().join("tea.results.csv");
        let held = Lock::take(&results, "process 7, import tea.xlsx").expect("free");
        let refused = Lock::take(&results, "process 8").expect_err("held");
        assert!(refused.to_string().contains("process 7, import tea.xlsx"), "{refused}");
        drop(held);
        Lock::take(&results, "process 8").expect("free again");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_its_file_have_one_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let (results, link) = (folder.path().join("tea.results.csv"), folder.path().join("link.csv"));
        std::fs::write(&results, "").expect("a file");
        std::os::unix::fs::symlink(&results, &link).expect("a link");
        let _held = Lock::take(&results, "process 7").expect("free");
        Lock::take(&link, "process 8").expect_err("held");
    }

    #[test]
    fn a_lock_file_left_by_a_dead_run_is_no_lock() {
        let folder = tempfile::tempdir().expect("a folder");
        let results = folder.path().join("tea.results.csv");
        std::fs::write(beside(&results, ".lock"), "process 7").expect("a file");
        Lock::take(&results, "process 8").expect("nobody holds it");
    }
}
