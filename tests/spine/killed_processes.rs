//! The program, killed again and again without warning: a last run brings every row to its end, each once.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use livegoods::sandbox::{Call, Options, Sandbox};

use crate::support::{Program, Table};

const ROWS: usize = 120;
const KILLS: u64 = 12;

#[test]
fn a_program_that_is_killed_twelve_times_adds_each_goods_once() {
    let options = Options { latency: Duration::from_millis(8), ..Options::default() };
    let sandbox = Sandbox::start(options).expect("a sandbox");
    let program = Program::new(&Table::of(ROWS), &sandbox.base_url());
    for kill in 1..=KILLS {
        let words = ["import", "tea.csv", "-q", "-j", "4", "--rate", "0"];
        let mut child = program.command(&words).spawn().expect("started");
        let goal = kill * ROWS as u64 / (KILLS + 3);
        let begun = Instant::now();
        while sandbox.calls().count(Call::Add) < goal && begun.elapsed() < Duration::from_secs(20) {
            std::thread::sleep(Duration::from_millis(1));
        }
        // Not after a whole call, but anywhere within the next.
        std::thread::sleep(Duration::from_micros(700 * kill));
        child.kill().expect("killed");
        child.wait().expect("an end");
    }
    let ended = program.import(&["-j", "4", "--rate", "0"]);
    assert_eq!((ended.code, ended.count("ok")), (Some(0), ROWS as u64), "{ended:?}");
    let goods = sandbox.goods().expect("goods");
    let names: HashSet<&str> = goods.iter().map(|goods| goods.name.as_str()).collect();
    assert_eq!((goods.len(), names.len()), (ROWS, ROWS), "each once");
    let ids: HashSet<String> = goods.iter().map(|goods| goods.goods_id.to_string()).collect();
    let results = Table::read(&program.results());
    assert_eq!(results.cells("goodsId").into_iter().map(str::to_owned).collect::<HashSet<_>>(), ids);
    assert_eq!(results.rows.len(), 1 + ROWS, "folded");
}
