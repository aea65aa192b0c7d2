//! `status`: whose audit status is asked, by which calls, and what the answer makes of a line.

use super::{Step, Verdict, carried_out, gone, verdict};
use crate::goods::AuditStatus::{self, InReview};
use crate::library::PAGE_LIMIT;
use crate::results::{Action, Line, Note, Outcome, Presence, Wording};

/// So many ids go into one call of the status.
pub const IDS_A_CALL: usize = 20;

/// How the audit status of all rows is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By their ids.
    ByIds {
        /// Calls of the status bucket.
        calls: u64,
    },
    /// By walking the whole library.
    Sweep {
        /// Calls of the list bucket, when the library holds nothing but the goods of the results.
        calls: u64,
    },
}

/// Whether `status` asks about a line. Goods that are gone have no status any more.
pub fn status_step(line: &Line) -> Step {
    if line.presence() == Presence::Gone { Step::Skip } else { Step::Call }
}

/// The way that costs fewer calls for `asked` goods, `known` being the statuses last heard of all goods in the
/// results.
///
/// How many goods there are beside those is not known before the first page of the list tells it: a sweep
/// that turns out to be dearer is given up for asking by ids, see [`Sweep`]. At equal cost ids are asked: a
/// status that changes meanwhile cannot slip through.
pub fn method(asked: usize, known: impl Iterator<Item = Option<AuditStatus>>) -> Method {
    let by_ids = calls_by_ids(asked);
    let mut sizes = [0_u64; AuditStatus::ALL.len()];
    // Goods nobody has asked about yet are most likely where they are put first.
    known.for_each(|status| sizes[usize::from(status.unwrap_or(InReview).code())] += 1);
    let sweep = sizes.into_iter().map(pages).sum();
    if asked > 0 && sweep < by_ids { Method::Sweep { calls: sweep } } else { Method::ByIds { calls: by_ids } }
}

/// Calls that asking about so many goods by their ids takes.
pub fn calls_by_ids(goods: usize) -> u64 {
    goods.div_ceil(IDS_A_CALL) as u64
}

/// Pages of the list that so many goods of one status fill; an empty one is a page too.
pub fn pages(goods: u64) -> u64 {
    goods.div_ceil(PAGE_LIMIT).max(1)
}

/// A sweep under way: whether it is still the cheaper way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Goods that were asked about.
    pub asked: usize,
    /// Those of them whose status is still to be found.
    pub missing: usize,
    /// Pages turned so far.
    pub made: u64,
    /// Pages still to come, as far as the service's counts tell.
    pub ahead: u64,
}

impl Sweep {
    /// Whether it costs more than was planned, and asking for what is missing by ids less than walking on.
    pub fn is_too_dear(&self) -> bool {
        self.made + self.ahead > calls_by_ids(self.asked) && self.ahead > calls_by_ids(self.missing)
    }
}

/// What is now known of the goods of `line`: the line as it is to stand, not sealed yet. `None` now: the
/// service does not know them any more.
pub fn refreshed(line: &Line, now: Option<AuditStatus>, wording: Wording) -> Line {
    if let Some(action) = line.doubt().filter(|action| *action != Action::Update) {
        match verdict(action, line.audit_status(), now) {
            Verdict::Done => return carried_out(line, action, now, wording),
            Verdict::Gone => return gone(line, Action::Status, wording),
            Verdict::NotDone => return heard(line, now, wording),
        }
    }
    match now {
        None => gone(line, Action::Status, wording),
        Some(now) if line.audit_status() == Some(now) => line.clone(),
        Some(_) if line.doubt().is_some() => line.clone(),
        Some(_) => heard(line, now, wording),
    }
}

/// A new audit status.
fn heard(line: &Line, now: Option<AuditStatus>, wording: Wording) -> Line {
    let before = line.audit_status();
    let mut line = Line { action: Some(Action::Status), outcome: Some(Outcome::Ok), ..line.clone() };
    line.answered(0, "");
    line.note = String::new();
    line.audit_status = now.map(|status| status.code().to_string()).unwrap_or_default();
    if now == Some(InReview) && before.is_some_and(|before| before != InReview) {
        // Somebody else submitted them: the auditId of the line belongs to an older submission.
        line.audit_id = String::new();
        line.note = wording(&Note::SubmittedElsewhere);
    } else if now == Some(InReview) && line.audit_id.is_empty() {
        line.note = wording(&Note::AuditIdMissing);
    }
    line
}
