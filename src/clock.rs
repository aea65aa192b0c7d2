//! The only reader of time and the only sleeper: everything else is handed a `Clock`.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// Time as a parameter.
pub trait Clock: Send + Sync {
    /// The wall clock, which may jump.
    fn now(&self) -> Timestamp;

    /// A clock that never goes back, counted from an arbitrary start.
    fn elapsed(&self) -> Duration;

    /// Sleeps for `span`, or until [`Clock::wake`] is called; says whether the whole span went by.
    fn sleep(&self, span: Duration) -> bool;

    /// Ends every sleep, under way or to come: the run is being stopped.
    fn wake(&self);
}

/// The machine's own clock.
pub struct SystemClock {
    start: Instant,
    woken: Mutex<bool>,
    bell: Condvar,
}

impl SystemClock {
    /// A clock whose [`Clock::elapsed`] starts at zero now.
    pub fn new() -> Self {
        Self { start: Instant::now(), woken: Mutex::new(false), bell: Condvar::new() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, span: Duration) -> bool {
        let woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        let (woken, _) = self
            .bell
            .wait_timeout_while(woken, span, |woken| !*woken)
            .unwrap_or_else(PoisonError::into_inner);
        !*woken
    }

    fn wake(&self) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }
}

/// A clock for tests: time stands still until somebody sleeps or steps it.
pub struct ManualClock {
    state: Mutex<ManualState>,
}

struct ManualState {
    start: Timestamp,
    elapsed: Duration,
    woken: bool,
    sleeps: Vec<Duration>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn at(start: Timestamp) -> Self {
        let state = ManualState { start, elapsed: Duration::ZERO, woken: false, sleeps: Vec::new() };
        Self { state: Mutex::new(state) }
    }

    /// Lets time go by.
    pub fn step(&self, span: Duration) {
        self.state().elapsed += span;
    }

    /// Every sleep so far, in order: tests assert exact waits.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.state().sleeps.clone()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, ManualState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        let state = self.state();
        state.start + state.elapsed
    }

    fn elapsed(&self) -> Duration {
        self.state().elapsed
    }

    fn sleep(&self, span: Duration) -> bool {
        let mut state = self.state();
        if state.woken {
            return false;
        }
        state.elapsed += span;
        state.sleeps.push(span);
        true
    }

    fn wake(&self) {
        self.state().woken = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_woken_system_clock_does_not_sleep() {
        let clock = SystemClock::new();
        clock.wake();
        assert!(!clock.sleep(Duration::from_secs(3600)));
    }

    #[test]
    fn a_manual_clock_moves_by_exactly_what_is_slept() {
        let start: Timestamp = "2026-11-21T15:59:59Z".parse().expect("a timestamp");
        let clock = ManualClock::at(start);
        assert!(clock.sleep(Duration::from_millis(1500)));
        assert_eq!(clock.now(), start + Duration::from_millis(1500));
        assert_eq!(clock.sleeps(), [Duration::from_millis(1500)]);
    }
}
