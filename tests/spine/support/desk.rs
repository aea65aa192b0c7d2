//! A whole import inside the process: what the command wires, with the time, the service and the disk given.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use livegoods::clock::{Clock, ManualClock};
use livegoods::event::{Listener, Silence};
use livegoods::exit::{Exit, Stop};
use livegoods::goods::judge;
use livegoods::pass::{Add, Calls, Pass, Rules, StopCell, learn_quota};
use livegoods::plan::{Distrust, ImportFacts, ImportOptions, SheetRow, distrust, plan_import, standing};
use livegoods::quota::{Bucket, DayRule, Ledger, LedgerSettings, Pacer, StateDir};
use livegoods::report::exit_of;
use livegoods::results::{Book, Counts, Journal, digest_of};
use livegoods::sandbox::Sandbox;
use livegoods::sheet::{self, ReadOptions};
use livegoods::terminal::words;
use livegoods::wechat::{Call, Client, Service, Settings, StateTokens};
use tempfile::TempDir;

use super::scratch::scratch;
use super::{Fuse, MortalDisk, MortalService, RunClock};

/// The mini-program of these tests.
pub const APPID: &str = "wxsandbox000000001";

/// A folder with a sheet and its results, a state, and the time.
pub struct Desk {
    pub folder: TempDir,
    pub time: Arc<ManualClock>,
    pub sheet: PathBuf,
    pub results: PathBuf,
}

/// How one run is to be.
pub struct Wishes {
    pub fuse: Arc<Fuse>,
    pub jobs: usize,
    pub wait: bool,
    pub quota: Vec<(Bucket, u64)>,
    pub options: ImportOptions,
    pub listener: Arc<dyn Listener>,
    pub stop: StopCell,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            fuse: Fuse::endless(),
            jobs: 1,
            wait: false,
            quota: vec![(Bucket::Submit, 1_000_000), (Bucket::List, 1_000_000)],
            options: ImportOptions::default(),
            listener: Arc::new(Silence),
            stop: StopCell::default(),
        }
    }
}

/// How one run ended.
#[derive(Debug)]
pub struct Ran {
    pub stop: Option<Stop>,
    pub counts: Counts,
    pub exit: Exit,
    /// Lines that were not believed, by row.
    pub distrusted: Vec<u32>,
}

impl Desk {
    /// An empty desk on a working day.
    pub fn new() -> Self {
        let folder = scratch();
        let start = "2026-11-21T02:00:00Z".parse().expect("a timestamp");
        Self {
            sheet: folder.path().join("tea.csv"),
            results: folder.path().join("tea.results.csv"),
            time: Arc::new(ManualClock::at(start)),
            folder,
        }
    }

    /// A ledger over the desk's state, as another process would open it.
    pub fn ledger(&self, clock: &Arc<dyn Clock>, quota: Vec<(Bucket, u64)>) -> Ledger {
        let state = StateDir::open(&self.folder.path().join("state")).expect("a state");
        let settings = LedgerSettings { appid: APPID.to_owned(), rule: DayRule::default(), given: quota };
        Ledger::open(&state, settings, Arc::clone(clock)).expect("a ledger")
    }

    /// A client of the stand-in, whose token the desk's state keeps.
    pub fn client(&self, sandbox: &Sandbox) -> Arc<dyn Service> {
        let state = StateDir::open(&self.folder.path().join("state")).expect("a state");
        let settings = Settings {
            api_base: sandbox.base_url(),
            appid: sandbox.appid().into(),
            secret: sandbox.secret().into(),
            // The shared time leaps while others sleep; that must not look like a late answer.
            timeout: Duration::from_secs(3600),
            jobs: 4,
            tokens: Arc::new(StateTokens::open(&state).expect("tokens")),
            clock: Arc::clone(&self.time) as _,
        };
        Arc::new(Client::new(settings).expect("a client"))
    }

    /// Runs an import of the desk's sheet.
    pub fn import(&self, service: &Arc<dyn Service>, wishes: Wishes) -> Ran {
        self.import_as(APPID, service, wishes)
    }

    /// The same as another mini-program.
    pub fn import_as(&self, appid: &str, service: &Arc<dyn Service>, wishes: Wishes) -> Ran {
        let clock = RunClock::over(&self.time);
        let (columns, rows) = rows_of(&self.sheet);
        let history = match Book::read(&self.results, &ReadOptions::default()) {
            Ok(history) => history,
            Err(error) => return refused(Exit::BadInput, error.to_string().as_str(), Vec::new()),
        };
        match distrust(history.as_ref().map_or(&[][..], |book| &book.lines), appid) {
            Some(Distrust::OtherAppid { row }) => return refused(Exit::Configuration, "appid", vec![row]),
            Some(Distrust::Changed { rows }) => return refused(Exit::BadInput, "check", rows),
            None => {}
        }
        let facts = ImportFacts {
            columns: &columns,
            rows,
            history,
            is_own: false,
            known_elsewhere: &HashSet::new(),
            appid,
            wording: words::note,
            cover_digest: &|cover| Some(digest_of(cover)),
        };
        let plan = plan_import(facts, &wishes.options, |_| true);
        let (mut book, rows) = (plan.book, plan.rows);
        book.stamp(clock.now());
        book.write(&self.results).expect("results");
        let calls = self.calls(&clock, service, &wishes);
        let stop = match learn_quota(&*calls.service, &calls.ledger, Call::Add) {
            Err(stop) => Some(stop),
            Ok(_) => {
                let disk = MortalDisk::open(&self.results, &wishes.fuse);
                let width = book.layout.columns.headings.len();
                let journal = Journal::start(Box::new(disk), width, Arc::clone(&clock), book.latest());
                let rules = Rules { jobs: wishes.jobs, wait: wishes.wait, too_many_errors: &|_| false };
                let add = Add { appid: appid.to_owned(), wording: words::note, covers: None };
                let (doubtful, ready) = plan.tasks.into_iter().partition(|task| task.doubt.is_some());
                Pass::new(&add, &calls, &journal, rules, &mut book.lines).run(ready, doubtful).stop
            }
        };
        if !matches!(stop, Some(Stop::CannotWrite { .. })) {
            book.stamp(clock.now());
            book.write(&self.results).expect("results");
        }
        let mut counts = Counts::default();
        book.lines[..rows].iter().for_each(|held| counts.add(standing(&held.line)));
        assert_eq!(counts.rows(), rows as u64, "the counts add up");
        Ran { exit: exit_of(stop.as_ref(), &counts), stop, counts, distrusted: Vec::new() }
    }

    fn calls(&self, clock: &Arc<dyn Clock>, service: &Arc<dyn Service>, wishes: &Wishes) -> Calls {
        let service = MortalService { service: Arc::clone(service), fuse: Arc::clone(&wishes.fuse) };
        Calls {
            service: Arc::new(service),
            ledger: Arc::new(self.ledger(clock, wishes.quota.clone())),
            pacer: Arc::new(Pacer::new(None, Arc::clone(clock))),
            clock: Arc::clone(clock),
            listener: Arc::clone(&wishes.listener),
            stop: wishes.stop.clone(),
        }
    }
}

fn refused(exit: Exit, _why: &str, distrusted: Vec<u32>) -> Ran {
    Ran { stop: None, counts: Counts::default(), exit, distrusted }
}

fn rows_of(path: &Path) -> (sheet::Columns, Vec<SheetRow>) {
    let sheet = sheet::open(path, &ReadOptions::default()).expect("a sheet");
    let columns = sheet.columns().clone();
    let rows = sheet.rows().expect("rows").into_iter();
    let rows = rows.map(|raw| SheetRow { judged: judge(&raw, &columns), raw }).collect();
    (columns, rows)
}
