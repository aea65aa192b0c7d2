//! One row and what the service shows of its goods into the call that is left, or the line that says why none is.

use super::{Comparison, GoodsTask, UpdateWish, Wanted, compare, gone};
use crate::goods::Keys;
use crate::library::Listed;
use crate::results::{Action, Line, Outcome, Wording};

/// What becomes of one row of an update.
#[derive(Clone, Debug, PartialEq)]
pub enum Decided {
    /// Its call is to go out.
    Send(Box<GoodsTask<UpdateWish>>),
    /// No call goes out: its line, and where the row stands.
    Settled(Box<Line>, Outcome),
}

/// Decides about one row by what the service shows `now`, prices in yuan; `None` when it does not show the goods.
pub fn decided(
    task: GoodsTask,
    wanted: &Wanted,
    now: Option<&Listed>,
    appid: &str,
    wording: Wording,
) -> Decided {
    let (Some(held), Some(goods)) = (now, wanted.judged.goods.as_ref()) else {
        let line = gone(&task.before, Action::Update, wording);
        return Decided::Settled(Box::new(resealed(line, &task, appid)), Outcome::Failed);
    };
    let status = held.audit_status.map(|status| status.code().to_string());
    let before = Line { audit_status: status.unwrap_or_default(), ..task.before.clone() };
    match compare(&before, goods, wanted.cover.as_ref(), held) {
        Comparison::Differs(wish) => Decided::Send(Box::new(task.wishing(before, wish.moving(wanted)))),
        Comparison::Same(wish) => {
            let line = unchanged(&task, before, &wish.moving(wanted), appid);
            Decided::Settled(Box::new(line), Outcome::Ok)
        }
        Comparison::Left(note) => {
            let (errcode, errmsg) = (String::new(), String::new());
            let (action, outcome) = (Some(Action::Update), Some(Outcome::Failed));
            let line = Line { action, outcome, errcode, errmsg, note: wording(&note), ..before };
            let line = resealed(line, &task, appid);
            let said = Line { updated_at: task.before.updated_at, ..line.clone() } == task.before;
            Decided::Settled(Box::new(if said { task.before } else { line }), Outcome::Failed)
        }
    }
}

/// The line of goods that are as they should be: it stays as it is, unless it says something else of an update or
/// goes by other names now.
fn unchanged(task: &GoodsTask, before: Line, wish: &UpdateWish, appid: &str) -> Line {
    let says_so = before.action != Some(Action::Update) || before.outcome == Some(Outcome::Ok);
    if says_so && wish.moved.is_none() {
        return task.before.clone();
    }
    let keys = wish.keys(&task.keys);
    let moved = |line: Line| Line { user: wish.cells(&line), updated_at: None, ..line };
    if says_so {
        return sealed(moved(task.before.clone()), keys, appid);
    }
    let mut line = moved(Line { outcome: Some(Outcome::Ok), note: String::new(), ..before });
    line.answered(0, "");
    if task.before.doubt().is_some() {
        // An update whose answer was lost, and it was carried out.
        line.cover_digest.clone_from(&wish.cover_digest);
        line.seal(appid, keys, Some(wish.content()));
        return line;
    }
    sealed(line, keys, appid)
}

fn resealed(line: Line, task: &GoodsTask, appid: &str) -> Line {
    sealed(Line { updated_at: None, ..line }, &task.keys, appid)
}

fn sealed(mut line: Line, keys: &Keys, appid: &str) -> Line {
    let content = line.check().and_then(|check| check.content);
    line.seal(appid, keys, content);
    line
}
