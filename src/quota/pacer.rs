//! A pace into waits: every call of a run passes here, whatever thread makes it.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use crate::clock::Clock;

/// How fast calls may follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between two calls, in the long run.
    period: Duration,
    /// Calls that may go out at once after a lull.
    burst: NonZeroU32,
}

impl Pace {
    /// `rate` calls a second; `None` for 0, which is no limit.
    ///
    /// The burst is a twentieth of a second's calls, two from ten calls a second on: enough to make good a
    /// thread that woke late.
    pub fn per_second(rate: u32) -> Option<Self> {
        let rate = NonZeroU32::new(rate)?;
        Some(Self { period: each(Duration::from_secs(1), rate.get()), burst: burst_of(rate.get()) })
    }

    /// What a service that takes `call_count` calls in `window` never refuses, whenever its window starts,
    /// and at most `fastest` calls a second. `None` when the service's figures are no pace.
    pub fn within(call_count: u64, window: Duration, fastest: u32) -> Option<Self> {
        let calls = NonZeroU32::new(u32::try_from(call_count).unwrap_or(u32::MAX))?;
        if window.is_zero() {
            return None;
        }
        // A single call a window has no room for a burst beside the steady pace: its period is the window.
        let burst =
            burst_of(calls.get().div_ceil(u32::try_from(window.as_secs()).unwrap_or(u32::MAX).max(1)));
        let allowed = Self { period: each(window, (calls.get() - burst.get()).max(1)), burst };
        let wished = Self::per_second(fastest);
        Some(
            wished
                .filter(|wished| wished.period > allowed.period)
                .map_or(allowed, |wished| Self { burst: wished.burst.min(allowed.burst), ..wished }),
        )
    }

    /// Calls a second, for people.
    pub fn rate(&self) -> f64 {
        self.period.as_secs_f64().recip()
    }

    /// Calls that may go out at once.
    pub fn burst(&self) -> u32 {
        self.burst.get()
    }
}

/// `span` shared by `calls`, rounded up so that the pace is never faster than asked.
fn each(span: Duration, calls: u32) -> Duration {
    Duration::from_nanos(u64::try_from(span.as_nanos().div_ceil(u128::from(calls))).unwrap_or(u64::MAX))
}

fn burst_of(calls_a_second: u32) -> NonZeroU32 {
    let least = if calls_a_second < 10 { 1 } else { 2 };
    NonZeroU32::new(least.max(calls_a_second / 20)).unwrap_or(NonZeroU32::MIN)
}

/// The run's clock as the limiter reads it.
#[derive(Clone)]
struct Elapsed(Arc<dyn Clock>);

impl governor::clock::Clock for Elapsed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

type Limiter = RateLimiter<NotKeyed, InMemoryState, Elapsed, NoOpMiddleware<Duration>>;

/// Lets one call after the other pass at a pace, and none while the service wants a pause.
pub struct Pacer {
    clock: Elapsed,
    limiter: Option<Limiter>,
    /// Only the thread that stands here sleeps for the next call: a crowd that woke together for one place
    /// would spend the machine on waking.
    gate: Mutex<()>,
    /// On [`Clock::elapsed`], in nanoseconds: nobody passes before.
    paused_until: AtomicU64,
}

impl Pacer {
    /// A pacer; without a pace it only pauses.
    pub fn new(pace: Option<Pace>, clock: Arc<dyn Clock>) -> Self {
        let clock = Elapsed(clock);
        let limiter = pace.and_then(|pace| {
            let quota = Quota::with_period(pace.period)?.allow_burst(pace.burst);
            Some(RateLimiter::direct_with_clock(quota, clock.clone()))
        });
        Self { clock, limiter, gate: Mutex::default(), paused_until: AtomicU64::new(0) }
    }

    /// Whether calls follow each other at a pace, and not as fast as they are answered.
    pub fn is_paced(&self) -> bool {
        self.limiter.is_some()
    }

    /// Passes now, or says how long to wait before asking again.
    pub fn try_now(&self) -> Result<(), Duration> {
        let now = self.clock.now();
        let resume = Duration::from_nanos(self.paused_until.load(Ordering::Acquire));
        if let Some(rest) = resume.checked_sub(now).filter(|rest| !rest.is_zero()) {
            return Err(rest);
        }
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check().map_err(|not_until| not_until.wait_time_from(now).max(Duration::from_nanos(1)))
    }

    /// Waits until one call may go out; `false` when the run was stopped meanwhile and it may not.
    pub fn wait(&self) -> bool {
        if self.limiter.is_none() && self.try_now().is_ok() {
            return true;
        }
        let _gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        while let Err(rest) = self.try_now() {
            if !self.clock.0.sleep(rest) {
                return false;
            }
        }
        true
    }

    /// Lets nobody pass for `span` from now: the service said that it is too much.
    pub fn pause(&self, span: Duration) {
        let until = u64::try_from((self.clock.now() + span).as_nanos()).unwrap_or(u64::MAX);
        self.paused_until.fetch_max(until, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use jiff::Timestamp;

    fn manual() -> Arc<ManualClock> {
        Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH))
    }

    fn pacer(pace: Option<Pace>, clock: &Arc<ManualClock>) -> Pacer {
        Pacer::new(pace, Arc::clone(clock) as Arc<dyn Clock>)
    }

    /// When each of `calls` calls passed.
    fn passes(pacer: &Pacer, clock: &ManualClock, calls: usize) -> Vec<Duration> {
        (0..calls)
            .map(|_| {
                assert!(pacer.wait());
                clock.elapsed()
            })
            .collect()
    }

    fn most_in(span: Duration, passes: &[Duration]) -> usize {
        let until = |start: Duration| passes.iter().filter(|&&at| at >= start && at < start + span).count();
        passes.iter().map(|&start| until(start)).max().unwrap_or(0)
    }

    #[test]
    fn calls_pass_a_period_apart_to_the_nanosecond() {
        let clock = manual();
        let pacer = pacer(Pace::per_second(3), &clock);
        assert_eq!(pacer.try_now(), Ok(()));
        let period = Duration::from_nanos(333_333_334);
        assert_eq!(pacer.try_now(), Err(period));
        clock.step(period - Duration::from_nanos(1));
        assert_eq!(pacer.try_now(), Err(Duration::from_nanos(1)));
        clock.step(Duration::from_nanos(1));
        assert_eq!(pacer.try_now(), Ok(()));
    }

    #[test]
    fn no_second_holds_more_than_rate_and_burst_and_the_rate_is_reached() {
        for rate in [1_u32, 7, 50, 1000] {
            let clock = manual();
            let pace = Pace::per_second(rate).expect("a pace");
            let pacer = pacer(Some(pace), &clock);
            let passes = passes(&pacer, &clock, rate as usize * 5);
            let most = most_in(Duration::from_secs(1), &passes);
            assert!(most <= (rate + pace.burst()) as usize, "{most} calls in a second at rate {rate}");
            assert!(clock.elapsed() <= Duration::from_millis(5000), "{rate}: {:?}", clock.elapsed());
        }
    }

    #[test]
    fn a_thread_that_wakes_late_does_not_slow_the_run() {
        let clock = manual();
        let pacer = pacer(Pace::per_second(200), &clock);
        for _ in 0..1000 {
            assert!(pacer.wait());
            clock.step(Duration::from_micros(300));
        }
        assert!(clock.elapsed() < Duration::from_millis(5000 * 100 / 97), "{:?}", clock.elapsed());
    }

    #[test]
    fn a_pace_from_the_service_never_exceeds_its_window() {
        for (calls, seconds) in [(5000, 60), (10, 60), (2, 1), (1, 1), (1, 60), (60, 60), (1000, 1), (3, 7)] {
            let clock = manual();
            let window = Duration::from_secs(seconds);
            let pacer = pacer(Pace::within(calls, window, 50), &clock);
            let passes = passes(&pacer, &clock, usize::try_from(calls * 3).expect("few").min(4000));
            let most = most_in(window, &passes);
            assert!(most as u64 <= calls, "{most} calls in {seconds} s where {calls} are allowed");
            assert!(most_in(Duration::from_secs(1), &passes) <= 52);
        }
    }

    #[test]
    fn a_service_without_figures_sets_no_pace() {
        assert_eq!(Pace::within(0, Duration::from_secs(60), 50), None);
        assert_eq!(Pace::within(5, Duration::ZERO, 50), None);
        assert_eq!(Pace::per_second(0), None);
    }

    #[test]
    fn a_pause_holds_everybody_and_the_longest_one_counts() {
        let clock = manual();
        let pacer = pacer(None, &clock);
        pacer.pause(Duration::from_secs(60));
        clock.step(Duration::from_secs(10));
        pacer.pause(Duration::from_secs(20));
        assert!(pacer.wait());
        assert_eq!(clock.sleeps(), [Duration::from_secs(50)]);
        assert!(pacer.wait());
        assert_eq!(clock.sleeps().len(), 1);
    }

    #[test]
    fn a_stopped_run_passes_nobody_who_has_to_wait() {
        let clock = manual();
        let pacer = pacer(Pace::per_second(1), &clock);
        assert!(pacer.wait());
        clock.wake();
        assert!(!pacer.wait());
    }

    #[test]
    fn many_threads_together_keep_the_pace() {
        let clock = manual();
        let pacer = pacer(Pace::per_second(100), &clock);
        std::thread::scope(|scope| {
            for _ in 0..64 {
                scope.spawn(|| (0..10).all(|_| pacer.wait()));
            }
        });
        let least = Duration::from_millis(10) * (640 - 5);
        assert!(clock.elapsed() >= least && clock.elapsed() <= least * 100 / 97, "{:?}", clock.elapsed());
    }
}
