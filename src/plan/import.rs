//! The rows of a sheet and what the results say of them, into the adds that are left to do.

use std::collections::HashSet;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::goods::{Cover, Fault, Goods, GoodsId, Issue, Judged, Keys};
use crate::results::{Book, Held, Known, Layout, Line, Lost, Meeting, Presence, Wording, meet};
use crate::sheet::{Columns, Field, RawRow};

use super::given::known_ids;
use super::planner::{Planned, Planner};
use super::renamed::{renamed, still_renamed};
use super::{Standing, standing};

/// One row of the sheet, judged.
#[derive(Clone, Debug)]
pub struct SheetRow {
    /// The row's number and cells, in the sheet's columns.
    pub raw: RawRow,
    /// What the rules said.
    pub judged: Judged,
}

/// The wishes that change the plan of an import.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// Send again what was refused.
    pub retry_failed: bool,
    /// Add again what was deleted or is gone.
    pub add_deleted: bool,
    /// Add copies of rows that carry a goodsId.
    pub as_new: bool,
    /// Add rows that most likely are goods under another sku or name.
    pub new_goods: bool,
    /// Take over goodsIds of a plain sheet that no results know.
    pub trust_ids: bool,
    /// At most this many rows are worked on.
    pub limit: Option<usize>,
}

/// One row that is to be added, or whose add is to be looked for first.
#[derive(Clone, Debug, PartialEq)]
pub struct AddTask {
    /// The row's line in the plan's book.
    pub line: usize,
    /// The row's line once nothing is in doubt: still to be sent, or at fault.
    pub fresh: Line,
    /// The names the row goes by now.
    pub keys: Keys,
    /// The goods to send, unless the row breaks rules now.
    pub goods: Option<Goods>,
    /// What is sent as the cover; not known before the row's turn comes.
    pub cover: Option<SentCover>,
    /// In doubt: these may have been added already.
    pub doubt: Option<Box<Doubt>>,
}

/// A cover as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCover {
    /// The media id.
    pub media_id: String,
    /// What the `coverDigest` column says of the picture's content.
    pub digest: String,
}

/// An add that may have been carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// The row's line as it stands, with the cells that were sent.
    pub line: Line,
    /// The goods as they were sent, as far as that is known.
    pub sent: Option<Goods>,
    /// They were added for certain, and only their goodsId is not known (300021 without one).
    pub added: bool,
}

/// A whole import, decided.
#[derive(Clone, Debug)]
pub struct ImportPlan {
    /// The results as they are to stand before the first call: the sheet's rows in order, then the lines of
    /// goods that no row meets any more.
    pub book: Book,
    /// How many of the book's lines are rows of the sheet.
    pub rows: usize,
    /// What is left to do, in the sheet's order.
    pub tasks: Vec<AddTask>,
}

/// Everything an import is planned from.
pub struct ImportFacts<'a> {
    /// The sheet's columns.
    pub columns: &'a Columns,
    /// The sheet's rows, in order.
    pub rows: Vec<SheetRow>,
    /// What the results say, if there are any.
    pub history: Option<Book>,
    /// The rows are the lines of the history themselves, in their order.
    pub is_own: bool,
    /// The goodsIds that other results know.
    pub known_elsewhere: &'a HashSet<GoodsId>,
    /// The mini-program.
    pub appid: &'a str,
    /// The words of notes.
    pub wording: Wording,
    /// What the `coverDigest` column would say of a cover now; `None` when its picture cannot be had.
    pub cover_digest: &'a dyn Fn(&Cover) -> Option<String>,
}

/// Decides what an import does. `selected` says which row numbers may be worked on.
pub fn plan_import(
    facts: ImportFacts<'_>,
    options: &ImportOptions,
    selected: impl Fn(u32) -> bool,
) -> ImportPlan {
    let ImportFacts { columns, mut rows, history, is_own, appid, wording, cover_digest, .. } = facts;
    mark_repeats(&mut rows);
    let mut layout = if is_own { Layout::of_results(columns) } else { Layout::of_sheet(columns) };
    let old =
        history.unwrap_or_else(|| Book { layout: layout.clone(), lines: Vec::new(), lost: Lost::Nothing });
    let meetings = if is_own { meet_own(&old.lines) } else { meet_rows(&rows, &old.lines) };
    let renamed = if is_own { still_renamed(&old.lines) } else { renamed(&rows, &old.lines, &meetings) };
    let known_ids = known_ids(&rows, &old.lines, facts.known_elsewhere);
    let orphans = orphans(&old.lines, &meetings);
    let moved = moved(&mut layout, &old, &orphans);
    let Book { layout: old_layout, lines: old_lines, lost } = old;
    let planner = Planner {
        columns,
        layout: &layout,
        as_is: layout.source.iter().enumerate().all(|(at, source)| *source == Some(at)),
        old_columns: &old_layout.columns,
        lost: &lost,
        moved: &moved,
        notes: columns.column("note").filter(|_| columns.is_results() && !options.as_new),
        known_ids: &known_ids,
        options,
        appid,
        wording,
        cover_digest,
    };
    let told = |(row, line): (usize, usize)| (row, planner.note_of_renamed(&old_lines[line]));
    let mut renamed: HashMap<usize, String> = renamed.into_iter().map(told).collect();
    // Lines that no row meets any more are numbered on, so that a row number names one line only.
    let next = 1 + rows.iter().map(|row| row.raw.number).max().unwrap_or(1);
    let mut old_lines: Vec<Option<Held>> = old_lines.into_iter().map(Some).collect();
    let mut lines = Vec::with_capacity(rows.len() + orphans.len());
    let mut tasks = Vec::new();
    let mut put = |number, planned: Planned| {
        let room = selected(number) && options.limit.is_none_or(|limit| tasks.len() < limit);
        if let Some(task) = planned.task.filter(|_| room) {
            tasks.push(AddTask { line: lines.len(), ..task });
        }
        lines.push(planned.held);
    };
    let total = rows.len();
    for (at, (row, meeting)) in rows.into_iter().zip(meetings).enumerate() {
        let number = row.raw.number;
        let planned = match meeting {
            Meeting::Nobody => planner.new_row(row, renamed.remove(&at)),
            Meeting::Line(line) => {
                let held = old_lines[line].take().expect("a line meets one row at most");
                planner.known_row(row, held)
            }
            Meeting::Ambiguous => planner.ambiguous_row(row),
        };
        put(number, planned);
    }
    let orphans = orphans.into_iter().filter_map(|line| old_lines[line].take());
    for (held, number) in orphans.zip(next..) {
        put(number, planner.orphan(held, number));
    }
    // The others were never sent: only they can say what a line that is still to be written says again.
    keep_stamps(&mut lines, old_lines.iter().flatten());
    ImportPlan { book: Book { lines, layout, lost: Lost::Nothing }, rows: total, tasks }
}

/// Where the old results' columns go in the new layout; those stay that a line needs which keeps its cells.
fn moved(layout: &mut Layout, old: &Book, orphans: &[usize]) -> Vec<Option<usize>> {
    layout.adopt(&old.layout.columns, |column| {
        let holds = |held: &Held| held.line.user.get(column).is_some_and(|cell| !cell.is_empty());
        let doubtful = old.lines.iter().filter(|held| held.line.presence() == Presence::Unknown);
        orphans.iter().map(|line| &old.lines[*line]).chain(doubtful).any(holds)
    })
}

/// A line that says what it said before was written when it was written before.
fn keep_stamps<'a>(lines: &mut [Held], old: impl Iterator<Item = &'a Held>) {
    let unstamped: Vec<&mut Line> =
        lines.iter_mut().map(|held| &mut held.line).filter(|line| line.updated_at.is_none()).collect();
    if unstamped.is_empty() {
        return;
    }
    let before: HashMap<u32, &Line> = old.map(|held| (held.line.row, &held.line)).collect();
    for line in unstamped {
        if let Some(before) = before.get(&line.row) {
            let stamped = Line { updated_at: before.updated_at, ..line.clone() };
            if stamped == **before {
                *line = stamped;
            }
        }
    }
}

/// Rows whose identity an earlier row has are at fault; the earlier one is not.
pub(super) fn mark_repeats(rows: &mut [SheetRow]) {
    let mut first: HashMap<(Field, &str), u32> = HashMap::with_capacity(rows.len());
    let mut repeats = Vec::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.judged.keys.identifies()) {
        let keys = &row.judged.keys;
        let identity = keys.sku.as_deref().map_or((Field::Name, keys.page.as_str()), |sku| (Field::Sku, sku));
        match first.entry(identity) {
            Entry::Occupied(first) => repeats.push((at, identity.0, *first.get())),
            Entry::Vacant(vacant) => {
                vacant.insert(row.raw.number);
            }
        }
    }
    drop(first);
    for (at, field, first) in repeats {
        let judged = &mut rows[at].judged;
        judged.issues.push(Issue { field, fault: Fault::Repeat { first } });
        judged.goods = None;
    }
}

pub(super) fn is_repeat(row: &SheetRow) -> bool {
    row.judged.issues.iter().any(|issue| matches!(issue.fault, Fault::Repeat { .. }))
}

/// A row without an identity and one that repeats another meet nobody; a line that was never sent is nobody.
pub(super) fn meet_rows(rows: &[SheetRow], lines: &[Held]) -> Vec<Meeting> {
    let takes_part = |row: &usize| rows[*row].judged.keys.identifies() && !is_repeat(&rows[*row]);
    let met_rows: Vec<usize> = (0..rows.len()).filter(takes_part).collect();
    let met_lines: Vec<usize> = (0..lines.len()).filter(|line| was_sent(&lines[*line])).collect();
    let row_keys: Vec<&Keys> = met_rows.iter().map(|row| &rows[*row].judged.keys).collect();
    let line_keys: Vec<Known<'_>> = met_lines.iter().map(|line| lines[*line].known()).collect();
    let mut meetings = vec![Meeting::Nobody; rows.len()];
    for (row, meeting) in met_rows.into_iter().zip(meet(&row_keys, &line_keys)) {
        meetings[row] = match meeting {
            Meeting::Line(line) => Meeting::Line(met_lines[line]),
            other => other,
        };
    }
    meetings
}

/// Rows that are the lines themselves need not look for them.
fn meet_own(lines: &[Held]) -> Vec<Meeting> {
    let own = |(line, held)| if was_sent(held) { Meeting::Line(line) } else { Meeting::Nobody };
    lines.iter().enumerate().map(own).collect()
}

pub(super) fn was_sent(held: &Held) -> bool {
    held.line.presence() != Presence::Absent
}

/// Lines of goods that no row of the sheet meets any more.
fn orphans(lines: &[Held], meetings: &[Meeting]) -> Vec<usize> {
    let mut met = vec![false; lines.len()];
    for meeting in meetings {
        if let Meeting::Line(line) = meeting {
            met[*line] = true;
        }
    }
    (0..lines.len()).filter(|line| !met[*line] && lines[*line].line.holds_goods()).collect()
}

impl ImportPlan {
    /// The counts as they stand before the run.
    pub fn counts(&self) -> crate::results::Counts {
        let mut counts = crate::results::Counts::default();
        self.book.lines[..self.rows].iter().for_each(|held| counts.add(standing(&held.line)));
        counts
    }

    /// The rows that are at fault, or that nobody can tell a line for: nothing is sent of them.
    pub fn left(&self) -> impl Iterator<Item = &Held> {
        let is_left = |held: &&Held| match standing(&held.line) {
            Standing::Invalid => true,
            Standing::Failed => held.line.errcode.is_empty(),
            _ => false,
        };
        self.book.lines[..self.rows].iter().filter(is_left)
    }

    /// How many adds the plan asks for at the most.
    pub fn sends(&self) -> usize {
        self.tasks.iter().filter(|task| task.goods.is_some()).count()
    }

    /// Rows still to be sent that this run leaves, because of `--limit` or `--rows`.
    pub fn postponed(&self) -> usize {
        let pending = self.book.lines[..self.rows]
            .iter()
            .filter(|held| standing(&held.line) == Standing::Pending)
            .count();
        pending - self.tasks.iter().filter(|task| task.doubt.is_none()).count()
    }
}
