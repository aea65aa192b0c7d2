//! Why a pass stopped, from the engine's value into the summary's.

use crate::pass;
use crate::report::Stop;

impl From<pass::Stop> for Stop {
    fn from(stop: pass::Stop) -> Self {
        match stop {
            pass::Stop::TooManyErrors => Self::TooManyErrors,
            pass::Stop::Spent { bucket, turns_at } => {
                Self::QuotaSpent { bucket: bucket.name(), turns: turns_at }
            }
            pass::Stop::Signal(pass::Signal::Interrupt) => Self::Interrupted,
            pass::Stop::Signal(pass::Signal::Terminate) => Self::Terminated,
            pass::Stop::Unreachable { why } => Self::Unreachable { why },
            pass::Stop::Refused { code, message } => Self::Refused { code, message },
            pass::Stop::Results(why) | pass::Stop::State(why) => Self::CannotWrite { why },
        }
    }
}
