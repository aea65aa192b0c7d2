//! Which rows a pass works on, where it writes, and when it gives up.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use clap::builder::{BoolishValueParser, PathBufValueParser, TypedValueParser};

use super::RowSet;
use crate::sheet::Kind;

/// What every pass over rows takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "The run")]
pub struct RunFlags {
    /// The results file [default: reports/SHEET.results.csv]
    #[arg(short, long, value_name = "PATH", env = "LIVEGOODS_RESULTS", value_parser = results_file())]
    pub results: Option<PathBuf>,

    /// Print the plan; call nothing that changes or counts
    #[arg(short = 'n', long, env = "LIVEGOODS_DRY_RUN", value_parser = BoolishValueParser::new())]
    pub dry_run: bool,

    /// Work on at most N rows this time
    #[arg(long, value_name = "N", env = "LIVEGOODS_LIMIT")]
    pub limit: Option<u64>,

    /// Work on these rows only, by their number in the sheet: 2-500,612
    #[arg(long, value_name = "ROWS", env = "LIVEGOODS_ROWS")]
    pub rows: Option<RowSet>,

    /// Stop once more than N rows, or N% of them, have failed
    #[arg(long, value_name = "N|N%", env = "LIVEGOODS_MAX_ERRORS")]
    pub max_errors: Option<ErrorLimit>,
}

impl RunFlags {
    /// `--results`, else the default, see [`results_path`].
    pub fn results_path(&self, sheet: &Path, sandbox: bool) -> PathBuf {
        results_path(self.results.as_deref(), sheet, sandbox)
    }
}

/// A path for results. They are CSV under every name, so a name that promises a workbook is refused.
fn results_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        let is_workbook = Kind::promised(&path).iter().any(|kind| *kind != Kind::Csv);
        if is_workbook { Err("results are CSV: give them a name that ends in .csv") } else { Ok(path) }
    })
}

/// The results of a sheet: those `given`, else the default among the other reports. What the sandbox did is
/// kept apart from what really happened.
pub fn results_path(given: Option<&Path>, sheet: &Path, sandbox: bool) -> PathBuf {
    given.map(Path::to_owned).unwrap_or_else(|| {
        let stem = match sheet.file_stem() {
            Some(stem) if sheet != Path::new("-") => stem,
            _ => "stdin".as_ref(),
        };
        let mut name = stem.to_owned();
        name.push(if sandbox { ".sandbox.results.csv" } else { ".results.csv" });
        Path::new("reports").join(name)
    })
}

/// How many refused rows are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorLimit {
    /// More than so many rows.
    Rows(u64),
    /// More than this share of the rows, in percent.
    Percent(u8),
}

impl ErrorLimit {
    /// Whether `failed` of `rows` rows are more than is put up with.
    pub fn exceeded(self, failed: u64, rows: u64) -> bool {
        match self {
            Self::Rows(limit) => failed > limit,
            Self::Percent(limit) => u128::from(failed) * 100 > u128::from(rows) * u128::from(limit),
        }
    }
}

impl FromStr for ErrorLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let limit = match text.strip_suffix('%') {
            Some(percent) => percent.parse().ok().filter(|percent| *percent <= 100).map(Self::Percent),
            None => text.parse().ok().map(Self::Rows),
        };
        limit.ok_or_else(|| "use a number of rows, or a percentage like 5%".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_limit_is_exceeded_by_one_more_than_it_says() {
        let rows: ErrorLimit = "3".parse().expect("a limit");
        assert!(!rows.exceeded(3, 10) && rows.exceeded(4, 10));
        let share: ErrorLimit = "5%".parse().expect("a limit");
        assert!(!share.exceeded(5, 100) && share.exceeded(6, 100));
        assert!(!share.exceeded(0, 0));
        for text in ["", "-1", "101%", "5.5", "%"] {
            assert!(text.parse::<ErrorLimit>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn results_are_named_after_the_sheet_and_the_sandbox_has_its_own() {
        let flags = RunFlags::default();
        let named = |sheet: &str, sandbox| flags.results_path(Path::new(sheet), sandbox);
        assert_eq!(named("a/春季.xlsx", false), Path::new("reports/春季.results.csv"));
        assert_eq!(named("a/b.c.csv", true), Path::new("reports/b.c.sandbox.results.csv"));
        assert_eq!(named("-", false), Path::new("reports/stdin.results.csv"));
    }
}
