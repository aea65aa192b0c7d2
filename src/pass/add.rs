//! `import`: adds goods and submits them to review.

use crate::goods::{Cover, Goods, GoodsId};
use crate::library::GoodsInfo;
use crate::plan::{AddTask, Doubt, SentCover};
use crate::results::{ADDED_NOT_SUBMITTED, Content, Line, Note, Outcome, Wording, digest_of};
use crate::wechat::{Call, Class, Failure, Refusal, Service};

use super::doubt::settle_adds;
use super::{Calls, Covers, Had, Settled, Verb};
use crate::exit::Stop;

/// The verb behind `import`.
pub struct Add {
    /// The mini-program.
    pub appid: String,
    /// The words of notes.
    pub wording: Wording,
    /// Makes media ids of pictures; `None` where every cover is one already.
    pub covers: Option<Covers>,
}

impl Add {
    /// The row's line with goods that exist: sealed with what was sent.
    pub(super) fn line_of_goods(&self, task: &AddTask, sent: &Goods, goods_id: GoodsId) -> Line {
        let mut line = unsealed(task, sent, goods_id);
        self.seal(&mut line, task, sent);
        line
    }

    /// Goods that were added and could not be submitted.
    pub(super) fn line_of_unsubmitted(&self, task: &AddTask, sent: &Goods, goods_id: GoodsId) -> Line {
        Line {
            outcome: Some(Outcome::Failed),
            audit_status: "0".to_owned(),
            errcode: ADDED_NOT_SUBMITTED.to_owned(),
            note: (self.wording)(&Note::AddedNotSubmitted),
            ..self.line_of_goods(task, sent, goods_id)
        }
    }

    /// The row's line while it is not known whether its goods exist.
    fn line_in_doubt(&self, task: &AddTask, goods: &Goods, outcome: Outcome) -> Line {
        let mut line =
            Line { outcome: Some(outcome), cover_digest: digest(task, goods), ..task.fresh.clone() };
        self.seal(&mut line, task, goods);
        line
    }

    fn seal(&self, line: &mut Line, task: &AddTask, sent: &Goods) {
        line.seal(&self.appid, &task.keys, Some(Content::of(sent, &line.cover_digest)));
    }
}

/// The goods of a task that is sent: a row that breaks rules is never handed out to be sent.
fn goods(task: &AddTask) -> &Goods {
    task.goods.as_ref().expect("only rows without a fault are sent")
}

/// What is sent as the cover.
fn media_id(task: &AddTask) -> &str {
    match (&task.cover, &goods(task).cover) {
        (Some(sent), _) => &sent.media_id,
        (None, Cover::MediaId(id)) => id,
        (None, _) => "",
    }
}

/// What the results say of the cover's content: as it is sent now, as it was sent before, or as the cell says.
fn digest(task: &AddTask, goods: &Goods) -> String {
    let sent = task.cover.as_ref().map(|cover| &cover.digest);
    let before = task.doubt.as_ref().map(|doubt| &doubt.line.cover_digest);
    let known = sent.or(before).filter(|digest| !digest.is_empty());
    known.cloned().unwrap_or_else(|| digest_of(&goods.cover))
}

/// The row's line with goods that exist.
fn unsealed(task: &AddTask, sent: &Goods, goods_id: GoodsId) -> Line {
    let mut line = Line {
        outcome: Some(Outcome::Ok),
        goods_id: goods_id.to_string(),
        cover_digest: digest(task, sent),
        note: String::new(),
        ..task.fresh.clone()
    };
    line.answered(0, "");
    line
}

/// What is sent of goods; without a media id only what a list tells them by.
pub(super) fn info(goods: &Goods, media_id: &str) -> GoodsInfo {
    GoodsInfo {
        cover_img_url: media_id.to_owned(),
        name: goods.name.clone(),
        pricing: goods.pricing,
        url: goods.url.clone(),
        third_party_appid: goods.third_party_appid.clone(),
    }
}

impl Verb for Add {
    type Task = AddTask;

    const CALL: Call = Call::Add;
    const IDEMPOTENT: bool = false;

    fn line_of(&self, task: &AddTask) -> usize {
        task.line
    }

    fn unsent(&self, task: &AddTask) -> Line {
        task.fresh.clone()
    }

    fn sending(&self, task: &AddTask) -> Line {
        self.line_in_doubt(task, goods(task), Outcome::Sending)
    }

    fn needs(&self, task: &AddTask) -> bool {
        self.covers.is_some() && goods(task).cover.is_picture()
    }

    fn ready(&self, calls: &Calls, task: &mut AddTask) -> Result<Option<Line>, Stop> {
        let Some(covers) = &self.covers else { return Ok(None) };
        let line = match covers.get(calls, &goods(task).cover)? {
            Had::Ready(cover) => {
                task.cover = Some(cover);
                return Ok(None);
            }
            Had::Unfit(fault) => {
                let note = covers.note(fault, self.wording);
                Line { outcome: Some(Outcome::Invalid), note, ..task.fresh.clone() }
            }
            Had::Refused { refusal, digest } => {
                task.cover = Some(SentCover { media_id: String::new(), digest });
                self.refused(task, &refusal, false)
            }
        };
        Ok(Some(line))
    }

    fn renew(&self, calls: &Calls, task: &mut AddTask) -> Result<bool, Stop> {
        let Some((covers, old)) = self.covers.as_ref().zip(task.cover.as_ref()) else { return Ok(false) };
        let Some(cover) = covers.renew(calls, &goods(task).cover, &old.media_id)? else { return Ok(false) };
        task.cover = Some(cover);
        Ok(true)
    }

    fn call(&self, service: &dyn Service, task: &AddTask, _again: bool) -> Result<Line, Failure> {
        let goods = goods(task);
        let added = service.add(&info(goods, media_id(task)))?;
        let mut line = Line {
            note: added.audit_id.map_or_else(|| (self.wording)(&Note::AuditIdUnknown), |_| String::new()),
            audit_id: added.audit_id.map(|audit| audit.to_string()).unwrap_or_default(),
            audit_status: "1".to_owned(),
            ..unsealed(task, goods, added.goods_id)
        };
        self.seal(&mut line, task, goods);
        Ok(line)
    }

    fn refused(&self, task: &AddTask, refusal: &Refusal, _again: bool) -> Line {
        let goods = goods(task);
        let mut line = match refusal.goods_id {
            Some(id) if refusal.code.to_string() == ADDED_NOT_SUBMITTED => {
                self.line_of_unsubmitted(task, goods, id)
            }
            _ => Line {
                note: (self.wording)(&Note::Refused { code: refusal.code }),
                ..self.line_in_doubt(task, goods, Outcome::Failed)
            },
        };
        line.answered(refusal.code, &refusal.message);
        line
    }

    /// The goods exist, and only the list knows their goodsId.
    fn is_unclear(&self, _task: &AddTask, refusal: &Refusal, _again: bool) -> bool {
        refusal.class() == Class::PartlyDone && refusal.goods_id.is_none()
    }

    fn in_doubt(&self, task: AddTask, failure: &Failure) -> (AddTask, Line) {
        let sent = goods(&task).clone();
        let mut line = Line {
            note: (self.wording)(&Note::AnswerLost { why: &failure.to_string() }),
            ..self.line_in_doubt(&task, &sent, Outcome::InDoubt)
        };
        match failure {
            Failure::Refused(refusal) => line.answered(refusal.code, &refusal.message),
            Failure::Unnamed(_) => line.answered(0, ""),
            Failure::NotSent(_) | Failure::Lost(_) => {}
        }
        let added = line.says_added();
        let doubt = Doubt { line: line.clone(), sent: Some(sent), added };
        (AddTask { doubt: Some(Box::new(doubt)), ..task }, line)
    }

    fn settle(
        &self,
        calls: &Calls,
        tasks: Vec<AddTask>,
        is_owned: &dyn Fn(GoodsId) -> bool,
    ) -> Result<Vec<Settled<AddTask>>, Stop> {
        settle_adds(self, calls, tasks, is_owned)
    }
}
