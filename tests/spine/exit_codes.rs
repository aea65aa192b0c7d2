//! Each exit code once, through the program itself.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::Command;
use std::time::{Duration, Instant};

use livegoods::sandbox::{Call, Options, Pool, Sandbox};

use crate::support::raw::{RawServer, json};
use crate::support::{Ended, Program, Table, snapshot};

fn sandbox(faults: &[&str], submits: u64) -> Sandbox {
    let faults = faults.iter().map(|fault| fault.parse().expect("a fault")).collect();
    let quotas = [(Pool::Submit, submits)].into();
    Sandbox::start(Options { faults, quotas, ..Options::default() }).expect("a sandbox")
}

fn import(table: &Table, base: &str, words: &[&str]) -> (Program, Ended) {
    let program = Program::new(table, base);
    let ended = program.import(words);
    (program, ended)
}

/// Every end that is not 0 names the input and the next command.
fn assert_ended(ended: &Ended, code: i32) {
    assert_eq!(ended.code, Some(code), "{ended:?}");
    assert!(ended.stderr.contains("tea"), "{ended:?}");
    assert!(ended.stderr.contains("livegoods "), "{ended:?}");
}

#[test]
fn done_is_0_and_some_failed_is_1() {
    let sandbox = sandbox(&[], 500);
    let (program, ended) = import(&Table::of(3), &sandbox.base_url(), &[]);
    assert_eq!((ended.code, ended.count("ok")), (Some(0), 3), "{ended:?}");
    assert!(ended.adds_up());
    let mut worse = Table::of_goods(&["违规的咖啡壶", "免费的咖啡壶"]);
    worse.set(2, "价格", "免费");
    worse.write(&program.path("tea.csv"));
    fs::remove_file(program.results()).expect("removed");
    let ended = program.import(&[]);
    assert_ended(&ended, 1);
    assert_eq!((ended.count("failed"), ended.count("invalid")), (1, 1), "{ended:?}");
    assert!(ended.adds_up());
}

#[test]
fn a_command_line_that_says_nothing_is_2() {
    let program = Program::new(&Table::of(1), "http://127.0.0.1:9");
    for words in [&["import"][..], &["import", "tea.csv", "--jobs", "0"], &["imprt"]] {
        assert_eq!(program.command(words).output().expect("a run").status.code(), Some(2), "{words:?}");
    }
}

#[test]
fn too_many_errors_are_3() {
    let sandbox = sandbox(&[], 500);
    let names: Vec<String> = (0..20).map(|number| format!("违规的咖啡壶{number}")).collect();
    let table = Table::of_goods(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let (_, ended) = import(&table, &sandbox.base_url(), &["--max-errors", "2", "-j", "1"]);
    assert_ended(&ended, 3);
    // The third refusal is one too many, and nothing goes out after it.
    assert!(ended.adds_up(), "{ended:?}");
    assert_eq!((ended.count("failed"), ended.count("pending")), (3, 17), "{ended:?}");
}

#[test]
fn rows_that_stay_in_doubt_are_4() {
    let sandbox = sandbox(&["add:300021-no-id=1x"], 500);
    let mut table = Table::of_goods(&["手冲咖啡壶", "手冲咖啡壶"]);
    table.set(2, "链接", "pages/detail?id=1");
    table.set(2, "价格", "19.5");
    let (_, ended) = import(&table, &sandbox.base_url(), &["-j", "1"]);
    assert_eq!(ended.count("rows"), 2);
    // The first was added without saying as what; the second, alike in all but its sku, is known.
    assert!(ended.adds_up(), "{ended:?}");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let server = RawServer::start(|asked, stream| {
        if asked.path.contains("/goods/add") {
            return json(stream, r#"{"errcode":300021,"errmsg":"added, not submitted"}"#);
        }
        json(stream, r#"{"errcode":0,"total":0,"goods":[]}"#)
    });
    let (program, ended) = import(&Table::of(1), &server.base, &[]);
    assert_ended(&ended, 4);
    let again = program.import(&[]);
    assert_eq!((again.code, server.count("/goods/add")), (Some(4), 1), "never added again: {again:?}");
}

#[test]
fn a_sheet_that_cannot_be_understood_is_65_and_none_at_all_66() {
    let program = Program::new(&Table::of(1), "http://127.0.0.1:9");
    for content in [&b""[..], b"a,b\r\n1,2\r\n", b"name,price\r\n\"tea,1\r\n", b"PK\x03\x04 no zip"] {
        fs::write(program.path("tea.csv"), content).expect("written");
        let before = snapshot(program.home.path());
        assert_ended(&program.import(&[]), 65);
        assert_eq!(snapshot(program.home.path()), before, "nothing is left behind");
        assert!(!program.path("reports").exists());
    }
    fs::remove_file(program.path("tea.csv")).expect("removed");
    assert_ended(&program.import(&[]), 66);
    assert_eq!(snapshot(program.home.path()), []);
}

#[test]
fn a_service_that_is_not_there_is_69() {
    let (program, ended) = import(&Table::of(2), "http://127.0.0.1:9", &["--timeout", "2"]);
    assert_ended(&ended, 69);
    assert_eq!((ended.count("pending"), ended.adds_up()), (2, true));
    assert_eq!(Table::read(&program.results()).cells("outcome"), ["pending", "pending"]);
}

#[test]
fn a_state_or_results_that_cannot_be_written_are_73_and_leave_nothing_behind() {
    let sandbox = sandbox(&[], 500);
    let program = Program::new(&Table::of(1), &sandbox.base_url());
    let before = snapshot(program.home.path());
    for words in
        [&["--state", "tea.csv/state"][..], &["-r", "tea.csv/results.csv"], &["-r", "/proc/none/r.csv"]]
    {
        assert_ended(&program.import(words), 73);
        assert_eq!(snapshot(program.home.path()), before, "{words:?}");
    }
    assert_eq!(sandbox.calls().count(Call::Add), 0);
}

#[test]
fn a_spent_day_is_75_and_so_is_a_file_that_another_run_holds() {
    let sandbox = sandbox(&[], 2);
    let (program, ended) = import(&Table::of(5), &sandbox.base_url(), &[]);
    assert_ended(&ended, 75);
    assert_eq!((ended.count("ok"), ended.count("pending")), (2, 3), "{ended:?}");
    let lock = livegoods::results::Lock::take(&program.results(), "process 7, somebody else").expect("free");
    let ended = program.import(&[]);
    assert_ended(&ended, 75);
    assert!(ended.stderr.contains("process 7, somebody else"), "{ended:?}");
    drop(lock);
    assert_eq!(program.import(&["--dry-run"]).code, Some(0));
}

#[test]
fn a_secret_that_is_refused_is_77_and_a_missing_one_78() {
    let sandbox = sandbox(&[], 500);
    let program = Program::new(&Table::of(1), &sandbox.base_url());
    let words = ["import", "tea.csv", "--json"];
    let refused = program.command(&words).env("LIVEGOODS_SECRET", "another").output().expect("a run");
    let refused = Ended::of(refused);
    assert_ended(&refused, 77);
    assert!(!refused.stderr.contains("another"), "{refused:?}");
    let missing = program.command(&words).env_remove("LIVEGOODS_SECRET").output().expect("a run");
    assert_ended(&Ended::of(missing), 78);
    program.import(&[]);
    let other = program.command(&words).env("LIVEGOODS_APPID", "wx0000000000000009").output().expect("a run");
    assert_ended(&Ended::of(other), 78);
    assert_eq!(sandbox.calls().count(Call::Add), 1);
}

#[test]
fn an_interrupt_is_130_and_a_request_to_end_143_and_answers_are_recorded() {
    for (signal, code, reason) in [("INT", 130, "interrupted"), ("TERM", 143, "terminated")] {
        let options = Options { latency: Duration::from_millis(60), ..Options::default() };
        let sandbox = Sandbox::start(options).expect("a sandbox");
        let program = Program::new(&Table::of(60), &sandbox.base_url());
        let child = program.command(&["import", "tea.csv", "--json", "-j", "2"]).spawn().expect("started");
        let begun = Instant::now();
        while sandbox.calls().count(Call::Add) < 4 && begun.elapsed() < Duration::from_secs(20) {
            std::thread::yield_now();
        }
        let id = child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{signal}"), &id]).status().expect("kill").success());
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.signal(), None);
        let ended = Ended::of(output);
        assert_ended(&ended, code);
        assert_eq!(ended.summary["stopped"]["reason"], reason);
        assert_eq!(ended.count("ok"), sandbox.goods().expect("goods").len() as u64, "{ended:?}");
        assert!(ended.adds_up() && ended.count("pending") > 0 && ended.count("in-doubt") == 0, "{ended:?}");
    }
}
