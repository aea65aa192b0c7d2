//! A verb over goods that exist: everything that withdraw, resubmit, update and delete have in common.

use crate::exit::Stop;
use crate::goods::{Cover, GoodsId, Keys};
use crate::library::Listed;
use crate::plan::{GoodsTask, IDS_A_CALL, SentCover, Verdict, carried_out, gone, verdict};
use crate::results::{Action, Line, Note, Outcome, Wording};
use crate::wechat::{Call, Failure, Refusal, Service};

use super::{Calls, Covers, Had, Settled, Sightings, Verb};

/// What one of these verbs calls, and what its answers mean.
pub trait Change: Sync {
    /// What is wished for the goods beside the verb itself.
    type Wish: Clone + Send + Sync;

    /// The verb.
    const ACTION: Action;

    /// The call it makes.
    const CALL: Call;

    /// Whether a call whose answer is lost may simply be sent again.
    const IDEMPOTENT: bool;

    /// A picture that has to be uploaded before the call, and who does that.
    fn picture<'a>(&'a self, _task: &'a GoodsTask<Self::Wish>) -> Option<(&'a Covers, &'a Cover)> {
        None
    }

    /// Takes in what the picture was uploaded as.
    fn uploaded(&self, _task: &mut GoodsTask<Self::Wish>, _cover: SentCover) {}

    /// What it was uploaded as.
    fn media_id<'a>(&self, _task: &'a GoodsTask<Self::Wish>) -> Option<&'a str> {
        None
    }

    /// The names that a row goes by once its line says this outcome.
    fn keys<'a>(&self, task: &'a GoodsTask<Self::Wish>, _outcome: Option<Outcome>) -> &'a Keys {
        &task.keys
    }

    /// Makes the call, and writes into `line` what the answer tells.
    fn call(
        &self,
        service: &dyn Service,
        task: &GoodsTask<Self::Wish>,
        line: &mut Line,
    ) -> Result<(), Failure>;

    /// What a refusal with `code` says of the goods, `again` telling that an earlier call may have been
    /// carried out.
    fn refusal(&self, code: i64, again: bool) -> Meaning;

    /// Whether a call in doubt was carried out, by what the service shows now.
    fn verdict(&self, task: &GoodsTask<Self::Wish>, now: Option<&Listed>) -> Verdict {
        verdict(Self::ACTION, task.before.audit_status(), now.and_then(|goods| goods.audit_status))
    }

    /// What the line says once a call is known to have been carried out whose answer is lost.
    fn carried_out(&self, task: &GoodsTask<Self::Wish>, now: Option<&Listed>, wording: Wording) -> Line {
        carried_out(&task.before, Self::ACTION, now.and_then(|goods| goods.audit_status), wording)
    }
}

/// What a refusal says of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The wish is not granted.
    Refused,
    /// It is so already.
    AlreadySo,
    /// The service does not know the goods.
    Gone,
    /// It may be so already: the audit status tells.
    Unclear,
}

/// A [`Change`] as a verb.
pub struct OnGoods<C> {
    /// What makes it different.
    pub change: C,
    /// The mini-program.
    pub appid: String,
    /// The words of notes.
    pub wording: Wording,
}

impl<C: Change> OnGoods<C> {
    fn sealed(&self, task: &GoodsTask<C::Wish>, mut line: Line) -> Line {
        let content = line.check().or_else(|| task.before.check()).and_then(|check| check.content);
        line.seal(&self.appid, self.change.keys(task, line.outcome), content);
        line
    }

    fn blank(task: &GoodsTask<C::Wish>, outcome: Outcome) -> Line {
        Line {
            action: Some(C::ACTION),
            outcome: Some(outcome),
            errcode: String::new(),
            errmsg: String::new(),
            note: String::new(),
            ..task.before.clone()
        }
    }

    /// Judges tasks by one look: those that are settled, and those that take another look, unless this is the
    /// `last` one.
    fn judge(&self, tasks: Vec<Pending<C>>, listed: &Sightings, last: bool) -> Judged<C> {
        let (mut settled, mut open) = (Vec::new(), Vec::new());
        for task in tasks {
            let now = listed.get(&task.goods_id);
            if now.is_some_and(|goods| goods.audit_status.is_none()) {
                settled.push(self.unknown(task));
                continue;
            }
            match self.change.verdict(&task, now) {
                Verdict::Done if now.is_some() || last => settled.push(self.happened(task, now)),
                _ if !last => open.push(task),
                Verdict::NotDone if !task.before.errcode.is_empty() => settled.push(self.was_refused(task)),
                Verdict::NotDone => settled.push(Settled::Again(GoodsTask { again: true, ..task })),
                Verdict::Done => settled.push(self.happened(task, now)),
                Verdict::Gone => {
                    let line = gone(&task.before, C::ACTION, self.wording);
                    let line = self.sealed(&task, line);
                    settled.push(Settled::Known(task, line));
                }
            }
        }
        (settled, open)
    }

    fn happened(&self, task: Pending<C>, now: Option<&Listed>) -> Settled<Pending<C>> {
        let line = self.sealed(&task, self.change.carried_out(&task, now, self.wording));
        Settled::Known(task, line)
    }

    /// The service refused the last call, and not because an earlier one had been carried out.
    fn was_refused(&self, task: Pending<C>) -> Settled<Pending<C>> {
        let code = task.before.errcode.parse().unwrap_or_default();
        let note = (self.wording)(&Note::Refused { code });
        let line = Line { outcome: Some(Outcome::Failed), note, ..task.before.clone() };
        let line = self.sealed(&task, line);
        Settled::Known(task, line)
    }

    /// The service shows a status that is not documented.
    fn unknown(&self, task: Pending<C>) -> Settled<Pending<C>> {
        let line = Line { outcome: Some(Outcome::InDoubt), ..task.before.clone() };
        let line = self.sealed(&task, line);
        Settled::Unknown(task, line)
    }
}

type Pending<C> = GoodsTask<<C as Change>::Wish>;
type Judged<C> = (Vec<Settled<Pending<C>>>, Vec<Pending<C>>);

/// What the service shows of goods, twenty a call.
fn look(calls: &Calls, ids: &[GoodsId]) -> Result<Sightings, Stop> {
    let mut seen = Sightings::new();
    for ids in ids.chunks(IDS_A_CALL) {
        let listed = calls.read(Call::Status, |service| service.status(ids))?;
        seen.extend(listed.into_iter().map(|goods| (goods.goods_id, goods)));
    }
    Ok(seen)
}

impl<C: Change> Verb for OnGoods<C> {
    type Task = GoodsTask<C::Wish>;

    const CALL: Call = C::CALL;
    const IDEMPOTENT: bool = C::IDEMPOTENT;

    fn line_of(&self, task: &Self::Task) -> usize {
        task.line
    }

    /// The line before the call; one that was in doubt waits for its turn now.
    fn unsent(&self, task: &Self::Task) -> Line {
        match task.before.doubt() {
            None => task.before.clone(),
            Some(_) => self.sealed(task, Self::blank(task, Outcome::Pending)),
        }
    }

    fn sending(&self, task: &Self::Task) -> Line {
        self.sealed(task, Self::blank(task, Outcome::Sending))
    }

    fn needs(&self, task: &Self::Task) -> bool {
        self.change.picture(task).is_some()
    }

    fn ready(&self, calls: &Calls, task: &mut Self::Task) -> Result<Option<Line>, Stop> {
        let Some((covers, cover)) = self.change.picture(task) else { return Ok(None) };
        let line = match covers.get(calls, cover)? {
            Had::Ready(cover) => {
                self.change.uploaded(task, cover);
                return Ok(None);
            }
            Had::Unfit(fault) => {
                let note = covers.note(fault, self.wording);
                self.sealed(task, Line { note, ..Self::blank(task, Outcome::Invalid) })
            }
            Had::Refused { refusal, .. } => self.refused(task, &refusal, false),
        };
        Ok(Some(line))
    }

    fn renew(&self, calls: &Calls, task: &mut Self::Task) -> Result<bool, Stop> {
        let Some((covers, cover)) = self.change.picture(task) else { return Ok(false) };
        let refused = self.change.media_id(task).unwrap_or_default();
        let Some(cover) = covers.renew(calls, cover, refused)? else { return Ok(false) };
        self.change.uploaded(task, cover);
        Ok(true)
    }

    fn call(&self, service: &dyn Service, task: &Self::Task, _again: bool) -> Result<Line, Failure> {
        let mut line = Self::blank(task, Outcome::Ok);
        line.answered(0, "");
        self.change.call(service, task, &mut line)?;
        Ok(self.sealed(task, line))
    }

    fn refused(&self, task: &Self::Task, refusal: &Refusal, again: bool) -> Line {
        let mut line = Self::blank(task, Outcome::Failed);
        line.answered(refusal.code, &refusal.message);
        match self.change.refusal(refusal.code, again || task.again) {
            Meaning::AlreadySo => {
                line = Line { check: line.check, ..self.change.carried_out(task, None, self.wording) };
            }
            Meaning::Gone => {
                line.audit_status = String::new();
                line.note = (self.wording)(&Note::GoodsGone);
            }
            Meaning::Refused | Meaning::Unclear => {
                line.note = (self.wording)(&Note::Refused { code: refusal.code });
            }
        }
        self.sealed(task, line)
    }

    fn is_unclear(&self, task: &Self::Task, refusal: &Refusal, again: bool) -> bool {
        self.change.refusal(refusal.code, again || task.again) == Meaning::Unclear
    }

    fn in_doubt(&self, task: Self::Task, failure: &Failure) -> (Self::Task, Line) {
        let why = failure.to_string();
        let note = (self.wording)(&Note::CallLost { action: C::ACTION, why: &why });
        let mut line = Line { note, ..Self::blank(&task, Outcome::InDoubt) };
        if let Failure::Refused(refusal) = failure
            && self.is_unclear(&task, refusal, true)
        {
            line.answered(refusal.code, &refusal.message);
        }
        let line = self.sealed(&task, line);
        (GoodsTask { before: line.clone(), ..task }, line)
    }

    fn settle(
        &self,
        calls: &Calls,
        tasks: Vec<Self::Task>,
        _is_owned: &dyn Fn(GoodsId) -> bool,
    ) -> Result<Vec<Settled<Self::Task>>, Stop> {
        let ids: Vec<GoodsId> = tasks.iter().map(|task| task.goods_id).collect();
        let (mut settled, open) = self.judge(tasks, &look(calls, &ids)?, false);
        if !open.is_empty() {
            calls.before_second_look()?;
            let ids: Vec<GoodsId> = open.iter().map(|task| task.goods_id).collect();
            settled.extend(self.judge(open, &look(calls, &ids)?, true).0);
        }
        Ok(settled)
    }
}
