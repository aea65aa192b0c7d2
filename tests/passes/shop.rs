//! A shop to test in: a stand-in for the service that counts its calls, a home, and the program.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use livegoods::clock::{Clock, ManualClock};
use livegoods::sandbox::{Call, Options, Sandbox, Shelved};
use serde_json::Value;
use tempfile::TempDir;

/// A service, a home, and the time at the service.
pub struct Shop {
    pub sandbox: Sandbox,
    pub home: TempDir,
    pub time: Arc<ManualClock>,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub summary: Value,
    pub stderr: String,
}

impl Ended {
    /// ok, failed, invalid, in doubt, pending, skipped; they add up to the rows.
    pub fn counts(&self) -> [u64; 6] {
        let count = |name: &str| self.summary[name].as_u64().unwrap_or_else(|| panic!("no {name}: {self:?}"));
        let counts = ["ok", "failed", "invalid", "in-doubt", "pending", "skipped"].map(count);
        assert_eq!(counts.iter().sum::<u64>(), count("rows"), "{self:?}");
        counts
    }
}

/// Where the results of the shop's sheet are.
pub const RESULTS: &str = "reports/tea.results.csv";

impl Shop {
    /// A shop that has imported so many goods; all are in review.
    pub fn with(goods: usize) -> Self {
        Self::new(goods, &[])
    }

    /// The same with faults at the service.
    pub fn new(goods: usize, faults: &[&str]) -> Self {
        let start = "2026-11-21T02:00:00Z".parse().expect("a timestamp");
        let time = Arc::new(ManualClock::at(start));
        let options = Options {
            faults: faults.iter().map(|fault| fault.parse().expect("a fault")).collect(),
            clock: Arc::clone(&time) as Arc<dyn Clock>,
            ..Options::default()
        };
        let sandbox = Sandbox::start(options).expect("a sandbox");
        let shop = Self { sandbox, home: tempfile::tempdir().expect("a directory"), time };
        shop.import(goods);
        shop
    }

    /// Imports a sheet of so many goods.
    pub fn import(&self, goods: usize) {
        let rows = (1..=goods).map(|number| {
            format!(
                "T-{number},手冲咖啡壶 {number} 号,SANDBOX-COVER-IMAGE-01,{number}.5,pages/tea?id={number}\n"
            )
        });
        let sheet = format!("货号,商品名称,商品图片,价格,链接\n{}", rows.collect::<String>());
        fs::write(self.path("tea.csv"), sheet).expect("a sheet");
        if goods > 0 {
            // One at a time, so that every shop has the same ids for the same goods.
            let ended = self.run(&["import", "tea.csv", "-j", "1"]);
            assert!(ended.code <= 1, "{ended:?}");
        }
    }

    /// A path in the home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Lets every review end.
    pub fn review_ends(&self) {
        self.time.step(Duration::from_secs(61));
    }

    /// `livegoods` with these words, in a cleaned environment.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("LIVEGOODS_APPID", self.sandbox.appid())
            .env("LIVEGOODS_SECRET", self.sandbox.secret())
            .env("LIVEGOODS_API_BASE", self.sandbox.base_url())
            .env("LIVEGOODS_RATE", "0")
            .current_dir(self.home.path())
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs the program to its end, with `--json`.
    pub fn run(&self, words: &[&str]) -> Ended {
        let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
        let output = self.command(&words).output().expect("the program runs");
        Ended {
            code: output.status.code().expect("an exit code"),
            summary: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Calls since `before` of withdraw, resubmit, delete, status and list, by [`Shop::spent`].
    pub fn spent(&self) -> [u64; 5] {
        let calls = self.sandbox.calls();
        [Call::Withdraw, Call::Resubmit, Call::Delete, Call::Status, Call::List].map(|call| calls.count(call))
    }

    /// What a run cost.
    pub fn cost(&self, words: &[&str]) -> (Ended, [u64; 5]) {
        let before = self.spent();
        let ended = self.run(words);
        let mut cost = self.spent();
        cost.iter_mut().zip(before).for_each(|(after, before)| *after -= before);
        (ended, cost)
    }

    /// The goods of the service.
    pub fn goods(&self) -> Vec<Shelved> {
        self.sandbox.goods().expect("goods")
    }

    /// The results as headings and rows.
    pub fn results(&self) -> Sheet {
        Sheet::read(&self.path(RESULTS))
    }
}

/// A results file, to be looked at and changed as people change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Reads a file as we write it.
    pub fn read(path: &std::path::Path) -> Self {
        let bytes = fs::read(path).expect("results");
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        let rows = reader.records().map(|record| record.expect("text").iter().map(str::to_owned).collect());
        Self { rows: rows.collect() }
    }

    /// The text with another delimiter.
    pub fn text(&self, delimiter: u8) -> String {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        self.rows.iter().for_each(|row| writer.write_record(row).expect("memory"));
        String::from_utf8(writer.into_inner().expect("memory")).expect("text")
    }

    pub fn column(&self, heading: &str) -> usize {
        self.rows[0].iter().position(|own| own == heading).expect("a column")
    }

    /// All cells below a heading.
    pub fn cells(&self, heading: &str) -> Vec<&str> {
        let column = self.column(heading);
        self.rows[1..].iter().map(|row| row[column].as_str()).collect()
    }

    /// Changes the cell of a row, counted from 1 below the headings.
    pub fn set(&mut self, row: usize, heading: &str, text: &str) {
        let column = self.column(heading);
        self.rows[row][column] = text.to_owned();
    }
}
