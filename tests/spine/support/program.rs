//! The program itself in a cleaned environment, pointed at a server.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::scratch::scratch;
use super::{APPID, Table};

/// A home, a sheet in it, and the program.
pub struct Program {
    pub home: TempDir,
    base: String,
}

impl Program {
    /// A home whose sheet is `table`, for a server at `base`.
    pub fn new(table: &Table, base: &str) -> Self {
        let home = scratch();
        table.write(&home.path().join("tea.csv"));
        Self { home, base: base.to_owned() }
    }

    /// Where the results are by default.
    pub fn results(&self) -> PathBuf {
        self.path("reports/tea.results.csv")
    }

    /// A path in the home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// `livegoods` with these words, its pipes caught.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("LIVEGOODS_APPID", APPID)
            .env("LIVEGOODS_SECRET", "sandbox-secret-of-no-value")
            .env("LIVEGOODS_API_BASE", &self.base)
            .current_dir(self.home.path())
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// `livegoods import tea.csv --json` and more words, to its end.
    pub fn import(&self, words: &[&str]) -> Ended {
        let all: Vec<&str> =
            ["import", "tea.csv", "--json"].into_iter().chain(words.iter().copied()).collect();
        self.run(&all)
    }

    /// `livegoods` with these words, to its end.
    pub fn run(&self, words: &[&str]) -> Ended {
        Ended::of(self.command(words).output().expect("the program runs"))
    }
}

/// What the program said at its end.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub summary: Value,
    pub stderr: String,
}

impl Ended {
    /// Reads what a process left in its pipes.
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            summary: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// A count of the summary.
    pub fn count(&self, name: &str) -> u64 {
        self.summary[name].as_u64().unwrap_or_else(|| panic!("no {name}: {self:?}"))
    }

    /// Whether the parts of the summary are the rows.
    pub fn adds_up(&self) -> bool {
        let parts = ["ok", "failed", "invalid", "in-doubt", "pending", "skipped"];
        parts.iter().map(|part| self.count(part)).sum::<u64>() == self.count("rows")
    }
}

/// The bytes of everything below a folder, to see that nothing changed.
pub fn snapshot(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => found.push((path.clone(), std::fs::read(path).expect("a file"))),
            }
        }
    }
    found.sort();
    found
}
