//! Why a run stops before its rows are done, and the place where whoever stops it says so.

use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Clock;
use crate::exit::Stop;
use crate::quota::StateError;
use crate::results::JournalError;
use crate::wechat::{Class, Failure};

impl Stop {
    /// Whether the service may still be asked what became of the rows in doubt.
    pub fn lets_settle(&self) -> bool {
        matches!(self, Self::TooManyErrors { .. } | Self::QuotaSpent { .. })
    }

    /// What goes before what, where several stop a run.
    fn weight(&self) -> u8 {
        match self {
            Self::CannotWrite { .. } => 2,
            stop if stop.lets_settle() => 0,
            _ => 1,
        }
    }

    /// The ending that a failure leads to when it cannot be helped any more.
    pub fn of(failure: &Failure) -> Self {
        match failure {
            Failure::Refused(refusal) if matches!(refusal.class(), Class::Fatal | Class::Token) => {
                Self::Refused { code: refusal.code, message: refusal.message.clone() }
            }
            other => Self::Unreachable { why: other.to_string() },
        }
    }
}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::CannotWrite { why: error.to_string() }
    }
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Self::CannotWrite { why: error.to_string() }
    }
}

/// Holds why a run is stopped, once it is; shared by threads and the signal handler.
#[derive(Clone, Default)]
pub struct StopCell(Arc<Mutex<Option<Stop>>>);

impl StopCell {
    /// Stops the run. The first reason stays, but a person who asks for an end goes before one that would
    /// still let the run settle its doubts, and a failure to write goes before everything: whoever folds the
    /// results has to know of it. Sleepers are woken when there is nothing left to wait for.
    pub fn set(&self, stop: Stop, clock: &dyn Clock) {
        let weight = stop.weight();
        let mut cell = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cell.as_ref().is_none_or(|before| before.weight() < weight) {
            *cell = Some(stop);
        }
        drop(cell);
        if weight > 0 {
            clock.wake();
        }
    }

    /// Why the run is stopped, if it is.
    pub fn get(&self) -> Option<Stop> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the run is stopped.
    pub fn is_set(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn a_failure_to_write_is_told_whatever_stopped_the_run_before() {
        let (cell, clock) = (StopCell::default(), ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
        cell.set(Stop::TooManyErrors { failed: 1 }, &clock);
        cell.set(Stop::Interrupted, &clock);
        cell.set(Stop::Terminated, &clock);
        assert_eq!(cell.get(), Some(Stop::Interrupted));
        cell.set(Stop::CannotWrite { why: "full".into() }, &clock);
        cell.set(Stop::Interrupted, &clock);
        assert_eq!(cell.get(), Some(Stop::CannotWrite { why: "full".into() }));
    }
}
