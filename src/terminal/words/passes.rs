//! The plan of a pass over results, for people and for programs.

use std::collections::HashMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::json::{with_columns, with_counts};
use super::{columns_read, counts, note, plural, verb};
use crate::plan::{Pile, Step, Steps};
use crate::quota::Bucket;
use crate::report::ColumnsRead;
use crate::results::Action;

/// A plan and what it costs.
pub struct PassPlan<'a> {
    /// The verb.
    pub action: Action,
    /// The results that were read.
    pub input: String,
    /// Which columns of a sheet were read as what, where one was.
    pub columns: Option<&'a ColumnsRead>,
    /// Their lines.
    pub pile: &'a Pile,
    /// What is done with each.
    pub steps: &'a Steps,
    /// Calls of each bucket.
    pub cost: &'a [(Bucket, u64)],
    /// Whole days that takes; `None` when a bucket has none.
    pub days: Option<u64>,
    /// What `--expect` would have to be, where the verb asks for it.
    pub expect: Option<u64>,
}

/// A line a row the verb does something about, then the sums.
pub fn pass_plan(out: &mut impl Write, plan: &PassPlan<'_>) -> io::Result<()> {
    for (index, step) in plan.steps.iter() {
        let line = &plan.pile.lines[index].line;
        if let Some(words) = step_of(plan, step) {
            writeln!(out, "row {}: goods {}: {words}", line.row, line.goods_id)?;
        }
    }
    if let Some(columns) = plan.columns {
        writeln!(out, "{}", columns_read(columns))?;
    }
    let standing = plan.steps.counts(&HashMap::new());
    writeln!(out, "{}: {} rows: {}", plan.input, standing.rows(), counts(&standing))?;
    for (bucket, calls) in plan.cost {
        writeln!(out, "about {calls} {} {}", bucket.name(), plural(*calls, "call"))?;
    }
    match plan.days {
        Some(days) => writeln!(out, "at a whole day's quota: {days} {}", plural(days, "day"))?,
        None => writeln!(out, "a bucket it needs has no calls at all")?,
    }
    plan.expect.map_or(Ok(()), |expect| writeln!(out, "to carry it out: --yes --expect {expect}"))
}

/// The same as one object.
pub fn pass_plan_as_json(out: &mut impl Write, plan: &PassPlan<'_>) -> io::Result<()> {
    let tasks: Vec<Value> = plan
        .steps
        .iter()
        .filter_map(|(index, step)| {
            let line = &plan.pile.lines[index].line;
            let (word, why) = (word_of(step)?, why(step));
            Some(json!({ "row": line.row, "goods_id": line.goods_id, "step": word, "note": why }))
        })
        .collect();
    let calls: HashMap<&str, u64> = plan.cost.iter().map(|(bucket, calls)| (bucket.name(), *calls)).collect();
    let object = json!({
        "command": verb(plan.action),
        "dry_run": true,
        "input": plan.input,
        "calls": calls,
        "days": plan.days,
        "expect": plan.expect,
        "tasks": tasks,
    });
    let object = with_columns(object, plan.columns);
    writeln!(out, "{}", with_counts(object, plan.steps.counts(&HashMap::new())))
}

/// `--expect` names another number than the plan's.
pub fn other_number(expect: u64, meant: u64) -> String {
    format!(
        "--expect {expect}, but {meant} is how many rows are to be deleted or were deleted before; nothing was \
         deleted: look at the plan first"
    )
}

/// Nobody said that the rows are meant.
pub fn must_be_expected(meant: u64, input: &str) -> String {
    format!(
        "{input}: {meant} {} would be deleted for good, out of running live rooms too; nothing was deleted: away \
         from a terminal that takes --yes and --expect",
        plural(meant, "row")
    )
}

/// Asks before goods are deleted.
pub fn ask_to_delete(out: &mut impl Write, meant: u64) -> io::Result<()> {
    write!(
        out,
        "Deleting is final, and takes the goods out of running live rooms too.\nType {meant} to delete: "
    )?;
    out.flush()
}

/// The answer was not the number asked for.
pub fn not_deleted() -> &'static str {
    "nothing was deleted"
}

/// What is done with a row; `None` for those nothing is done about.
fn step_of(plan: &PassPlan<'_>, step: &Step) -> Option<String> {
    Some(match step {
        Step::Skip | Step::Done | Step::Later => return None,
        Step::Call if plan.action == Action::Update => {
            "compare it with what the service holds, send what differs".to_owned()
        }
        Step::Call => verb(plan.action).to_owned(),
        Step::Invalid(why) => format!("at fault: {why}"),
        Step::Settle => {
            format!("ask what became of it, then {} it if that is still to be done", verb(plan.action))
        }
        Step::Unsettled => {
            "left: an earlier call of it is in doubt; import settles an add, update an update, status the rest"
                .to_owned()
        }
        Step::Refuse(reason) => format!("left: {}", note(reason)),
        Step::Follow(leader) => {
            format!("the same goods as row {}", plan.pile.lines[*leader].line.row)
        }
    })
}

fn word_of(step: &Step) -> Option<&'static str> {
    Some(match step {
        Step::Skip | Step::Done => return None,
        Step::Later => "later",
        Step::Call => "call",
        Step::Settle => "settle",
        Step::Unsettled => "unsettled",
        Step::Refuse(_) => "refuse",
        Step::Invalid(_) => "invalid",
        Step::Follow(_) => "follow",
    })
}

fn why(step: &Step) -> Option<String> {
    match step {
        Step::Refuse(reason) => Some(note(reason)),
        Step::Invalid(why) => Some(why.clone()),
        _ => None,
    }
}
