//! A directory into the stand-in's memory: one SQLite file an appid, or nothing on disk at all.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

/// The memory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// The directory or the file cannot be made or locked.
    #[error("cannot use {path} as the sandbox's memory: {cause}; give another directory with --state", path = .path.display())]
    Disk {
        /// What was to be opened.
        path: PathBuf,
        /// Why it could not be.
        cause: io::Error,
    },
    /// The file is there but is no memory of a sandbox.
    #[error("{path} is not a sandbox's memory: {cause}; move it away or give another directory with --state", path = .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        cause: rusqlite::Error,
    },
}

/// Ids start above 32 bits, as the service's do, and are never given twice: AUTOINCREMENT remembers the
/// highest one even when its row is gone.
const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS goods (
        goods_id INTEGER PRIMARY KEY AUTOINCREMENT,
        audit_id INTEGER,
        name TEXT NOT NULL,
        cover TEXT NOT NULL,
        price_type INTEGER NOT NULL,
        price INTEGER NOT NULL,
        price2 INTEGER,
        url TEXT NOT NULL,
        third_party_appid TEXT NOT NULL,
        status INTEGER NOT NULL,
        tag INTEGER NOT NULL,
        review_ends INTEGER,
        verdict INTEGER
    ) STRICT;
    CREATE INDEX IF NOT EXISTS goods_by_status ON goods (status, goods_id);
    CREATE INDEX IF NOT EXISTS goods_in_review ON goods (review_ends) WHERE status = 1;
    CREATE TABLE IF NOT EXISTS audits (next INTEGER NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS media (
        media_id TEXT PRIMARY KEY, created INTEGER NOT NULL, oversize INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS tokens (
        token TEXT PRIMARY KEY, shared INTEGER NOT NULL, expires INTEGER NOT NULL, stale INTEGER
    ) STRICT;
    CREATE TABLE IF NOT EXISTS counts (
        day INTEGER NOT NULL, pool TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY (day, pool)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO audits SELECT 40000000000 WHERE NOT EXISTS (SELECT 1 FROM audits);
    INSERT INTO sqlite_sequence (name, seq)
        SELECT 'goods', 52000000000 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'goods');
";

/// Opens the memory of one appid. Processes that share a directory share goods, tokens and quotas.
pub(super) fn open(directory: Option<&Path>, appid: &str) -> Result<Connection, MemoryError> {
    let Some(directory) = directory else {
        let path = PathBuf::from(":memory:");
        return Connection::open_in_memory()
            .and_then(prepared)
            .map_err(|cause| MemoryError::Sqlite { path, cause });
    };
    let path = directory.join(format!("sandbox-{appid}.sqlite"));
    let disk = |cause| MemoryError::Disk { path: path.clone(), cause };
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(disk)?;
    // Changing the journal's mode does not wait for other connections, so openers take turns.
    let turn = private(&path.with_extension("lock")).map_err(disk)?;
    turn.lock().map_err(disk)?;
    private(&path).map_err(disk)?;
    Connection::open(&path).and_then(prepared).map_err(|cause| MemoryError::Sqlite { path, cause })
}

/// Tokens are secrets: nobody else may read the file.
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

fn prepared(connection: Connection) -> rusqlite::Result<Connection> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    // Outliving a killed process is enough here, and what is written outlives it without a sync.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} COMMIT;"))?;
    Ok(connection)
}
