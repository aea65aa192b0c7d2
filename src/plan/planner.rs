//! One row of a sheet and the line it meets into what that line is to be before the run, and the work on it.

use std::collections::HashSet;

use csv::StringRecord;

use super::import::{AddTask, Doubt, ImportOptions, SheetRow};
use crate::goods::{Cover, Goods, GoodsId, Keys, judge};
use crate::results::{
    Action, Content, Held, IDENTITY_CHANGED, Layout, Line, Lost, Note, Outcome, Presence, Wording, relaid,
};
use crate::sheet::{Columns, Field, RawRow, RowPicture, SheetPicture};

/// What a row's line is to be before the run, and the work on it.
pub(super) struct Planned {
    pub held: Held,
    pub task: Option<AddTask>,
}

impl Planned {
    /// Nothing to do: the line says it all.
    fn settled(line: Line, keys: Keys) -> Self {
        Self { held: Held { line, keys }, task: None }
    }
}

/// What every row of one import is planned from.
pub(super) struct Planner<'a> {
    pub columns: &'a Columns,
    pub layout: &'a Layout,
    /// The sheet's columns are those of the results.
    pub as_is: bool,
    pub old_columns: &'a Columns,
    pub lost: &'a Lost,
    /// For each user column of the old results, the new one.
    pub moved: &'a [Option<usize>],
    /// Where the sheet, being results, has its notes: copies are asked for whatever they say.
    pub notes: Option<usize>,
    /// The goodsIds that some results know.
    pub known_ids: &'a HashSet<GoodsId>,
    pub options: &'a ImportOptions,
    pub appid: &'a str,
    pub wording: Wording,
    pub cover_digest: &'a dyn Fn(&Cover) -> Option<String>,
}

impl Planner<'_> {
    /// A row that no line knows; `renamed` tells which goods it most likely is under another name.
    pub fn new_row(&self, row: SheetRow, renamed: Option<String>) -> Planned {
        match self.line_of_given(&row).or_else(|| self.line_of_unverified(&row)) {
            Some(line) => Planned::settled(line, row.judged.keys),
            None => self.fresh(row, renamed),
        }
    }

    /// The line of a row whose goodsId somebody wrote into the sheet: there already, as far as results know the
    /// id or somebody says so.
    fn line_of_given(&self, row: &SheetRow) -> Option<Line> {
        let id = self.given(row)?;
        let is_believed = self.options.trust_ids || self.columns.is_results() || self.known_ids.contains(&id);
        is_believed.then(|| self.line_of_goods(row, id))
    }

    fn line_of_goods(&self, row: &SheetRow, id: GoodsId) -> Line {
        let audit_id = row.judged.goods.as_ref().and_then(|goods| goods.audit_id);
        Line {
            outcome: Some(Outcome::Ok),
            goods_id: id.to_string(),
            audit_id: audit_id.map(|audit| audit.to_string()).unwrap_or_default(),
            note: (self.wording)(&Note::AlreadyThere),
            ..self.blank(row)
        }
    }

    /// The line of a row whose goodsId may be anything.
    fn line_of_unverified(&self, row: &SheetRow) -> Option<Line> {
        let id = self.given(row)?;
        let heading = self.columns.heading(Field::GoodsId);
        let note = (self.wording)(&Note::GoodsIdUnverified { id, heading });
        Some(Line { outcome: Some(Outcome::Invalid), note, ..self.blank(row) })
    }

    /// The goodsId that a valid row brings, unless copies are asked for.
    fn given(&self, row: &SheetRow) -> Option<GoodsId> {
        row.judged.goods.as_ref().filter(|_| !self.options.as_new)?.goods_id
    }

    /// A row to be sent, unless it breaks rules or most likely is goods that are there.
    fn fresh(&self, row: SheetRow, renamed: Option<String>) -> Planned {
        let lost = self.lost.may_be_of(&row.judged.keys);
        let renamed = renamed.or_else(|| self.said_renamed(&row)).filter(|_| !self.options.new_goods);
        let mut task = self.task(row);
        let keys = task.keys.clone();
        let sent = task.goods.clone();
        if let Some(note) = renamed.filter(|_| sent.is_some()) {
            task.fresh = Line { outcome: Some(Outcome::Invalid), note, ..task.fresh };
            task.goods = None;
        }
        if sent.is_none() || task.goods.is_none() && !lost {
            return Planned::settled(task.fresh, keys);
        }
        let mut line = task.fresh.clone();
        if lost {
            line.outcome = Some(Outcome::InDoubt);
            line.note = (self.wording)(&Note::LineLost);
            line.seal(self.appid, &keys, None);
            task.doubt = Some(Box::new(Doubt { line: line.clone(), sent, added: false }));
        }
        Planned { held: Held { line, keys }, task: Some(task) }
    }

    /// Why a row is not sent that most likely is the goods of this line.
    pub fn note_of_renamed(&self, held: &Held) -> String {
        let user = &held.line.user;
        let cell = |field| self.old_columns.of(field).and_then(|at| user.get(at)).unwrap_or("").trim();
        let (sku, name, goods_id) = (cell(Field::Sku), cell(Field::Name), &held.line.goods_id);
        (self.wording)(&Note::IdentityChanged { sku, name, goods_id })
    }

    /// The same, where results that are read as a sheet say so themselves.
    fn said_renamed(&self, row: &SheetRow) -> Option<String> {
        let note = row.raw.cells.get(self.notes?)?;
        note.starts_with(IDENTITY_CHANGED).then(|| note.to_owned())
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
    pub fn known_row(&self, row: SheetRow, held: Held) -> Planned {
        match held.line.presence() {
            // Somebody found the goods: that ends the doubt, whoever knows the id.
            Presence::Unknown => match self.given(&row) {
                Some(id) => Planned::settled(self.line_of_goods(&row, id), row.judged.keys),
                None => self.doubtful(row, held),
            },
            Presence::Gone if self.options.add_deleted => self.fresh(row, None),
            Presence::Refused if self.may_go_again(&row, &held.line) => self.new_row(row, None),
            Presence::Present if self.options.as_new && held.line.check.is_empty() => self.fresh(row, None),
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
        judge(&RawRow { number, cells, picture, ..RawRow::default() }, self.old_columns).goods
    }

    /// The line as it is to stand under number `row`, and its doubt.
    fn in_doubt(&self, held: Held, sent: Option<Goods>, row: u32) -> (Held, Box<Doubt>) {
        let sent = sent.filter(|goods| is_as_sent(goods, &held.line));
        let held = self.brought_over(held, row);
        let doubt = Doubt { line: held.line.clone(), sent, added: held.line.says_added() };
        (held, Box::new(doubt))
    }

    pub fn ambiguous_row(&self, row: SheetRow) -> Planned {
        let line = Line {
            outcome: Some(Outcome::Failed),
            note: (self.wording)(&Note::IdentityAmbiguous),
            ..self.blank(&row)
        };
        Planned::settled(line, row.judged.keys)
    }

    /// A line of goods that no row meets any more: it may hold the only goodsId. What became of an add in doubt
    /// is found out all the same; one that was never carried out is not sent again.
    pub fn orphan(&self, held: Held, row: u32) -> Planned {
        if held.line.presence() != Presence::Unknown {
            let Held { line, keys } = self.brought_over(held, row);
            return Planned::settled(line, keys);
        }
        // A picture that sat in the row went with the row; goods are told by their other fields.
        let sent =
            self.judged_as_sent(&held, RowPicture::One(SheetPicture::whole(held.line.cover_digest.as_str())));
        let (held, doubt) = self.in_doubt(held, sent, row);
        let (action, outcome) = (Some(Action::Add), Some(Outcome::Pending));
        let fresh = Line { user: held.line.user.clone(), row, action, outcome, ..Line::default() };
        let keys = held.keys.clone();
        let task = AddTask { line: 0, fresh, keys, goods: None, cover: None, doubt: Some(doubt) };
        Planned { held, task: Some(task) }
    }

    /// An old line in the new layout, under number `row`.
    fn brought_over(&self, held: Held, row: u32) -> Held {
        let Held { line, keys } = held;
        let user = relaid(&line.user, self.moved, self.layout.columns.headings.len());
        Held { line: Line { user, row, ..line }, keys }
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
}

/// Whether these are the goods that a line says were sent, as far as it says so; the picture tells nothing of
/// where to find them.
fn is_as_sent(goods: &Goods, line: &Line) -> bool {
    let sealed = line.check().and_then(|check| check.content);
    sealed.is_none_or(|sealed| sealed == Content::of(goods, &line.cover_digest))
}
