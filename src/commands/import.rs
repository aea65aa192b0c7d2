//! `import`: a sheet onto the shelf.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use clap::builder::BoolishValueParser;

use super::errand::{Done, Errand, tell_the_day};
use super::flags::{CoverFlags, RunFlags, ServiceFlags, SheetFlags};
use super::input::{Input, Wishes};
use super::reports::ids_known_elsewhere;
use super::{Account, NextCommand, OrExit, Session, account};
use crate::clock::{Clock, SystemClock};
use crate::cover::Preparer;
use crate::event::{Event, Notice};
use crate::exit::Exit;
use crate::goods::GoodsId;
use crate::pass::{Add, Calls, Covers, Pass, digest_now};
use crate::plan::{
    AddTask, ImportFacts, ImportOptions, ImportPlan, Standing, plan_import, smallest_id, standing,
};
use crate::quota::Bucket;
use crate::report::{ColumnsRead, IssueTally, Summary, exit_of};
use crate::results::{
    ADDED_NOT_SUBMITTED, Action, Book, Counts, FileDisk, GOODS_ID_UNVERIFIED, IDENTITY_CHANGED, Journal,
    Line, Presence,
};
use crate::sheet::{Field, HeadingMap, Meaning, ReadOptions};
use crate::terminal::{self, words};
use crate::wechat::Call;

/// Flags of `import`.
#[derive(Args, Debug)]
#[command(after_help = IMPORT_HELP)]
pub struct Import {
    /// The sheet: .xlsx, .xls, .xlsb, .ods, .csv, .tsv or .txt; - is CSV on stdin; results will do too
    #[arg(value_name = "SHEET")]
    input: PathBuf,

    /// Add goods again that were deleted or are gone
    #[arg(long, env = "LIVEGOODS_ADD_DELETED", value_parser = BoolishValueParser::new())]
    add_deleted: bool,

    /// Send again what the service refused earlier
    #[arg(long, env = "LIVEGOODS_RETRY_FAILED", value_parser = BoolishValueParser::new())]
    retry_failed: bool,

    /// Add copies of rows that carry a goodsId, to another shop say
    #[arg(long, env = "LIVEGOODS_AS_NEW", value_parser = BoolishValueParser::new())]
    as_new: bool,

    /// Add rows whose url is that of goods that no row has any more, instead of taking them for those goods under
    /// another sku or name
    #[arg(long, env = "LIVEGOODS_NEW_GOODS", value_parser = BoolishValueParser::new())]
    new_goods: bool,

    /// Take over goodsIds of the sheet that no results here know, as they stand
    #[arg(long, env = "LIVEGOODS_TRUST_IDS", value_parser = BoolishValueParser::new())]
    trust_ids: bool,

    #[command(flatten)]
    reading: SheetFlags,

    #[command(flatten)]
    covers: CoverFlags,

    #[command(flatten)]
    run: RunFlags,

    #[command(flatten)]
    service: ServiceFlags,
}

const IMPORT_HELP: &str = "\
Running it again is the resume: rows that are there already are left, rows whose answer was lost are looked \
for in the list before anything is sent.

Examples:
  livegoods import goods.xlsx --sandbox
  livegoods import goods.xlsx --dry-run
  livegoods import goods.xlsx --wait --max-errors 5%";

impl Import {
    /// Reads, plans, adds, records, sums up.
    ///
    /// # Errors
    /// Whatever keeps the run from its rows; what stops it on the way is in the summary.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let appid = account::appid_of(&self.service)?;
        let options = self.reading.options();
        let mut input = Input::read(&self.wishes(&options, &clock))?;
        input.believe(&appid)?;
        let smallest_id = smallest_id(&input.rows);
        let plan = self.plan(&mut input, &appid);
        if self.run.dry_run {
            return print_plan(session, &self.input, input.columns_read().as_ref(), &plan);
        }
        let ImportPlan { mut book, rows, tasks } = plan;
        // Without anything to do, nothing is opened or called. What cannot be opened ends the run before it
        // leaves anything behind.
        let account =
            if tasks.is_empty() { None } else { Some(Account::open(&self.service, Arc::clone(&clock))?) };
        book.stamp(clock.now());
        write(&book, &input.results)?;
        let errand = Errand { session, clock: &clock, service: &self.service, run: &self.run };
        let done = match &account {
            Some(account) => {
                let adding = Adding { account, appid, input: &input, rows };
                self.add_all(&errand, adding, tasks, &mut book)?
            }
            None => Done::default(),
        };
        if done.is_recorded() {
            // Found out to be nowhere, and no row of the sheet asks for it any more.
            let strays = book.lines.split_off(rows);
            book.lines.extend(strays.into_iter().filter(|held| held.line.holds_goods()));
            book.stamp(clock.now());
            write(&book, &input.results)?;
        }
        let elapsed = clock.elapsed();
        let report = Report { input: &input, book: &book, rows, smallest_id, done, elapsed };
        session.close(&self.summary(session, report))
    }

    fn wishes<'a>(&'a self, options: &'a ReadOptions, clock: &'a Arc<dyn Clock>) -> Wishes<'a> {
        Wishes {
            sheet: &self.input,
            options,
            run: &self.run,
            sandbox: self.service.sandbox,
            as_new: self.as_new,
            covers: &self.covers,
            clock,
        }
    }

    fn plan(&self, input: &mut Input, appid: &str) -> ImportPlan {
        let known_elsewhere = &ids_known_elsewhere(input, appid);
        let facts = ImportFacts {
            columns: &input.columns,
            rows: std::mem::take(&mut input.rows),
            history: input.history.take(),
            is_own: input.is_own,
            known_elsewhere,
            appid,
            wording: words::note,
            cover_digest: &|cover| digest_now(&input.covers, cover),
        };
        let options = ImportOptions {
            retry_failed: self.retry_failed,
            add_deleted: self.add_deleted,
            as_new: self.as_new,
            new_goods: self.new_goods,
            trust_ids: self.trust_ids,
            limit: self.run.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        };
        plan_import(facts, &options, |row| self.run.rows.as_ref().is_none_or(|rows| rows.contains(row)))
    }

    fn summary(&self, session: &Session, report: Report<'_>) -> Summary {
        let Report { input, book, rows, smallest_id, done, elapsed } = report;
        let (mut counts, mut issues) = (Counts::default(), IssueTally::default());
        for held in &book.lines[..rows] {
            let standing = standing(&held.line);
            counts.add(standing);
            if let Some(code) = code_of(&held.line, standing) {
                issues.add(code, held.line.row);
            }
        }
        // Rows that left the sheet are no rows to count, and yet nobody knows what became of their adds.
        let mut with_strays = counts;
        for held in book.lines[rows..].iter().filter(|held| held.line.presence() == Presence::Unknown) {
            issues.add(held.line.note_code(), held.line.row);
            with_strays.add(Standing::InDoubt);
        }
        let exit = exit_of(done.stop.as_ref(), &with_strays);
        let ended = Ended { exit, pending: counts.pending, issues: &issues };
        let next = self.next(session, input, ended, smallest_id);
        Summary {
            command: "import",
            input: self.input.display().to_string(),
            format: input.recognised.clone(),
            columns: input.columns_read(),
            results: Some(input.results.display().to_string()),
            counts: counts.into(),
            issues: issues.into_groups(),
            quota: done.quota,
            reply_prices: None,
            elapsed,
            stopped: done.stop,
            exit,
            next_command: Some(next.to_string()),
        }
    }
}

/// What the next command depends on.
struct Ended<'a> {
    exit: Exit,
    pending: u64,
    issues: &'a IssueTally,
}

impl Import {
    fn next(
        &self,
        session: &Session,
        input: &Input,
        ended: Ended<'_>,
        smallest_id: Option<GoodsId>,
    ) -> NextCommand {
        let Ended { exit, pending, issues } = ended;
        let command = &session.command;
        let failed = exit == Exit::SomeFailed;
        // Nothing of these would be otherwise the next time.
        let is_stuck = |code| failed && pending == 0 && issues.has(code);
        match exit {
            // Rows that --limit or --rows left are still to be sent.
            Exit::Done if pending > 0 => command.clone().without("rows"),
            Exit::Done => command.of_the_service("status").value(&*input.results),
            // Goods that were only not submitted are nothing another import could help.
            _ if failed && issues.only(ADDED_NOT_SUBMITTED) => {
                command.of_the_service("resubmit").value(&*input.results)
            }
            // Results have no sheet beside them that says what is wanted.
            _ if is_stuck(IDENTITY_CHANGED) && input.is_own => {
                NextCommand::new("explain").value(IDENTITY_CHANGED)
            }
            _ if is_stuck(IDENTITY_CHANGED) => {
                command.of_the_sheet("update").without("allow-private-covers").value(&self.input)
            }
            _ if is_stuck(GOODS_ID_UNVERIFIED) => verifying(command.clone(), input, smallest_id),
            _ => command.clone(),
        }
    }
}

/// The same again where no results know goodsIds of the sheet: the service's are larger than 32 bits, so smaller
/// ones are the shop's own.
fn verifying(command: NextCommand, input: &Input, smallest_id: Option<GoodsId>) -> NextCommand {
    if smallest_id.is_none_or(|id| id.0 > u64::from(u32::MAX)) {
        return command.flag("trust-ids");
    }
    let heading = input.columns.heading(Field::GoodsId).trim().to_owned();
    // A sheet that has a sku needs no other code of the shop's.
    let meaning =
        if input.columns.of(Field::Sku).is_some() { Meaning::Own } else { Meaning::Field(Field::Sku) };
    command.mapping(&[HeadingMap { heading, meaning }])
}

/// What a summary is made of.
struct Report<'a> {
    input: &'a Input,
    book: &'a Book,
    rows: usize,
    /// The smallest goodsId that a row brought along.
    smallest_id: Option<GoodsId>,
    done: Done,
    elapsed: Duration,
}

impl Import {
    /// Makes the calls, keeping `book` up with what is on disk.
    fn add_all(
        &self,
        errand: &Errand<'_>,
        adding: Adding<'_>,
        tasks: Vec<AddTask>,
        book: &mut Book,
    ) -> anyhow::Result<Done> {
        let Adding { account, appid, input, rows } = adding;
        let results = input.results.as_path();
        let covers = Covers {
            sources: Arc::clone(&input.covers),
            preparer: Preparer::new(),
            uploads: account.uploads().or_exit(Exit::CannotWrite)?,
            columns: input.columns.clone(),
        };
        let add = Add { appid, wording: words::note, covers: Some(covers) };
        let has_pictures =
            tasks.iter().filter_map(|task| task.goods.as_ref()).any(|goods| goods.cover.is_picture());
        let kinds: &[Call] = if has_pictures { &[Call::Add, Call::Upload] } else { &[Call::Add] };
        errand.run(account, kinds, |calls| {
            let disk = FileDisk::open(results)
                .with_context(|| format!("{}: cannot be written", results.display()))
                .or_exit(Exit::CannotWrite)?;
            let width = book.layout.columns.headings.len();
            let journal = Journal::start(Box::new(disk), width, Arc::clone(errand.clock), book.latest());
            let todo = tasks.len() as u64;
            calls.listener.hear(&Event::Started { action: Action::Add, rows: rows as u64, todo });
            tell_the_day(calls, kinds);
            warn_of_old_media(calls, &tasks);
            let (doubtful, ready) = tasks.into_iter().partition(|task| task.doubt.is_some());
            let ended = errand.with_rules(todo, |rules| {
                Pass::new(&add, calls, &journal, rules, &mut book.lines).run(ready, doubtful)
            });
            Ok(ended.stop)
        })
    }
}

/// As whom goods are added, and where that is written down.
struct Adding<'a> {
    account: &'a Account<'a>,
    appid: String,
    input: &'a Input,
    /// How many of the book's lines are rows of the sheet.
    rows: usize,
}

/// Media ids live three days: what cannot be sent within them would fail one by one.
fn warn_of_old_media(calls: &Calls, tasks: &[AddTask]) {
    // A picture is uploaded when its row's turn comes.
    let is_old = |task: &AddTask| task.goods.as_ref().is_some_and(|goods| !goods.cover.is_picture());
    let rows = tasks.iter().rposition(is_old).map_or(0, |last| last as u64 + 1);
    let Ok(all) = calls.ledger.figures() else { return };
    let Some(submit) = all.into_iter().find(|figures| figures.bucket == Bucket::Submit) else { return };
    let sendable = submit.left + 2 * submit.limit;
    if rows > sendable {
        calls.tell(Notice::MediaWillExpire { rows, sendable });
    }
}

/// The code under which a row is named in the summary, if something is wrong with it.
fn code_of(line: &Line, standing: Standing) -> Option<&str> {
    match standing {
        Standing::Ok | Standing::Pending | Standing::Skipped => None,
        Standing::Failed if !line.errcode.is_empty() => Some(&line.errcode),
        Standing::Failed | Standing::Invalid | Standing::InDoubt => Some(line.note_code()),
    }
}

fn write(book: &Book, path: &Path) -> anyhow::Result<()> {
    book.write(path).or_exit(Exit::CannotWrite)
}

/// `--dry-run`: the very plan, and nothing else.
fn print_plan(
    session: &Session,
    sheet: &Path,
    columns: Option<&ColumnsRead>,
    plan: &ImportPlan,
) -> anyhow::Result<Exit> {
    let mut out = terminal::stdout();
    if session.output.json {
        words::import_plan_as_json(&mut out, sheet, columns, plan)?;
    } else if !session.output.quiet {
        words::import_plan(&mut out, sheet, columns, plan)?;
    }
    out.flush()?;
    Ok(Exit::Done)
}
