//! The closing summary for people.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::{columns_read, counts, moment, plural, span};
use crate::exit::Stop;
use crate::report::{IssueGroup, PricesRead, QuotaLine, Recognised, Summary};
use crate::terminal::Paint;
use crate::wechat::look_up;

/// Writes the summary, a line a fact, the next command last.
pub fn summary(out: &mut dyn Write, summary: &Summary, paint: Paint, zone: &TimeZone) -> io::Result<()> {
    let rows = summary.counts.rows();
    let standing = counts(summary.counts.parts());
    writeln!(out, "{} {}: {rows} {}: {standing}", summary.command, summary.input, plural(rows, "row"))?;
    if let Some(format) = &summary.format {
        writeln!(out, "read as {}", recognised(format))?;
    }
    if let Some(columns) = &summary.columns {
        writeln!(out, "{}", columns_read(columns))?;
    }
    for issue in &summary.issues {
        writeln!(out, "  {}", issue_group(issue))?;
    }
    for line in &summary.quota {
        writeln!(out, "quota: {}", quota_line(line, zone))?;
    }
    if let Some(prices) = summary.reply_prices {
        writeln!(out, "{}", prices_read(prices))?;
    }
    if let Some(stopped) = &summary.stopped {
        writeln!(out, "{} {}", paint.warning("stopped:"), stop(stopped, zone))?;
    }
    if let Some(results) = &summary.results {
        writeln!(out, "results: {results}")?;
    }
    writeln!(out, "took {}", span(summary.elapsed))?;
    match &summary.next_command {
        Some(next) => writeln!(out, "{} {next}", paint.bold("next:")),
        None => Ok(()),
    }
}

/// The short form for stderr, where stdout holds JSON or nothing: why the end is not 0, and what to type.
pub fn short_summary(
    out: &mut dyn Write,
    summary: &Summary,
    paint: Paint,
    zone: &TimeZone,
) -> io::Result<()> {
    writeln!(out, "{}", ending(summary, zone))?;
    match &summary.next_command {
        Some(next) => writeln!(out, "{} {next}", paint.bold("next:")),
        None => Ok(()),
    }
}

/// What was worked on and how it ended, in one line.
pub fn ending(summary: &Summary, zone: &TimeZone) -> String {
    let why = match &summary.stopped {
        Some(stopped) => stop(stopped, zone),
        None => counts(summary.counts.parts()),
    };
    format!("{} {}: {why}", summary.command, summary.input)
}

fn prices_read(prices: PricesRead) -> &'static str {
    match prices {
        PricesRead::Yuan => "prices in replies: yuan",
        PricesRead::Fen => "prices in replies: fen",
        PricesRead::YuanAssumed => {
            "prices in replies: yuan, assumed as documented, for there was nothing to compare with; \
             --reply-prices fen says otherwise"
        }
    }
}

fn recognised(format: &Recognised) -> String {
    let mut words = format.kind.clone();
    let parts = [("sheet", &format.sheet), ("encoding", &format.encoding), ("delimiter", &format.delimiter)];
    for (name, part) in parts {
        if let Some(part) = part {
            words.push_str(&format!(", {name} {part}"));
        }
    }
    words
}

fn issue_group(group: &IssueGroup) -> String {
    if group.rows.is_empty() {
        return format!("{} × {}", group.count, group.code);
    }
    let rows: Vec<String> = group.rows.iter().map(u32::to_string).collect();
    let more = if group.count > rows.len() as u64 { ", …" } else { "" };
    format!("{} × {}: {} {}{more}", group.count, group.code, plural(group.count, "row"), rows.join(", "))
}

fn quota_line(line: &QuotaLine, zone: &TimeZone) -> String {
    let QuotaLine { bucket, left, limit, turns } = line;
    format!("{left} of {limit} {bucket} calls left today, the day turns at {}", moment(*turns, zone))
}

/// Why a run stopped, and the remedy.
pub fn stop(stop: &Stop, zone: &TimeZone) -> String {
    match stop {
        Stop::QuotaSpent { bucket, turns } => format!(
            "today's {} quota is spent; run the same command again after {}",
            bucket.name(),
            moment(*turns, zone)
        ),
        Stop::TooManyErrors { failed } => {
            format!("{failed} {} failed, more than --max-errors puts up with", plural(*failed, "row"))
        }
        Stop::Unreachable { why } => {
            format!(
                "the service cannot be reached or keeps failing ({why}); nothing is lost, try again later"
            )
        }
        Stop::Refused { code, message } => {
            let advice = look_up(*code).map_or("", |known| known.advice);
            format!("the service refuses the caller: {code} {message}. {advice}").trim_end().to_owned()
        }
        Stop::PricesInFen { compared, off } => format!(
            "the service seems to reply in fen: {off} of {compared} {} that can be compared are off by exactly \
             100; nothing was changed: say --reply-prices fen, or yuan if they are right",
            plural(*compared, "price")
        ),
        Stop::PricesNotInFen { price } => format!(
            "--reply-prices fen, but the service replies {price}, and there are no parts of a fen; nothing was \
             changed: say --reply-prices yuan"
        ),
        Stop::CannotWrite { why } => {
            format!("what was done cannot be recorded any more ({why}); make room first")
        }
        Stop::Interrupted => "interrupted; what was under way is recorded".to_owned(),
        Stop::Terminated => "asked to stop; what was under way is recorded".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::exit::Exit;
    use crate::quota::Bucket;
    use crate::report::ColumnsRead;
    use crate::results::Counts;
    use crate::sheet::Field;

    #[test]
    fn a_summary_says_what_was_read_what_came_of_it_and_what_to_type_next() {
        let facts = Summary {
            command: "import",
            input: "a.csv".to_owned(),
            format: Some(Recognised {
                kind: "csv".to_owned(),
                sheet: None,
                encoding: Some("GBK".to_owned()),
                delimiter: Some("tab".to_owned()),
            }),
            columns: Some(ColumnsRead {
                read: vec![("品名".to_owned(), Field::Name), ("直播价".to_owned(), Field::Price)],
                not_read: vec!["备注".to_owned()],
            }),
            results: Some("reports/a.results.csv".to_owned()),
            counts: Counts { ok: 500, invalid: 7, pending: 93, ..Counts::default() }.into(),
            issues: vec![IssueGroup { code: "price-zero".to_owned(), count: 7, rows: vec![2, 9] }],
            quota: vec![QuotaLine { bucket: "submit", left: 0, limit: 500, turns: Timestamp::UNIX_EPOCH }],
            reply_prices: None,
            elapsed: Duration::from_secs(75),
            stopped: Some(Stop::QuotaSpent { bucket: Bucket::Submit, turns: Timestamp::UNIX_EPOCH }),
            exit: Exit::ComeBackLater,
            next_command: Some("livegoods import a.csv".to_owned()),
        };
        let mut told = Vec::new();
        summary(&mut told, &facts, Paint::Plain, &TimeZone::UTC).expect("text");
        let expected = "\
import a.csv: 600 rows: 500 ok, 7 invalid, 93 pending
read as csv, encoding GBK, delimiter tab
read: 品名=name, 直播价=price; not read: 备注
  7 × price-zero: rows 2, 9, …
quota: 0 of 500 submit calls left today, the day turns at 1970-01-01 00:00:00 +00:00
stopped: today's submit quota is spent; run the same command again after 1970-01-01 00:00:00 +00:00
results: reports/a.results.csv
took 1 min 15 s
next: livegoods import a.csv
";
        assert_eq!(String::from_utf8_lossy(&told), expected);
    }
}
