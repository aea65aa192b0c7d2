//! `update`: changes the fields of goods that differ from what is wanted.

use super::{Change, Covers, Meaning};
use crate::goods::{Cover, Keys};
use crate::library::{Listed, PriceUnit};
use crate::plan::{GoodsTask, SentCover, UpdateWish, Verdict, carried_out};
use crate::results::{Action, Line, Outcome, Wording};
use crate::wechat::{Call, Failure, Service};

/// The change behind `update`.
pub struct Update {
    /// The mini-program.
    pub appid: String,
    /// The unit of prices in replies.
    pub unit: PriceUnit,
    /// Makes media ids of pictures; `None` where no row has another one.
    pub covers: Option<Covers>,
}

impl Update {
    /// Lets the line remember what the goods are now.
    fn remember(&self, task: &GoodsTask<UpdateWish>, line: &mut Line) {
        line.cover_digest.clone_from(&task.wish.cover_digest);
        line.user = task.wish.cells(line);
        line.seal(&self.appid, task.wish.keys(&task.keys), Some(task.wish.content()));
    }
}

impl Change for Update {
    type Wish = UpdateWish;

    const ACTION: Action = Action::Update;
    const CALL: Call = Call::Update;
    const IDEMPOTENT: bool = true;

    /// Another sku or name counts once the goods are known to bear it.
    fn keys<'a>(&self, task: &'a GoodsTask<UpdateWish>, outcome: Option<Outcome>) -> &'a Keys {
        if outcome == Some(Outcome::Ok) { task.wish.keys(&task.keys) } else { &task.keys }
    }

    fn picture<'a>(&'a self, task: &'a GoodsTask<UpdateWish>) -> Option<(&'a Covers, &'a Cover)> {
        self.covers.as_ref().zip(task.wish.picture.as_ref())
    }

    fn uploaded(&self, task: &mut GoodsTask<UpdateWish>, cover: SentCover) {
        task.wish.change.cover_img_url = Some(cover.media_id);
        task.wish.cover_digest = cover.digest;
    }

    fn media_id<'a>(&self, task: &'a GoodsTask<UpdateWish>) -> Option<&'a str> {
        task.wish.change.cover_img_url.as_deref()
    }

    fn call(
        &self,
        service: &dyn Service,
        task: &GoodsTask<UpdateWish>,
        line: &mut Line,
    ) -> Result<(), Failure> {
        service.update(task.goods_id, &task.wish.change)?;
        self.remember(task, line);
        Ok(())
    }

    fn refusal(&self, code: i64, _again: bool) -> Meaning {
        match code {
            1003 | 300_015 => Meaning::Gone,
            _ => Meaning::Refused,
        }
    }

    fn verdict(&self, task: &GoodsTask<UpdateWish>, now: Option<&Listed>) -> Verdict {
        match now.map(|goods| goods.clone().in_yuan(self.unit)) {
            None => Verdict::Gone,
            Some(goods) if task.wish.is_fulfilled_by(&goods) => Verdict::Done,
            Some(_) => Verdict::NotDone,
        }
    }

    fn carried_out(&self, task: &GoodsTask<UpdateWish>, now: Option<&Listed>, wording: Wording) -> Line {
        let status = now.map_or(task.before.audit_status(), |goods| goods.audit_status);
        let mut line = carried_out(&task.before, Self::ACTION, status, wording);
        self.remember(task, &mut line);
        line
    }
}
