//! An account into calls: the ledger, the service's own figures, the pace, and what stops a run.

use std::sync::Arc;
use std::time::Duration;

use super::Account;
use super::flags::ServiceFlags;
use crate::clock::Clock;
use crate::event::{Event, Listener};
use crate::exit::Stop;
use crate::pass::{Calls, StopCell, learn_quota};
use crate::quota::{Pace, Pacer};
use crate::wechat::{Call, RateLimit};

/// No more calls a second than this unless `--rate` says so.
const FASTEST: u32 = 50;

/// Who listens to a run, and what stops it.
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Hears what happens.
    pub listener: Arc<dyn Listener>,
    /// Says whether the run was stopped.
    pub stop: StopCell,
}

/// Makes an account's service callable, and asks it for its figures of `calls`. A service that refuses or is not
/// there is an ending like any other of a run.
///
/// # Errors
/// What is wrong with the configuration or the state.
pub fn connect(
    account: &Account<'_>,
    flags: &ServiceFlags,
    around: Surroundings,
    calls: &[Call],
) -> anyhow::Result<Result<Calls, Stop>> {
    let Surroundings { clock, listener, stop } = around;
    let (client, ledger) = (account.client()?, account.ledger()?);
    let mut told: Option<RateLimit> = None;
    for call in calls {
        let figures = match learn_quota(&client, &ledger, *call) {
            Ok(figures) => figures,
            Err(stop) => return Ok(Err(stop)),
        };
        if let Some(notice) = figures.notice {
            listener.hear(&Event::Notice(notice));
        }
        told = told.or(figures.rate_limit);
    }
    let pacer = Pacer::new(pace(flags.rate, told), Arc::clone(&clock));
    Ok(Ok(Calls {
        service: Arc::new(client),
        ledger: Arc::new(ledger),
        pacer: Arc::new(pacer),
        clock,
        listener,
        stop,
    }))
}

/// `--rate`, else what the service reports, else the fastest that is polite.
fn pace(rate: Option<u32>, told: Option<RateLimit>) -> Option<Pace> {
    if let Some(rate) = rate {
        return Pace::per_second(rate);
    }
    let told = told
        .and_then(|told| Pace::within(told.call_count, Duration::from_secs(told.refresh_second), FASTEST));
    told.or_else(|| Pace::per_second(FASTEST))
}
