//! Goods without a sku whose row got another name: `update` knows them by the page that is theirs alone.

use std::fs;

use livegoods::sandbox::Call;
use serde_json::{Value, json};

use crate::shop::{Ended, Sheet, Shop};

const RESULTS: &str = "reports/more.results.csv";
const OLD: &str = "白茶饼一号";
const NEW: &str = "白毫银针一号";

/// A shop whose one row has no sku; its goods are in review.
fn shop(faults: &[&str]) -> Shop {
    let shop = Shop::new(0, faults);
    shop.import_more(OLD, 9);
    shop
}

/// The same with goods that take every field.
fn withdrawn(faults: &[&str]) -> Shop {
    let shop = shop(faults);
    assert_eq!(shop.run(&["withdraw", RESULTS]).code, 0);
    shop
}

fn name(shop: &Shop, name: &str) {
    let sheet = format!("name,cover,price,url\n{name},SANDBOX-COVER-IMAGE-02,9,pages/more\n");
    fs::write(shop.path("more.csv"), sheet).expect("a sheet");
}

fn results(shop: &Shop) -> Sheet {
    Sheet::read(&shop.path(RESULTS))
}

/// The changes that updates sent so far, without their ids.
fn sent(shop: &Shop) -> Vec<Value> {
    let calls = shop.sandbox.calls();
    let bodies = calls.log().filter(|asked| asked.call == Call::Update).map(|asked| {
        let mut body: Value = serde_json::from_slice(&asked.body).expect("JSON");
        body["goodsInfo"].as_object_mut().expect("goodsInfo").remove("goodsId").expect("an id");
        body["goodsInfo"].take()
    });
    bodies.collect()
}

fn code(ended: &Ended) -> &str {
    ended.summary["issues"][0]["code"].as_str().unwrap_or_default()
}

/// That the line goes by `name`, and every verb believes it.
fn is_known_as(shop: &Shop, name: &str) {
    assert_eq!(shop.run(&["import", "more.csv"]).counts(), [1, 0, 0, 0, 0, 0]);
    let kept = results(shop);
    assert_eq!((kept.rows.len(), kept.cells("name"), kept.cells("row")), (2, vec![name], vec!["2"]));
    assert_eq!(shop.run(&["status", RESULTS]).counts(), [1, 0, 0, 0, 0, 0]);
    assert_eq!(shop.sandbox.calls().count(Call::Add), 1);
}

#[test]
fn a_new_name_is_sent_and_the_line_goes_by_it_from_then_on() {
    let shop = withdrawn(&[]);
    name(&shop, NEW);
    let before = fs::read(shop.path(RESULTS)).expect("results");
    let plan = shop.run(&["update", "more.csv", "--dry-run"]);
    assert_eq!((plan.code, &plan.summary["calls"]["update"]), (0, &json!(1)), "{plan:?}");
    assert_eq!(fs::read(shop.path(RESULTS)).expect("results"), before);
    let ended = shop.run(&["update", "more.csv"]);
    assert_eq!((ended.code, ended.counts()), (0, [1, 0, 0, 0, 0, 0]), "{ended:?}");
    assert_eq!(sent(&shop), [json!({ "name": NEW })]);
    assert_eq!(shop.goods()[0].name, NEW);
    is_known_as(&shop, NEW);
    assert_eq!(shop.run(&["update", "more.csv"]).code, 0);
    assert_eq!(sent(&shop).len(), 1, "once");
}

#[test]
fn the_line_that_import_left_of_the_row_gives_way_to_that_of_the_goods() {
    let shop = withdrawn(&[]);
    name(&shop, NEW);
    let refused = shop.run(&["import", "more.csv"]);
    assert_eq!((refused.code, code(&refused)), (1, "identity-changed"));
    assert_eq!(results(&shop).cells("outcome"), ["invalid", "ok"]);
    assert_eq!(shop.run(&["update", "more.csv"]).code, 0);
    is_known_as(&shop, NEW);
}

#[test]
fn where_the_name_cannot_be_sent_the_line_keeps_the_old_one_and_the_sheet_can_be_restored() {
    for (reviewed, locked) in [(true, "approved-locked"), (false, "in-review")] {
        let shop = shop(&[]);
        if reviewed {
            shop.review_ends();
        }
        name(&shop, NEW);
        for _ in 0..2 {
            let ended = shop.run(&["update", "more.csv"]);
            assert_eq!((ended.code, code(&ended), sent(&shop).len()), (1, locked, 0), "{ended:?}");
            assert_eq!(results(&shop).cells("name"), [OLD]);
        }
        assert_eq!(code(&shop.run(&["import", "more.csv"])), "identity-changed");
        name(&shop, OLD);
        assert_eq!(shop.run(&["update", "more.csv"]).code, 0);
        is_known_as(&shop, OLD);
        assert_eq!(results(&shop).cells("note"), [""]);
    }
}

#[test]
fn an_update_whose_answer_is_lost_is_settled_and_the_line_moves_with_it() {
    let shop = withdrawn(&["update:lost-after=1x"]);
    name(&shop, NEW);
    let ended = shop.run(&["update", "more.csv"]);
    assert_eq!((ended.code, shop.goods()[0].name.as_str()), (0, NEW), "{ended:?}");
    is_known_as(&shop, NEW);
}

#[test]
fn a_run_that_died_with_the_call_under_way_leaves_one_line_that_the_next_takes_up() {
    let shop = withdrawn(&[]);
    let known = results(&shop);
    name(&shop, NEW);
    assert_eq!(shop.run(&["update", "more.csv"]).code, 0);
    // As the file was when the call had gone out: the old line, and *sending* behind it.
    let mut died = known.clone();
    let mut sending = known.rows[1].clone();
    for (heading, text) in
        [("action", "update"), ("outcome", "sending"), ("updatedAt", "2026-11-22T09:00:00.000+08:00")]
    {
        sending[known.column(heading)] = text.to_owned();
    }
    died.rows.push(sending.clone());
    let renamed = results(&shop).rows[1].clone();
    for answered in [false, true] {
        let mut died = died.clone();
        if answered {
            let mut renamed = renamed.clone();
            renamed[known.column("updatedAt")] = "2026-11-22T09:00:00.001+08:00".to_owned();
            died.rows.push(renamed);
        }
        fs::write(shop.path(RESULTS), died.text(b',')).expect("results");
        let ended = shop.run(&["update", "more.csv"]);
        assert_eq!((ended.code, ended.counts()), (0, [1, 0, 0, 0, 0, 0]), "{answered}: {ended:?}");
        is_known_as(&shop, NEW);
    }
    assert_eq!(sent(&shop).len(), 1, "what was carried out is not sent again");
}

#[test]
fn a_row_and_goods_that_are_not_alone_on_their_page_are_left() {
    let shop = withdrawn(&[]);
    let row = |name: &str| format!("{name},SANDBOX-COVER-IMAGE-02,9,pages/more\n");
    let sheet = format!("name,cover,price,url\n{}{}", row(NEW), row("白牡丹茶二号"));
    fs::write(shop.path("more.csv"), sheet).expect("a sheet");
    let ended = shop.run(&["update", "more.csv"]);
    assert_eq!((ended.code, ended.counts(), sent(&shop).len()), (0, [0, 0, 0, 0, 0, 2], 0), "{ended:?}");
}

#[test]
fn goods_whose_line_was_damaged_are_refused_under_another_name_too() {
    let shop = withdrawn(&[]);
    let mut results = results(&shop);
    results.set(1, "goodsId", "77");
    fs::write(shop.path(RESULTS), results.text(b',')).expect("results");
    name(&shop, NEW);
    let ended = shop.run(&["update", "more.csv"]);
    assert_eq!((ended.code, code(&ended), sent(&shop).len()), (1, "check-mismatch", 0), "{ended:?}");
}
