//! Why a run stops before its rows are done.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::clock::Clock;
use crate::exit::Exit;
use crate::quota::{Bucket, StateError};
use crate::results::JournalError;
use crate::wechat::{Class, Failure};

/// Who asked a run to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM or SIGHUP.
    Terminate,
}

/// An ending that leaves rows behind.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// More rows failed than `--max-errors` puts up with.
    TooManyErrors,
    /// A bucket is spent until the day turns.
    Spent {
        /// The bucket.
        bucket: Bucket,
        /// When there is more.
        turns_at: Timestamp,
    },
    /// Somebody asked for it.
    Signal(Signal),
    /// The service cannot be reached, or keeps failing.
    Unreachable {
        /// What came last.
        why: String,
    },
    /// The service refuses the caller.
    Refused {
        /// Its errcode.
        code: i64,
        /// Its errmsg.
        message: String,
    },
    /// The results cannot be written.
    Results(String),
    /// The ledger cannot be written.
    State(String),
}

impl Stop {
    /// The exit code of a run that stops so.
    pub fn exit(&self) -> Exit {
        match self {
            Self::TooManyErrors => Exit::TooManyErrors,
            Self::Spent { .. } => Exit::ComeBackLater,
            Self::Signal(Signal::Interrupt) => Exit::Interrupted,
            Self::Signal(Signal::Terminate) => Exit::Terminated,
            Self::Unreachable { .. } => Exit::Unreachable,
            Self::Refused { .. } => Exit::Refused,
            Self::Results(_) | Self::State(_) => Exit::CannotWrite,
        }
    }

    /// Whether the service may still be asked what became of the rows in doubt.
    pub fn lets_settle(&self) -> bool {
        matches!(self, Self::TooManyErrors | Self::Spent { .. })
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
        Self::Results(error.0)
    }
}

impl From<StateError> for Stop {
    fn from(error: StateError) -> Self {
        Self::State(error.to_string())
    }
}

/// The place where whoever stops a run first says why; shared by threads and the signal handler.
#[derive(Clone, Default)]
pub struct StopCell(Arc<Mutex<Option<Stop>>>);

impl StopCell {
    /// Stops the run, unless it is stopped already. Sleepers are woken when there is nothing left to wait for.
    pub fn set(&self, stop: Stop, clock: &dyn Clock) {
        let mut cell = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wakes = !stop.lets_settle();
        // A person who asks for an end gets it, whatever the run was about to do.
        if cell.is_none() || matches!((&*cell, &stop), (Some(before), Stop::Signal(_)) if before.lets_settle()) {
            *cell = Some(stop);
        }
        if wakes {
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
