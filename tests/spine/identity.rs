//! Rows that come back under another sku or name: never added a second time unless somebody says that they are new.

use std::fs;

use encoding_rs::GBK;
use livegoods::exit::Exit;
use livegoods::quota::Bucket;
use livegoods::sandbox::Call;
use serde_json::json;

use crate::support::{Ended, Program, Table, Wishes, adds, desk, shop, snapshot};

/// What the next command is, as it was printed.
fn next(ended: &Ended) -> &str {
    ended.summary["next_command"].as_str().unwrap_or_default()
}

fn named(number: usize) -> String {
    format!("白茶饼测试{number}号")
}

/// Goods whose codes begin with zeros.
fn with_zeros() -> Table {
    let mut table = Table::of_goods(&[&named(1), &named(2)]);
    table.set(1, "货号", "000123");
    table.set(2, "货号", "000124");
    table
}

/// The same goods without codes.
fn without_sku(goods: usize) -> Table {
    let names: Vec<String> = (1..=goods).map(named).collect();
    let mut table = Table::of_goods(&names.iter().map(String::as_str).collect::<Vec<_>>());
    table.drop_column("货号");
    table
}

/// Saves the sheet as a program does that takes codes for numbers.
fn save_again(program: &Program) {
    let mut table = with_zeros();
    table.set(1, "货号", "123");
    table.set(2, "货号", "124");
    let text = String::from_utf8(table.bytes(b',', csv::Terminator::CRLF)).expect("text");
    fs::write(program.path("tea.csv"), GBK.encode(&text).0).expect("a sheet");
}

#[test]
fn codes_that_lost_their_zeros_add_nothing_and_name_the_goods_they_were() {
    let (sandbox, program) = shop(&with_zeros(), &[]);
    assert_eq!(program.import(&["-j", "1"]).code, Some(0));
    let ids: Vec<String> =
        Table::read(&program.results()).cells("goodsId").iter().map(|id| (*id).into()).collect();
    save_again(&program);
    let before = snapshot(program.home.path());
    let planned = program.import(&["--dry-run"]);
    assert_eq!((planned.count("submit_calls"), planned.count("invalid")), (0, 2), "{planned:?}");
    assert_eq!(planned.summary["left"][1]["code"], "identity-changed");
    assert_eq!(snapshot(program.home.path()), before);
    for _ in 0..2 {
        let ended = program.import(&[]);
        assert_eq!((ended.code, ended.count("invalid"), adds(&sandbox)), (Some(1), 2, 2), "{ended:?}");
        assert_eq!(ended.summary["issues"][0]["code"], "identity-changed");
        assert_eq!(next(&ended), "livegoods update tea.csv");
        let results = Table::read(&program.results());
        assert_eq!(results.cells("outcome"), ["invalid", "invalid", "ok", "ok"]);
        let note = results.cell(1, "note");
        for part in ["identity-changed: ", "000123", &ids[0], "restore the sheet", "--new-goods"] {
            assert!(note.contains(part), "{part}: {note}");
        }
        assert_eq!(results.cells("goodsId"), ["", "", &ids[0], &ids[1]], "the only word of the goods stays");
    }
    with_zeros().write(&program.path("tea.csv"));
    let ended = program.import(&[]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 2), "restored");
    assert_eq!(Table::read(&program.results()).rows.len(), 3);
}

#[test]
fn update_takes_such_rows_for_their_goods_and_the_lines_go_by_the_new_code() {
    let (sandbox, program) = shop(&with_zeros(), &[]);
    program.import(&[]);
    save_again(&program);
    let refused = program.import(&[]);
    let words: Vec<&str> = next(&refused).split(' ').skip(1).chain(["--json"]).collect();
    let ended = program.run(&words);
    assert_eq!((ended.code, ended.count("ok")), (Some(0), 2), "{ended:?}");
    assert_eq!(
        (adds(&sandbox), sandbox.calls().count(Call::Update)),
        (2, 0),
        "nothing differs at the service"
    );
    let results = Table::read(&program.results());
    assert_eq!((results.cells("货号"), results.cells("outcome")), (vec!["123", "124"], vec!["ok", "ok"]));
    let ended = program.import(&[]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 2), "{ended:?}");
    assert_eq!(program.run(&["status", "reports/tea.results.csv", "--json"]).code, Some(0), "the checks fit");
}

#[test]
fn somebody_who_says_that_they_are_new_gets_them_added() {
    let (sandbox, program) = shop(&with_zeros(), &[]);
    program.import(&[]);
    save_again(&program);
    let ended = program.import(&["--new-goods"]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 4), "{ended:?}");
    assert_eq!(Table::read(&program.results()).rows.len(), 1 + 2 + 2, "the goods that left the sheet stay");
    assert_eq!((program.import(&[]).code, adds(&sandbox)), (Some(0), 4), "once");
    let twin =
        program.command(&["import", "tea.csv"]).env("LIVEGOODS_NEW_GOODS", "yes").output().expect("a run");
    assert!(twin.status.success());
}

#[test]
fn another_name_without_a_sku_is_the_same_goods_where_the_page_is_theirs_alone() {
    let (sandbox, program) = shop(&without_sku(3), &[]);
    program.import(&[]);
    let mut table = without_sku(3);
    table.set(2, "商品名称", "改了名的白茶饼");
    // A row that is new in every way goes out beside it.
    let mut new = table.rows[3].clone();
    new[0] = named(4);
    new[3] = "pages/detail?id=4".into();
    table.rows.push(new);
    table.write(&program.path("tea.csv"));
    let ended = program.import(&[]);
    assert_eq!((ended.code, ended.count("ok"), ended.count("invalid"), adds(&sandbox)), (Some(1), 3, 1, 4));
    let results = Table::read(&program.results());
    assert!(results.cell(2, "note").contains(&named(2)), "{}", results.cell(2, "note"));
    assert_eq!(results.cell(2, "goodsId"), "");
}

#[test]
fn a_shop_whose_goods_all_open_one_page_hears_nothing_of_it() {
    let one_page = |mut table: Table| {
        (1..table.rows.len()).for_each(|row| table.set(row, "链接", "pages/live"));
        table
    };
    let (sandbox, program) = shop(&one_page(without_sku(3)), &[]);
    program.import(&[]);
    let mut table = one_page(without_sku(3));
    table.set(2, "商品名称", "改了名的白茶饼");
    table.write(&program.path("tea.csv"));
    let ended = program.import(&[]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 3, 4), "{ended:?}");
}

#[test]
fn results_as_their_own_sheet_do_not_add_what_the_sheet_did_not() {
    let (sandbox, program) = shop(&with_zeros(), &[]);
    program.import(&[]);
    save_again(&program);
    program.import(&[]);
    let results = "reports/tea.results.csv";
    let before = fs::read(program.results()).expect("results");
    let ended = program.run(&["import", results, "--json"]);
    assert_eq!((ended.code, ended.count("ok"), ended.count("invalid")), (Some(1), 2, 2), "{ended:?}");
    assert_eq!(next(&ended), "livegoods explain identity-changed", "no update of the results could tell");
    assert_eq!(fs::read(program.results()).expect("results"), before);
    // The same in other results.
    let ended = program.run(&["import", results, "-r", "other.csv", "--json"]);
    assert_eq!((ended.code, ended.count("ok"), ended.count("invalid")), (Some(1), 2, 2), "{ended:?}");
    assert_eq!(adds(&sandbox), 2);
    let ended = program.run(&["import", results, "--new-goods", "--json"]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 4, 4), "{ended:?}");
}

#[test]
fn goods_that_were_deleted_or_refused_are_nobodys_other_name() {
    let (sandbox, program) = shop(&without_sku(2), &["add:300004=1x"]);
    program.import(&["-j", "1"]);
    let mut results = Table::read(&program.results());
    results.set(2, "action", "delete");
    results.write(&program.results());
    let mut table = without_sku(2);
    table.set(1, "商品名称", "改了名的白茶饼");
    table.set(2, "商品名称", "又改了名的茶饼");
    table.write(&program.path("tea.csv"));
    let ended = program.import(&[]);
    assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 4), "{ended:?}");
}

#[test]
fn goods_in_doubt_are_found_out_before_a_row_of_another_name_is_sent() {
    for (fault, there) in [("add:lost-after=1x", true), ("add:lost-before=1x", false)] {
        let (desk, sandbox) = desk(&without_sku(1), &[fault]);
        let service = desk.client(&sandbox);
        let no_looks = vec![(Bucket::Submit, 100), (Bucket::List, 0)];
        desk.import(&service, Wishes { quota: no_looks, ..Wishes::default() });
        let mut table = without_sku(1);
        table.set(1, "商品名称", "改了名的白茶饼");
        table.write(&desk.sheet);
        let ran = desk.import(&service, Wishes::default());
        assert_eq!((ran.exit, ran.counts.invalid, adds(&sandbox)), (Exit::SomeFailed, 1, 1), "{fault}");
        let ran = desk.import(&service, Wishes::default());
        let expected = if there { (Exit::SomeFailed, 1) } else { (Exit::Done, 2) };
        assert_eq!((ran.exit, adds(&sandbox)), expected, "{fault}: {ran:?}");
    }
}

#[test]
fn a_torn_line_that_may_be_the_rows_own_is_looked_for_and_the_row_is_not_sent() {
    let (desk, sandbox) = desk(&with_zeros(), &[]);
    let service = desk.client(&sandbox);
    desk.import(&service, Wishes::default());
    let mut table = with_zeros();
    table.set(1, "货号", "123");
    table.write(&desk.sheet);
    // So little of a line that it may have been any row's.
    let mut bytes = fs::read(&desk.results).expect("results");
    bytes.extend_from_slice("白茶".as_bytes());
    fs::write(&desk.results, bytes).expect("written");
    let ran = desk.import(&service, Wishes::default());
    assert_eq!((ran.counts.invalid, ran.counts.ok, adds(&sandbox)), (1, 1, 2), "{ran:?}");
    assert!(sandbox.calls().count(Call::List) > 0, "looked for");
    assert!(Table::read(&desk.results).cell(1, "note").starts_with("identity-changed: "));
}

#[test]
fn an_exports_line_meets_its_row_whatever_the_rows_appid() {
    let mut table = without_sku(2);
    table.rows[0].push("第三方appid".into());
    table.rows[1].push("wx0123456789abcdef".into());
    table.rows[2].push(String::new());
    let (sandbox, program) = shop(&table, &[]);
    program.import(&[]);
    assert_eq!(program.run(&["export", "-o", "library.csv", "--json"]).code, Some(0));
    for _ in 0..2 {
        let ended = program.import(&["-r", "library.csv"]);
        assert_eq!((ended.code, ended.count("ok"), adds(&sandbox)), (Some(0), 2, 2), "{ended:?}");
    }
    // An export's picture is an address, so another one is wanted: more than goods in review take.
    let ended = program.run(&["update", "tea.csv", "-r", "library.csv", "--json"]);
    assert_eq!((ended.count("failed"), ended.count("skipped")), (2, 0), "both met: {ended:?}");
    assert_eq!(ended.summary["issues"][0]["code"], "in-review");
    // Two rows that only their appid tells apart: an export tells neither's.
    let mut both = table.clone();
    let mut second = both.rows[1].clone();
    second[5] = "wxfedcba9876543210".into();
    both.rows.push(second);
    both.write(&program.path("tea.csv"));
    program.run(&["export", "-o", "again.csv", "--json"]);
    for verb in ["import", "update"] {
        let ended = program.run(&[verb, "tea.csv", "-r", "again.csv", "--json"]);
        let left = &ended.summary["issues"][0];
        assert_eq!(
            (&left["code"], &left["rows"]),
            (&json!("identity-ambiguous"), &json!([2, 4])),
            "{ended:?}"
        );
    }
    assert_eq!(adds(&sandbox), 2);
}
