//! Seeded chaos between the client and the stand-in, run after run until everything is done: every goods exactly
//! once, every row ok, and counts that add up at every end.

use std::collections::HashSet;
use std::sync::Arc;

use livegoods::clock::Clock;
use livegoods::exit::Exit;
use livegoods::goods::AuditStatus;
use livegoods::sandbox::{Options, Prices, Sandbox};

use crate::support::{Desk, Table, Wishes};

const ROWS: usize = 40;

/// The faults of all runs, each with a probability.
const FAULTS: [&str; 12] = [
    "add:lost-before=0.06",
    "add:lost-after=0.06",
    "add:5xx=0.04",
    "add:5xx-after=0.04",
    "add:-1=0.03",
    "add:-1-after=0.03",
    "add:garbage-after=0.04",
    "add:truncated=0.04",
    "stale-token=0.03",
    "add:45011=0.03",
    "list:lost-before=0.05",
    "list:garbage=0.03",
];

fn chaos(seed: u64, extra: &[&str]) -> (Desk, Sandbox, u32) {
    let desk = Desk::new();
    Table::of(ROWS).write(&desk.sheet);
    let sandbox = Sandbox::start(Options {
        faults: FAULTS.iter().chain(extra).map(|fault| fault.parse().expect("a fault")).collect(),
        seed,
        prices: if seed.is_multiple_of(2) { Prices::Yuan } else { Prices::Fen },
        quotas: [(livegoods::sandbox::Pool::Submit, 100_000)].into(),
        clock: Arc::clone(&desk.time) as Arc<dyn Clock>,
        ..Options::default()
    })
    .expect("a sandbox");
    for run in 1..=40 {
        let ran =
            desk.import(&desk.client(&sandbox), Wishes { jobs: 1 + seed as usize % 4, ..Wishes::default() });
        assert_eq!(ran.counts.rows(), ROWS as u64, "seed {seed}, run {run}: {ran:?}");
        let left = ran.counts.pending + ran.counts.in_doubt;
        match ran.exit {
            Exit::Done | Exit::SomeFailed if left == 0 => return (desk, sandbox, run),
            Exit::Done | Exit::SomeFailed => panic!("seed {seed}, run {run}: rows are left: {ran:?}"),
            Exit::SomeInDoubt | Exit::Unreachable | Exit::Refused => {}
            _ => panic!("seed {seed}, run {run}: {ran:?}"),
        }
    }
    panic!("seed {seed} is not done after 40 runs")
}

#[test]
fn whatever_goes_wrong_every_goods_is_added_exactly_once() {
    for seed in 0..8 {
        let (desk, sandbox, runs) = chaos(seed, &[]);
        let goods = sandbox.goods().expect("goods");
        let names: HashSet<&str> = goods.iter().map(|goods| goods.name.as_str()).collect();
        assert_eq!((goods.len(), names.len()), (ROWS, ROWS), "seed {seed}, {runs} runs");
        let results = Table::read(&desk.results);
        assert!(results.cells("outcome").iter().all(|outcome| *outcome == "ok"), "seed {seed}");
        for row in 1..=ROWS {
            let id: i64 = results.cell(row, "goodsId").parse().expect("an id");
            let own = goods.iter().find(|goods| goods.goods_id == id).expect("its goods");
            assert_eq!(own.name, results.cell(row, "商品名称"), "seed {seed}, row {row}");
            let audit = results.cell(row, "auditId");
            let told = own.audit_id.map(|id| id.to_string());
            assert!(audit.is_empty() || told.as_deref() == Some(audit), "seed {seed}, row {row}: {audit}");
        }
    }
}

#[test]
fn goods_that_were_added_and_not_submitted_are_not_added_again_whatever_goes_wrong() {
    for seed in 20..24 {
        let (desk, sandbox, runs) = chaos(seed, &["300021=0.1", "300021-no-id=0.1"]);
        let goods = sandbox.goods().expect("goods");
        let names: HashSet<&str> = goods.iter().map(|goods| goods.name.as_str()).collect();
        assert_eq!((goods.len(), names.len()), (ROWS, ROWS), "seed {seed}, {runs} runs");
        let results = Table::read(&desk.results);
        for row in 1..=ROWS {
            let id: i64 = results.cell(row, "goodsId").parse().expect("an id");
            let own = goods.iter().find(|goods| goods.goods_id == id).expect("its goods");
            let unsubmitted = own.status == AuditStatus::NotSubmitted.code();
            let said = (results.cell(row, "outcome"), results.cell(row, "errcode"));
            assert_eq!(said == ("failed", "300021"), unsubmitted, "seed {seed}, row {row}: {said:?}");
        }
    }
}
