//! `delete`: takes goods out of the library for good.

use std::io::{self, BufRead, IsTerminal};

use anyhow::anyhow;
use clap::Args;
use clap::builder::BoolishValueParser;

use super::flags::PassFlags;
use super::pass::{OpenPass, Work};
use super::{Failure, Session};
use crate::exit::Exit;
use crate::pass::{self, Ended};
use crate::plan::{GoodsTask, Step, delete_step, expected, is_withdrawn_first};
use crate::results::{Action, Outcome};
use crate::terminal;
use crate::terminal::words::{self, PassPlan};
use crate::wechat::Call;

/// Flags of `delete`.
#[derive(Args, Debug)]
#[command(after_help = DELETE_HELP)]
pub struct Delete {
    /// Withdraw goods that are in review, then delete them too
    #[arg(long, env = "LIVEGOODS_WITHDRAW_FIRST", value_parser = BoolishValueParser::new())]
    withdraw_first: bool,

    /// Do not ask; away from a terminal --expect goes with it
    #[arg(short, long)]
    yes: bool,

    /// How many rows are to be deleted, those deleted before by the same command included: another number
    /// deletes nothing
    #[arg(long, value_name = "N")]
    expect: Option<u64>,

    #[command(flatten)]
    pass: PassFlags,
}

const DELETE_HELP: &str = "\
Deleting is final, and takes the goods out of running live rooms too. --dry-run shows what would go, and the N
that --expect takes.

Examples:
  livegoods delete reports/goods.results.csv --dry-run
  livegoods delete reports/goods.results.csv --rows 2-20 --yes --expect 19";

/// The withdrawal was refused because the goods are out of review: nothing stands in the way of deleting them.
const OUT_OF_REVIEW: [&str; 2] = ["300010", "300017"];

impl Delete {
    /// Deletes, once somebody has said that this very number of rows is meant.
    ///
    /// # Errors
    /// Exit 2 when nobody did; whatever else keeps the run from its rows.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let open = OpenPass::new(&self.pass, session, Action::Delete)?;
        let steps = open.plan(|_, line| delete_step(line, self.withdraw_first));
        let meant = expected(open.pile(), &steps);
        let called = steps.tasks(open.pile(), &Step::Call);
        let (first, ready): (Vec<_>, Vec<_>) =
            called.into_iter().partition(|task| is_withdrawn_first(&task.before));
        let cost = [(Call::Delete.bucket(), steps.todo()), (Call::Withdraw.bucket(), first.len() as u64)];
        let plan = open.told(&steps, if first.is_empty() { &cost[..1] } else { &cost }, Some(meant));
        if self.pass.run.dry_run {
            return open.print(&plan);
        }
        self.confirm(session, &plan, meant)?;
        let doubtful = steps.tasks(open.pile(), &Step::Settle);
        let calls = if first.is_empty() { &[Call::Delete][..] } else { &[Call::Delete, Call::Withdraw] };
        open.run(&steps, calls, |work| {
            let ended = work.pass(&work.on_goods(pass::Delete), ready, doubtful);
            if ended.stop.is_some() || first.is_empty() {
                return ended;
            }
            withdraw_and_delete(work, first, ended)
        })
    }

    /// Returns when the rows are meant to be deleted, every one of them and no other.
    fn confirm(&self, session: &Session, plan: &PassPlan<'_>, meant: u64) -> anyhow::Result<()> {
        let on_terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        let command = || session.command.clone().flag("yes").option("expect", meant.to_string());
        if let Some(expect) = self.expect.filter(|expect| *expect != meant) {
            let why = anyhow!(words::other_number(expect, meant));
            let look = session.command.clone().without("yes").without("expect").flag("dry-run");
            return Err(Failure::new(Exit::Usage, why).then(look).into());
        }
        if self.yes && (self.expect.is_some() || on_terminal) {
            return Ok(());
        }
        if !on_terminal {
            let why = anyhow!(words::must_be_expected(meant, &plan.input));
            return Err(Failure::new(Exit::Usage, why).then(command()).into());
        }
        let mut out = terminal::stderr();
        words::pass_plan(&mut out, plan)?;
        words::ask_to_delete(&mut out, meant)?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        if answer.trim() == meant.to_string() {
            return Ok(());
        }
        Err(Failure::new(Exit::Interrupted, anyhow!(words::not_deleted())).into())
    }
}

/// Withdraws goods that are in review, and deletes those that are out of it then.
fn withdraw_and_delete(work: &mut Work<'_>, tasks: Vec<GoodsTask>, mut before: Ended) -> Ended {
    let (doubtful, ready) = tasks.iter().cloned().partition(|task| task.before.doubt().is_some());
    work.begin(Action::Withdraw, tasks.len());
    let withdrawn = work.pass(&work.on_goods(pass::Withdraw), ready, doubtful);
    before.reached.extend(withdrawn.reached.iter().map(|(line, reached)| (*line, *reached)));
    let mut out_of_review = Vec::new();
    for task in tasks {
        let held = &work.pile.lines[task.line];
        let refused = OUT_OF_REVIEW.contains(&held.line.errcode.as_str());
        match withdrawn.reached.get(&task.line) {
            Some(Outcome::Ok) => {}
            Some(Outcome::Failed) if refused => {}
            _ => continue,
        }
        before.reached.insert(task.line, Outcome::Pending);
        out_of_review.push(GoodsTask { before: held.line.clone(), again: false, ..task });
    }
    if withdrawn.stop.is_some() || out_of_review.is_empty() {
        return Ended { stop: withdrawn.stop, ..before };
    }
    work.begin(Action::Delete, out_of_review.len());
    let deleted = work.pass(&work.on_goods(pass::Delete), out_of_review, Vec::new());
    before.reached.extend(deleted.reached);
    Ended { stop: deleted.stop, ..before }
}
