//! What all passes over results have in common: reading and believing them, the plan, the errand, the summary.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use super::errand::{Done, Errand, tell_the_day};
use super::flags::PassFlags;
use super::records::{Asked, Opened, Records, joined};
use super::{Account, NextCommand, Session, account};
use crate::clock::{Clock, SystemClock};
use crate::cover::Uploads;
use crate::event::Event;
use crate::exit::{Exit, Stop};
use crate::goods::GoodsId;
use crate::pass::{Calls, Change, Ended, Look, OnGoods, Pass, Refresh, Sightings, Verb};
use crate::plan::{GoodsTask, Method, OfSheet, Pile, Scope, Standing, Step, Steps};
use crate::quota::{Bucket, days_needed};
use crate::report::{ColumnsRead, IssueTally, PricesRead, Recognised, Summary, exit_of};
use crate::results::{Action, Held, Journal, Line, Note, Outcome};
use crate::sheet::Columns;
use crate::terminal;
use crate::terminal::words::{self, PassPlan};
use crate::wechat::Call;

/// A pass whose results are read, locked and believed.
pub struct OpenPass<'a> {
    flags: &'a PassFlags,
    session: &'a Session,
    clock: Arc<dyn Clock>,
    action: Action,
    /// The mini-program.
    pub appid: String,
    records: Records,
    fates: Vec<(usize, Step)>,
    of_sheet: HashMap<usize, OfSheet>,
    recognised: Option<Recognised>,
    read: Option<ColumnsRead>,
    prices: Option<PricesRead>,
}

impl<'a> OpenPass<'a> {
    /// Reads the results, each under its lock.
    ///
    /// # Errors
    /// What keeps them from being understood, locked or believed.
    pub fn new(flags: &'a PassFlags, session: &'a Session, action: Action) -> anyhow::Result<Self> {
        Self::over(flags, session, action, |asked| Records::read(asked).map(Opened::from))
    }

    /// The same over results that are read by `read`.
    ///
    /// # Errors
    /// What keeps them from being understood, locked or believed.
    pub fn over(
        flags: &'a PassFlags,
        session: &'a Session,
        action: Action,
        read: impl FnOnce(&Asked<'_>) -> anyhow::Result<Opened>,
    ) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let appid = account::appid_of(&flags.service)?;
        let asked = Asked {
            command: &session.command,
            inputs: &flags.inputs,
            options: &flags.reading.options(),
            run: &flags.run,
            sandbox: flags.service.sandbox,
            appid: &appid,
        };
        let Opened { records, fates, of_sheet, recognised, columns } = read(&asked)?;
        records.believe(&appid)?;
        Ok(Self {
            flags,
            session,
            clock,
            action,
            appid,
            records,
            fates,
            of_sheet,
            recognised,
            read: columns,
            prices: None,
        })
    }

    /// The lines.
    pub fn pile(&self) -> &Pile {
        &self.records.pile
    }

    /// The user's columns, those of the first file.
    pub fn columns(&self) -> &Columns {
        self.records.columns()
    }

    /// What the row of a line says in the sheet, and the line's cells do not.
    pub fn of_sheet(&self, line: usize) -> OfSheet {
        self.of_sheet.get(&line).cloned().unwrap_or_default()
    }

    /// Decides by the verb's own table.
    pub fn plan(&self, judge: impl Fn(usize, &Line) -> Step) -> Steps {
        let run = &self.flags.run;
        let scope = Scope {
            appid: &self.appid,
            trust_ids: self.flags.trust_ids,
            selected: &|row| run.rows.as_ref().is_none_or(|rows| rows.contains(row)),
            limit: run.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        };
        Steps::plan(self.pile(), &scope, judge).with(self.fates.clone(), self.pile(), &scope)
    }

    /// A plan with what it costs, to be shown. `expect` is the number `delete --expect` takes.
    pub fn told<'s>(
        &'s self,
        steps: &'s Steps,
        cost: &'s [(Bucket, u64)],
        expect: Option<u64>,
    ) -> PassPlan<'s> {
        let (action, input, pile) = (self.action, self.input(), self.pile());
        let columns = self.read.as_ref();
        PassPlan { action, input, columns, pile, steps, cost, days: self.days(cost), expect }
    }

    /// `--dry-run`: the very plan, and nothing else.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn print(&self, plan: &PassPlan<'_>) -> anyhow::Result<Exit> {
        let mut out = terminal::stdout();
        if self.session.output.json {
            words::pass_plan_as_json(&mut out, plan)?;
        } else if !self.session.output.quiet {
            words::pass_plan(&mut out, plan)?;
        }
        out.flush()?;
        Ok(Exit::Done)
    }

    /// Carries the plan out: notes what is refused, lets `work` make the calls, folds, sums up. `calls` are
    /// those whose quota is asked for first.
    ///
    /// # Errors
    /// What keeps the run from its rows; what stops it on the way is in the summary.
    pub fn run(
        mut self,
        steps: &Steps,
        calls: &[Call],
        work: impl FnOnce(&mut Work<'_>) -> Ended,
    ) -> anyhow::Result<Exit> {
        // Without anything to do, nothing is opened or called. What cannot be opened ends the run before it
        // leaves anything behind.
        let flags = self.flags;
        let open = || Account::open(&flags.service, Arc::clone(&self.clock));
        let account = (steps.todo() > 0).then(open).transpose()?;
        self.records.pile.note_refusals(steps, self.action, words::note);
        self.records.write(&self.clock)?;
        let mut reached = HashMap::new();
        let done = match &account {
            Some(account) => self.call(account, steps, calls, |hands| {
                let Ended { stop, reached: all } = work(hands);
                reached = all;
                stop
            })?,
            None => Done::default(),
        };
        if done.is_recorded() {
            self.records.pile.echo(steps, &reached, &self.appid);
            self.records.write(&self.clock)?;
        }
        let summary = self.summary(steps, done, &reached);
        self.session.close(&summary)
    }

    fn call(
        &mut self,
        account: &Account<'_>,
        steps: &Steps,
        calls: &[Call],
        work: impl FnOnce(&mut Work<'_>) -> Option<Stop>,
    ) -> anyhow::Result<Done> {
        let Self { flags, session, clock, action, appid, records, prices, .. } = self;
        let errand = Errand { session, clock, service: &flags.service, run: &flags.run };
        errand.run(account, calls, |connected| {
            let journal = records.journal(clock)?;
            let (rows, todo) = (steps.rows(), steps.todo());
            connected.listener.hear(&Event::Started { action: *action, rows, todo });
            tell_the_day(connected, calls);
            let pile = &mut records.pile;
            let (calls, journal) = (connected, &journal);
            let mut hands =
                Work { errand: &errand, account, calls, journal, pile, steps, appid, prices: None };
            let stop = work(&mut hands);
            *prices = hands.prices;
            Ok(stop)
        })
    }

    fn input(&self) -> String {
        joined(self.flags.inputs.iter().map(PathBuf::as_path))
    }

    /// How many whole days the dearest bucket needs.
    fn days(&self, cost: &[(Bucket, u64)]) -> Option<u64> {
        let given = |bucket| self.flags.service.quota.iter().rev().find(|(given, _)| *given == bucket);
        let days = |(bucket, calls): &(Bucket, u64)| {
            let limit = given(*bucket).map_or(bucket.documented_limit(), |(_, limit)| *limit);
            days_needed(*calls, limit, limit)
        };
        cost.iter().map(days).try_fold(0, |most, days| Some(days?.max(most)))
    }

    /// The `status` of the same files: the way out of other verbs' doubts.
    fn status_command(&self) -> NextCommand {
        let own = ["refused", "withdraw-first", "yes", "expect", "limit", "max-errors", "reply-prices"];
        let typed = &self.session.command;
        match &self.recognised {
            // A sheet has no lines of its own: those are in its results.
            Some(_) => typed.of_the_service("status").value(self.records.paths()),
            None => own.into_iter().fold(typed.clone().verb("status"), NextCommand::without),
        }
    }

    /// The `import` of a file with an add in doubt: only an import looks for it in the library.
    fn import_command(&self, steps: &Steps) -> Option<NextCommand> {
        let is_add = |line: &usize| self.pile().lines[*line].line.doubt().is_none();
        self.over_the_file_of("import", steps.lines_to(&Step::Unsettled).find(is_add)?)
    }

    /// The `update` of a file with an update in doubt: what became of one shows in the goods themselves, and only
    /// an update looks at those.
    fn update_command(&self) -> Option<NextCommand> {
        let doubts = |held: &Held| held.line.doubt() == Some(Action::Update);
        let doubtful = self.pile().lines.iter().position(doubts).filter(|_| self.action != Action::Update)?;
        self.over_the_file_of("update", doubtful)
    }

    /// Another verb over the file in which a line stands.
    fn over_the_file_of(&self, verb: &str, line: usize) -> Option<NextCommand> {
        let path = self.records.path(self.pile().lines[line].line.file)?;
        Some(self.session.command.of_the_service(verb).value(path))
    }

    fn summary(&self, steps: &Steps, done: Done, reached: &HashMap<usize, Outcome>) -> Summary {
        let mut issues = IssueTally::default();
        for (index, _) in steps.iter() {
            let line = &self.pile().lines[index].line;
            match steps.standing(index, reached) {
                Some(Standing::Failed) if matches!(line.errcode.as_str(), "" | "0") => {
                    issues.add(line.note_code(), line.row);
                }
                Some(Standing::Failed) => issues.add(&line.errcode, line.row),
                Some(Standing::Invalid) => issues.add(line.note_code(), line.row),
                Some(Standing::InDoubt) => issues.add("in-doubt", line.row),
                _ => {}
            }
        }
        let counts = steps.counts(reached);
        let exit = exit_of(done.stop.as_ref(), &counts);
        let unsettled = steps.iter().any(|(_, step)| *step == Step::Unsettled);
        let trusting = exit == Exit::SomeFailed && issues.only(Note::CheckMissing.code());
        let next = match exit {
            Exit::Done => None,
            Exit::SomeInDoubt if let Some(import) = self.import_command(steps) => Some(import),
            Exit::SomeInDoubt if let Some(update) = self.update_command() => Some(update),
            Exit::SomeInDoubt if unsettled => Some(self.status_command()),
            _ if trusting => Some(self.session.command.clone().flag("trust-ids")),
            _ => Some(done.stop.iter().fold(self.session.command.clone(), NextCommand::after)),
        };
        Summary {
            command: words::verb(self.action),
            input: self.input(),
            format: self.recognised.clone(),
            columns: self.read.clone(),
            results: Some(self.records.paths()),
            counts: counts.into(),
            issues: issues.into_groups(),
            quota: done.quota,
            reply_prices: self.prices,
            elapsed: self.clock.elapsed(),
            stopped: done.stop,
            exit,
            next_command: next.map(|next| next.to_string()),
        }
    }
}

/// What a verb works with once it can call.
pub struct Work<'a> {
    errand: &'a Errand<'a>,
    account: &'a Account<'a>,
    calls: &'a Calls,
    journal: &'a Journal,
    /// The lines, kept up with what is on disk.
    pub pile: &'a mut Pile,
    steps: &'a Steps,
    /// The mini-program.
    pub appid: &'a str,
    /// How prices in replies were read, once some were.
    pub prices: Option<PricesRead>,
}

impl Work<'_> {
    /// A verb over goods that exist.
    pub fn on_goods<C: Change>(&self, change: C) -> OnGoods<C> {
        OnGoods { change, appid: self.appid.to_owned(), wording: words::note }
    }

    /// What was uploaded when.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn uploads(&self) -> Result<Uploads, Stop> {
        Ok(self.account.uploads()?)
    }

    /// Says that another part of the run begins.
    pub fn begin(&self, action: Action, todo: usize) {
        let rows = self.steps.rows();
        self.calls.listener.hear(&Event::Started { action, rows, todo: todo as u64 });
    }

    /// Says what became of a row.
    pub fn tell(&self, event: &Event) {
        self.calls.listener.hear(event);
    }

    /// What the service shows of goods; those it does not show are gone.
    ///
    /// # Errors
    /// What stops the run.
    pub fn look(&self, ids: &[GoodsId], method: Method) -> Result<Sightings, Stop> {
        Look { calls: self.calls, wait: self.errand.service.wait }.goods(ids, method)
    }

    /// Runs a verb over tasks, those in doubt first.
    pub fn pass<V: Verb>(&mut self, verb: &V, ready: Vec<V::Task>, doubtful: Vec<V::Task>) -> Ended {
        let Self { errand, calls, journal, pile, steps, .. } = self;
        errand.with_rules(steps.todo(), |rules| {
            Pass::new(verb, calls, journal, rules, &mut pile.lines).run(ready, doubtful)
        })
    }

    /// Asks for the audit status of the goods of tasks.
    pub fn refresh(&mut self, tasks: Vec<GoodsTask>, method: Method) -> Ended {
        let Self { errand, calls, journal, pile, steps, appid, .. } = self;
        errand.with_rules(steps.todo(), |rules| {
            let lines = &mut pile.lines;
            Refresh { calls, journal, rules, lines, appid, wording: words::note }.run(tasks, method)
        })
    }
}
