//! Adds in doubt into adds that happened, adds that did not, and those nobody can tell: by the list.

use std::collections::HashMap;

use crate::goods::{AuditStatus, GoodsId};
use crate::library::{Catalogue, Listed, Match, walk};
use crate::plan::AddTask;
use crate::results::{ADDED_NOT_SUBMITTED, Line, Note, Outcome};
use crate::wechat::Call;

use super::add::info;
use super::{Add, Calls, Settled};
use crate::exit::Stop;

/// What the list says, and whether its silence proves anything.
struct Look {
    catalogue: Catalogue,
    complete: bool,
}

/// Settles adds together. Goods that are found are believed at the first look; their absence only when a second
/// one, some seconds later, agrees.
pub(super) fn settle_adds(
    add: &Add,
    calls: &Calls,
    tasks: Vec<AddTask>,
    is_owned: &dyn Fn(GoodsId) -> bool,
) -> Result<Vec<Settled<AddTask>>, Stop> {
    let judge = Judge { add, is_owned };
    let first = look(calls)?;
    let (mut settled, absent) = judge.by(&first, tasks, false);
    if absent.is_empty() {
        return Ok(settled);
    }
    calls.before_second_look()?;
    let mut second = look(calls)?;
    // Only two looks that saw everything can agree that something is not there.
    second.complete &= first.complete;
    let (rest, _) = judge.by(&second, absent, true);
    settled.extend(rest);
    Ok(settled)
}

/// The whole library, all four statuses.
fn look(calls: &Calls) -> Result<Look, Stop> {
    let walked = walk(&AuditStatus::ALL, |status, offset, limit| {
        calls.read(Call::List, |service| service.list(status, offset, limit))
    })?;
    // Goods of the console were not added by any call of ours.
    let ours = walked.goods.into_iter().filter(|goods| !goods.is_of_the_console());
    Ok(Look { catalogue: Catalogue::of(ours), complete: walked.gaps.is_empty() })
}

struct Judge<'a> {
    add: &'a Add,
    is_owned: &'a dyn Fn(GoodsId) -> bool,
}

impl Judge<'_> {
    /// Judges tasks by one look: those that are settled, and those whose goods were not seen, unless this is
    /// the `last` look.
    fn by(&self, look: &Look, tasks: Vec<AddTask>, last: bool) -> (Vec<Settled<AddTask>>, Vec<AddTask>) {
        let found: Vec<Option<Match>> = tasks.iter().map(|task| self.find(look, task)).collect();
        let mut claims: HashMap<GoodsId, usize> = HashMap::new();
        for goods in found.iter().flatten().filter_map(one) {
            *claims.entry(goods.goods_id).or_default() += 1;
        }
        let (mut settled, mut absent) = (Vec::new(), Vec::new());
        for (task, found) in tasks.into_iter().zip(found) {
            match found {
                None => settled.push(self.unknown(task, &Note::ContentUnknown)),
                // Goods that two rows claim are no row's for certain.
                Some(Match::One(goods)) if claims[&goods.goods_id] > 1 => {
                    let rows = claims[&goods.goods_id];
                    settled.push(self.unknown(task, &Note::MatchClaimed { rows }));
                }
                Some(Match::One(goods)) => settled.push(self.adopt(task, &goods)),
                Some(Match::Several(found)) => {
                    settled.push(self.unknown(task, &Note::SeveralMatches { found }));
                }
                Some(Match::OtherPrice) => settled.push(self.unknown(task, &Note::OtherPrice)),
                Some(Match::Absent) if !last => absent.push(task),
                Some(Match::Absent) => settled.push(self.absent(task, look.complete)),
            }
        }
        (settled, absent)
    }

    /// `None` when nobody knows any more what was sent.
    fn find(&self, look: &Look, task: &AddTask) -> Option<Match> {
        let sent = task.doubt.as_ref()?.sent.as_ref()?;
        Some(look.catalogue.find(&info(sent, ""), self.is_owned))
    }

    fn adopt(&self, task: AddTask, goods: &Listed) -> Settled<AddTask> {
        let Some(doubt) = task.doubt.as_ref() else { return Settled::Again(task) };
        let Some(sent) = doubt.sent.as_ref() else { return self.unknown(task, &Note::ContentUnknown) };
        if doubt.line.errcode == ADDED_NOT_SUBMITTED {
            let mut line = self.add.line_of_unsubmitted(&task, sent, goods.goods_id);
            line.audit_status = status_of(goods);
            line.errmsg.clone_from(&doubt.line.errmsg);
            return Settled::Known(task, line);
        }
        let line = Line {
            audit_status: status_of(goods),
            note: (self.add.wording)(&Note::AuditIdUnknown),
            ..self.add.line_of_goods(&task, sent, goods.goods_id)
        };
        Settled::Known(task, line)
    }

    /// Two looks agree that the goods are not there.
    fn absent(&self, task: AddTask, complete: bool) -> Settled<AddTask> {
        let added = task.doubt.as_ref().is_some_and(|doubt| doubt.added);
        if added || !complete {
            return self.unknown(task, &Note::NotListed);
        }
        if task.goods.is_none() {
            // The row breaks rules now, so there is nothing to send instead.
            let line = task.fresh.clone();
            return Settled::Known(task, line);
        }
        Settled::Again(AddTask { doubt: None, ..task })
    }

    /// The line keeps the cells and the check of what was sent.
    fn unknown(&self, task: AddTask, note: &Note<'_>) -> Settled<AddTask> {
        let line = task.doubt.as_ref().map_or(&task.fresh, |doubt| &doubt.line);
        let note = (self.add.wording)(note);
        let line = Line { outcome: Some(Outcome::InDoubt), note, ..line.clone() };
        Settled::Unknown(task, line)
    }
}

fn one(found: &Match) -> Option<&Listed> {
    match found {
        Match::One(goods) => Some(goods),
        _ => None,
    }
}

fn status_of(goods: &Listed) -> String {
    goods.audit_status.map(|status| status.code().to_string()).unwrap_or_default()
}
