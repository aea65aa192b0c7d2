//! Events into where a run stands: what a bar, a line and an ETA are made of.

use std::collections::HashSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::event::{Event, WaitReason};
use crate::quota::Bucket;
use crate::results::{Action, Counts, Outcome};

/// A day of the quota, however long the service's own clock makes it.
const DAY: Duration = Duration::from_hours(24);

/// Where a run stands.
#[derive(Debug)]
pub(super) struct Tally {
    /// The verb.
    pub action: Action,
    /// Rows to work on.
    pub todo: u64,
    /// What came of the rows worked on so far.
    pub counts: Counts,
    /// The row that was heard of last.
    pub last_row: Option<u32>,
    /// Calls left today for what the verb does.
    pub quota_left: Option<u64>,
    /// What is waited for, and until when.
    pub waiting: Option<(WaitReason, Timestamp)>,
    limit: Option<u64>,
    turns: Option<Timestamp>,
    /// Rows in doubt are heard of again when they are settled.
    in_doubt: HashSet<u32>,
    started: Duration,
    wait_began: Duration,
    waited: Duration,
}

impl Tally {
    /// A run about which nothing is known yet; `elapsed` is the clock's.
    pub fn new(elapsed: Duration) -> Self {
        Self {
            action: Action::Add,
            todo: 0,
            counts: Counts::default(),
            last_row: None,
            quota_left: None,
            waiting: None,
            limit: None,
            turns: None,
            in_doubt: HashSet::new(),
            started: elapsed,
            wait_began: elapsed,
            waited: Duration::ZERO,
        }
    }

    /// Takes one event in, heard at `elapsed` of the clock.
    pub fn hear(&mut self, event: &Event, elapsed: Duration) {
        match *event {
            Event::Started { action, todo, .. } => {
                *self = Self { action, todo, ..Self::new(elapsed) };
            }
            Event::Row { row, outcome } => self.count(row, outcome),
            Event::QuotaLeft { bucket, left } if bucket == self.bucket() => self.quota_left = Some(left),
            Event::QuotaDay { bucket, limit, turns } if bucket == self.bucket() => {
                (self.limit, self.turns) = (Some(limit), Some(turns));
            }
            Event::Waiting { reason, until } => {
                if self.waiting.is_none() {
                    self.wait_began = elapsed;
                }
                self.waiting = Some((reason, until));
            }
            Event::Resumed => {
                if self.waiting.take().is_some() {
                    self.waited += elapsed.saturating_sub(self.wait_began);
                }
            }
            Event::QuotaLeft { .. } | Event::QuotaDay { .. } | Event::Notice(_) => {}
        }
    }

    fn count(&mut self, row: u32, outcome: Outcome) {
        self.last_row = Some(row);
        self.in_doubt.remove(&row);
        match outcome {
            Outcome::Ok => self.counts.ok += 1,
            Outcome::Failed => self.counts.failed += 1,
            Outcome::Invalid => self.counts.invalid += 1,
            Outcome::InDoubt => {
                self.in_doubt.insert(row);
            }
            Outcome::Pending | Outcome::Sending => {}
        }
        self.counts.in_doubt = self.in_doubt.len() as u64;
    }

    /// Rows whose turn has come and gone.
    pub fn done(&self) -> u64 {
        self.counts.rows()
    }

    /// The bucket that limits the verb.
    pub fn bucket(&self) -> Bucket {
        match self.action {
            Action::Add | Action::Resubmit => Bucket::Submit,
            Action::Status => Bucket::Status,
            Action::Withdraw => Bucket::Withdraw,
            Action::Update => Bucket::Update,
            Action::Delete => Bucket::Delete,
            Action::Export => Bucket::List,
        }
    }

    /// Rows a second, waits left out; `None` before the first row.
    pub fn rate(&self, elapsed: Duration) -> Option<f64> {
        let mut worked = elapsed.saturating_sub(self.started).saturating_sub(self.waited);
        if self.waiting.is_some() {
            worked = worked.saturating_sub(elapsed.saturating_sub(self.wait_began));
        }
        (self.done() > 0 && !worked.is_zero()).then(|| self.done() as f64 / worked.as_secs_f64())
    }

    /// How long the rest takes, nights between days of quota included; `None` while that is unknown.
    pub fn eta(&self, elapsed: Duration, now: Timestamp) -> Option<Duration> {
        let rate = self.rate(elapsed)?;
        let working = |rows: u64| Duration::try_from_secs_f64(rows as f64 / rate).ok();
        let rest = self.todo.saturating_sub(self.done());
        let over = match self.quota_left {
            Some(left) if rest > left => rest - left,
            _ => return working(rest),
        };
        let limit = self.limit.filter(|limit| *limit > 0)?;
        let until_turn = Duration::try_from(self.turns?.duration_since(now)).unwrap_or_default();
        let full_days = (over - 1) / limit;
        let last_day = working(over - full_days * limit)?;
        until_turn.checked_add(DAY.checked_mul(u32::try_from(full_days).ok()?)?)?.checked_add(last_day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn now() -> Timestamp {
        "2026-11-21T15:00:00Z".parse().expect("a timestamp")
    }

    fn tally(todo: u64, events: &[(u64, Event)]) -> Tally {
        let mut tally = Tally::new(Duration::ZERO);
        tally.hear(&Event::Started { action: Action::Add, rows: todo, todo }, seconds(0));
        events.iter().for_each(|(at, event)| tally.hear(event, seconds(*at)));
        tally
    }

    fn row(row: u32, outcome: Outcome) -> Event {
        Event::Row { row, outcome }
    }

    #[test]
    fn a_row_in_doubt_that_is_settled_counts_once() {
        let tally = tally(
            9,
            &[
                (1, row(2, Outcome::Sending)),
                (1, row(2, Outcome::InDoubt)),
                (2, row(3, Outcome::InDoubt)),
                (3, row(2, Outcome::Ok)),
            ],
        );
        assert_eq!(tally.counts, Counts { ok: 1, in_doubt: 1, ..Counts::default() });
        assert_eq!(tally.done(), 2);
    }

    #[test]
    fn waits_do_not_slow_the_rate_down() {
        let until = now();
        let tally = tally(
            100,
            &[
                (10, row(2, Outcome::Ok)),
                (10, Event::Waiting { reason: WaitReason::SlowDown, until }),
                (70, Event::Resumed),
                (80, row(3, Outcome::Ok)),
                (80, Event::Waiting { reason: WaitReason::SlowDown, until }),
            ],
        );
        assert_eq!(tally.rate(seconds(80)), Some(0.1));
        assert_eq!(tally.rate(seconds(95)), Some(0.1));
    }

    #[test]
    fn the_eta_sleeps_over_every_night_that_the_quota_asks_for() {
        let turns = now() + seconds(3600);
        let quota = |left| {
            [
                (0, Event::QuotaDay { bucket: Bucket::Submit, limit: 500, turns }),
                (1, row(2, Outcome::Ok)),
                (1, Event::QuotaLeft { bucket: Bucket::Submit, left }),
            ]
        };
        let eta = |todo, left| tally(todo, &quota(left)).eta(seconds(1), now());
        assert_eq!(eta(101, 100), Some(seconds(100)));
        assert_eq!(eta(102, 100), Some(seconds(3600 + 1)));
        assert_eq!(eta(601, 100), Some(seconds(3600 + 500)));
        assert_eq!(eta(602, 100), Some(seconds(3600 + 86_400 + 1)));
    }

    #[test]
    fn an_eta_beyond_an_unknown_day_is_unknown() {
        let tally =
            tally(9, &[(1, row(2, Outcome::Ok)), (1, Event::QuotaLeft { bucket: Bucket::Submit, left: 3 })]);
        assert_eq!(tally.eta(seconds(1), now()), None);
    }

    #[test]
    fn another_buckets_quota_is_not_the_runs() {
        let tally = tally(9, &[(1, Event::QuotaLeft { bucket: Bucket::List, left: 3 })]);
        assert_eq!(tally.quota_left, None);
    }
}
