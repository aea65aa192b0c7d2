//! Simulated days: however often runs are killed, restarted or overlap, no more calls go out in one than allowed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::tz::Offset;
use livegoods::clock::{Clock, ManualClock};
use livegoods::exit::{Exit, Stop};
use livegoods::goods::{AuditId, AuditStatus, GoodsId};
use livegoods::library::{Change, GoodsInfo, Listed, Page};
use livegoods::quota::{Bucket, Spend};
use livegoods::wechat::{Added, Call, Failure, QuotaFigures, Refusal, Service};

use crate::support::{Desk, Fuse, Shelf, Table, Wishes};

/// A shelf that notes on which Beijing day each add arrived, and may have a limit of its own.
struct Counted {
    shelf: Shelf,
    time: Arc<ManualClock>,
    days: Mutex<BTreeMap<String, u64>>,
    /// Adds a day that the service takes, 300012 from then on.
    takes: u64,
    /// Calls a day and calls left, as the service tells them.
    tells: Mutex<(u64, u64)>,
}

impl Counted {
    fn new(desk: &Desk, takes: u64, tells: (u64, u64)) -> Arc<Self> {
        let (shelf, time) = (Shelf::default(), Arc::clone(&desk.time));
        Arc::new(Self { shelf, time, days: Mutex::default(), takes, tells: Mutex::new(tells) })
    }

    fn days(&self) -> Vec<u64> {
        self.days.lock().expect("a lock").values().copied().collect()
    }
}

impl Service for Counted {
    fn add(&self, goods: &GoodsInfo) -> Result<Added, Failure> {
        let day = Offset::constant(8).to_datetime(self.time.now()).date().to_string();
        let mut days = self.days.lock().expect("a lock");
        let count = days.entry(day).or_default();
        *count += 1;
        if *count > self.takes {
            let message = "no more submissions".to_owned();
            return Err(Failure::Refused(Refusal { code: 300_012, message, goods_id: None, token: 0 }));
        }
        self.shelf.add(goods)
    }

    fn withdraw(&self, goods: GoodsId, audit: AuditId) -> Result<(), Failure> {
        self.shelf.withdraw(goods, audit)
    }

    fn resubmit(&self, goods: GoodsId) -> Result<AuditId, Failure> {
        self.shelf.resubmit(goods)
    }

    fn delete(&self, goods: GoodsId) -> Result<(), Failure> {
        self.shelf.delete(goods)
    }

    fn update(&self, goods: GoodsId, change: &Change) -> Result<(), Failure> {
        self.shelf.update(goods, change)
    }

    fn upload(&self, picture: &[u8], filename: &str) -> Result<String, Failure> {
        self.shelf.upload(picture, filename)
    }

    fn list(&self, status: AuditStatus, offset: u64, limit: u64) -> Result<Page, Failure> {
        self.shelf.list(status, offset, limit)
    }

    fn status(&self, ids: &[GoodsId]) -> Result<Vec<Listed>, Failure> {
        self.shelf.status(ids)
    }

    fn quota(&self, _call: Call) -> Result<QuotaFigures, Failure> {
        let (daily_limit, remain) = *self.tells.lock().expect("a lock");
        Ok(QuotaFigures { daily_limit, used: daily_limit - remain, remain, rate_limit: None })
    }

    fn renew(&self, stale: u64) -> Result<bool, Failure> {
        self.shelf.renew(stale)
    }
}

const NOBODY_SAID: u64 = 1_000_000;

fn desk(rows: usize) -> Desk {
    let desk = Desk::new();
    Table::of(rows).write(&desk.sheet);
    desk
}

fn wishes(limit: u64) -> Wishes {
    Wishes { quota: vec![(Bucket::Submit, limit)], ..Wishes::default() }
}

/// To the next midnight in Beijing; the desk's day began at 10 in the morning.
fn tomorrow(desk: &Desk) {
    desk.time.step(Duration::from_secs(24 * 3600));
}

#[test]
fn killed_and_restarted_runs_never_send_more_than_the_day_allows() {
    let desk = desk(30);
    let service = Counted::new(&desk, u64::MAX, (NOBODY_SAID, NOBODY_SAID));
    let shared: Arc<dyn Service> = Arc::clone(&service) as _;
    for _ in 0..5 {
        for death in [9, 14, 23, 37] {
            desk.import(&shared, Wishes { fuse: Fuse::of(death), ..wishes(7) });
        }
        let ran = desk.import(&shared, Wishes { jobs: 3, ..wishes(7) });
        assert!(matches!(ran.exit, Exit::ComeBackLater | Exit::Done), "{ran:?}");
        tomorrow(&desk);
    }
    let days = service.days();
    assert!(days.iter().all(|day| *day <= 7), "{days:?}");
    assert_eq!(desk.import(&shared, wishes(7)).counts.ok, 30, "{days:?}");
    assert!(service.shelf.copies().values().all(|copies| *copies == 1));
}

#[test]
fn a_run_that_waits_goes_on_at_midnight_and_not_before() {
    let desk = desk(17);
    let service = Counted::new(&desk, u64::MAX, (NOBODY_SAID, NOBODY_SAID));
    let shared: Arc<dyn Service> = Arc::clone(&service) as _;
    let ran = desk.import(&shared, Wishes { wait: true, ..wishes(7) });
    assert_eq!((ran.exit, ran.counts.ok), (Exit::Done, 17));
    assert_eq!(service.days(), [7, 7, 3]);
    let ended = desk.time.now().to_string();
    assert!(ended.starts_with("2026-11-22T16:00:0"), "the second midnight in Beijing: {ended}");
}

#[test]
fn a_service_that_says_no_more_submissions_closes_the_day() {
    let desk = desk(12);
    let service = Counted::new(&desk, 5, (NOBODY_SAID, NOBODY_SAID));
    let shared: Arc<dyn Service> = Arc::clone(&service) as _;
    let ran = desk.import(&shared, wishes(500));
    assert!(matches!(ran.stop, Some(Stop::QuotaSpent { bucket: Bucket::Submit, .. })), "{ran:?}");
    assert_eq!((ran.exit, ran.counts.ok, ran.counts.pending), (Exit::ComeBackLater, 5, 7));
    assert_eq!(desk.import(&shared, wishes(500)).exit, Exit::ComeBackLater);
    assert_eq!(service.days(), [6], "five were taken, one was refused, and nobody asked again");
    tomorrow(&desk);
    let ran = desk.import(&shared, Wishes { wait: true, ..wishes(500) });
    assert_eq!((ran.exit, ran.counts.ok), (Exit::Done, 12));
    assert_eq!(service.days(), [6, 6, 2]);
}

#[test]
fn what_the_service_has_left_goes_before_what_is_counted_here() {
    let desk = desk(9);
    let service = Counted::new(&desk, u64::MAX, (500, 4));
    let shared: Arc<dyn Service> = Arc::clone(&service) as _;
    let ran = desk.import(&shared, wishes(500));
    assert_eq!((ran.exit, ran.counts.ok, service.days()), (Exit::ComeBackLater, 4, vec![4]));
    *service.tells.lock().expect("a lock") = (500, 500);
    assert_eq!(desk.import(&shared, wishes(6)).counts.ok, 6, "what a person allows goes before that");
    assert_eq!(desk.import(&shared, Wishes { quota: Vec::new(), ..Wishes::default() }).exit, Exit::Done);
}

#[test]
fn two_processes_at_once_share_one_day() {
    const LIMIT: u64 = 1200;
    let desk = Desk::new();
    let clock: Arc<dyn Clock> = Arc::clone(&desk.time) as _;
    for day in 1..=2 {
        let granted = std::thread::scope(|scope| {
            let process = || {
                let ledger = desk.ledger(&clock, vec![(Bucket::Submit, LIMIT)]);
                let granted = (0..2000).filter(|left| {
                    matches!(ledger.spend(Bucket::Submit, 2000 - left), Ok(Spend::Granted(_)))
                });
                granted.count() as u64
            };
            let both = [scope.spawn(process), scope.spawn(process)];
            both.into_iter().map(|process| process.join().expect("a process")).sum::<u64>()
        });
        // A block that one holds when the other is through is all that may stay behind.
        assert!((LIMIT - 4..=LIMIT).contains(&granted), "day {day}: {granted}");
        tomorrow(&desk);
    }
}

#[test]
fn a_night_without_a_network_does_not_end_a_run_that_waits() {
    struct Asleep(Arc<Counted>, Mutex<u32>);
    let desk = desk(4);
    let service = Counted::new(&desk, u64::MAX, (NOBODY_SAID, NOBODY_SAID));
    let asleep = Arc::new(Asleep(Arc::clone(&service), Mutex::new(0)));
    impl Service for Asleep {
        fn add(&self, goods: &GoodsInfo) -> Result<Added, Failure> {
            self.0.add(goods)
        }
        fn withdraw(&self, goods: GoodsId, audit: AuditId) -> Result<(), Failure> {
            self.0.withdraw(goods, audit)
        }
        fn resubmit(&self, goods: GoodsId) -> Result<AuditId, Failure> {
            self.0.resubmit(goods)
        }
        fn delete(&self, goods: GoodsId) -> Result<(), Failure> {
            self.0.delete(goods)
        }
        fn update(&self, goods: GoodsId, change: &Change) -> Result<(), Failure> {
            self.0.update(goods, change)
        }
        fn upload(&self, picture: &[u8], filename: &str) -> Result<String, Failure> {
            self.0.upload(picture, filename)
        }
        fn list(&self, status: AuditStatus, offset: u64, limit: u64) -> Result<Page, Failure> {
            self.0.list(status, offset, limit)
        }
        fn status(&self, ids: &[GoodsId]) -> Result<Vec<Listed>, Failure> {
            self.0.status(ids)
        }
        fn quota(&self, call: Call) -> Result<QuotaFigures, Failure> {
            let mut asked = self.1.lock().expect("a lock");
            *asked += 1;
            if *asked == 2 { Err(Failure::NotSent("no route".to_owned())) } else { self.0.quota(call) }
        }
        fn renew(&self, stale: u64) -> Result<bool, Failure> {
            self.0.renew(stale)
        }
    }
    let shared: Arc<dyn Service> = asleep;
    let ran = desk.import(&shared, Wishes { wait: true, ..wishes(2) });
    assert_eq!((ran.exit, service.days()), (Exit::Done, vec![2, 2]));
}
