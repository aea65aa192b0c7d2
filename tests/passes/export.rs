//! The whole library as a file: walked, written, read back by every verb, and by people's programs.

use std::fs;

use encoding_rs::GBK;
use livegoods::sandbox::{Call, Options, Prices};
use livegoods::sheet::{self, ReadOptions};

use crate::shop::{RESULTS, Sheet, Shop};

const FILE: &str = "library.csv";

/// Calls of the list that a run costs.
fn pages(shop: &Shop, words: &[&str]) -> (crate::shop::Ended, usize) {
    let before = shop.sandbox.calls().count(Call::List);
    let ended = shop.run(words);
    (ended, usize::try_from(shop.sandbox.calls().count(Call::List) - before).expect("a count"))
}

fn exported(shop: &Shop) -> Sheet {
    assert_eq!(shop.run(&["export", "-o", FILE]).code, 0);
    Sheet::read(&shop.path(FILE))
}

#[test]
fn every_status_is_exported_with_the_columns_of_results() {
    let shop = Shop::with(2);
    shop.run(&["withdraw", RESULTS, "--rows", "3"]);
    shop.review_ends();
    shop.import_more("拒审咖啡壶", 9);
    shop.sandbox.put_console_goods("控制台里的茶壶").expect("goods");
    let file = exported(&shop);
    assert_eq!(
        file.rows[0].join(","),
        "name,coverImgUrl,priceType,price,price2,url,thirdPartyTag,row,action,outcome,goodsId,auditId,\
         auditStatus,errcode,errmsg,note,coverDigest,updatedAt,check"
    );
    assert_eq!(file.cells("auditStatus"), ["2", "0", "1", "2"]);
    assert_eq!(file.cells("row"), ["2", "3", "4", "5"]);
    assert_eq!(file.cells("price"), ["1.5", "2.5", "9", "99"]);
    assert_eq!(file.cells("thirdPartyTag"), ["2", "2", "2", "0"]);
    assert!(file.cells("action").iter().all(|action| *action == "export"));
    assert!(file.cells("outcome").iter().all(|outcome| *outcome == "ok"));
    assert!(file.cells("errcode").iter().all(|code| *code == "0"));
    assert!(file.cells("auditId").iter().all(|id| id.is_empty()));
    let ids: Vec<String> = shop.goods().iter().map(|goods| goods.goods_id.to_string()).collect();
    assert_eq!(file.cells("goodsId"), ids);
    assert!(file.cells("note")[3].starts_with("console-goods: ") && file.cells("note")[0].is_empty());
}

#[test]
fn an_export_costs_a_page_for_every_hundred_goods_of_a_status() {
    let shop = Shop::with(201);
    let (ended, cost) = pages(&shop, &["export", "-o", FILE]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [201, 0, 0, 0, 0, 0], 3 + 3));
    shop.review_ends();
    let (_, cost) = pages(&shop, &["export", "-o", "library.xlsx"]);
    assert_eq!(cost, 3 + 3);
}

#[test]
fn two_goods_of_one_name_and_page_both_appear() {
    let shop = Shop::with(1);
    fs::copy(shop.path("tea.csv"), shop.path("again.csv")).expect("a copy");
    assert_eq!(shop.run(&["import", "again.csv", "-r", "reports/again.csv"]).code, 0);
    let file = exported(&shop);
    assert_eq!(file.cells("name"), ["手冲咖啡壶 1 号", "手冲咖啡壶 1 号"]);
    shop.review_ends();
    let ended = shop.run(&["delete", FILE, "--yes", "--expect", "0"]);
    assert_eq!(ended.counts(), [0, 2, 0, 0, 0, 0], "both in review when they were exported");
    let ended = shop.run(&["status", FILE]);
    assert_eq!((ended.code, ended.counts()), (0, [2, 0, 0, 0, 0, 0]));
    assert_eq!(shop.run(&["delete", FILE, "--yes", "--expect", "2"]).code, 0);
    assert_eq!(shop.goods(), []);
}

#[test]
fn every_verb_takes_an_export_in_either_form() {
    let shop = Shop::with(3);
    shop.review_ends();
    shop.sandbox.put_console_goods("控制台里的茶壶").expect("goods");
    for file in [FILE, "library.xlsx"] {
        assert_eq!(shop.run(&["export", "-o", file]).code, 0);
        let before = fs::read(shop.path(file)).expect("an export");
        for (verb, ok, expected) in [
            ("status", "pending", 3),
            ("withdraw", "skipped", 4),
            ("resubmit", "skipped", 4),
            ("update", "pending", 3),
            ("delete", "pending", 3),
        ] {
            let plan = shop.run(&[verb, file, "--dry-run"]);
            assert_eq!(plan.code, 0, "{verb} {file}: {plan:?}");
            assert_eq!(plan.summary[ok], expected, "{verb} {file}: {plan:?}");
            assert_eq!(plan.summary["failed"], 0, "{verb} {file}: {plan:?}");
        }
        assert_eq!(fs::read(shop.path(file)).expect("an export"), before);
        let ended = shop.run(&["update", file, "-r", "reports/of-export.csv"]);
        assert_eq!((ended.code, ended.counts()), (0, [3, 0, 0, 0, 0, 1]), "{file}: nothing differs");
        fs::remove_file(shop.path("reports/of-export.csv")).expect("removed");
    }
}

#[test]
fn a_workbook_keeps_every_digit_of_an_id() {
    let shop = Shop::with(2);
    assert_eq!(shop.run(&["export", "-o", "library.xlsx"]).code, 0);
    let sheet = sheet::open(&shop.path("library.xlsx"), &ReadOptions::default()).expect("a sheet");
    let columns = sheet.columns().clone();
    let rows = sheet.rows().expect("rows");
    let id = columns.headings.iter().position(|heading| heading == "goodsId").expect("a column");
    let csv = exported(&shop);
    let ids: Vec<&str> = rows.iter().map(|row| &row.cells[id]).collect();
    assert_eq!(ids, csv.cells("goodsId"));
    let checks: Vec<&str> = rows.iter().map(|row| &row.cells[columns.headings.len() - 1]).collect();
    assert_eq!(checks, csv.cells("check"));
}

#[test]
fn an_export_saved_as_gbk_with_semicolons_and_sorted_is_still_believed() {
    let shop = Shop::with(3);
    shop.review_ends();
    let mut file = exported(&shop);
    file.rows[1..].reverse();
    let text = file.text(b';');
    fs::write(shop.path(FILE), GBK.encode(&text).0).expect("an export");
    let plan = shop.run(&["delete", FILE, "--dry-run"]);
    assert_eq!((plan.code, plan.summary["expect"].as_u64()), (0, Some(3)), "{plan:?}");
}

#[test]
fn an_export_to_stdout_leaves_the_summary_to_stderr() {
    let shop = Shop::with(2);
    let output = shop.command(&["export", "-o", "-"]).output().expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.starts_with("\u{FEFF}name,") && text.lines().count() == 3, "{text}");
    let told = String::from_utf8(output.stderr).expect("text");
    assert!(told.contains("2 rows: 2 ok"), "{told}");
    assert!(!shop.path("-").exists());
}

#[test]
fn a_spent_quota_leaves_no_half_file_and_the_old_one_as_it_was() {
    let shop = Shop::with(2);
    exported(&shop);
    let before = fs::read(shop.path(FILE)).expect("an export");
    let ended = shop.run(&["export", "-o", FILE, "--quota", "list=6"]);
    assert_eq!((ended.code, ended.summary["stopped"]["reason"].as_str()), (75, Some("quota_spent")));
    assert!(ended.stderr.contains("next: livegoods export"), "{ended:?}");
    assert_eq!(fs::read(shop.path(FILE)).expect("an export"), before);
    assert_eq!(shop.run(&["export", "-o", "new.xlsx", "--quota", "list=1"]).code, 75);
    assert!(!shop.path("new.xlsx").exists());
}

#[test]
fn only_an_export_that_nothing_was_done_with_is_overwritten() {
    let shop = Shop::with(2);
    let called = || shop.sandbox.calls().count(Call::List);
    exported(&shop);
    exported(&shop);
    shop.review_ends();
    shop.run(&["status", FILE]);
    exported(&shop);
    let before = called();
    assert_eq!(shop.run(&["export", "-o", RESULTS]).code, 73, "results of an import");
    assert_eq!(shop.run(&["export", "-o", RESULTS, "--force"]).code, 73);
    assert_eq!(shop.run(&["export", "-o", "tea.csv"]).code, 73, "a sheet");
    assert_eq!(shop.run(&["export", "-o", "library.ods"]).code, 2);
    shop.run(&["delete", FILE, "--rows", "2", "--yes", "--expect", "1"]);
    assert_eq!(shop.run(&["export", "-o", FILE]).code, 73, "goods were deleted by it");
    assert_eq!(called(), before, "all of it before the first call");
    assert_eq!(shop.run(&["export", "-o", "tea.csv", "--force"]).code, 0);
}

#[test]
fn replies_in_fen_stop_an_export_that_has_prices_to_compare_with() {
    let shop = Shop::like(3, Options { prices: Prices::Fen, ..Options::default() });
    let ended = shop.run(&["export", "-o", FILE]);
    assert_eq!(ended.code, 78, "{ended:?}");
    assert_eq!(ended.summary["stopped"]["reason"], "prices_in_fen");
    assert_eq!(
        ended.summary["next_command"],
        "livegoods export --output library.csv --json --reply-prices fen"
    );
    assert!(!shop.path(FILE).exists());
    let ended = shop.run(&["export", "-o", FILE, "--reply-prices", "fen"]);
    assert_eq!((ended.code, ended.summary["reply_prices"].as_str()), (0, Some("fen")));
    assert_eq!(Sheet::read(&shop.path(FILE)).cells("price"), ["1.5", "2.5", "3.5"]);
    fs::remove_dir_all(shop.path("reports")).expect("removed");
    assert_eq!(shop.run(&["export", "-o", FILE]).code, 78, "the old export knows the prices");
    let ended = shop.run(&["export", "-o", "other.csv"]);
    assert_eq!((ended.code, ended.summary["reply_prices"].as_str()), (0, Some("yuan-assumed")));
    assert_eq!(Sheet::read(&shop.path("other.csv")).cells("price"), ["150", "250", "350"]);
}

#[test]
fn replies_with_decimals_are_not_in_fen() {
    let shop = Shop::with(2);
    let ended = shop.run(&["export", "-o", FILE, "--reply-prices", "fen"]);
    assert_eq!((ended.code, ended.summary["stopped"]["reason"].as_str()), (78, Some("prices_not_in_fen")));
    assert_eq!(shop.run(&["export", "-o", FILE]).summary["reply_prices"], "yuan");
}

#[test]
fn a_new_export_over_a_resubmitted_one_keeps_the_audit_ids_it_learned() {
    let shop = Shop::with(2);
    shop.run(&["withdraw", RESULTS]);
    let book = "library.xlsx";
    assert_eq!(shop.run(&["export", "-o", book]).code, 0);
    assert_eq!(shop.run(&["resubmit", book]).code, 0);
    assert_eq!(shop.run(&["export", "-o", book]).code, 0);
    let ended = shop.run(&["withdraw", book]);
    assert_eq!((ended.code, ended.counts()), (0, [2, 0, 0, 0, 0, 0]), "{ended:?}");
}
