//! What spreadsheet programs and people do to results between two runs: each row is found again by identity and
//! check, or refused. Never a call for the wrong goods.

use std::fs;

use encoding_rs::GBK;
use livegoods::sandbox::Call;
use rust_xlsxwriter::Workbook;

use crate::shop::{RESULTS, Sheet, Shop};

/// A shop with three approved goods, their status known.
fn approved() -> Shop {
    let shop = Shop::with(3);
    shop.review_ends();
    assert_eq!(shop.run(&["status", RESULTS]).code, 0);
    shop
}

/// The names of the goods that are left at the service.
fn left(shop: &Shop) -> Vec<String> {
    shop.goods().into_iter().map(|goods| goods.name).collect()
}

fn write(shop: &Shop, sheet: &Sheet) {
    fs::write(shop.path(RESULTS), sheet.text(b',')).expect("results");
}

#[test]
fn a_file_saved_as_gbk_with_semicolons_sorted_and_moved_is_worked_on_as_before() {
    let shop = approved();
    let mut results = shop.results();
    results.rows[1..].reverse();
    for row in &mut results.rows {
        let check = row.pop().expect("a check");
        row.insert(0, check);
        row.insert(3, "我的备注".to_owned());
    }
    let text = results.text(b';');
    fs::write(shop.path(RESULTS), GBK.encode(&text).0).expect("results");
    let (ended, cost) = shop.cost(&["delete", RESULTS, "--rows", "2-3", "--yes", "--expect", "2"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [2, 0, 0, 0, 0, 1], [0, 0, 2, 0, 0]), "{ended:?}");
    assert_eq!(left(&shop), ["手冲咖啡壶 3 号"]);
    assert_eq!(shop.results().cells("row"), ["2", "3", "4"], "brought back into form");
}

#[test]
fn dragged_rounded_and_swapped_ids_are_refused_and_the_others_go_on() {
    let shop = approved();
    let whole = shop.results();
    let ids: Vec<String> = whole.cells("goodsId").into_iter().map(str::to_owned).collect();
    for (changed, code) in [
        (vec![(1, "goodsId", "5.2E+10")], "goods-id-mangled"),
        (vec![(1, "goodsId", ids[1].as_str())], "check-mismatch"),
        (vec![(1, "auditId", "1")], "check-mismatch"),
        (vec![(1, "商品名称", "别的茶"), (1, "货号", "T-9")], "check-mismatch"),
        (vec![(1, "check", "")], "check-missing"),
        (vec![(1, "check", "lg1.aaaa")], "check-mismatch"),
    ] {
        let shop = approved();
        let mut results = whole.clone();
        for (row, heading, text) in changed {
            results.set(row, heading, text);
        }
        // The other shop's stand-in gives the same ids to the same goods.
        write(&shop, &results);
        let (ended, cost) = shop.cost(&["delete", RESULTS, "--yes", "--expect", "2"]);
        assert_eq!((ended.code, ended.counts(), cost), (1, [2, 1, 0, 0, 0, 0], [0, 0, 2, 0, 0]), "{code}");
        assert_eq!(left(&shop), ["手冲咖啡壶 1 号"], "{code}");
        assert!(shop.results().cells("note")[0].starts_with(code), "{code}: {:?}", shop.results().rows[1]);
    }
}

#[test]
fn rows_whose_ids_were_swapped_by_a_sort_are_both_refused() {
    let shop = approved();
    let mut results = shop.results();
    let ids: Vec<String> = results.cells("goodsId").into_iter().map(str::to_owned).collect();
    results.set(1, "goodsId", &ids[1]);
    results.set(2, "goodsId", &ids[0]);
    write(&shop, &results);
    let (ended, cost) = shop.cost(&["delete", RESULTS, "--yes", "--expect", "1"]);
    assert_eq!((ended.code, ended.counts(), cost), (1, [1, 2, 0, 0, 0, 0], [0, 0, 1, 0, 0]));
    assert_eq!(left(&shop), ["手冲咖啡壶 1 号", "手冲咖啡壶 2 号"]);
}

#[test]
fn a_list_made_by_hand_needs_somebody_who_trusts_its_ids() {
    let shop = approved();
    let ids: Vec<String> = shop.results().cells("goodsId").into_iter().map(str::to_owned).collect();
    let list = format!("goodsId,outcome\n{},\n{},\n", ids[0], ids[2]);
    fs::write(shop.path("list.csv"), list).expect("a list");
    let (ended, cost) = shop.cost(&["status", "list.csv"]);
    assert_eq!((ended.code, ended.counts(), cost), (1, [0, 2, 0, 0, 0, 0], [0; 5]));
    let (ended, cost) = shop.cost(&["status", "list.csv", "--trust-ids"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [2, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0]));
    let (ended, cost) = shop.cost(&["delete", "list.csv", "--trust-ids", "--yes", "--expect", "2"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [2, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0]));
    assert_eq!(left(&shop), ["手冲咖啡壶 2 号"]);
}

#[test]
fn results_of_several_runs_are_worked_on_together_each_goods_once() {
    let shop = approved();
    let mut part = shop.results();
    part.rows.truncate(3);
    fs::write(shop.path("part.csv"), part.text(b',')).expect("a part");
    let (ended, cost) = shop.cost(&["status", "part.csv", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [5, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0]));
    let (ended, cost) = shop.cost(&["delete", "part.csv", RESULTS, "--yes", "--expect", "5"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [5, 0, 0, 0, 0, 0], [0, 0, 3, 0, 0]));
    for path in ["part.csv", RESULTS] {
        let sheet = Sheet::read(&shop.path(path));
        assert!(sheet.cells("action").iter().all(|action| *action == "delete"), "{path}: {sheet:?}");
    }
    let (ended, cost) = shop.cost(&["delete", RESULTS, "part.csv", "--yes", "--expect", "5"]);
    assert_eq!((ended.code, ended.counts()[0], cost), (0, 5, [0; 5]));
}

#[test]
fn a_workbook_chooses_rows_and_a_csv_remembers_what_was_done_with_them() {
    let shop = approved();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(shop.results().rows.iter().take(3)) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    workbook.save(shop.path("chosen.xlsx")).expect("a workbook");
    let before = fs::read(shop.path("chosen.xlsx")).expect("a workbook");
    let words = ["delete", "chosen.xlsx", "--yes", "--expect", "2"];
    for cost in [[0, 0, 2, 0, 0], [0; 5]] {
        let (ended, spent) = shop.cost(&words);
        assert_eq!((ended.code, ended.counts(), spent), (0, [2, 0, 0, 0, 0, 0], cost));
        assert_eq!(ended.summary["results"], "reports/chosen.results.csv");
    }
    assert_eq!(left(&shop), ["手冲咖啡壶 3 号"]);
    assert_eq!(fs::read(shop.path("chosen.xlsx")).expect("a workbook"), before);
    // What another file remembers is none of the workbook's business.
    let (ended, cost) = shop.cost(&["delete", "chosen.xlsx", "-r", RESULTS, "--yes", "--expect", "2"]);
    assert_eq!((ended.code, ended.counts(), cost), (1, [0, 2, 0, 0, 0, 0], [0, 0, 2, 0, 0]));
    assert_eq!(shop.results().cells("action"), ["delete", "delete", "status"]);
}

#[test]
fn results_of_another_mini_program_end_the_run_before_its_first_call() {
    let shop = approved();
    for verb in ["status", "withdraw", "resubmit"] {
        let output = shop
            .command(&[verb, RESULTS])
            .env("LIVEGOODS_APPID", "wx1234567890abcdef")
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(78), "{verb}");
    }
    assert_eq!(shop.sandbox.calls().log().filter(|asked| asked.call == Call::Delete).count(), 0);
}

#[test]
fn what_cannot_be_understood_is_left_untouched() {
    let shop = approved();
    let whole = shop.results();
    let mut unknown = whole.clone();
    unknown.set(1, "outcome", "fine");
    let ragged = whole.text(b',').replacen("T-1,", "T-1,,", 1);
    let nul = whole.text(b',').replacen("T-1", "T\0-1", 1);
    for (text, code) in [
        (unknown.text(b','), 65),
        (ragged, 65),
        (nul, 65),
        ("名称,价格\n茶,1\n".to_owned(), 65),
        (String::new(), 65),
    ] {
        fs::write(shop.path("bad.csv"), &text).expect("a file");
        let (ended, cost) = shop.cost(&["status", "bad.csv"]);
        assert_eq!((ended.code, cost), (code, [0; 5]), "{text}: {ended:?}");
        assert_eq!(fs::read_to_string(shop.path("bad.csv")).expect("a file"), text);
    }
    assert_eq!(shop.run(&["status", "none.csv"]).code, 66);
    assert!(!shop.path("none.csv.lock").exists());
    assert_eq!(shop.run(&["status", "a.csv", "b.csv", "-r", "c.csv"]).code, 2);
}

#[test]
fn results_that_lost_a_heading_are_damaged_for_every_command() {
    let shop = approved();
    let whole = shop.results();
    let calls = || shop.sandbox.calls().log().count();
    for (lost, left) in [("outcome", "goodsId"), ("goodsId", "outcome")] {
        let mut damaged = whole.clone();
        damaged.rows[0][whole.column(lost)] = "我的列".to_owned();
        let text = damaged.text(b',');
        fs::write(shop.path("bad.csv"), &text).expect("a file");
        damaged.save_as_workbook(&shop.path("bad.xlsx"));
        let before = calls();
        for file in ["bad.csv", "bad.xlsx"] {
            for verb in ["check", "import", "status", "withdraw", "resubmit", "update", "delete", "quota"] {
                let ended = shop.run(&[verb, file]);
                assert_eq!(ended.code, 65, "{verb} {file}: {ended:?}");
                assert!(ended.stderr.contains(&format!("without {lost},")), "{verb} {file}: {ended:?}");
                assert!(!ended.stderr.contains(&format!("without {left},")), "{verb} {file}: {ended:?}");
            }
        }
        assert_eq!((calls(), fs::read_to_string(shop.path("bad.csv")).expect("a file")), (before, text));
        assert!(!shop.path("reports/bad.results.csv").exists());
    }
}

#[test]
fn a_torn_end_of_the_file_loses_no_row() {
    let shop = Shop::with(3);
    let whole = fs::read(shop.path(RESULTS)).expect("results");
    let text = String::from_utf8(whole.clone()).expect("text");
    let last = text.lines().last().expect("a line");
    let sending = last.replace(",add,ok,", ",withdraw,sending,");
    fs::write(shop.path(RESULTS), [whole.as_slice(), &sending.as_bytes()[..40]].concat()).expect("results");
    let (ended, cost) = shop.cost(&["withdraw", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [3, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0]));
}
