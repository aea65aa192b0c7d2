//! The rows of a sheet and what the results say of them, into the adds that are left to do.

use csv::StringRecord;
use hashbrown::HashMap;
use hashbrown::hash_map::Entry;

use crate::goods::{Cover, Fault, Goods, Issue, Judged, Keys, judge};
use crate::results::{
    Action, Book, Content, Held, Layout, Line, Lost, Meeting, Note, Outcome, Presence, Wording, meet,
};
use crate::sheet::{Columns, Field, RawRow, RowPicture};

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
    pub doubt: Option<Doubt>,
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
    /// The mini-program.
    pub appid: &'a str,
    /// The words of notes.
    pub wording: Wording,
    /// What the `coverDigest` column would say of a cover now; `None` when its picture cannot be had.
    pub cover_digest: &'a dyn Fn(&Cover) -> Option<String>,
}

/// What a row's line is to be before the run, and the work on it.
struct Planned {
    held: Held,
    task: Option<AddTask>,
}

impl Planned {
    /// Nothing to do: the line says it all.
    fn settled(line: Line, keys: Keys) -> Self {
        Self { held: Held { line, keys }, task: None }
    }
}

/// Decides what an import does. `selected` says which row numbers may be worked on.
pub fn plan_import(
    facts: ImportFacts<'_>,
    options: &ImportOptions,
    selected: impl Fn(u32) -> bool,
) -> ImportPlan {
    let ImportFacts { columns, mut rows, history, is_own, appid, wording, cover_digest } = facts;
    mark_repeats(&mut rows);
    let mut layout = if is_own { Layout::of_results(columns) } else { Layout::of_sheet(columns) };
    let old =
        history.unwrap_or_else(|| Book { layout: layout.clone(), lines: Vec::new(), lost: Lost::Nothing });
    let meetings = if is_own { meet_own(&old.lines) } else { meet_rows(&rows, &old.lines) };
    let orphans = orphans(&old.lines, &meetings);
    let moved = layout.adopt(&old.layout.columns, |column| {
        let holds = |held: &Held| held.line.user.get(column).is_some_and(|cell| !cell.is_empty());
        let doubtful = old.lines.iter().filter(|held| held.line.presence() == Presence::Unknown);
        orphans.iter().map(|line| &old.lines[*line]).chain(doubtful).any(holds)
    });
    let Book { layout: old_layout, lines: old_lines, lost } = old;
    let planner = Planner {
        columns,
        layout: &layout,
        as_is: layout.source.iter().enumerate().all(|(at, source)| *source == Some(at)),
        old_columns: &old_layout.columns,
        lost: &lost,
        moved: &moved,
        options,
        appid,
        wording,
        cover_digest,
    };
    let mut old_lines: Vec<Option<Held>> = old_lines.into_iter().map(Some).collect();
    let mut lines = Vec::with_capacity(rows.len() + orphans.len());
    let mut tasks = Vec::new();
    let total = rows.len();
    for (row, meeting) in rows.into_iter().zip(meetings) {
        let number = row.raw.number;
        let planned = match meeting {
            Meeting::Nobody => planner.new_row(row),
            Meeting::Line(line) => {
                let held = old_lines[line].take().expect("a line meets one row at most");
                planner.known_row(row, held)
            }
            Meeting::Ambiguous => planner.ambiguous_row(row),
        };
        let room = selected(number) && options.limit.is_none_or(|limit| tasks.len() < limit);
        if let Some(task) = planned.task.filter(|_| room) {
            tasks.push(AddTask { line: lines.len(), ..task });
        }
        lines.push(planned.held);
    }
    // Numbered on, so that a row number names one line only.
    let next = 1 + lines.iter().map(|held| held.line.row).max().unwrap_or(1);
    let orphans = orphans.into_iter().filter_map(|line| old_lines[line].take());
    for (held, row) in orphans.zip(next..) {
        let planned = planner.orphan(held, row);
        let room = selected(row) && options.limit.is_none_or(|limit| tasks.len() < limit);
        if let Some(task) = planned.task.filter(|_| room) {
            tasks.push(AddTask { line: lines.len(), ..task });
        }
        lines.push(planned.held);
    }
    // The others were never sent: only they can say what a line that is still to be written says again.
    keep_stamps(&mut lines, old_lines.iter().flatten());
    ImportPlan { book: Book { lines, layout, lost: Lost::Nothing }, rows: total, tasks }
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
    let line_keys: Vec<&Keys> = met_lines.iter().map(|line| &lines[*line].keys).collect();
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

fn was_sent(held: &Held) -> bool {
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

struct Planner<'a> {
    columns: &'a Columns,
    layout: &'a Layout,
    /// The sheet's columns are those of the results.
    as_is: bool,
    old_columns: &'a Columns,
    lost: &'a Lost,
    /// For each user column of the old results, the new one.
    moved: &'a [Option<usize>],
    options: &'a ImportOptions,
    appid: &'a str,
    wording: Wording,
    cover_digest: &'a dyn Fn(&Cover) -> Option<String>,
}

impl Planner<'_> {
    /// Whether the line that was torn off may have been this row's.
    fn may_be_lost(&self, keys: &Keys) -> bool {
        match self.lost {
            Lost::Nothing => false,
            Lost::Line(torn) => (torn.sku.is_some() && torn.sku == keys.sku) || torn.page == keys.page,
            Lost::Somebody => true,
        }
    }

    /// A row that no line knows.
    fn new_row(&self, row: SheetRow) -> Planned {
        match self.line_of_given(&row) {
            Some(line) => Planned::settled(line, row.judged.keys),
            None => self.fresh(row),
        }
    }

    /// The line of a row whose goodsId somebody wrote into the sheet: there already.
    fn line_of_given(&self, row: &SheetRow) -> Option<Line> {
        let goods = row.judged.goods.as_ref().filter(|_| !self.options.as_new)?;
        Some(Line {
            outcome: Some(Outcome::Ok),
            goods_id: goods.goods_id?.to_string(),
            audit_id: goods.audit_id.map(|audit| audit.to_string()).unwrap_or_default(),
            note: (self.wording)(&Note::AlreadyThere),
            ..self.blank(row)
        })
    }

    /// A row to be sent, unless it breaks rules.
    fn fresh(&self, row: SheetRow) -> Planned {
        let lost = self.may_be_lost(&row.judged.keys);
        let mut task = self.task(row);
        let keys = task.keys.clone();
        if task.goods.is_none() {
            return Planned::settled(task.fresh, keys);
        }
        let mut line = task.fresh.clone();
        if lost {
            line.outcome = Some(Outcome::InDoubt);
            line.note = (self.wording)(&Note::LineLost);
            line.seal(self.appid, &keys, None);
            task.doubt = Some(Doubt { line: line.clone(), sent: task.goods.clone(), added: false });
        }
        Planned { held: Held { line, keys }, task: Some(task) }
    }

    fn task(&self, row: SheetRow) -> AddTask {
        let mut fresh = Line { outcome: Some(Outcome::Pending), ..self.blank(&row) };
        if row.judged.goods.is_none() {
            fresh.outcome = Some(Outcome::Invalid);
            let issues = &row.judged.issues;
            fresh.note = (self.wording)(&Note::Invalid { issues, columns: self.columns });
        }
        AddTask { line: 0, fresh, keys: row.judged.keys, goods: row.judged.goods, cover: None, doubt: None }
    }

    /// A row that was sent before, or whose goods are there.
    fn known_row(&self, row: SheetRow, held: Held) -> Planned {
        match held.line.presence() {
            Presence::Unknown => match self.line_of_given(&row) {
                Some(line) => Planned::settled(line, row.judged.keys),
                None => self.doubtful(row, held),
            },
            Presence::Gone if self.options.add_deleted => self.fresh(row),
            Presence::Refused if self.may_go_again(&row, &held.line) => self.fresh(row),
            Presence::Present if self.options.as_new && held.line.check.is_empty() => self.fresh(row),
            _ => {
                let user = self.user_cells(row.raw.cells);
                let mut line = Line { user, row: row.raw.number, ..held.line };
                // The check goes over the row's present names: a name may change where a sku stays.
                if row.judged.keys != held.keys
                    && let Some(check) = line.check()
                {
                    line.seal(self.appid, &row.judged.keys, check.content);
                }
                Planned::settled(line, row.judged.keys)
            }
        }
    }

    /// The add of this row may have been carried out. Until that is known its line keeps the cells that were
    /// sent.
    fn doubtful(&self, row: SheetRow, held: Held) -> Planned {
        let sent = self.judged_as_sent(&held, row.raw.picture.clone()).or_else(|| row.judged.goods.clone());
        let (held, doubt) = self.in_doubt(held, sent, row.raw.number);
        Planned { held, task: Some(AddTask { doubt: Some(doubt), ..self.task(row) }) }
    }

    /// What a line's own cells, and the picture that sat in its row, say was sent.
    fn judged_as_sent(&self, held: &Held, picture: RowPicture) -> Option<Goods> {
        let (number, cells) = (held.line.row, held.line.user.clone());
        judge(&RawRow { number, cells, picture }, self.old_columns).goods
    }

    /// The line as it is to stand under number `row`, and its doubt.
    fn in_doubt(&self, held: Held, sent: Option<Goods>, row: u32) -> (Held, Doubt) {
        let sent = sent.filter(|goods| is_as_sent(goods, &held.line));
        let held = self.relaid(held, row);
        let doubt = Doubt { line: held.line.clone(), sent, added: held.line.says_added() };
        (held, doubt)
    }

    fn ambiguous_row(&self, row: SheetRow) -> Planned {
        let line = Line {
            outcome: Some(Outcome::Failed),
            note: (self.wording)(&Note::IdentityAmbiguous),
            ..self.blank(&row)
        };
        Planned::settled(line, row.judged.keys)
    }

    /// A line of goods that no row meets any more: it may hold the only goodsId. What became of an add in doubt
    /// is found out all the same; one that was never carried out is not sent again.
    fn orphan(&self, held: Held, row: u32) -> Planned {
        if held.line.presence() != Presence::Unknown {
            let Held { line, keys } = self.relaid(held, row);
            return Planned::settled(line, keys);
        }
        // A picture that sat in the row went with the row; goods are told by their other fields.
        let sent = self.judged_as_sent(&held, RowPicture::One(held.line.cover_digest.as_str().into()));
        let (held, doubt) = self.in_doubt(held, sent, row);
        let (action, outcome) = (Some(Action::Add), Some(Outcome::Pending));
        let fresh = Line { user: held.line.user.clone(), row, action, outcome, ..Line::default() };
        let keys = held.keys.clone();
        let task = AddTask { line: 0, fresh, keys, goods: None, cover: None, doubt: Some(doubt) };
        Planned { held, task: Some(task) }
    }

    /// An old line in the new layout, under number `row`.
    fn relaid(&self, held: Held, row: u32) -> Held {
        let Held { line, keys } = held;
        Held { line: Line { user: self.old_cells(&line), row, ..line }, keys }
    }

    /// A refused row is sent again when its content changed, or when somebody says so.
    fn may_go_again(&self, row: &SheetRow, line: &Line) -> bool {
        let Some(goods) = &row.judged.goods else { return true };
        let last = line.check().and_then(|check| check.content);
        let changed = |last: Content| {
            // A picture that cannot be had any more is a fault that the row's turn will tell.
            (self.cover_digest)(&goods.cover).is_none_or(|cover| last != Content::of(goods, &cover))
        };
        self.options.retry_failed || last.is_some_and(changed)
    }

    fn blank(&self, row: &SheetRow) -> Line {
        Line {
            user: self.user_cells(row.raw.cells.clone()),
            row: row.raw.number,
            action: Some(Action::Add),
            ..Line::default()
        }
    }

    fn user_cells(&self, cells: StringRecord) -> StringRecord {
        if self.as_is && cells.len() == self.layout.source.len() {
            return cells;
        }
        self.layout.source.iter().map(|source| source.and_then(|at| cells.get(at)).unwrap_or("")).collect()
    }

    /// The user's cells of an old line, in the new layout.
    fn old_cells(&self, line: &Line) -> StringRecord {
        let mut cells = vec![""; self.layout.columns.headings.len()];
        for (cell, target) in line.user.iter().zip(self.moved) {
            if let Some(target) = target {
                cells[*target] = cell;
            }
        }
        cells.iter().collect()
    }
}

/// Whether these are the goods that a line says were sent, as far as it says so; the picture tells nothing of
/// where to find them.
fn is_as_sent(goods: &Goods, line: &Line) -> bool {
    let sealed = line.check().and_then(|check| check.content);
    sealed.is_none_or(|sealed| sealed == Content::of(goods, &line.cover_digest))
}

impl ImportPlan {
    /// The counts as they stand before the run.
    pub fn counts(&self) -> crate::results::Counts {
        let mut counts = crate::results::Counts::default();
        self.book.lines[..self.rows].iter().for_each(|held| counts.add(standing(&held.line)));
        counts
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
