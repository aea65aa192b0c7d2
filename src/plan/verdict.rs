//! What the service shows of goods, into whether a call for them was carried out whose answer was lost.

use crate::goods::AuditStatus::{self, Approved, InReview, NotSubmitted, Refused};
use crate::results::{Action, Line, Note, Outcome, Wording};

/// Whether a call in doubt was carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was, or what it was to bring about is so anyway.
    Done,
    /// It was not.
    NotDone,
    /// The goods are gone.
    Gone,
}

/// Judges a call of `action` by the status `before` it and the status `now`; `None` now when the service does
/// not show the goods any more.
pub fn verdict(action: Action, before: Option<AuditStatus>, now: Option<AuditStatus>) -> Verdict {
    match (action, now) {
        (Action::Delete, None) => Verdict::Done,
        (_, None) => Verdict::Gone,
        (Action::Withdraw, Some(NotSubmitted | Approved | Refused)) => Verdict::Done,
        (Action::Resubmit, Some(InReview | Approved)) => Verdict::Done,
        // Refused again, unless it was refused before and nothing happened since.
        (Action::Resubmit, Some(Refused)) if before == Some(NotSubmitted) => Verdict::Done,
        _ => Verdict::NotDone,
    }
}

/// The line of a call that turned out to have been carried out; it has yet to be sealed.
pub fn carried_out(line: &Line, action: Action, now: Option<AuditStatus>, wording: Wording) -> Line {
    let mut line = Line { action: Some(action), outcome: Some(Outcome::Ok), ..line.clone() };
    line.answered(0, "");
    line.note = String::new();
    line.audit_status = now.map(|status| status.code().to_string()).unwrap_or_default();
    if action == Action::Resubmit {
        // The old submission is worth nothing now, and nobody tells the new one a second time.
        line.audit_id = String::new();
        line.note = wording(&Note::NewAuditIdLost);
    }
    line
}

/// The line of goods that the service does not know any more.
pub fn gone(line: &Line, action: Action, wording: Wording) -> Line {
    Line {
        action: Some(action),
        outcome: Some(Outcome::Failed),
        audit_status: String::new(),
        errcode: String::new(),
        errmsg: String::new(),
        note: wording(&Note::GoodsGone),
        ..line.clone()
    }
}
