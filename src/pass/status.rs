//! `status`: asks for the audit status of many rows at once, by their ids or by walking the list.

use std::collections::HashMap;

use crate::event::Event;
use crate::exit::Stop;
use crate::goods::{AuditStatus, GoodsId};
use crate::library::{Listed, Page};
use crate::plan::{GoodsTask, IDS_A_CALL, Method, refreshed};
use crate::results::{Held, Journal, Line, Outcome, Wording};
use crate::wechat::Call;

use super::{Calls, Ended, Look, Rules};

/// The verb behind `status`, and the way other verbs' doubts are settled.
pub struct Refresh<'a> {
    /// The right and the way to call.
    pub calls: &'a Calls,
    /// Where changed lines go.
    pub journal: &'a Journal,
    /// When to wait and when to give up.
    pub rules: Rules<'a>,
    /// The newest line of each row, kept up with what is on disk.
    pub lines: &'a mut [Held],
    /// The mini-program.
    pub appid: &'a str,
    /// The words of notes.
    pub wording: Wording,
}

/// A refresh under way.
struct Round<'a, 'b> {
    refresh: &'a mut Refresh<'b>,
    reached: HashMap<usize, Outcome>,
    failed: u64,
}

impl Refresh<'_> {
    /// Asks about every task, unless something stops it.
    pub fn run(mut self, tasks: Vec<GoodsTask>, method: Method) -> Ended {
        let calls = self.calls;
        let mut round = Round { refresh: &mut self, reached: HashMap::new(), failed: 0 };
        if let Err(stop) = round.all(tasks, method) {
            calls.stop.set(stop, &*calls.clock);
        }
        Ended { stop: calls.stop.get(), reached: round.reached }
    }
}

impl<'b> Round<'_, 'b> {
    fn all(&mut self, tasks: Vec<GoodsTask>, method: Method) -> Result<(), Stop> {
        let tasks = match method {
            Method::Sweep { .. } => self.sweep(tasks)?,
            Method::ByIds { .. } => tasks,
        };
        let open = self.by_ids(tasks, false)?;
        if open.is_empty() {
            return Ok(());
        }
        self.refresh.calls.before_second_look()?;
        self.by_ids(open, true).map(drop)
    }

    /// Walks the list as long as that is cheaper than asking by ids; the tasks whose goods it did not show.
    fn sweep(&mut self, tasks: Vec<GoodsTask>) -> Result<Vec<GoodsTask>, Stop> {
        let asked = tasks.len();
        let mut missing: HashMap<GoodsId, GoodsTask> =
            tasks.into_iter().map(|task| (task.goods_id, task)).collect();
        let look = self.look();
        look.sweep(asked, |page| {
            self.take_page(page, &mut missing)?;
            Ok(missing.len())
        })?;
        let mut missing: Vec<GoodsTask> = missing.into_values().collect();
        missing.sort_by_key(|task| task.line);
        Ok(missing)
    }

    fn take_page(&mut self, page: &Page, missing: &mut HashMap<GoodsId, GoodsTask>) -> Result<(), Stop> {
        // A call in doubt is settled by asking for its goods by name: the list was not made at one moment.
        let shown = page.goods.iter().filter_map(|goods| {
            let task = missing.get(&goods.goods_id)?;
            (task.before.doubt().is_none()).then_some((goods.goods_id, goods.audit_status))
        });
        let shown: Vec<_> = shown.collect();
        let found = shown.into_iter().filter_map(|(id, status)| Some((missing.remove(&id)?, status)));
        self.write(found.collect())
    }

    /// Asks by ids. Without it being the `last` look, the tasks for which it takes another: goods that are not
    /// shown, and calls in doubt that seem not to have been carried out.
    fn by_ids(&mut self, tasks: Vec<GoodsTask>, last: bool) -> Result<Vec<GoodsTask>, Stop> {
        let mut open = Vec::new();
        for chunk in tasks.chunks(IDS_A_CALL) {
            let ids: Vec<GoodsId> = chunk.iter().map(|task| task.goods_id).collect();
            let listed = self.look().read(Call::Status, |service| service.status(&ids))?;
            let listed: HashMap<GoodsId, &Listed> =
                listed.iter().map(|goods| (goods.goods_id, goods)).collect();
            let mut found = Vec::new();
            for task in chunk {
                let now = listed.get(&task.goods_id).map(|goods| goods.audit_status);
                match now {
                    // Shown with a status nobody documented: nothing was learned.
                    Some(None) => self.reach(task.line, Outcome::Ok),
                    _ if !last && (now.is_none() || self.seems_undone(task, now.flatten())) => {
                        open.push(task.clone());
                    }
                    _ => found.push((task.clone(), now.flatten())),
                }
            }
            self.write(found)?;
        }
        Ok(open)
    }

    fn seems_undone(&self, task: &GoodsTask, now: Option<AuditStatus>) -> bool {
        task.before.doubt().is_some_and(|action| {
            crate::plan::verdict(action, task.before.audit_status(), now) == crate::plan::Verdict::NotDone
        })
    }

    /// Puts on disk what is new, and tells all.
    fn write(&mut self, found: Vec<(GoodsTask, Option<AuditStatus>)>) -> Result<(), Stop> {
        let refresh = &mut *self.refresh;
        let mut changed = Vec::new();
        for (task, now) in &found {
            let mut line = refreshed(&task.before, *now, refresh.wording);
            if line != task.before {
                let content = task.before.check().and_then(|check| check.content);
                line.seal(refresh.appid, &task.keys, content);
                changed.push((task.line, line));
            }
        }
        if !changed.is_empty() {
            let lines: Vec<&Line> = changed.iter().map(|(_, line)| line).collect();
            let stamp = refresh.journal.record(&lines).wait()?;
            for (index, line) in changed {
                refresh.lines[index].line = Line { updated_at: Some(stamp), ..line };
            }
        }
        for (task, now) in found {
            let in_doubt = self.refresh.lines[task.line].line.doubt().is_some();
            let outcome = match now {
                None => Outcome::Failed,
                Some(_) if in_doubt => Outcome::InDoubt,
                Some(_) => Outcome::Ok,
            };
            let deleted = self.refresh.lines[task.line].line.outcome == Some(Outcome::Ok);
            self.reach(task.line, if deleted && now.is_none() { Outcome::Ok } else { outcome });
        }
        Ok(())
    }

    fn reach(&mut self, line: usize, outcome: Outcome) {
        self.reached.insert(line, outcome);
        let calls = self.refresh.calls;
        let row = self.refresh.lines[line].line.row;
        calls.listener.hear(&Event::Row { row, outcome });
        if outcome == Outcome::Failed {
            self.failed += 1;
            if (self.refresh.rules.too_many_errors)(self.failed) {
                calls.stop.set(Stop::TooManyErrors { failed: self.failed }, &*calls.clock);
            }
        }
    }

    fn look(&self) -> Look<'b> {
        Look { calls: self.refresh.calls, wait: self.refresh.rules.wait }
    }
}
