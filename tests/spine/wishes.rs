//! The flags of an import, through the program: what is asked for is done, and nothing else.

use std::fs;

use crate::support::{Table, adds, shop, snapshot};

#[test]
fn a_dry_run_calls_nothing_and_writes_nothing() {
    let (sandbox, program) = shop(&Table::of(3), &[]);
    let before = snapshot(program.home.path());
    let ended = program.import(&["--dry-run"]);
    assert_eq!((ended.code, ended.count("submit_calls")), (Some(0), 3), "{ended:?}");
    assert_eq!(snapshot(program.home.path()), before);
    assert!(!program.path("reports").exists());
    assert_eq!(sandbox.calls().log().count(), 0);
    program.import(&["--limit", "1"]);
    let before = snapshot(program.home.path());
    assert_eq!(program.import(&["--dry-run"]).count("submit_calls"), 2);
    assert_eq!(snapshot(program.home.path()), before);
}

#[test]
fn limit_and_rows_leave_the_others_pending() {
    let (sandbox, program) = shop(&Table::of(6), &[]);
    let ended = program.import(&["--limit", "2"]);
    assert_eq!((ended.code, ended.count("ok"), ended.count("pending")), (Some(0), 2, 4), "{ended:?}");
    let ended = program.import(&["--rows", "6-7,99"]);
    assert_eq!((ended.count("ok"), ended.count("pending")), (4, 2), "{ended:?}");
    let outcomes = Table::read(&program.results());
    assert_eq!(outcomes.cells("outcome"), ["ok", "ok", "pending", "pending", "ok", "ok"]);
    assert_eq!((program.import(&[]).count("ok"), adds(&sandbox)), (6, 6));
}

#[test]
fn results_are_their_own_sheet() {
    let (sandbox, program) = shop(&Table::of(4), &[]);
    program.import(&["--limit", "2"]);
    for words in [
        &["reports/tea.results.csv"][..],
        &["reports/tea.results.csv", "-r", "./reports/../reports/tea.results.csv"],
    ] {
        let all = [&["import", "--json"], words].concat();
        assert!(program.command(&all).output().expect("a run").status.success(), "{words:?}");
        assert_eq!(adds(&sandbox), 4);
        let results = Table::read(&program.results());
        assert_eq!(results.cells("outcome"), ["ok"; 4], "{words:?}");
        assert_eq!(results.rows[0].len(), 6 + 12, "{words:?}");
    }
    let before = snapshot(program.home.path());
    program.import(&[]);
    assert_eq!((adds(&sandbox), snapshot(&program.path("reports"))), (4, snapshot_of(&before, "reports")));
}

fn snapshot_of(all: &[(std::path::PathBuf, Vec<u8>)], folder: &str) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    all.iter().filter(|(path, _)| path.components().any(|part| part.as_os_str() == folder)).cloned().collect()
}

#[test]
fn as_new_adds_copies_and_keeps_books_of_their_own() {
    let (sandbox, program) = shop(&Table::of(2), &[]);
    program.import(&[]);
    let before = fs::read(program.results()).expect("results");
    let words = ["import", "reports/tea.results.csv", "--as-new", "-r", "copies.csv"];
    for _ in 0..2 {
        assert!(program.command(&words).output().expect("a run").status.success());
    }
    assert_eq!(adds(&sandbox), 4, "each copy once");
    assert_eq!(fs::read(program.results()).expect("results"), before);
    let copies = Table::read(&program.path("copies.csv"));
    assert_eq!(copies.cells("outcome"), ["ok"; 2]);
    assert!(copies.rows[0].contains(&"sheet.outcome".to_owned()), "{:?}", copies.rows[0]);
}

#[test]
fn goods_that_were_deleted_come_back_only_when_asked_for() {
    let (sandbox, program) = shop(&Table::of(2), &[]);
    program.import(&[]);
    let mut results = Table::read(&program.results());
    results.set(1, "action", "delete");
    results.write(&program.results());
    let ended = program.import(&[]);
    assert_eq!((ended.code, ended.count("skipped"), adds(&sandbox)), (Some(0), 1, 2), "{ended:?}");
    assert!(ended.adds_up());
    let ended = program.import(&["--add-deleted"]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 3), "{ended:?}");
}

#[test]
fn a_doubtful_row_is_not_sent_as_a_new_one_because_its_results_are_read_as_a_sheet() {
    let (sandbox, program) = shop(&Table::of(2), &[]);
    program.import(&[]);
    let mut results = Table::read(&program.results());
    results.set(2, "outcome", "in-doubt");
    results.set(2, "goodsId", "");
    results.write(&program.path("other.csv"));
    let words = ["import", "other.csv", "-r", "elsewhere.csv"];
    let output = program.command(&words).output().expect("a run");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), adds(&sandbox)), (Some(65), 2), "{told}");
    assert!(told.contains("other.csv: row 3"), "{told}");
    assert!(!program.path("elsewhere.csv").exists());
}
