//! A directory into the state that runs share: one SQLite database, readable by its owner alone.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

/// The version of the tables below, kept in `user_version`: how many of [`STEPS`] have been taken.
const VERSION: i64 = 2;

/// How long one run waits for another that writes.
const PATIENCE: Duration = Duration::from_secs(20);

/// What makes of each version the next. A step that was ever released stays as it is.
const STEPS: [&str; VERSION as usize] = [QUOTA_AND_TOKENS, UPLOADS];

const UPLOADS: &str = "
    CREATE TABLE uploads (
        appid    TEXT NOT NULL,
        digest   BLOB NOT NULL,
        media_id TEXT NOT NULL,
        at       INTEGER NOT NULL,
        PRIMARY KEY (appid, digest)
    ) WITHOUT ROWID;
";

const QUOTA_AND_TOKENS: &str = "
    CREATE TABLE spent (
        appid  TEXT NOT NULL,
        bucket TEXT NOT NULL,
        day    TEXT NOT NULL,
        count  INTEGER NOT NULL DEFAULT 0,
        closed INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (appid, bucket, day)
    ) WITHOUT ROWID;
    CREATE TABLE tokens (
        api_base TEXT NOT NULL,
        appid    TEXT NOT NULL,
        token    TEXT NOT NULL,
        renew_at INTEGER NOT NULL,
        PRIMARY KEY (api_base, appid)
    ) WITHOUT ROWID;
";

/// Why the state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The directory or a file in it cannot be made, opened or locked.
    #[error("state {}: {error}; make it writable, or name another directory with --state PATH", .path.display())]
    Disk {
        /// What could not be used.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The database fails.
    #[error("state {}: {error}; make it writable, or name another directory with --state PATH", .path.display())]
    Database {
        /// The database.
        path: PathBuf,
        /// Why.
        error: rusqlite::Error,
    },
    /// The database is none, or is damaged.
    #[error(
        "state {}: not a database of livegoods, or damaged ({error}); what was spent today is not known, so move \
         it away only when you know it, or name another directory with --state PATH",
        .path.display()
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// Why.
        error: rusqlite::Error,
    },
    /// A newer livegoods has written it.
    #[error(
        "state {}: written by a newer livegoods (version {found}, this one knows {VERSION}); use that one, or \
         name another directory with --state PATH",
        .path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its version.
        found: i64,
    },
}

/// The directory in which runs keep what they share.
#[derive(Clone, Debug)]
pub struct StateDir {
    path: PathBuf,
}

impl StateDir {
    /// Opens the directory, making it (0700) and its database (0600) where they are missing.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let state = Self { path: path.to_owned() };
        make_private_dir(path).map_err(|error| disk(path, error))?;
        let lock_path = path.join("state.lock");
        let lock = private_file(&lock_path).map_err(|error| disk(&lock_path, error))?;
        // Two processes that switch a new database to WAL at once would see each other as an error.
        lock.lock().map_err(|error| disk(&lock_path, error))?;
        let database = state.database();
        private_file(&database).map_err(|error| disk(&database, error))?;
        let mut connection = state.connect()?;
        state.lay_tables(&mut connection)?;
        Ok(state)
    }

    /// Where the directory is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A connection of one's own to the database.
    pub(crate) fn connect(&self) -> Result<Connection, StateError> {
        let connection = Connection::open(self.database()).map_err(|error| self.failed(error))?;
        let set_up = || {
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            // Whatever is counted must survive a power cut before the call goes out.
            connection.pragma_update(None, "synchronous", "FULL")
        };
        set_up().map_err(|error| self.failed(error))?;
        Ok(connection)
    }

    /// What a database error means, with the path and the remedy.
    pub(crate) fn failed(&self, error: rusqlite::Error) -> StateError {
        let path = self.database();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StateError::Damaged { path, error },
            _ => StateError::Database { path, error },
        }
    }

    fn database(&self) -> PathBuf {
        self.path.join("state.db")
    }

    fn lay_tables(&self, connection: &mut Connection) -> Result<(), StateError> {
        let mut version = 0;
        let mut lay = || {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            version = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
            let taken = usize::try_from(version).unwrap_or(usize::MAX);
            for step in STEPS.iter().skip(taken) {
                transaction.execute_batch(step)?;
            }
            if version < VERSION {
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            transaction.commit()
        };
        lay().map_err(|error| self.failed(error))?;
        if version > VERSION {
            return Err(StateError::Newer { path: self.database(), found: version });
        }
        Ok(())
    }
}

fn disk(path: &Path, error: io::Error) -> StateError {
    StateError::Disk { path: path.to_owned(), error }
}

fn make_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file that nobody else may read, for it holds tokens; one that others may read is closed to them.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))?;
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> tempfile::TempDir {
        tempfile::tempdir().expect("a directory")
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_can_read_the_state() {
        use std::os::unix::fs::PermissionsExt;
        let dir = place();
        let path = dir.path().join("state");
        let state = StateDir::open(&path).expect("a state directory");
        let connection = state.connect().expect("a connection");
        connection
            .execute("INSERT INTO tokens VALUES ('http://a', 'wx1', 'token', 0)", [])
            .expect("something in the log");
        let mode = |path: &Path| path.metadata().expect("a file").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        let files: Vec<_> = std::fs::read_dir(&path).expect("a directory").flatten().collect();
        assert!(files.len() >= 3, "the log lies beside the database: {files:?}");
        for file in files {
            assert_eq!(mode(&file.path()), 0o600, "{:?}", file.path());
        }
    }

    #[test]
    fn a_file_that_is_no_database_is_a_clear_error() {
        let dir = place();
        std::fs::write(dir.path().join("state.db"), "goods,price\r\n".repeat(500)).expect("written");
        let error = StateDir::open(dir.path()).expect_err("no database");
        assert!(matches!(error, StateError::Damaged { .. }), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("state.db") && text.contains("--state PATH"), "{text}");
    }

    #[test]
    fn a_newer_database_is_left_alone() {
        let dir = place();
        let state = StateDir::open(dir.path()).expect("a state directory");
        let connection = state.connect().expect("a connection");
        connection.pragma_update(None, "user_version", VERSION + 1).expect("a newer version");
        let error = StateDir::open(dir.path()).expect_err("too new");
        assert!(matches!(error, StateError::Newer { found, .. } if found == VERSION + 1), "{error:?}");
    }

    #[test]
    fn a_database_of_the_first_version_keeps_what_it_holds() {
        let dir = place();
        let old = Connection::open(dir.path().join("state.db")).expect("a database");
        old.execute_batch(QUOTA_AND_TOKENS).expect("its tables");
        old.execute("INSERT INTO spent VALUES ('wx1', 'submit', '2026-11-21', 7, 0)", []).expect("a row");
        old.pragma_update(None, "user_version", 1).expect("its version");
        drop(old);
        let connection =
            StateDir::open(dir.path()).and_then(|state| state.connect()).expect("a state directory");
        let count: i64 =
            connection.query_row("SELECT count FROM spent", [], |row| row.get(0)).expect("the row");
        let uploads: i64 =
            connection.query_row("SELECT count(*) FROM uploads", [], |row| row.get(0)).expect("the table");
        assert_eq!((count, uploads), (7, 0));
    }

    #[test]
    fn a_directory_that_cannot_be_made_names_its_path_and_the_remedy() {
        let dir = place();
        let file = dir.path().join("a file");
        std::fs::write(&file, "").expect("written");
        let error = StateDir::open(&file.join("state")).expect_err("not a directory");
        let text = error.to_string();
        assert!(text.contains("a file") && text.contains("--state PATH"), "{text}");
    }
}
