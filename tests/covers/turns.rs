//! A row's turn: what is uploaded, when, how often, and what stops it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use image::ImageFormat;
use livegoods::clock::{Clock, ManualClock};
use livegoods::cover::{AddressRules, Addresses, Digest, Preparer, Sources, Uploads, is_public};
use livegoods::event::Silence;
use livegoods::exit::Stop;
use livegoods::goods::{AuditId, AuditStatus, Cover, CoverFault, GoodsId};
use livegoods::library::{Change, GoodsInfo, Listed, Page};
use livegoods::pass::{Calls, Covers, Had, StopCell};
use livegoods::quota::{Bucket, DayRule, Ledger, LedgerSettings, Pacer, StateDir};
use livegoods::sheet::Columns;
use livegoods::wechat::{Added, Call, Failure, QuotaFigures, Refusal, Service};

use super::make::{file, noise, quarters};

/// A service that takes pictures, or says what it is told to say.
#[derive(Default)]
struct Studio {
    uploads: AtomicU64,
    seen: Mutex<HashMap<String, Vec<u8>>>,
    says: Mutex<Vec<Failure>>,
}

impl Studio {
    fn uploads(&self) -> u64 {
        self.uploads.load(Ordering::SeqCst)
    }

    fn will_say(&self, code: i64) {
        let refusal = Refusal { code, message: "no".to_owned(), goods_id: None, token: 0 };
        self.says.lock().expect("a list").push(Failure::Refused(refusal));
    }
}

impl Service for Studio {
    fn upload(&self, picture: &[u8], filename: &str) -> Result<String, Failure> {
        let number = self.uploads.fetch_add(1, Ordering::SeqCst) + 1;
        std::thread::yield_now();
        if let Some(failure) = self.says.lock().expect("a list").pop() {
            return Err(failure);
        }
        assert!(filename.contains('.'), "the service asks for a filename");
        let media_id = format!("media-{number}");
        self.seen.lock().expect("a map").insert(media_id.clone(), picture.to_vec());
        Ok(media_id)
    }

    fn add(&self, _: &GoodsInfo) -> Result<Added, Failure> {
        unreachable!("no goods are added here")
    }
    fn withdraw(&self, _: GoodsId, _: AuditId) -> Result<(), Failure> {
        unreachable!("nothing is withdrawn here")
    }
    fn resubmit(&self, _: GoodsId) -> Result<AuditId, Failure> {
        unreachable!("nothing is resubmitted here")
    }
    fn delete(&self, _: GoodsId) -> Result<(), Failure> {
        unreachable!("nothing is deleted here")
    }
    fn update(&self, _: GoodsId, _: &Change) -> Result<(), Failure> {
        unreachable!("nothing is updated here")
    }
    fn list(&self, _: AuditStatus, _: u64, _: u64) -> Result<Page, Failure> {
        unreachable!("nothing is listed here")
    }
    fn status(&self, _: &[GoodsId]) -> Result<Vec<Listed>, Failure> {
        unreachable!("no status is asked for here")
    }
    fn quota(&self, _: Call) -> Result<QuotaFigures, Failure> {
        unreachable!("no quota is asked for here")
    }
    fn renew(&self, _: u64) -> Result<bool, Failure> {
        Ok(true)
    }
}

/// A folder with pictures, a state, a clock that stands still, and a service.
struct Desk {
    place: tempfile::TempDir,
    clock: Arc<ManualClock>,
    studio: Arc<Studio>,
}

impl Desk {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder");
        for (name, size) in [("tea.jpg", 700), ("coffee.jpg", 500)] {
            let picture = file(&noise(size, size), ImageFormat::Jpeg);
            std::fs::write(place.path().join(name), &picture).expect("a picture");
            std::fs::write(place.path().join(format!("copy of {name}")), picture).expect("a picture");
        }
        let small = file(&quarters(80, 80), ImageFormat::Png);
        std::fs::write(place.path().join("small.png"), small).expect("a picture");
        let clock = Arc::new(ManualClock::at("2026-11-21T02:00:00Z".parse().expect("a time")));
        Self { place, clock, studio: Arc::default() }
    }

    fn path(&self) -> &Path {
        self.place.path()
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock) as Arc<dyn Clock>
    }

    /// What a run has of covers and calls, with so many uploads a day.
    fn run(&self, media: u64) -> (Covers, Calls) {
        let state = StateDir::open(&self.path().join("state")).expect("a state");
        let rules = AddressRules { reachable: is_public, timeout: Duration::from_secs(1), largest: 1000 };
        let addresses = Addresses::new(rules, self.clock());
        let covers = Covers {
            sources: Arc::new(Sources::of(&self.path().join("goods.csv"), None, None, addresses)),
            preparer: Preparer::new(),
            uploads: Uploads::open(&state, "wx1", self.clock()).expect("uploads"),
            columns: Columns::default(),
        };
        let settings = LedgerSettings {
            appid: "wx1".to_owned(),
            rule: DayRule::default(),
            given: vec![(Bucket::Media, media)],
        };
        let calls = Calls {
            service: Arc::clone(&self.studio) as Arc<dyn Service>,
            ledger: Arc::new(Ledger::open(&state, settings, self.clock()).expect("a ledger")),
            pacer: Arc::new(Pacer::new(None, self.clock())),
            clock: self.clock(),
            listener: Arc::new(Silence),
            stop: StopCell::default(),
        };
        (covers, calls)
    }
}

fn path(name: &str) -> Cover {
    Cover::File(name.to_owned())
}

fn media_id(had: Result<Had, Stop>) -> String {
    match had {
        Ok(Had::Ready(cover)) => cover.media_id,
        other => panic!("no media id: {other:?}"),
    }
}

#[test]
fn one_picture_is_uploaded_once_however_many_threads_want_it() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(100);
    let wanted = ["tea.jpg", "copy of tea.jpg", "coffee.jpg", "./tea.jpg", "small.png"];
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (covers, calls) = (&covers, &calls);
            scope.spawn(move || {
                for turn in 0..10 {
                    media_id(covers.get(calls, &path(wanted[(thread + turn) % wanted.len()])));
                }
            });
        }
    });
    assert_eq!(desk.studio.uploads(), 3);
    assert_eq!(
        calls.ledger.counted(Bucket::Media).expect("a count"),
        3,
        "each is counted before it goes out"
    );
}

#[test]
fn what_is_uploaded_fits_and_a_picture_that_fits_travels_byte_for_byte() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(100);
    let (tea, small) = (covers.get(&calls, &path("tea.jpg")), covers.get(&calls, &path("small.png")));
    let seen = desk.studio.seen.lock().expect("a map");
    let picture = image::load_from_memory(&seen[&media_id(tea)]).expect("a picture");
    assert_eq!((picture.width(), picture.height()), (300, 300));
    assert_eq!(seen[&media_id(small)], std::fs::read(desk.path().join("small.png")).expect("a picture"));
}

#[test]
fn a_picture_is_used_again_by_later_runs_and_uploaded_anew_on_the_third_day() {
    let desk = Desk::new();
    let want = || {
        let (covers, calls) = desk.run(100);
        media_id(covers.get(&calls, &path("tea.jpg")))
    };
    assert_eq!(want(), "media-1");
    desk.clock.step(Duration::from_secs(60 * 3600 - 1));
    assert_eq!(want(), "media-1", "two and a half days are not over");
    desk.clock.step(Duration::from_secs(1));
    assert_eq!(want(), "media-2");
    assert_eq!(want(), "media-2");
    assert_eq!(desk.studio.uploads(), 2);
}

#[test]
fn a_forgotten_media_id_is_replaced_once_for_all_rows_that_had_it() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(100);
    let old = media_id(covers.get(&calls, &path("tea.jpg")));
    for row in 0..2 {
        let renewed = covers.renew(&calls, &path("tea.jpg"), &old).expect("no stop");
        assert_eq!(renewed.expect("a picture").media_id, "media-2", "row {row}");
    }
}

#[test]
fn a_media_id_stays_as_it_is() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(0);
    let cover = Cover::MediaId("SANDBOX-COVER-IMAGE-01".to_owned());
    assert_eq!(media_id(covers.get(&calls, &cover)), "SANDBOX-COVER-IMAGE-01");
}

#[test]
fn without_media_quota_the_run_stops_before_the_call() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(1);
    media_id(covers.get(&calls, &path("tea.jpg")));
    let stop = covers.get(&calls, &path("coffee.jpg")).expect_err("spent");
    assert!(matches!(stop, Stop::QuotaSpent { bucket: Bucket::Media, .. }), "{stop:?}");
    assert_eq!(desk.studio.uploads(), 1);
    media_id(covers.get(&calls, &path("copy of tea.jpg")));
}

#[test]
fn a_picture_the_service_refuses_is_offered_twice_and_is_then_its_rows_failure() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(100);
    desk.studio.will_say(40009);
    assert_eq!(media_id(covers.get(&calls, &path("tea.jpg"))), "media-2");
    desk.studio.will_say(40009);
    desk.studio.will_say(40009);
    let had = covers.get(&calls, &path("coffee.jpg")).expect("an answer");
    assert!(matches!(&had, Had::Refused { refusal, .. } if refusal.code == 40009), "{had:?}");
    assert_eq!(desk.studio.uploads(), 4);
}

#[test]
fn a_service_that_fails_or_has_a_stale_token_is_asked_again() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(100);
    desk.studio.will_say(-1);
    desk.studio.will_say(42001);
    assert_eq!(media_id(covers.get(&calls, &path("tea.jpg"))), "media-3");
    assert_eq!(desk.clock.sleeps().len(), 1, "a pause after the failure, none after the token");
    desk.studio.will_say(48001);
    let stop = covers.get(&calls, &path("coffee.jpg")).expect_err("not allowed");
    assert!(matches!(stop, Stop::Refused { code: 48001, .. }), "{stop:?}");
}

#[test]
fn a_picture_that_is_gone_or_broken_is_its_rows_fault_and_costs_no_call() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(100);
    std::fs::write(desk.path().join("broken.png"), b"\x89PNG\r\n\x1a\nnothing").expect("a file");
    let missing = covers.get(&calls, &path("none.jpg")).expect("an answer");
    assert_eq!(missing, Had::Unfit(CoverFault::FileMissing { path: "none.jpg".to_owned() }));
    let broken = covers.get(&calls, &path("broken.png")).expect("an answer");
    assert!(matches!(broken, Had::Unfit(CoverFault::Damaged { .. })), "{broken:?}");
    assert_eq!(desk.studio.uploads(), 0);
}

#[test]
fn the_digest_of_a_cover_is_that_of_its_content() {
    let desk = Desk::new();
    let (covers, calls) = desk.run(100);
    let Had::Ready(cover) = covers.get(&calls, &path("tea.jpg")).expect("an answer") else {
        panic!("a cover")
    };
    let bytes = std::fs::read(desk.path().join("tea.jpg")).expect("a picture");
    assert_eq!(cover.digest, Digest::of(&bytes).to_string());
    assert_eq!(livegoods::pass::digest_now(&covers.sources, &path("copy of tea.jpg")), Some(cover.digest));
}
