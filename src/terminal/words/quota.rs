//! What is spent and left.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{moment, plural};
use crate::quota::Figures;

/// The figures of a mini-program, and why the service did not tell its own.
pub struct QuotaTold<'a> {
    /// The mini-program; empty when it is unknown.
    pub appid: &'a str,
    /// Every bucket.
    pub figures: &'a [Figures],
    /// Why the figures are the ledger's alone.
    pub silence: Option<&'a str>,
}

/// What the import of a sheet still needs.
pub struct QuotaAhead {
    /// The sheet as it was named.
    pub sheet: String,
    /// Its rows.
    pub rows: u64,
    /// Calls of the submit bucket, if nothing is refused or sent twice.
    pub calls: u64,
    /// Days, today included when something goes out today; `None` when the quota is 0.
    pub days: Option<u64>,
}

/// A line a bucket, narrow enough for 40 columns.
pub fn quota(out: &mut dyn Write, told: &QuotaTold<'_>, zone: &TimeZone) -> io::Result<()> {
    if !told.appid.is_empty() {
        writeln!(out, "appid {}", told.appid)?;
    }
    writeln!(out, "{:<10}{:>8}{:>8}{:>8}", "bucket", "spent", "left", "limit")?;
    for figures in told.figures {
        let closed = if figures.closed { "  closed" } else { "" };
        let name = figures.bucket.name();
        writeln!(out, "{name:<10}{:>8}{:>8}{:>8}{closed}", figures.counted, figures.left, figures.limit)?;
    }
    if let Some(figures) = told.figures.first() {
        writeln!(out, "the day turns at {}", moment(figures.turns_at, zone))?;
    }
    told.silence.map_or(Ok(()), |why| writeln!(out, "counted here only: {why}"))
}

/// What the import of a sheet still needs.
pub fn quota_ahead(out: &mut dyn Write, ahead: &QuotaAhead) -> io::Result<()> {
    let QuotaAhead { sheet, rows, calls, days } = ahead;
    let days = match days {
        Some(days) => format!("{days} {}", plural(*days, "day")),
        None => "no number of days: the limit is 0".to_owned(),
    };
    writeln!(out, "{sheet}: {calls} of {rows} {} still to submit, {days}", plural(*rows, "row"))
}

/// Nobody can be asked.
pub fn no_credentials() -> &'static str {
    "LIVEGOODS_APPID and LIVEGOODS_SECRET are not both set, so the service cannot be asked"
}

/// The service is not there.
pub fn unreachable(why: &str) -> String {
    format!("the service cannot be asked ({why})")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::quota::Bucket;

    #[test]
    fn the_table_fits_forty_columns() {
        let figures = [Figures {
            bucket: Bucket::Withdraw,
            limit: 100_000,
            counted: 100_000,
            left: 0,
            closed: true,
            turns_at: Timestamp::UNIX_EPOCH,
        }];
        let ahead = QuotaAhead { sheet: "a.csv".to_owned(), rows: 9, calls: 7, days: Some(1) };
        let mut told = Vec::new();
        let facts = QuotaTold { appid: "wx1", figures: &figures, silence: None };
        quota(&mut told, &facts, &TimeZone::UTC).expect("text");
        quota_ahead(&mut told, &ahead).expect("text");
        let expected = "\
appid wx1
bucket       spent    left   limit
withdraw    100000       0  100000  closed
the day turns at 1970-01-01 00:00:00 +00:00
a.csv: 7 of 9 rows still to submit, 1 day
";
        assert_eq!(String::from_utf8_lossy(&told), expected);
    }
}
