//! The calls of one run: an account connected, calls made, and what is left of the quota afterwards.

use std::sync::Arc;

use super::connection::{Surroundings, connect};
use super::flags::{ErrorLimit, RunFlags, ServiceFlags};
use super::signals::stop_on_signals;
use super::{Account, Session};
use crate::clock::Clock;
use crate::event::{Event, Listener};
use crate::exit::Stop;
use crate::pass::{Calls, Rules, StopCell};
use crate::quota::Figures;
use crate::report::QuotaLine;
use crate::wechat::Call;

/// What a run needs to call the service.
pub struct Errand<'a> {
    /// How the run speaks.
    pub session: &'a Session,
    /// The time.
    pub clock: &'a Arc<dyn Clock>,
    /// Whom it calls.
    pub service: &'a ServiceFlags,
    /// When it gives up.
    pub run: &'a RunFlags,
}

/// What an errand came to.
#[derive(Default)]
pub struct Done {
    /// Why it stopped early, if it did.
    pub stop: Option<Stop>,
    /// What is left of the buckets it spent.
    pub quota: Vec<QuotaLine>,
}

impl Done {
    /// Whether the results may be folded: after a failure to write them they are left as they are.
    pub fn is_recorded(&self) -> bool {
        !matches!(self.stop, Some(Stop::CannotWrite { .. }))
    }
}

impl Errand<'_> {
    /// Connects, lets `work` make its calls, and says what is left. `calls` are those whose quota is asked
    /// for before the first of them.
    ///
    /// # Errors
    /// Whatever keeps the errand from its first call; what stops it on the way is in the answer.
    pub fn run(
        &self,
        account: &Account<'_>,
        calls: &[Call],
        work: impl FnOnce(&Calls) -> anyhow::Result<Option<Stop>>,
    ) -> anyhow::Result<Done> {
        let listener: Arc<dyn Listener> = Arc::new(self.session.listener(self.clock)?);
        let stop = StopCell::default();
        stop_on_signals(&stop, self.clock, self.session)?;
        let around = Surroundings { clock: Arc::clone(self.clock), listener, stop };
        let connected = match connect(account, self.service, around, calls)? {
            Ok(connected) => connected,
            Err(stop) => return Ok(Done { stop: Some(stop), quota: Vec::new() }),
        };
        let stop = work(&connected)?;
        Ok(Done { stop, quota: quota_lines(&connected, calls) })
    }

    /// When a pass over `rows` rows gives up, and whether it waits; handed to `work`.
    pub fn with_rules<T>(&self, rows: u64, work: impl FnOnce(Rules<'_>) -> T) -> T {
        let limit: Option<ErrorLimit> = self.run.max_errors;
        work(Rules {
            jobs: usize::from(self.service.jobs),
            wait: self.service.wait,
            too_many_errors: &|failed| limit.is_some_and(|limit| limit.exceeded(failed, rows)),
        })
    }
}

/// What today and the days after it hold, once the run has said what it is about to do.
pub fn tell_the_day(connected: &Calls, calls: &[Call]) {
    for Figures { bucket, limit, left, turns_at: turns, .. } in figures_of(connected, calls) {
        connected.listener.hear(&Event::QuotaDay { bucket, limit, turns });
        connected.listener.hear(&Event::QuotaLeft { bucket, left });
    }
}

fn figures_of(connected: &Calls, calls: &[Call]) -> Vec<Figures> {
    let mut all = connected.ledger.figures().unwrap_or_default();
    all.retain(|figures| calls.iter().any(|call| call.bucket() == figures.bucket));
    all
}

fn quota_lines(connected: &Calls, calls: &[Call]) -> Vec<QuotaLine> {
    figures_of(connected, calls)
        .into_iter()
        .map(|figures| QuotaLine {
            bucket: figures.bucket.name(),
            left: figures.left,
            limit: figures.limit,
            turns: figures.turns_at,
        })
        .collect()
}
