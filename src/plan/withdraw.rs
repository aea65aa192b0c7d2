//! `withdraw`: which goods can be taken out of review.

use super::Step;
use crate::goods::AuditStatus::InReview;
use crate::results::{Action, Line, Note, Outcome, Presence};

/// What `withdraw` does with a line: only goods in review whose auditId is known can be withdrawn.
pub fn withdraw_step(line: &Line) -> Step {
    match line.doubt() {
        Some(Action::Withdraw) => return Step::Settle,
        Some(_) => return Step::Unsettled,
        None => {}
    }
    match line.audit_status() {
        _ if line.presence() == Presence::Gone => Step::Skip,
        Some(InReview) if line.audit_id().is_none() => Step::Refuse(Note::AuditIdMissing),
        Some(InReview) => Step::Call,
        Some(_) if line.action == Some(Action::Withdraw) && line.outcome == Some(Outcome::Ok) => Step::Done,
        Some(_) => Step::Skip,
        // Nobody asked yet: a list made by hand. The service decides.
        None if line.audit_id().is_some() => Step::Call,
        None => Step::Refuse(Note::StatusUnknown),
    }
}
