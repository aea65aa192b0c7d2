//! A whole pass: rounds of threads over the rows that are left, doubts settled between them, days waited for.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::event::{Event, Notice};
use crate::goods::GoodsId;
use crate::quota::Bucket;
use crate::results::{Held, Journal, Line, Outcome};

use super::verb::{Attempted, Settled};
use super::worker::{Round, Worker};
use super::{Calls, Verb};
use crate::exit::Stop;

/// Answers lost one after the other before a round ends and the list is asked: the service is not well.
const LOST_IN_A_ROW: usize = 5;
/// Rounds without a single outcome before the service is said to keep failing.
const FRUITLESS: u32 = 3;
/// Requests that were malformed, one after the other, before the run stops: the fault is ours.
const OWN_FAULTS: u32 = 3;
/// How often one row may end in doubt and be sent again in one run.
const SENDS_A_ROW: u32 = 3;

/// How a pass is run.
pub struct Rules<'a> {
    /// Threads.
    pub jobs: usize,
    /// Sleep over the turn of the day instead of stopping.
    pub wait: bool,
    /// Whether so many refused rows are too many.
    pub too_many_errors: &'a (dyn Fn(u64) -> bool + Sync),
}

/// How a pass came to its end.
#[derive(Debug, PartialEq)]
pub struct Ended {
    /// Why it stopped early, if it did.
    pub stop: Option<Stop>,
    /// Where the rows stand that were worked on, by the index of their lines.
    pub reached: HashMap<usize, Outcome>,
}

/// A pass under way.
pub struct Pass<'a, V: Verb> {
    verb: &'a V,
    calls: &'a Calls,
    journal: &'a Journal,
    rules: Rules<'a>,
    /// The newest line of each row, kept up with what is on disk.
    lines: &'a mut [Held],
    ready: VecDeque<V::Task>,
    doubtful: Vec<V::Task>,
    /// How often the answer for a line was lost in this run.
    losses: HashMap<usize, u32>,
    reached: HashMap<usize, Outcome>,
    lost_in_a_row: usize,
    own_faults: u32,
    failed: u64,
    /// Outcomes so far: a round that adds none was fruitless.
    outcomes: u64,
    /// Rows that were given up because no answer ever came.
    given_up: u64,
    /// The bucket that was spent before all rows in doubt were settled, and when it is filled again.
    unsettled: Option<(Bucket, Timestamp)>,
}

impl<'a, V: Verb> Pass<'a, V> {
    /// A pass over the rows of `lines`.
    pub fn new(
        verb: &'a V,
        calls: &'a Calls,
        journal: &'a Journal,
        rules: Rules<'a>,
        lines: &'a mut [Held],
    ) -> Self {
        Self {
            verb,
            calls,
            journal,
            rules,
            lines,
            ready: VecDeque::new(),
            doubtful: Vec::new(),
            losses: HashMap::new(),
            reached: HashMap::new(),
            lost_in_a_row: 0,
            own_faults: 0,
            failed: 0,
            outcomes: 0,
            given_up: 0,
            unsettled: None,
        }
    }

    /// Works until everything has its outcome or something stops it. Rows in doubt are settled first.
    pub fn run(mut self, ready: Vec<V::Task>, doubtful: Vec<V::Task>) -> Ended {
        self.ready = ready.into();
        self.doubtful = doubtful;
        let mut fruitless = 0;
        loop {
            let before = self.outcomes;
            self.settle();
            if self.calls.stop.is_set() || self.ready.is_empty() {
                break;
            }
            let spent = self.round();
            self.settle();
            if self.calls.stop.is_set() {
                break;
            }
            if let Some((bucket, turns_at)) = spent.filter(|_| !self.ready.is_empty()) {
                self.next_day(bucket, turns_at);
                continue;
            }
            fruitless = if self.outcomes == before { fruitless + 1 } else { 0 };
            if fruitless > 0 && !self.ready.is_empty() {
                self.pause(fruitless);
            }
        }
        if let Some((bucket, turns)) = self.unsettled.filter(|_| !self.calls.stop.is_set()) {
            self.stop(Stop::QuotaSpent { bucket, turns });
        }
        if self.given_up > 0 {
            let why = format!("{} rows got no readable answer, however often they were sent", self.given_up);
            self.stop(Stop::Unreachable { why });
        }
        Ended { stop: self.calls.stop.get(), reached: self.reached }
    }

    /// One round of threads; when it spent a bucket, that, and the time at which there is more.
    fn round(&mut self) -> Option<(Bucket, Timestamp)> {
        let verb = self.verb;
        // Rows that came back stand in the order of the sheet again.
        self.ready.make_contiguous().sort_by_key(|task| verb.line_of(task));
        let round = Round::new(std::mem::take(&mut self.ready));
        let jobs = self.rules.jobs.min(round.queue.lock().map_or(1, |queue| queue.len()));
        let (calls, journal) = (self.calls, self.journal);
        let pass = Mutex::new(&mut *self);
        // Whoever is done with a row takes it in: to wake another thread for it would cost more.
        let report = |attempted| {
            pass.lock().unwrap_or_else(PoisonError::into_inner).take(attempted, &round);
        };
        // At a pace it is the next call that rows wait for, and waiting for each other would only blur it.
        journal.expect(if calls.pacer.is_paced() { 1 } else { jobs });
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                let worker = Worker { verb, calls, journal, round: &round, report: &report, carried: None };
                scope.spawn(|| worker.work());
            }
        });
        journal.expect(1);
        let spent = round.spent();
        self.ready.extend(round.queue.into_inner().unwrap_or_default());
        spent
    }

    /// Takes in one row that a thread is done with; its line is on disk.
    fn take(&mut self, attempted: Attempted<V::Task>, round: &Round<V::Task>) {
        match attempted {
            Attempted::Done { task, line, own_fault } => {
                self.lost_in_a_row = 0;
                self.own_faults = if own_fault { self.own_faults + 1 } else { 0 };
                if self.own_faults >= OWN_FAULTS {
                    let why = format!("{OWN_FAULTS} calls in a row were malformed: {}", line.errmsg);
                    self.stop(Stop::Unreachable { why });
                }
                self.outcome(&task, line);
            }
            Attempted::Doubtful { task, line } => {
                self.lost_in_a_row += 1;
                if self.lost_in_a_row >= LOST_IN_A_ROW.max(self.rules.jobs) {
                    round.end();
                }
                *self.losses.entry(self.verb.line_of(&task)).or_default() += 1;
                self.show(&task, line, Outcome::InDoubt);
                self.doubtful.push(task);
            }
            Attempted::Left { task, line } => {
                if let Some(line) = line {
                    self.show(&task, line, Outcome::Pending);
                }
                self.ready.push_back(task);
            }
        }
    }

    /// A row's outcome, on disk and final for this run.
    fn outcome(&mut self, task: &V::Task, line: Line) {
        self.outcomes += 1;
        let reached = line.outcome.unwrap_or(Outcome::Pending);
        let failed = reached == Outcome::Failed;
        self.show(task, line, reached);
        if failed {
            self.failed += 1;
            if (self.rules.too_many_errors)(self.failed) {
                self.stop(Stop::TooManyErrors { failed: self.failed });
            }
        }
    }

    /// Tells where a row stands now: `reached` for this verb, whatever its line says of an earlier one.
    fn show(&mut self, task: &V::Task, line: Line, reached: Outcome) {
        let listener = &self.calls.listener;
        listener.hear(&Event::Row { row: line.row, outcome: reached });
        self.reached.insert(self.verb.line_of(task), reached);
        let bucket = V::CALL.bucket();
        if let Ok(left) = self.calls.ledger.left(bucket) {
            listener.hear(&Event::QuotaLeft { bucket, left });
        }
        self.lines[self.verb.line_of(task)].line = line;
    }

    /// Finds out what became of the rows in doubt, as far as it can be told.
    fn settle(&mut self) {
        if self.doubtful.is_empty() || self.calls.stop.get().is_some_and(|stop| !stop.lets_settle()) {
            return;
        }
        let tasks = std::mem::take(&mut self.doubtful);
        self.calls.tell(Notice::Settling { rows: tasks.len() as u64 });
        let owned: HashSet<GoodsId> = self.lines.iter().filter_map(|held| held.line.goods_id()).collect();
        match self.verb.settle(self.calls, tasks, &|id| owned.contains(&id)) {
            Ok(settled) => self.take_settled(settled),
            // Without calls of the list the rows stay in doubt; the others go on.
            Err(Stop::QuotaSpent { bucket, turns }) => self.unsettled = Some((bucket, turns)),
            Err(stop) => self.stop(stop),
        }
    }

    /// Puts what is known now on disk, all of it together, and goes on with it.
    fn take_settled(&mut self, all: Vec<Settled<V::Task>>) {
        let written: Vec<_> = all
            .into_iter()
            .map(|settled| {
                let line = match &settled {
                    Settled::Known(_, line) | Settled::Unknown(_, line) => line.clone(),
                    Settled::Again(task) => self.verb.unsent(task),
                };
                (settled, self.journal.record(&[&line]), line)
            })
            .collect();
        for (settled, receipt, line) in written {
            match receipt.wait() {
                Ok(stamp) => self.go_on(settled, Line { updated_at: Some(stamp), ..line }),
                Err(error) => self.stop(error.into()),
            }
        }
    }

    /// Goes on with a row whose `line` is on disk.
    fn go_on(&mut self, settled: Settled<V::Task>, line: Line) {
        match settled {
            Settled::Known(task, _) => self.outcome(&task, line),
            Settled::Unknown(task, _) => self.show(&task, line, Outcome::InDoubt),
            Settled::Again(task) => {
                self.show(&task, line, Outcome::Pending);
                if self.losses.get(&self.verb.line_of(&task)).is_some_and(|lost| *lost >= SENDS_A_ROW) {
                    self.given_up += 1;
                } else {
                    self.ready.push_back(task);
                }
            }
        }
    }

    /// The bucket is spent and rows are left.
    fn next_day(&self, bucket: Bucket, turns_at: Timestamp) {
        if !self.rules.wait {
            self.stop(Stop::QuotaSpent { bucket, turns: turns_at });
            return;
        }
        if let Err(stop) = self.calls.next_day(V::CALL, turns_at) {
            self.stop(stop);
        }
    }

    /// Nothing came of a round: a pause, then another, then the end.
    fn pause(&self, fruitless: u32) {
        if fruitless >= FRUITLESS {
            let why = format!("no row got a readable answer in {FRUITLESS} rounds");
            self.stop(Stop::Unreachable { why });
        } else if let Err(stop) = self.calls.back_off(fruitless + 2) {
            self.stop(stop);
        }
    }

    fn stop(&self, stop: Stop) {
        self.calls.stop.set(stop, &*self.calls.clock);
    }
}
