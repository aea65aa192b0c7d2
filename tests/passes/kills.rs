//! Passes inside the process, with the time, the disk and the service given: death at every step, and faults.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use livegoods::clock::{Clock, ManualClock};
use livegoods::event::Silence;
use livegoods::exit::Stop;
use livegoods::goods::{AuditId, Cover, Goods, GoodsId, Judged, Keys, Pricing};
use livegoods::library::{GoodsInfo, PriceUnit};
use livegoods::pass::{
    Calls, Change, Delete, Ended, Look, OnGoods, Pass, Refresh, Resubmit, Rules, StopCell, Update, Withdraw,
};
use livegoods::plan::{
    Decided, Method, Pile, Scope, Step, Steps, Trust, Wanted, decided, delete_step, resubmit_step,
    status_step, trust, update_step, withdraw_step,
};
use livegoods::quota::{DayRule, Ledger, LedgerSettings, Pacer, StateDir};
use livegoods::results::{Action, Book, Content, Counts, Held, Journal, Layout, Line, Lost, Outcome};
use livegoods::sandbox::{Call, Options, Sandbox};
use livegoods::sheet::{Columns, Field, ReadOptions};
use livegoods::terminal::words;
use livegoods::wechat::{Client, Service, Settings, StateTokens};
use tempfile::TempDir;

use crate::mortal::{Fuse, MortalDisk, MortalService};
use crate::run_clock::RunClock;

const ROWS: u64 = 3;

/// A service with goods, and results that know them.
struct Stage {
    folder: TempDir,
    sandbox: Sandbox,
    time: Arc<ManualClock>,
}

impl Stage {
    /// Goods that stand where `verb` finds them.
    fn set_for(verb: Action, faults: &[&str]) -> Self {
        let start = "2026-11-21T02:00:00Z".parse().expect("a timestamp");
        let time = Arc::new(ManualClock::at(start));
        let sandbox = Sandbox::start(Options {
            faults: faults.iter().map(|fault| fault.parse().expect("a fault")).collect(),
            // Second looks and pauses must not end the reviews.
            review_time: Duration::from_secs(86_400),
            clock: Arc::clone(&time) as Arc<dyn Clock>,
            rate: None,
            ..Options::default()
        })
        .expect("a sandbox");
        let stage = Self { folder: tempfile::tempdir().expect("a directory"), sandbox, time };
        let client = stage.client();
        let lines = (1..=ROWS).map(|number| stage.line_of(&client, verb, number)).collect();
        if verb == Action::Delete {
            stage.time.step(Duration::from_secs(86_401));
        }
        let mut columns = Columns { headings: vec!["sku".into()], ..Columns::default() };
        columns.fields[Field::Sku as usize] = Some(0);
        let layout = Layout { columns, source: vec![Some(0)] };
        let book = Book { layout, lines, lost: Lost::Nothing };
        book.write(&stage.results()).expect("results");
        stage
    }

    fn line_of(&self, client: &Arc<dyn Service>, verb: Action, number: u64) -> Held {
        let info = GoodsInfo {
            cover_img_url: "SANDBOX-COVER-IMAGE-01".into(),
            name: format!("手冲咖啡壶 {number} 号"),
            pricing: Pricing::Fixed("9.5".parse().expect("a price")),
            url: format!("pages/tea?id={number}"),
            third_party_appid: String::new(),
        };
        let added = client.add(&info).expect("added");
        if matches!(verb, Action::Resubmit | Action::Update) {
            client.withdraw(added.goods_id, added.audit_id.expect("an auditId")).expect("withdrawn");
        }
        let status = match verb {
            Action::Resubmit | Action::Update => "0",
            Action::Delete => "2",
            _ => "1",
        };
        let sku = format!("T-{number}");
        let mut line = Line {
            user: std::iter::once(sku.as_str()).collect(),
            row: u32::try_from(number).expect("a row") + 1,
            action: Some(Action::Add),
            outcome: Some(Outcome::Ok),
            goods_id: added.goods_id.to_string(),
            audit_id: added.audit_id.expect("an auditId").to_string(),
            audit_status: status.into(),
            errcode: "0".into(),
            updated_at: Some(self.time.now()),
            ..Line::default()
        };
        let keys = Keys { sku: Some(sku), page: "\u{1F}\u{1F}".into() };
        line.seal(self.sandbox.appid(), &keys, None);
        Held { line, keys }
    }

    fn results(&self) -> PathBuf {
        self.folder.path().join("tea.results.csv")
    }

    fn client(&self) -> Arc<dyn Service> {
        let state = StateDir::open(&self.folder.path().join("state")).expect("a state");
        let settings = Settings {
            api_base: self.sandbox.base_url(),
            appid: self.sandbox.appid().into(),
            secret: self.sandbox.secret().into(),
            // The shared time leaps while others sleep; that must not look like a late answer.
            timeout: Duration::from_secs(3600),
            jobs: 4,
            tokens: Arc::new(StateTokens::open(&state).expect("tokens")),
            clock: Arc::clone(&self.time) as Arc<dyn Clock>,
        };
        Arc::new(Client::new(settings).expect("a client"))
    }

    fn book(&self) -> Book {
        Book::read(&self.results(), &ReadOptions::default()).expect("readable").expect("results")
    }

    fn pile(&self) -> (Pile, Layout) {
        let Book { layout, lines, .. } = self.book();
        let (mut pile, given) = (Pile::default(), lines.len());
        pile.add(lines, given, &layout);
        (pile, layout)
    }

    /// One run of a verb, as its command wires it.
    fn run(&self, verb: Action, fuse: &Arc<Fuse>, jobs: usize) -> (Counts, Option<Stop>) {
        let clock = RunClock::over(&self.time);
        let (mut pile, layout) = self.pile();
        let scope = Scope { appid: self.sandbox.appid(), trust_ids: false, selected: &|_| true, limit: None };
        let steps = Steps::plan(&pile, &scope, |_, line| match verb {
            Action::Withdraw => withdraw_step(line),
            Action::Resubmit => resubmit_step(line, false),
            Action::Delete => delete_step(line, false),
            Action::Update => update_step(line, &wanted(line.row), &layout.columns, words::note),
            _ => status_step(line),
        });
        let write = |pile: &Pile| {
            let book = Book { layout: layout.clone(), lines: pile.lines.clone(), lost: Lost::Nothing };
            book.write(&self.results()).expect("results");
        };
        write(&pile);
        let calls = self.calls(&clock, fuse);
        let latest = pile.lines.iter().filter_map(|held| held.line.updated_at).max();
        let disk = MortalDisk::open(&self.results(), fuse);
        let journal = Journal::start(Box::new(disk), 1, clock, latest);
        let act = Act { stage: self, calls: &calls, journal: &journal, steps: &steps, jobs };
        let ended = match verb {
            Action::Withdraw => act.pass(&mut pile, Withdraw),
            Action::Resubmit => act.pass(&mut pile, Resubmit),
            Action::Delete => act.pass(&mut pile, Delete),
            Action::Update => act.update(&mut pile),
            _ => act.refresh(&mut pile),
        };
        if !matches!(ended.stop, Some(Stop::CannotWrite { .. })) {
            write(&pile);
        }
        let counts = steps.counts(&ended.reached);
        assert_eq!(counts.rows(), ROWS, "the counts add up");
        (counts, ended.stop)
    }

    fn calls(&self, clock: &Arc<dyn Clock>, fuse: &Arc<Fuse>) -> Calls {
        let state = StateDir::open(&self.folder.path().join("state")).expect("a state");
        let settings = LedgerSettings {
            appid: self.sandbox.appid().into(),
            rule: DayRule::default(),
            given: Vec::new(),
        };
        let ledger = Ledger::open(&state, settings, Arc::clone(clock)).expect("a ledger");
        Calls {
            service: Arc::new(MortalService { service: self.client(), fuse: Arc::clone(fuse) }),
            ledger: Arc::new(ledger),
            pacer: Arc::new(Pacer::new(None, Arc::clone(clock))),
            clock: Arc::clone(clock),
            listener: Arc::new(Silence),
            stop: StopCell::default(),
        }
    }

    fn done(&self, call: Call) -> usize {
        self.sandbox.calls().log().filter(|asked| asked.call == call && asked.errcode == Some(0)).count()
    }

    /// Every row is where the verb wants it, and its line tells the truth about it.
    fn assert_whole(&self, verb: Action, context: &str) {
        let goods = self.sandbox.goods().expect("goods");
        let lines = self.book().lines;
        assert_eq!(lines.len() as u64, ROWS, "{context}: folded");
        for held in &lines {
            let line = &held.line;
            let context = format!("{context}, row {}: {line:?}", line.row);
            assert_eq!(trust(held, self.sandbox.appid()), Trust::Own, "{context}");
            assert_eq!((line.action, line.outcome), (Some(verb), Some(Outcome::Ok)), "{context}");
            let id: GoodsId = line.goods_id.parse().expect("an id");
            let found = goods.iter().find(|goods| goods.goods_id.unsigned_abs() == id.0);
            match (verb, found) {
                (Action::Update, Some(found)) => {
                    assert_eq!((found.name.as_str(), found.price), ("白茶饼一饼", 880), "{context}");
                    assert_eq!(line.audit_status, "0", "{context}");
                    let goods = wanted(line.row).judged.goods.expect("goods");
                    let content = line.check().and_then(|check| check.content);
                    assert_eq!(content, Some(Content::of(&goods, "")), "{context}");
                }
                (Action::Delete, found) => assert_eq!(found, None, "{context}"),
                (_, Some(found)) => {
                    let status = if verb == Action::Withdraw { 0 } else { 1 };
                    assert_eq!(
                        (found.status, line.audit_status.as_str()),
                        (status, &*status.to_string()),
                        "{context}"
                    );
                    let known = found.audit_id.map(|id| AuditId(id.unsigned_abs()));
                    let lost = line.note.starts_with("audit-id-unknown: ");
                    assert_eq!(line.audit_id(), known.filter(|_| !lost), "{context}");
                }
                (_, None) => panic!("{context}: the goods are gone"),
            }
        }
    }
}

/// What one run works with.
struct Act<'a> {
    stage: &'a Stage,
    calls: &'a Calls,
    journal: &'a Journal,
    steps: &'a Steps,
    jobs: usize,
}

impl Act<'_> {
    fn rules(&self) -> Rules<'static> {
        Rules { jobs: self.jobs, wait: false, too_many_errors: &|_| false }
    }

    fn pass<C: Change<Wish = ()>>(&self, pile: &mut Pile, change: C) -> Ended {
        let verb = OnGoods { change, appid: self.stage.sandbox.appid().to_owned(), wording: words::note };
        let (ready, doubtful) = (self.steps.tasks(pile, &Step::Call), self.steps.tasks(pile, &Step::Settle));
        Pass::new(&verb, self.calls, self.journal, self.rules(), &mut pile.lines).run(ready, doubtful)
    }

    /// Looks, decides and sends, as the command wires it.
    fn update(&self, pile: &mut Pile) -> Ended {
        let tasks = self.steps.tasks(pile, &Step::Call);
        let ids: Vec<GoodsId> = tasks.iter().map(|task| task.goods_id).collect();
        let seen = match (Look { calls: self.calls, wait: false }).goods(&ids, Method::ByIds { calls: 1 }) {
            Ok(seen) => seen,
            Err(stop) => return Ended { stop: Some(stop), reached: HashMap::new() },
        };
        let appid = self.stage.sandbox.appid();
        let (mut changes, mut reached) = (Vec::new(), HashMap::new());
        for task in tasks {
            let (index, now) = (task.line, seen.get(&task.goods_id));
            match decided(task.clone(), &wanted(task.before.row), now, appid, words::note) {
                Decided::Send(task) => changes.push(*task),
                Decided::Settled(line, outcome) => {
                    pile.lines[index].line = *line;
                    reached.insert(index, outcome);
                }
            }
        }
        let change = Update { appid: appid.to_owned(), unit: PriceUnit::Yuan, covers: None };
        let verb = OnGoods { change, appid: appid.to_owned(), wording: words::note };
        let mut ended = Pass::new(&verb, self.calls, self.journal, self.rules(), &mut pile.lines)
            .run(changes, Vec::new());
        ended.reached.extend(reached);
        ended
    }

    fn refresh(&self, pile: &mut Pile) -> Ended {
        let tasks = self.steps.tasks(pile, &Step::Call);
        let refresh = Refresh {
            calls: self.calls,
            journal: self.journal,
            rules: self.rules(),
            lines: &mut pile.lines,
            appid: self.stage.sandbox.appid(),
            wording: words::note,
        };
        refresh.run(tasks, Method::ByIds { calls: 1 })
    }
}

const VERBS: [(Action, Call); 4] = [
    (Action::Withdraw, Call::Withdraw),
    (Action::Resubmit, Call::Resubmit),
    (Action::Delete, Call::Delete),
    (Action::Update, Call::Update),
];

/// What an update makes of the goods of a row.
fn wanted(row: u32) -> Wanted {
    let number = row - 1;
    let goods = Goods {
        name: "白茶饼一饼".into(),
        cover: Cover::MediaId(String::new()),
        pricing: Pricing::Fixed("8.8".parse().expect("a price")),
        url: format!("pages/tea?id={number}"),
        third_party_appid: String::new(),
        sku: format!("T-{number}"),
        goods_id: None,
        audit_id: None,
    };
    let keys = Keys { sku: Some(goods.sku.clone()), page: String::new() };
    Wanted {
        judged: Judged { goods: Some(goods), issues: Vec::new(), keys, cover: None },
        cover: None,
        moved: None,
    }
}

#[test]
fn death_at_any_step_of_a_pass_loses_nothing_and_does_nothing_twice() {
    for (verb, call) in VERBS {
        let stage = Stage::set_for(verb, &[]);
        let endless = Fuse::endless();
        stage.run(verb, &endless, 1);
        stage.assert_whole(verb, "undisturbed");
        assert!(endless.steps() > 15, "{} steps", endless.steps());
        for death in 1..=endless.steps() {
            let stage = Stage::set_for(verb, &[]);
            stage.run(verb, &Fuse::of(death), 1);
            let (counts, stop) = stage.run(verb, &Fuse::endless(), 1);
            let context = format!("{verb:?}, death at step {death}: {:?}", stage.book().lines);
            assert_eq!((counts.ok, stop), (ROWS, None), "{context}");
            stage.assert_whole(verb, &context);
            assert_eq!(stage.done(call) as u64, ROWS, "{context}: each once");
        }
    }
}

#[test]
fn death_at_two_steps_with_two_threads_does_nothing_twice() {
    for (verb, call) in VERBS {
        for (first, second) in [(3, 5), (7, 3), (12, 9), (14, 14), (20, 4)] {
            let stage = Stage::set_for(verb, &[]);
            stage.run(verb, &Fuse::of(first), 2);
            stage.run(verb, &Fuse::of(second), 2);
            let (counts, stop) = stage.run(verb, &Fuse::endless(), 2);
            let context = format!("{verb:?}, deaths at {first} and {second}");
            assert_eq!((counts.ok, stop), (ROWS, None), "{context}");
            stage.assert_whole(verb, &context);
            assert_eq!(stage.done(call) as u64, ROWS, "{context}");
        }
    }
}

#[test]
fn status_settles_what_a_killed_pass_left_in_doubt() {
    // What became of an update shows in the goods themselves, and only an update looks at those.
    for (verb, _) in VERBS.into_iter().filter(|(verb, _)| *verb != Action::Update) {
        for death in 1..=20 {
            let stage = Stage::set_for(verb, &[]);
            stage.run(verb, &Fuse::of(death), 1);
            let (counts, stop) = stage.run(Action::Status, &Fuse::endless(), 1);
            let context = format!("{verb:?}, death at step {death}: {:?}", stage.book().lines);
            assert_eq!((counts.in_doubt + counts.pending, stop), (0, None), "{context}");
            assert!(stage.book().lines.iter().all(|held| held.line.doubt().is_none()), "{context}");
            let (counts, _) = stage.run(verb, &Fuse::endless(), 1);
            assert_eq!(counts.failed + counts.in_doubt + counts.pending, 0, "{context}");
        }
    }
}

#[test]
fn whatever_goes_wrong_at_the_service_each_row_comes_to_its_end_once() {
    for (verb, call) in VERBS {
        for fault in [
            "lost-before=@2",
            "lost-after=@2",
            "5xx=2x",
            "5xx-after=2x",
            "-1=@1",
            "-1-after=@1",
            "garbage-after=@3",
            "truncated=@3",
            "45011=@1",
            "stale-token=@2",
            "lost-after=3x",
        ] {
            let fault = format!("{}:{fault}", call.name());
            let stage = Stage::set_for(verb, &[&fault]);
            let (counts, stop) = stage.run(verb, &Fuse::endless(), 2);
            assert_eq!((counts.ok, stop), (ROWS, None), "{verb:?} {fault}");
            stage.assert_whole(verb, &format!("{verb:?} {fault}"));
            // An update says what the goods are to be: said twice, it is the same.
            let twice = verb == Action::Update && stage.done(call) as u64 > ROWS;
            assert!(twice || stage.done(call) as u64 == ROWS, "{verb:?} {fault}: each once");
        }
    }
}

#[test]
fn an_update_that_never_gets_an_answer_is_settled_by_looking_at_the_goods() {
    for (fault, carried_out) in [("update:lost-after=4x", ROWS + 3), ("update:lost-before=4x", ROWS)] {
        let stage = Stage::set_for(Action::Update, &[fault]);
        let (counts, stop) = stage.run(Action::Update, &Fuse::endless(), 1);
        assert_eq!((counts.ok, stop), (ROWS, None), "{fault}");
        stage.assert_whole(Action::Update, fault);
        assert_eq!(stage.done(Call::Update) as u64, carried_out, "{fault}");
    }
}
