//! `update`: what a sheet changed, onto the goods that exist.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::Session;
use super::flags::{CoverFlags, PassFlags, PriceFlags, ReplyPrices, RunFlags, ServiceFlags, SheetFlags};
use super::pass::{OpenPass, Work};
use super::prices::unit_of;
use super::records::{Asked, Opened, Records};
use crate::clock::SystemClock;
use crate::cover::{Preparer, Sources};
use crate::event::Event;
use crate::exit::{Exit, Stop};
use crate::goods::{Cover, GoodsId};
use crate::library::PriceUnit;
use crate::pass::{self, Covers, Ended, Sightings, digest_now};
use crate::plan::{
    Decided, GoodsTask, KnownPrices, Method, OfSheet, Step, UpdateWish, Wanted, decided, differs_from_sent,
    method, update_step, wanted,
};
use crate::results::{Action, Held, Line, Outcome};
use crate::sheet::{Columns, RawRow};
use crate::terminal::words;
use crate::wechat::Call;

/// Flags of `update`.
#[derive(Args, Debug)]
#[command(after_help = UPDATE_HELP)]
pub struct Update {
    /// The edited sheet, or the edited results themselves
    #[arg(value_name = "SHEET")]
    sheet: PathBuf,

    /// Believe the goodsId of lines that never had a check, as in a list made by hand
    #[arg(long, env = "LIVEGOODS_TRUST_IDS", value_parser = BoolishValueParser::new())]
    trust_ids: bool,

    /// A folder into which the paths of covers may lead, beside the sheet's own
    #[arg(long, value_name = "DIR", env = "LIVEGOODS_COVER_ROOT")]
    cover_root: Option<PathBuf>,

    #[command(flatten)]
    prices: PriceFlags,

    #[command(flatten)]
    reading: SheetFlags,

    #[command(flatten)]
    run: RunFlags,

    #[command(flatten)]
    service: ServiceFlags,
}

const UPDATE_HELP: &str = "\
Only fields that differ from what the service holds are sent. Goods in review take no change; approved goods take a
new price type and new prices alone: where anything else changed, nothing of the row is sent. A row under another
sku or name is taken for the goods of its url, where no other row and no other goods have that. An empty cover cell leaves the picture alone, and so do an address and a picture in the row.
--limit counts the rows that are sent.

Examples:
  livegoods update goods.xlsx --dry-run
  livegoods update goods.xlsx
  livegoods update reports/goods.results.csv --rows 2-20";

impl Update {
    /// Compares every row with what the service holds, and sends what differs.
    ///
    /// # Errors
    /// Whatever keeps the run from its rows; what stops it on the way is in the summary.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let limit = self.run.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        // Rows that are as they should be do not count against the limit, so it is not the plan's.
        let flags = PassFlags {
            inputs: vec![self.sheet],
            trust_ids: self.trust_ids,
            reading: self.reading,
            run: RunFlags { limit: None, ..self.run },
            service: self.service,
        };
        let open = OpenPass::over(&flags, session, Action::Update, open_sheet)?;
        let covers = CoverFlags { cover_root: self.cover_root, ..CoverFlags::default() };
        let covers = covers.sources(&flags.inputs[0], None, Arc::new(SystemClock::new()))?;
        let rows = Rows::of(&open, covers);
        let steps = open.plan(|index, line| rows.step(index, line));
        let tasks = steps.tasks(open.pile(), &Step::Call);
        let method = method(tasks.len(), open.pile().known_statuses());
        let (look, looks) = match method {
            Method::ByIds { calls } => (Call::Status, calls),
            Method::Sweep { calls } => (Call::List, calls),
        };
        let pictures = tasks.iter().filter(|task| rows.picture(task)).count().min(limit);
        if flags.run.dry_run {
            let differing = tasks.iter().filter(|task| rows.differ(task)).count().min(limit);
            let mut cost = vec![(Call::Update.bucket(), differing as u64), (look.bucket(), looks)];
            cost.extend((pictures > 0).then_some((Call::Upload.bucket(), pictures as u64)));
            return open.print(&open.told(&steps, &cost, None));
        }
        let prices = self.prices.reply_prices;
        let mut calls = vec![Call::Update, look];
        calls.extend((pictures > 0).then_some(Call::Upload));
        open.run(&steps, &calls, |work| {
            let run = Run { rows: &rows, prices, method, limit, reached: HashMap::new() };
            run.carry_out(work, tasks)
        })
    }
}

/// Results go by themselves; a sheet goes with its results.
fn open_sheet(asked: &Asked<'_>) -> anyhow::Result<Opened> {
    let [sheet] = asked.inputs else { return Records::read(asked).map(Opened::from) };
    match super::input::read_sheet(sheet, asked.options)? {
        Some(read) => Records::under_sheet(sheet, read, asked),
        None => {
            let records = Records::read(asked)?;
            super::input::priced(sheet, records.columns(), 1, asked.options)?;
            Ok(records.into())
        }
    }
}

/// A cover's content as far as this machine tells it: a picture at an address or in a cell is left alone.
fn digest_here(covers: &Sources, cover: &Cover) -> Option<String> {
    match cover {
        Cover::MediaId(_) | Cover::File(_) => digest_now(covers, cover),
        Cover::Address(_) | Cover::InRow(..) => None,
    }
}

/// What is wanted of every line, by its index.
struct Rows {
    columns: Columns,
    wanted: Vec<Wanted>,
    covers: Arc<Sources>,
}

impl Rows {
    fn of(open: &OpenPass<'_>, covers: Sources) -> Self {
        let columns = open.columns().clone();
        let want = |(index, held): (usize, &Held)| {
            let (line, OfSheet { renamed, looks }) = (&held.line, open.of_sheet(index));
            let cells = renamed.as_ref().unwrap_or(&line.user).clone();
            let row = RawRow { number: line.row, cells, looks, ..RawRow::default() };
            let wanted = wanted(&row, &columns, line, |cover| digest_here(&covers, cover));
            Wanted { moved: renamed, ..wanted }
        };
        let wanted = open.pile().lines.iter().enumerate().map(want).collect();
        Self { columns, wanted, covers: Arc::new(covers) }
    }

    /// Whether the row has another picture, which would have to be uploaded.
    fn picture(&self, task: &GoodsTask) -> bool {
        self.wanted[task.line].cover.as_ref().is_some_and(Cover::is_picture)
    }

    fn step(&self, index: usize, line: &Line) -> Step {
        update_step(line, &self.wanted[index], &self.columns, words::note)
    }

    fn differ(&self, task: &GoodsTask) -> bool {
        differs_from_sent(&task.before, &self.wanted[task.line])
    }
}

/// An update under way.
struct Run<'a> {
    rows: &'a Rows,
    prices: ReplyPrices,
    method: Method,
    limit: usize,
    reached: HashMap<usize, Outcome>,
}

impl Run<'_> {
    /// Looks, compares, sends.
    fn carry_out(mut self, work: &mut Work<'_>, tasks: Vec<GoodsTask>) -> Ended {
        let (unit, seen) = match self.look(work, &tasks) {
            Ok(found) => found,
            Err(stop) => return Ended { stop: Some(stop), reached: HashMap::new() },
        };
        let mut changes: Vec<GoodsTask<UpdateWish>> =
            tasks.into_iter().filter_map(|task| self.decide(work, task, &seen)).collect();
        changes.truncate(self.limit);
        let covers = match self.covers(work, &changes) {
            Ok(covers) => covers,
            Err(stop) => return Ended { stop: Some(stop), reached: self.reached },
        };
        let verb = work.on_goods(pass::Update { appid: work.appid.to_owned(), unit, covers });
        let mut ended = work.pass(&verb, changes, Vec::new());
        ended.reached.extend(self.reached);
        ended
    }

    /// Makes media ids of other pictures, where there are any.
    fn covers(&self, work: &Work<'_>, changes: &[GoodsTask<UpdateWish>]) -> Result<Option<Covers>, Stop> {
        let have_pictures = changes.iter().any(|task| task.wish.picture.is_some());
        let covers = || {
            Ok(Covers {
                sources: Arc::clone(&self.rows.covers),
                preparer: Preparer::new(),
                uploads: work.uploads()?,
                columns: self.rows.columns.clone(),
            })
        };
        have_pictures.then(covers).transpose()
    }

    /// What the service holds, its prices in yuan.
    fn look(&self, work: &mut Work<'_>, tasks: &[GoodsTask]) -> Result<(PriceUnit, Sightings), Stop> {
        let ids: Vec<GoodsId> = tasks.iter().map(|task| task.goods_id).collect();
        let seen = work.look(&ids, self.method)?;
        let mut known = KnownPrices::default();
        tasks.iter().for_each(|task| known.add(&work.pile.lines[task.line], &self.rows.columns));
        let (unit, read) = unit_of(self.prices, &known, seen.values())?;
        work.prices = Some(read);
        let in_yuan = seen.into_iter().map(|(id, goods)| (id, goods.in_yuan(unit))).collect();
        Ok((unit, in_yuan))
    }

    /// The call for a row, if it takes one; else the row's line says what became of it.
    fn decide(
        &mut self,
        work: &mut Work<'_>,
        task: GoodsTask,
        seen: &Sightings,
    ) -> Option<GoodsTask<UpdateWish>> {
        let (index, row) = (task.line, task.before.row);
        let now = seen.get(&task.goods_id);
        match decided(task, &self.rows.wanted[index], now, work.appid, words::note) {
            Decided::Send(task) => Some(*task),
            Decided::Settled(line, outcome) => {
                work.pile.lines[index].line = *line;
                work.tell(&Event::Row { row, outcome });
                self.reached.insert(index, outcome);
                None
            }
        }
    }
}
