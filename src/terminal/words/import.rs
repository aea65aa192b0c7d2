//! What an import says beside its events: its plan, and why it does not begin.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::json::{with_columns, with_counts};
use super::{columns_read, counts, plural};
use crate::plan::{AddTask, Distrust, ImportPlan};
use crate::report::ColumnsRead;

/// More rows than this are not named one by one.
const ROWS_NAMED: usize = 20;

/// Why the results are not worked on, and the way out.
pub fn distrust(results: &Path, distrust: &Distrust, appid: &str) -> String {
    let results = results.display();
    match distrust {
        Distrust::OtherAppid { row } => format!(
            "{results}: row {row} was written for another mini-program than {appid}; set the LIVEGOODS_APPID \
             it belongs to, or name other results with --results"
        ),
        Distrust::Changed { rows } => {
            let named: Vec<String> = rows.iter().take(ROWS_NAMED).map(u32::to_string).collect();
            let more = if rows.len() > ROWS_NAMED { ", …" } else { "" };
            format!(
                "{results}: {} {}{more}: goodsId, auditId, name, url, sku or check were changed after they \
                 were written (dragged, rounded or sorted apart); restore those lines from a copy",
                plural(rows.len() as u64, "row"),
                named.join(", "),
            )
        }
    }
}

/// A plan for people: a line a call, a line a row that cannot be sent, then the sums.
pub fn import_plan(
    out: &mut impl Write,
    sheet: &Path,
    columns: Option<&ColumnsRead>,
    plan: &ImportPlan,
) -> io::Result<()> {
    for task in &plan.tasks {
        let row = plan.book.lines[task.line].line.row;
        writeln!(out, "row {row}: {}", step(task))?;
    }
    for held in plan.left() {
        writeln!(out, "row {}: not sent: {}", held.line.row, super::one_line(&held.line.note))?;
    }
    if let Some(columns) = columns {
        writeln!(out, "{}", columns_read(columns))?;
    }
    let standing = plan.counts();
    writeln!(out, "{}: {} rows: {}", sheet.display(), standing.rows(), counts(&standing))?;
    writeln!(out, "at most {} submit calls; {} rows wait for another run", plan.sends(), plan.postponed())
}

/// The same plan for programs, as one object.
pub fn import_plan_as_json(
    out: &mut impl Write,
    sheet: &Path,
    columns: Option<&ColumnsRead>,
    plan: &ImportPlan,
) -> io::Result<()> {
    let tasks: Vec<_> = plan
        .tasks
        .iter()
        .map(|task| json!({ "row": plan.book.lines[task.line].line.row, "step": step_word(task) }))
        .collect();
    let left: Vec<_> = plan
        .left()
        .map(|held| json!({ "row": held.line.row, "code": held.line.note_code(), "note": held.line.note }))
        .collect();
    let facts = json!({
        "command": "import",
        "dry_run": true,
        "input": sheet.display().to_string(),
        "submit_calls": plan.sends(),
        "postponed": plan.postponed(),
        "tasks": tasks,
        "left": left,
    });
    writeln!(out, "{}", with_counts(with_columns(facts, columns), plan.counts()))
}

fn step(task: &AddTask) -> &'static str {
    match step_word(task) {
        "settle" => "look for it in the list; add it if it is not there",
        _ => "add",
    }
}

fn step_word(task: &AddTask) -> &'static str {
    if task.doubt.is_some() { "settle" } else { "add" }
}
