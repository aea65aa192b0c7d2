//! Wishes to ask hosts for pictures into moments to do so: each host has a pace of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Clock;

/// Between two requests to one host: a shop's own server is not built for a flood.
const BETWEEN: Duration = Duration::from_millis(50);

/// The pace of every host asked so far.
pub(super) struct Pace {
    clock: Arc<dyn Clock>,
    next: Mutex<HashMap<String, Duration>>,
}

impl Pace {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, next: Mutex::default() }
    }

    /// Waits for this host's turn; false when the wait was ended because the run is being stopped.
    pub fn wait(&self, host: &str) -> bool {
        let now = self.clock.elapsed();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.entry(host.to_owned()).or_default();
        let at = now.max(*turn);
        *turn = at + BETWEEN;
        drop(next);
        at == now || self.clock.sleep(at - now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn one_host_is_asked_at_its_pace_and_does_not_hold_up_another() {
        let clock = Arc::new(ManualClock::at("2026-11-21T00:00:00Z".parse().expect("a time")));
        let pace = Pace::new(Arc::clone(&clock) as Arc<dyn Clock>);
        for host in ["a", "b", "a", "c"] {
            assert!(pace.wait(host));
        }
        assert_eq!(clock.sleeps(), [BETWEEN]);
        assert!(pace.wait("a"));
        assert_eq!(clock.sleeps(), [BETWEEN, BETWEEN]);
    }
}
