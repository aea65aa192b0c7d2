//! Death before and after each durable step: resumed, the results are those of an undisturbed run, each goods
//! was added once at most, and nothing that was on disk is lost.

use std::sync::Arc;

use livegoods::exit::Exit;
use livegoods::wechat::Service;

use crate::support::{Desk, Fuse, Shelf, Table, Wishes};

/// One row for each way an answer can come.
const NAMES: [&str; 10] = [
    "手冲咖啡壶一号",
    "丢后咖啡壶二号",
    "违规咖啡壶三号",
    "有号咖啡壶四号",
    "无号咖啡壶五号",
    "丢前咖啡壶六号",
    "系统咖啡壶七号",
    "限速咖啡壶八号",
    "旧证咖啡壶九号",
    "咖啡壶",
];

fn sheet() -> Table {
    let mut sheet = Table::of_goods(&NAMES);
    sheet.set(10, "价格", "免费");
    sheet
}

/// A desk and a service that know nothing yet.
fn fresh() -> (Desk, Arc<Shelf>) {
    let desk = Desk::new();
    sheet().write(&desk.sheet);
    (desk, Arc::new(Shelf::default()))
}

fn run(desk: &Desk, shelf: &Arc<Shelf>, fuse: Arc<Fuse>, jobs: usize) -> Exit {
    let service: Arc<dyn Service> = Arc::clone(shelf) as _;
    desk.import(&service, Wishes { fuse, jobs, ..Wishes::default() }).exit
}

/// The ids that are on disk for certain: of lines that end and say ok.
fn answered(desk: &Desk) -> Vec<(String, String, String)> {
    let bytes = std::fs::read(&desk.results).expect("results");
    let whole = bytes.windows(2).rposition(|end| end == b"\r\n").map_or(0, |at| at + 2);
    let table = Table::parse(&bytes[..whole]);
    (1..table.rows.len())
        .filter(|row| table.cell(*row, "outcome") == "ok")
        .map(|row| ["row", "goodsId", "auditId"].map(|heading| table.cell(row, heading).to_owned()).into())
        .collect()
}

/// Holds a finished results file against the sheet and the shelf.
fn assert_whole(desk: &Desk, shelf: &Shelf, context: &str) {
    let table = Table::read(&desk.results);
    assert_eq!(table.rows.len(), 1 + NAMES.len(), "{context}: one line a row");
    for (row, name) in (1..).zip(NAMES) {
        let cell = |heading| table.cell(row, heading);
        let said = (cell("outcome"), cell("errcode"));
        let copies = shelf.copies().get(name).copied().unwrap_or(0);
        let at = format!("{context}, row {} {name}: {said:?} {:?}", cell("row"), cell("note"));
        match row {
            3 => assert_eq!((said, copies), (("failed", "300004"), 0), "{at}"),
            10 => assert_eq!((said, copies), (("invalid", ""), 0), "{at}"),
            _ => {
                assert_eq!(copies, 1, "{at}");
                let id = shelf.id_of(name).expect("one").0.to_string();
                assert_eq!(cell("goodsId"), id, "{at}");
                match said {
                    ("ok", "0") => {
                        let lost = cell("note").starts_with("audit-id-unknown");
                        assert_eq!(cell("auditId").is_empty(), lost, "{at}");
                        assert!(lost || !cell("note").contains("audit"), "{at}");
                    }
                    ("failed", "300021") => {
                        assert!(matches!(row, 4 | 5), "{at}");
                        assert_eq!(cell("auditStatus"), "0", "{at}");
                        assert!(cell("note").starts_with("added-not-submitted"), "{at}");
                    }
                    _ => panic!("{at}"),
                }
            }
        }
    }
}

#[test]
fn an_undisturbed_run_brings_every_row_to_its_end() {
    let (desk, shelf) = fresh();
    assert_eq!(run(&desk, &shelf, Fuse::endless(), 1), Exit::SomeFailed);
    assert_whole(&desk, &shelf, "undisturbed");
    let table = Table::read(&desk.results);
    assert_eq!(table.cells("outcome")[3..5], ["failed", "failed"]);
    assert_eq!(table.cell(1, "备注"), "'=备注 \"1\", 一");
}

#[test]
fn a_run_that_has_nothing_to_do_calls_nothing_and_leaves_the_file_as_it_is() {
    let (desk, shelf) = fresh();
    run(&desk, &shelf, Fuse::endless(), 1);
    let (before, calls) = (std::fs::read(&desk.results).expect("results"), shelf.calls());
    assert_eq!(run(&desk, &shelf, Fuse::endless(), 1), Exit::SomeFailed);
    assert_eq!((std::fs::read(&desk.results).expect("results"), shelf.calls()), (before, calls));
}

fn die_and_resume(jobs: usize, deaths: &[u64]) {
    let (desk, shelf) = fresh();
    let context = format!("{jobs} jobs, deaths at {deaths:?}");
    let mut promised = Vec::new();
    for &death in deaths {
        run(&desk, &shelf, Fuse::of(death), jobs);
        promised.extend(answered(&desk));
    }
    // What a death amid the fold leaves behind.
    std::fs::write(desk.folder.path().join("tea.results.csv.tmp"), "half a fi").expect("written");
    let exit = run(&desk, &shelf, Fuse::endless(), jobs);
    assert_eq!(exit, Exit::SomeFailed, "{context}");
    assert_whole(&desk, &shelf, &context);
    let finally = answered(&desk);
    for promise in promised {
        assert!(finally.contains(&promise), "{context}: {promise:?} was on disk and is lost");
    }
}

fn steps(jobs: usize) -> u64 {
    let (desk, shelf) = fresh();
    let fuse = Fuse::endless();
    run(&desk, &shelf, Arc::clone(&fuse), jobs);
    fuse.steps()
}

#[test]
fn death_at_any_step_loses_nothing_and_adds_nothing_twice() {
    let steps = steps(1);
    assert!(steps > 80, "{steps} steps");
    (1..=steps).for_each(|death| die_and_resume(1, &[death]));
}

#[test]
fn a_second_death_during_the_resume_changes_nothing() {
    let steps = steps(1);
    (1..=steps).step_by(3).for_each(|death| die_and_resume(1, &[death, 1 + (death * 7) % 40, 5]));
}

#[test]
fn several_threads_die_as_safely_as_one() {
    let steps = steps(3);
    (1..=steps).step_by(2).for_each(|death| die_and_resume(3, &[death]));
}
