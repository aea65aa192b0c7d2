//! What happens during a run.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::event::{Notice, WaitReason};
use crate::quota::Bucket;
use crate::results::{Action, Counts, Outcome};

/// A pass begins.
pub fn started(action: Action, rows: u64, todo: u64) -> String {
    match action {
        Action::Export => format!("{}: reading the library", verb(action)),
        _ => format!("{}: {todo} of {rows} rows to do", verb(action)),
    }
}

/// The verb a user typed for an action.
pub fn verb(action: Action) -> &'static str {
    match action {
        Action::Add => "import",
        Action::Status => "status",
        Action::Withdraw => "withdraw",
        Action::Resubmit => "resubmit",
        Action::Update => "update",
        Action::Delete => "delete",
        Action::Export => "export",
    }
}

/// One row.
pub fn row(row: u32, outcome: Outcome) -> String {
    format!("row {row}: {}", self::outcome(outcome))
}

/// An outcome, as a person says it.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Pending => "pending",
        Outcome::Sending => "sending",
        Outcome::Ok => "ok",
        Outcome::Failed => "failed",
        Outcome::Invalid => "invalid",
        Outcome::InDoubt => "in doubt",
    }
}

/// What is not zero of the counts: `118 ok, 2 failed`.
pub fn counts(counts: &Counts) -> String {
    let parts = [
        (counts.ok, "ok"),
        (counts.failed, "failed"),
        (counts.invalid, "invalid"),
        (counts.in_doubt, "in doubt"),
        (counts.pending, "pending"),
        (counts.skipped, "skipped"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() { "nothing yet".to_owned() } else { parts.join(", ") }
}

/// What is left of a bucket today.
pub fn quota_left(bucket: Bucket, left: u64) -> String {
    format!("{left} {} {} left today", bucket.name(), plural(left, "call"))
}

/// What a day brings for a bucket.
pub fn quota_day(bucket: Bucket, limit: u64, turns: &str) -> String {
    format!("{limit} {} {} a day, the day turns at {turns}", bucket.name(), plural(limit, "call"))
}

/// A wait is over.
pub fn resumed() -> &'static str {
    "going on"
}

/// What a run waits for.
pub fn waiting(reason: WaitReason) -> String {
    match reason {
        WaitReason::NextDay(bucket) => format!("waiting for tomorrow's {} quota", bucket.name()),
        WaitReason::SlowDown => "waiting: the service asks for a slower pace".to_owned(),
        WaitReason::Retry => "waiting before another try: the service does not answer".to_owned(),
        WaitReason::SecondLook => "waiting for a second look at the list".to_owned(),
    }
}

/// A wait with what is left of it, the countdown first.
pub fn countdown(left: Duration, reason: WaitReason) -> String {
    format!("{}: {}", span(left), waiting(reason))
}

/// How long the rest takes.
pub fn eta(left: Duration) -> String {
    format!("done in {}", span(left))
}

/// Rows a second.
pub fn rate(rows: f64) -> String {
    format!("{rows:.1} rows/s")
}

/// A moment, in the zone of the reader.
pub fn moment(moment: Timestamp, zone: &TimeZone) -> String {
    moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// A span, its two largest units: `1 d 4 h`, `2 min 5 s`, `0.40 s`.
pub fn span(span: Duration) -> String {
    if span < Duration::from_secs(1) && !span.is_zero() {
        return format!("{:.2} s", span.as_secs_f64());
    }
    let seconds = span.as_secs();
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let first = units.iter().position(|(unit, _)| seconds >= *unit).unwrap_or(units.len() - 1);
    let (unit, name) = units[first];
    let largest = format!("{} {name}", seconds / unit);
    match units.get(first + 1).map(|(unit, name)| (seconds % units[first].0 / unit, name)) {
        Some((rest, name)) if rest > 0 => format!("{largest} {rest} {name}"),
        _ => largest,
    }
}

/// A remark or a warning, with its remedy.
pub fn notice(notice: &Notice) -> String {
    match notice {
        Notice::QuotaFiguresUnknown { why } => format!(
            "the service did not tell its quota ({why}); the documents' figures are used, --quota sets others"
        ),
        Notice::BucketClosed { bucket, code } => format!(
            "the service says that today's {} quota is spent (errcode {code}); no more such calls today",
            bucket.name()
        ),
        Notice::TokenRenewed => "the access token was stale and has been renewed".to_owned(),
        Notice::Unrecorded { row, goods_id, audit_id } => format!(
            "row {row}: the answer cannot be written to the results; note it down: goodsId {goods_id}, auditId {audit_id}"
        ),
        Notice::MediaWillExpire { rows, sendable } => format!(
            "{rows} rows are to be sent and the quota of three days is {sendable}: media ids are good for three \
             days, so upload the pictures of the later rows later"
        ),
        Notice::LibraryGap { status, total, found } => format!(
            "the service counts {total} goods of audit status {} and shows {found}; run it again later",
            status.code()
        ),
        Notice::Settling { rows } => {
            format!("finding out what became of {rows} {} whose answer was lost", plural(*rows, "row"))
        }
    }
}

/// `noun`, or its plural.
pub fn plural(count: u64, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_shows_its_two_largest_units() {
        let words = |seconds| span(Duration::from_secs(seconds));
        assert_eq!(words(0), "0 s");
        assert_eq!(span(Duration::from_millis(420)), "0.42 s");
        assert_eq!(words(59), "59 s");
        assert_eq!(words(60), "1 min");
        assert_eq!(words(3599), "59 min 59 s");
        assert_eq!(words(3601), "1 h");
        assert_eq!(words(90_000), "1 d 1 h");
    }

    #[test]
    fn counts_leave_out_what_is_zero() {
        assert_eq!(counts(&Counts { ok: 3, in_doubt: 1, ..Counts::default() }), "3 ok, 1 in doubt");
        assert_eq!(counts(&Counts::default()), "nothing yet");
    }
}
