//! `delete`: which goods are deleted, which are withdrawn first, and how many that makes.

use super::{Pile, Step, Steps};
use crate::goods::AuditStatus::InReview;
use crate::results::{Action, Line, Note, Outcome, Presence};

/// What `delete` does with a line. Goods in review cannot be deleted (300014 by the service's documents):
/// they are left, or `withdraw_first`.
pub fn delete_step(line: &Line, withdraw_first: bool) -> Step {
    if line.presence() == Presence::Gone {
        return match (line.action, line.outcome) {
            (Some(Action::Delete), Some(Outcome::Ok)) => Step::Done,
            // Their delete was answered with 1003 (absent): said once more, not asked once more.
            (Some(Action::Delete), _) => Step::Refuse(Note::GoodsGone),
            _ => Step::Skip,
        };
    }
    match line.doubt() {
        Some(Action::Delete) => return Step::Settle,
        // Being withdrawn so that they can be deleted: the withdrawal is settled first.
        Some(Action::Withdraw) if withdraw_first && is_withdrawn_first(line) && line.audit_id().is_some() => {
            return Step::Call;
        }
        Some(_) => return Step::Unsettled,
        None => {}
    }
    match line.audit_status() {
        Some(InReview) if !withdraw_first => Step::Refuse(Note::InReview),
        Some(InReview) if line.audit_id().is_none() => Step::Refuse(Note::AuditIdMissing),
        _ => Step::Call,
    }
}

/// Whether goods are withdrawn before they are deleted.
pub fn is_withdrawn_first(line: &Line) -> bool {
    line.audit_status() == Some(InReview)
}

/// The number that `--expect` is held against: the rows this plan deletes, those in doubt of deletion, and those
/// deleted before, so that the same command can be run again.
pub fn expected(pile: &Pile, steps: &Steps) -> u64 {
    let counts = |line: usize| -> bool {
        let own = if let Some(Step::Follow(leader)) = steps.of_line(line) { *leader } else { line };
        match steps.of_line(own) {
            Some(Step::Call | Step::Settle | Step::Done | Step::Refuse(Note::GoodsGone)) => true,
            Some(Step::Unsettled) => pile.lines[own].line.doubt() == Some(Action::Delete),
            _ => false,
        }
    };
    steps.iter().filter(|(line, _)| counts(*line)).count() as u64
}
