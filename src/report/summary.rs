//! The end of a pass as a value: what a person reads last and a program reads first.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::ColumnsRead;
use crate::exit::{Exit, Stop};
use crate::results::Counts;

/// So many rows are named for each code; the results file has them all.
const ROWS_NAMED: usize = 5;

/// The closing summary. Serialised it is the one JSON object of `--json`, with exactly these keys plus
/// `rows`, `ok`, `failed`, `invalid`, `in-doubt`, `pending`, `skipped` (of `counts`) and `exit`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The verb: `import`, …
    pub command: &'static str,
    /// The sheet or the results that were read.
    pub input: String,
    /// How the input was read, where that was recognised and not told; `null` for results.
    pub format: Option<Recognised>,
    /// Which columns of a sheet were read as what; left out for results.
    #[serde(flatten)]
    pub columns: Option<ColumnsRead>,
    /// The results file; `null` when none was written.
    pub results: Option<String>,
    /// Where the rows stand.
    #[serde(flatten)]
    pub counts: AllCounts,
    /// What is wrong with rows, the most frequent first.
    pub issues: Vec<IssueGroup>,
    /// What is left of the buckets that the verb spends.
    pub quota: Vec<QuotaLine>,
    /// How prices in replies were read; left out where none were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_prices: Option<PricesRead>,
    /// From start to end, in seconds.
    #[serde(rename = "elapsed_seconds", serialize_with = "seconds")]
    pub elapsed: Duration,
    /// Why the run stopped before its end; `null` when it did not.
    pub stopped: Option<Stop>,
    /// The exit code.
    #[serde(serialize_with = "code")]
    pub exit: Exit,
    /// What to type next; `null` when there is nothing to do.
    pub next_command: Option<String>,
}

/// How the prices in replies were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PricesRead {
    /// As yuan, because somebody said so or known prices agree.
    Yuan,
    /// As yuan, because the documents say so and no price was known to compare with.
    YuanAssumed,
    /// As fen, because somebody said so.
    Fen,
}

/// The counts with their sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AllCounts {
    rows: u64,
    #[serde(flatten)]
    counts: Counts,
}

impl From<Counts> for AllCounts {
    fn from(counts: Counts) -> Self {
        Self { rows: counts.rows(), counts }
    }
}

impl AllCounts {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The parts.
    pub fn parts(&self) -> &Counts {
        &self.counts
    }
}

/// What a reader recognised; a part that does not apply is `null`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Recognised {
    /// `xlsx`, `csv`, …
    pub kind: String,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The encoding of a text file.
    pub encoding: Option<String>,
    /// `comma`, `semicolon` or `tab`.
    pub delimiter: Option<String>,
}

/// The rows that share one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IssueGroup {
    /// An issue's stable code, or the service's errcode.
    pub code: String,
    /// How many rows.
    pub count: u64,
    /// The first of them, in the order they came.
    pub rows: Vec<u32>,
}

/// What is left of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuotaLine {
    /// The bucket's name.
    pub bucket: &'static str,
    /// Calls left today.
    pub left: u64,
    /// Calls a day.
    pub limit: u64,
    /// When the day turns, RFC 3339.
    #[serde(serialize_with = "display")]
    pub turns: Timestamp,
}

/// The exit code where several apply: what stopped the run, then doubt, then failures.
pub fn exit_of(stopped: Option<&Stop>, counts: &Counts) -> Exit {
    match stopped {
        Some(stop) => stop.exit(),
        None if counts.in_doubt > 0 => Exit::SomeInDoubt,
        None if counts.failed + counts.invalid > 0 => Exit::SomeFailed,
        None => Exit::Done,
    }
}

/// Collects issues row by row into groups.
#[derive(Clone, Debug, Default)]
pub struct IssueTally {
    groups: BTreeMap<String, (u64, Vec<u32>)>,
}

impl IssueTally {
    /// Takes in one issue of one row.
    pub fn add(&mut self, code: &str, row: u32) {
        let (count, rows) = match self.groups.get_mut(code) {
            Some(group) => group,
            None => self.groups.entry(code.to_owned()).or_default(),
        };
        *count += 1;
        if rows.len() < ROWS_NAMED {
            rows.push(row);
        }
    }

    /// Whether there are issues with this code.
    pub fn has(&self, code: &str) -> bool {
        self.groups.contains_key(code)
    }

    /// Whether there are issues, all with this code.
    pub fn only(&self, code: &str) -> bool {
        self.groups.len() == 1 && self.groups.contains_key(code)
    }

    /// The groups, the most frequent first.
    pub fn into_groups(self) -> Vec<IssueGroup> {
        let groups = self.groups.into_iter().map(|(code, (count, rows))| IssueGroup { code, count, rows });
        let mut groups: Vec<IssueGroup> = groups.collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.count));
        groups
    }
}

fn seconds<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    let milliseconds = u32::try_from(span.as_millis()).unwrap_or(u32::MAX);
    serializer.serialize_f64(f64::from(milliseconds) / 1000.0)
}

fn code<S: Serializer>(exit: &Exit, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(exit.code())
}

fn display<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(moment)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::quota::Bucket;
    use crate::sheet::Field;

    #[test]
    fn a_summary_is_one_flat_object_whose_counts_add_up() {
        let counts = Counts { ok: 3, failed: 1, in_doubt: 2, ..Counts::default() };
        let stopped = Some(Stop::Interrupted);
        let summary = Summary {
            command: "import",
            input: "a.csv".to_owned(),
            format: Some(Recognised {
                kind: "csv".to_owned(),
                encoding: Some("GBK".to_owned()),
                delimiter: Some("comma".to_owned()),
                sheet: None,
            }),
            columns: Some(ColumnsRead {
                read: vec![("品名".to_owned(), Field::Name)],
                not_read: vec!["备注".to_owned()],
            }),
            results: Some("reports/a.results.csv".to_owned()),
            counts: counts.into(),
            issues: vec![IssueGroup { code: "name-too-long".to_owned(), count: 1, rows: vec![7] }],
            quota: vec![QuotaLine { bucket: "submit", left: 9, limit: 500, turns: Timestamp::UNIX_EPOCH }],
            reply_prices: None,
            elapsed: Duration::from_millis(1500),
            exit: exit_of(stopped.as_ref(), &counts),
            stopped,
            next_command: Some("livegoods import a.csv".to_owned()),
        };
        let expected = json!({
            "command": "import",
            "input": "a.csv",
            "format": {"kind": "csv", "sheet": null, "encoding": "GBK", "delimiter": "comma"},
            "columns": {"品名": "name"},
            "columns_not_read": ["备注"],
            "results": "reports/a.results.csv",
            "rows": 6, "ok": 3, "failed": 1, "invalid": 0, "in-doubt": 2, "pending": 0, "skipped": 0,
            "issues": [{"code": "name-too-long", "count": 1, "rows": [7]}],
            "quota": [{"bucket": "submit", "left": 9, "limit": 500, "turns": "1970-01-01T00:00:00Z"}],
            "elapsed_seconds": 1.5,
            "stopped": {"reason": "interrupted"},
            "exit": 130,
            "next_command": "livegoods import a.csv",
        });
        assert_eq!(serde_json::to_value(&summary).expect("JSON"), expected);
    }

    #[test]
    fn what_stopped_a_run_stands_above_doubt_and_doubt_above_failures() {
        let both = Counts { failed: 1, in_doubt: 1, ..Counts::default() };
        let failed = Counts { invalid: 1, ..Counts::default() };
        let pending = Counts { pending: 4, ..Counts::default() };
        let spent = Stop::QuotaSpent { bucket: Bucket::Submit, turns: Timestamp::UNIX_EPOCH };
        assert_eq!(exit_of(Some(&spent), &both), Exit::ComeBackLater);
        assert_eq!(exit_of(None, &both), Exit::SomeInDoubt);
        assert_eq!(exit_of(None, &failed), Exit::SomeFailed);
        assert_eq!(exit_of(None, &pending), Exit::Done);
    }

    #[test]
    fn issues_are_grouped_by_code_and_name_their_first_rows() {
        let mut tally = IssueTally::default();
        tally.add("price-zero", 2);
        (3..10).for_each(|row| tally.add("name-missing", row));
        let groups = tally.into_groups();
        assert_eq!(
            groups[0],
            IssueGroup { code: "name-missing".to_owned(), count: 7, rows: vec![3, 4, 5, 6, 7] }
        );
        assert_eq!(groups[1].code, "price-zero");
    }
}
