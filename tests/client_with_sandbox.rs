//! The client against the stand-in, which shares no type with it: whether the two read the documents alike.

use std::sync::Arc;
use std::time::Duration;

use livegoods::clock::SystemClock;
use livegoods::goods::{AuditStatus, GoodsId, Pricing};
use livegoods::library::{Catalogue, Change, GoodsInfo, Match, walk};
use livegoods::quota::StateDir;
use livegoods::sandbox::{Call as SandboxCall, Options, Pool, Prices, Sandbox};
use livegoods::wechat::{Added, Call, Class, Client, Failure, Service, Settings, StateTokens};
use tempfile::TempDir;

struct Bench {
    sandbox: Sandbox,
    client: Client,
    state: TempDir,
}

impl Bench {
    fn new(options: Options) -> Self {
        let sandbox = Sandbox::start(options).expect("a sandbox");
        let dir = tempfile::tempdir().expect("a directory");
        let state = StateDir::open(dir.path()).expect("a state directory");
        let client = Client::new(Settings {
            api_base: sandbox.base_url(),
            appid: sandbox.appid().into(),
            secret: sandbox.secret().into(),
            timeout: Duration::from_secs(20),
            jobs: 4,
            tokens: Arc::new(StateTokens::open(&state).expect("tokens")),
            clock: Arc::new(SystemClock::new()),
        })
        .expect("a client");
        Self { sandbox, client, state: dir }
    }

    fn catalogue(&self) -> Catalogue {
        let walked = walk(&AuditStatus::ALL, |status, offset, limit| self.client.list(status, offset, limit))
            .expect("a walk");
        assert_eq!(walked.gaps, []);
        Catalogue::of(walked.goods)
    }
}

fn faults(faults: &[&str]) -> Options {
    Options {
        faults: faults.iter().map(|fault| fault.parse().expect("a fault")).collect(),
        ..Options::default()
    }
}

fn goods(number: u64) -> GoodsInfo {
    let price = |text: &str| text.parse().expect("a price");
    let pricing = match number % 3 {
        0 => Pricing::Fixed(price("99.50")),
        1 => Pricing::Range(price("9.90"), price("19.90")),
        _ => Pricing::Discount(price("1299"), price("999.99")),
    };
    GoodsInfo {
        cover_img_url: "SANDBOX-COVER-IMAGE-01".into(),
        name: format!("手冲咖啡壶{number}"),
        pricing,
        url: format!("pages/goods/detail?id={number}&from=%E7%9B%B4%E6%92%AD"),
        third_party_appid: String::new(),
    }
}

fn refusal(result: Result<Added, Failure>) -> livegoods::wechat::Refusal {
    match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn what_was_added_is_found_again_in_yuan_and_in_fen() {
    for prices in [Prices::Yuan, Prices::Fen] {
        let bench = Bench::new(Options { prices, ..Options::default() });
        let added: Vec<Added> =
            (0..130).map(|number| bench.client.add(&goods(number)).expect("added")).collect();
        let catalogue = bench.catalogue();
        for (number, added) in (0..).zip(&added) {
            match catalogue.find(&goods(number), |_| false) {
                Match::One(listed) => assert_eq!(listed.goods_id, added.goods_id),
                other => panic!("goods {number}: {other:?}"),
            }
        }
        assert_eq!(catalogue.find(&goods(999), |_| false), Match::Absent);
        assert_eq!(bench.sandbox.calls().count(SandboxCall::StableToken), 1);
    }
}

#[test]
fn goods_go_through_every_call() {
    let bench = Bench::new(Options::default());
    let client = &bench.client;
    let Added { goods_id, audit_id } = client.add(&goods(0)).expect("added");
    let listed = client.status(&[goods_id, GoodsId(1)]).expect("a status");
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].audit_status, Some(AuditStatus::InReview));
    client.withdraw(goods_id, audit_id.expect("an auditId")).expect("withdrawn");
    let change = Change { name: Some("新名字的壶".into()), ..Change::default() };
    client.update(goods_id, &change).expect("updated");
    let audit_id = client.resubmit(goods_id).expect("submitted again");
    client.withdraw(goods_id, audit_id).expect("withdrawn again");
    client.delete(goods_id).expect("deleted");
    assert_eq!(client.status(&[goods_id]).expect("a status"), []);
}

#[test]
fn a_lost_answer_to_an_add_is_settled_by_the_list() {
    let bench = Bench::new(faults(&["add:lost-after=1x"]));
    let Err(Failure::Lost(_)) = bench.client.add(&goods(7)) else { panic!("not lost") };
    assert_eq!(bench.sandbox.calls().count(SandboxCall::Add), 1);
    assert!(matches!(bench.catalogue().find(&goods(7), |_| false), Match::One(_)));
}

#[test]
fn goods_that_were_added_without_being_submitted_come_with_their_id() {
    let bench = Bench::new(faults(&["add:300021=1x"]));
    let refusal = refusal(bench.client.add(&goods(3)));
    assert_eq!(refusal.class(), Class::PartlyDone);
    assert!(refusal.goods_id.is_some());
}

#[test]
fn a_stale_token_is_renewed_and_the_call_goes_through() {
    let bench = Bench::new(faults(&["add:stale-token=1x"]));
    let refusal = refusal(bench.client.add(&goods(1)));
    assert_eq!(refusal.class(), Class::Token);
    bench.client.renew(refusal.token).expect("renewed");
    bench.client.add(&goods(1)).expect("added");
    assert_eq!(bench.sandbox.calls().count(SandboxCall::StableToken), 2);
}

#[test]
fn the_service_s_figures_follow_what_was_spent_and_its_refusal_closes_the_bucket() {
    let quotas = [(Pool::Submit, 2)].into_iter().collect();
    let bench = Bench::new(Options { quotas, ..Options::default() });
    bench.client.add(&goods(1)).expect("added");
    let figures = bench.client.quota(Call::Add).expect("figures");
    assert_eq!((figures.daily_limit, figures.used, figures.remain), (2, 1, 1));
    assert!(figures.rate_limit.is_some_and(|limit| limit.refresh_second > 0));
    bench.client.add(&goods(2)).expect("added");
    assert_eq!(refusal(bench.client.add(&goods(4))).class(), Class::Quota);
}

#[test]
fn a_secret_the_service_does_not_know_is_fatal() {
    let bench = Bench::new(Options::default());
    let state = StateDir::open(bench.state.path()).expect("a state directory");
    let client = Client::new(Settings {
        api_base: bench.sandbox.base_url() + "/",
        appid: bench.sandbox.appid().into(),
        secret: "another secret".into(),
        timeout: Duration::from_secs(20),
        jobs: 1,
        tokens: Arc::new(StateTokens::open(&state).expect("tokens")),
        clock: Arc::new(SystemClock::new()),
    })
    .expect("a client");
    assert_eq!(refusal(client.add(&goods(1))).class(), Class::Fatal);
}

#[test]
fn a_picture_that_was_uploaded_can_be_sent() {
    // The smallest PNG there is: a head, one grey pixel, an end.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\
        \0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";
    let bench = Bench::new(Options::default());
    let media = bench.client.upload(PNG, "壶 \"1\".png").expect("uploaded");
    bench.client.add(&GoodsInfo { cover_img_url: media, ..goods(1) }).expect("added");
}
