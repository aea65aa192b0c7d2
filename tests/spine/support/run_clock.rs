//! One time for many runs: a run that is stopped wakes its own sleepers only.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use livegoods::clock::{Clock, ManualClock};

/// A run's clock over the time that all runs share.
pub struct RunClock {
    time: Arc<ManualClock>,
    woken: AtomicBool,
}

impl RunClock {
    /// A clock for one more run.
    pub fn over(time: &Arc<ManualClock>) -> Arc<dyn Clock> {
        Arc::new(Self { time: Arc::clone(time), woken: AtomicBool::new(false) })
    }
}

impl Clock for RunClock {
    fn now(&self) -> Timestamp {
        self.time.now()
    }

    fn elapsed(&self) -> Duration {
        self.time.elapsed()
    }

    fn sleep(&self, span: Duration) -> bool {
        !self.woken.load(Ordering::SeqCst) && self.time.sleep(span)
    }

    fn wake(&self) {
        self.woken.store(true, Ordering::SeqCst);
    }
}
