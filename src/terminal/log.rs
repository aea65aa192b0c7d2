//! Events into lines of a log file, each with the moment it was heard.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::words;
use crate::clock::Clock;
use crate::event::{Event, Listener, Notice, WaitReason};
use crate::exit::Exit;

/// The form of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogForm {
    /// A sentence.
    Text,
    /// A JSON object with `time` and `event`.
    Json,
}

/// Appends every event to a file.
pub struct Log {
    clock: Arc<dyn Clock>,
    form: LogForm,
    file: Mutex<File>,
}

impl Log {
    /// Opens `path` for appending; a new file can be read by its owner only.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path, form: LogForm, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
        Ok(Self { clock, form, file: Mutex::new(file) })
    }
}

impl Log {
    /// Appends how the run ended.
    pub fn ended(&self, exit: Exit, text: &str) {
        let (exit, text) = (exit.code(), text.replace('\n', " "));
        self.append(
            &format!("ended with {exit}: {text}"),
            json!({"event": "ended", "exit": exit, "text": text}),
        );
    }

    fn append(&self, sentence: &str, facts: Value) {
        let time = format!("{:.3}", self.clock.now());
        let line = match self.form {
            LogForm::Text => format!("{time} {sentence}\n"),
            LogForm::Json => {
                let mut object = Map::new();
                object.insert("time".to_owned(), time.into());
                object.extend(if let Value::Object(facts) = facts { facts } else { Map::new() });
                format!("{}\n", Value::Object(object))
            }
        };
        // One write a line, so that the lines of two processes do not mix. A full disk must not stop a run.
        let _ = self.file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes());
    }
}

impl Listener for Log {
    fn hear(&self, event: &Event) {
        self.append(&sentence(event), facts(event));
    }
}

fn sentence(event: &Event) -> String {
    match event {
        Event::Started { action, rows, todo } => words::started(*action, *rows, *todo),
        Event::Row { row, outcome } => words::row(*row, *outcome),
        Event::QuotaLeft { bucket, left } => words::quota_left(*bucket, *left),
        Event::QuotaDay { bucket, limit, turns } => {
            words::quota_day(*bucket, *limit, &words::moment(*turns, &TimeZone::UTC))
        }
        Event::Waiting { reason, until } => {
            format!("{} until {}", words::waiting(*reason), words::moment(*until, &TimeZone::UTC))
        }
        Event::Resumed => words::resumed().to_owned(),
        Event::Notice(notice) => words::notice(notice),
    }
}

/// The event by name and its facts: names that programs rely on, whatever the language of the sentences.
fn facts(event: &Event) -> Value {
    match event {
        Event::Started { action, rows, todo } => {
            json!({"event": "started", "action": action.word(), "rows": rows, "todo": todo})
        }
        Event::Row { row, outcome } => json!({"event": "row", "row": row, "outcome": outcome.word()}),
        Event::QuotaLeft { bucket, left } => {
            json!({"event": "quota-left", "bucket": bucket.name(), "left": left})
        }
        Event::QuotaDay { bucket, limit, turns } => {
            json!({"event": "quota-day", "bucket": bucket.name(), "limit": limit, "turns": turns.to_string()})
        }
        Event::Waiting { reason, until } => {
            json!({"event": "waiting", "reason": reason_name(*reason), "until": until.to_string()})
        }
        Event::Resumed => json!({"event": "resumed"}),
        Event::Notice(notice) => {
            json!({"event": "notice", "notice": notice_name(notice), "text": words::notice(notice)})
        }
    }
}

fn reason_name(reason: WaitReason) -> &'static str {
    match reason {
        WaitReason::NextDay(_) => "next-day",
        WaitReason::SlowDown => "slow-down",
        WaitReason::Retry => "retry",
        WaitReason::SecondLook => "second-look",
    }
}

fn notice_name(notice: &Notice) -> &'static str {
    match notice {
        Notice::QuotaFiguresUnknown { .. } => "quota-figures-unknown",
        Notice::BucketClosed { .. } => "bucket-closed",
        Notice::TokenRenewed => "token-renewed",
        Notice::Unrecorded { .. } => "unrecorded",
        Notice::MediaWillExpire { .. } => "media-will-expire",
        Notice::LibraryGap { .. } => "library-gap",
        Notice::Settling { .. } => "settling",
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::clock::ManualClock;
    use crate::results::Outcome;

    fn logged(form: LogForm, runs: usize) -> (String, u32) {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("run.log");
        let clock = Arc::new(ManualClock::at("2026-11-21T15:00:00Z".parse().expect("a timestamp")));
        for _ in 0..runs {
            let log = Log::open(&path, form, Arc::clone(&clock) as _).expect("a log");
            log.hear(&Event::Row { row: 7, outcome: Outcome::InDoubt });
        }
        let mode = std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
        (std::fs::read_to_string(path).expect("text"), mode)
    }

    #[test]
    fn a_log_is_appended_to_and_only_its_owner_reads_it() {
        let (text, mode) = logged(LogForm::Text, 2);
        assert_eq!(text, "2026-11-21T15:00:00.000Z row 7: in doubt\n".repeat(2));
        assert_eq!(mode, 0o600);
    }

    #[test]
    fn a_json_line_names_its_event() {
        let (text, _) = logged(LogForm::Json, 1);
        let line: Value = serde_json::from_str(&text).expect("JSON");
        let expected =
            json!({"time": "2026-11-21T15:00:00.000Z", "event": "row", "row": 7, "outcome": "in-doubt"});
        assert_eq!(line, expected);
    }
}
