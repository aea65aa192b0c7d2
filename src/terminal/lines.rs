//! Events into plain lines: for logs of other programs, and for terminals without a bar.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::tz::TimeZone;

use super::tally::Tally;
use super::words;
use crate::clock::Clock;
use crate::event::{Event, Listener};

/// The least time between two lines of progress.
const EVERY: Duration = Duration::from_secs(10);

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detail {
    /// Where the run stands, every so often.
    pub progress: bool,
    /// A line for every row.
    pub rows: bool,
}

/// Writes a line every so often, one at the beginning of a wait, and one for each remark.
pub struct Lines<W> {
    clock: Arc<dyn Clock>,
    detail: Detail,
    zone: TimeZone,
    state: Mutex<State<W>>,
}

struct State<W> {
    out: W,
    tally: Tally,
    last: Duration,
}

impl<W: Write> Lines<W> {
    /// Writes to `out`, moments in `zone`.
    pub fn new(out: W, clock: Arc<dyn Clock>, detail: Detail, zone: TimeZone) -> Self {
        let last = clock.elapsed();
        let state = Mutex::new(State { out, tally: Tally::new(last), last });
        Self { clock, detail, zone, state }
    }

    fn line(&self, event: &Event, state: &mut State<W>) -> Option<String> {
        let Detail { progress, rows } = self.detail;
        match event {
            Event::Notice(notice) => Some(words::notice(notice)),
            Event::Started { action, rows, todo } if progress => Some(words::started(*action, *rows, *todo)),
            Event::Waiting { reason, until } if progress => {
                let waiting = words::waiting(*reason);
                Some(format!(
                    "{}; {waiting} until {}",
                    standing(&state.tally),
                    words::moment(*until, &self.zone)
                ))
            }
            Event::Row { row, outcome } if rows => Some(words::row(*row, *outcome)),
            _ if progress && self.clock.elapsed().saturating_sub(state.last) >= EVERY => {
                Some(standing(&state.tally))
            }
            _ => None,
        }
    }
}

/// The last row, the counts and the quota.
fn standing(tally: &Tally) -> String {
    let place = tally.last_row.map_or_else(String::new, |row| format!("row {row}: "));
    let mut line =
        format!("{place}{} of {} done ({})", tally.done(), tally.todo, words::counts(&tally.counts));
    if let Some(left) = tally.quota_left {
        line.push_str(", ");
        line.push_str(&words::quota_left(tally.bucket(), left));
    }
    line
}

impl<W: Write + Send> Listener for Lines<W> {
    fn hear(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let elapsed = self.clock.elapsed();
        state.tally.hear(event, elapsed);
        if let Some(line) = self.line(event, &mut state) {
            // Nobody is left to tell when a message cannot be written; the run goes on.
            let _ = writeln!(state.out, "{line}").and_then(|()| state.out.flush());
            state.last = elapsed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use crate::event::{Notice, WaitReason};
    use crate::quota::Bucket;
    use crate::results::{Action, Outcome};

    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn heard(detail: Detail, events: &[(u64, Event)]) -> String {
        let page = Arc::new(Mutex::new(Vec::new()));
        let clock = Arc::new(ManualClock::at("2026-11-21T15:00:00Z".parse().expect("a timestamp")));
        let lines = Lines::new(Page(Arc::clone(&page)), Arc::clone(&clock) as _, detail, TimeZone::UTC);
        for (seconds, event) in events {
            clock.step(Duration::from_secs(*seconds));
            lines.hear(event);
        }
        let page = page.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(page).expect("text")
    }

    fn run() -> Vec<(u64, Event)> {
        vec![
            (0, Event::Started { action: Action::Add, rows: 5, todo: 3 }),
            (0, Event::QuotaLeft { bucket: Bucket::Submit, left: 1 }),
            (5, Event::Row { row: 2, outcome: Outcome::Ok }),
            (5, Event::Row { row: 3, outcome: Outcome::Failed }),
            (9, Event::QuotaLeft { bucket: Bucket::Submit, left: 0 }),
            (
                0,
                Event::Waiting {
                    reason: WaitReason::NextDay(Bucket::Submit),
                    until: "2026-11-21T16:00:00Z".parse().expect("a timestamp"),
                },
            ),
            (3600, Event::Resumed),
            (0, Event::Notice(Notice::TokenRenewed)),
        ]
    }

    #[test]
    fn a_line_comes_every_ten_seconds_and_when_a_wait_begins() {
        let told = heard(Detail { progress: true, rows: false }, &run());
        let expected = "\
import: 3 of 5 rows to do
row 3: 2 of 3 done (1 ok, 1 failed), 1 submit call left today
row 3: 2 of 3 done (1 ok, 1 failed), 0 submit calls left today; waiting for tomorrow's submit quota until 2026-11-21 16:00:00 +00:00
row 3: 2 of 3 done (1 ok, 1 failed), 0 submit calls left today
the access token was stale and has been renewed
";
        assert_eq!(told, expected);
    }

    #[test]
    fn without_progress_only_remarks_are_told() {
        let told = heard(Detail { progress: false, rows: false }, &run());
        assert_eq!(told, "the access token was stale and has been renewed\n");
    }

    #[test]
    fn verbose_tells_every_row() {
        let told = heard(Detail { progress: false, rows: true }, &run());
        assert!(told.starts_with("row 2: ok\nrow 3: failed\n"), "{told}");
    }
}
