//! `resubmit`: which goods can be submitted once more.

use super::Step;
use crate::goods::AuditStatus::{Approved, InReview, NotSubmitted, Refused};
use crate::results::{ADDED_NOT_SUBMITTED, Action, Line, Note, Outcome, Presence};

/// What `resubmit` does with a line: goods that were withdrawn or never submitted, and with `refused` also those
/// that review refused.
pub fn resubmit_step(line: &Line, refused: bool) -> Step {
    match line.doubt() {
        Some(Action::Resubmit) => return Step::Settle,
        Some(_) => return Step::Unsettled,
        None => {}
    }
    let done = line.action == Some(Action::Resubmit) && line.outcome == Some(Outcome::Ok);
    match line.audit_status() {
        _ if line.presence() == Presence::Gone => Step::Skip,
        Some(NotSubmitted) => Step::Call,
        Some(Refused) if refused => Step::Call,
        Some(InReview | Approved | Refused) if done => Step::Done,
        Some(InReview | Approved | Refused) => Step::Skip,
        None if line.errcode == ADDED_NOT_SUBMITTED => Step::Call,
        None => Step::Refuse(Note::StatusUnknown),
    }
}
