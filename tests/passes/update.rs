//! An edited sheet, or edited results, onto goods that exist: what is sent, what is left, and what it costs.

use std::fs;

use livegoods::sandbox::{Call, Options, Prices, Shelved};
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use crate::shop::{Ended, RESULTS, Sheet, Shop};

/// Calls of update, status and list that a run costs.
fn cost(shop: &Shop, words: &[&str]) -> (Ended, [u64; 3]) {
    let count = || [Call::Update, Call::Status, Call::List].map(|call| shop.sandbox.calls().count(call));
    let before = count();
    let ended = shop.run(words);
    let mut cost = count();
    cost.iter_mut().zip(before).for_each(|(after, before)| *after -= before);
    (ended, cost)
}

/// What the last update sent beside the goodsId.
fn sent(shop: &Shop) -> Value {
    let calls = shop.sandbox.calls();
    let last = calls.log().filter(|asked| asked.call == Call::Update).last().expect("an update");
    let mut body: Value = serde_json::from_slice(&last.body).expect("JSON");
    body["goodsInfo"].as_object_mut().expect("goodsInfo").remove("goodsId").expect("an id");
    body["goodsInfo"].take()
}

/// Changes text in the shop's sheet.
fn edit(shop: &Shop, from: &str, to: &str) {
    let sheet = fs::read_to_string(shop.path("tea.csv")).expect("a sheet");
    assert!(sheet.contains(from), "{from}");
    fs::write(shop.path("tea.csv"), sheet.replace(from, to)).expect("a sheet");
}

/// The shop's sheet as a workbook, its prices in a format.
fn as_workbook(shop: &Shop, prices: &[f64], format: &str) {
    let format = Format::new().set_num_format(format);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let headings = ["货号", "商品名称", "商品图片", "链接", "价格"];
    sheet.write_row(0, 0, headings).expect("headings");
    for (row, price) in (1..).zip(prices) {
        let name = format!("手冲咖啡壶 {row} 号");
        let cells =
            [format!("T-{row}"), name, "SANDBOX-COVER-IMAGE-01".into(), format!("pages/tea?id={row}")];
        sheet.write_row(row, 0, cells).expect("cells");
        sheet.write_number_with_format(row, 4, *price, &format).expect("a price");
    }
    book.save(shop.path("tea.xlsx")).expect("a workbook");
}

#[test]
fn a_price_that_a_person_sees_as_another_is_not_sent() {
    for (format, code) in [("0%", "price-percent"), ("[$€-407] 0.00", "price-currency")] {
        let shop = approved(1);
        as_workbook(&shop, &[0.88], format);
        let (ended, calls) = cost(&shop, &["update", "tea.xlsx", "-r", RESULTS]);
        assert_eq!((ended.code, ended.counts(), calls[0]), (1, [0, 0, 1, 0, 0, 0], 0), "{ended:?}");
        let results = fs::read_to_string(shop.path(RESULTS)).expect("results");
        assert!(results.contains(code), "{results}");
    }
}

fn approved(goods: usize) -> Shop {
    let shop = Shop::with(goods);
    shop.review_ends();
    shop
}

fn withdrawn(goods: usize) -> Shop {
    let shop = Shop::with(goods);
    assert_eq!(shop.run(&["withdraw", RESULTS]).code, 0);
    shop
}

fn goods(shop: &Shop, number: usize) -> Shelved {
    shop.goods().swap_remove(number - 1)
}

#[test]
fn unchanged_rows_cost_no_update_and_leave_the_file_as_it_is() {
    let shop = approved(3);
    let before = fs::read(shop.path(RESULTS)).expect("results");
    for input in ["tea.csv", RESULTS] {
        let (ended, calls) = cost(&shop, &["update", input]);
        assert_eq!((ended.code, ended.counts(), calls), (0, [3, 0, 0, 0, 0, 0], [0, 1, 0]), "{input}");
        assert_eq!(fs::read(shop.path(RESULTS)).expect("results"), before, "{input}");
    }
}

#[test]
fn many_rows_are_compared_by_one_sweep() {
    let shop = Shop::with(101);
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.counts()[0], calls), (101, [0, 0, 2 + 3]));
    let (ended, calls) = cost(&shop, &["update", "tea.csv", "--rows", "2-21"]);
    assert_eq!((ended.counts(), calls), ([20, 0, 0, 0, 0, 81], [0, 1, 0]));
}

#[test]
fn approved_goods_take_a_new_price_and_only_that_is_sent() {
    let shop = approved(3);
    edit(&shop, ",2.5,", ",2.8,");
    let (plan, calls) = cost(&shop, &["update", "tea.csv", "--dry-run"]);
    assert_eq!((plan.code, calls), (0, [0, 0, 0]));
    assert_eq!(plan.summary["calls"], json!({ "update": 1, "status": 1 }));
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts(), calls), (0, [3, 0, 0, 0, 0, 0], [1, 1, 0]));
    assert_eq!(sent(&shop).to_string(), json!({ "price": 2.8 }).to_string());
    assert_eq!(goods(&shop, 2).price, 280);
    let results = shop.results();
    assert_eq!(results.cells("action"), ["add", "update", "add"]);
    assert_eq!(results.cells("价格"), ["1.5", "2.8", "3.5"]);
    assert_eq!(results.cells("auditStatus"), ["1", "2", "1"]);
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts()[0], calls), (0, 3, [0, 1, 0]), "once");
    assert_eq!(shop.run(&["import", "tea.csv"]).counts()[0], 3, "its import is as whole as before");
}

#[test]
fn an_approved_row_with_a_new_name_is_left_with_the_reason_and_nothing_is_sent() {
    let shop = approved(3);
    edit(&shop, "2 号,SANDBOX-COVER-IMAGE-01,2.5", "二 号,SANDBOX-COVER-IMAGE-01,2.8");
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts(), calls), (1, [2, 1, 0, 0, 0, 0], [0, 1, 0]));
    let results = shop.results();
    assert_eq!(results.cells("outcome"), ["ok", "failed", "ok"]);
    assert_eq!(results.cells("errcode")[1], "");
    let note = results.cells("note")[1];
    assert!(
        note.starts_with("approved-locked: ") && note.contains("name") && note.contains("delete"),
        "{note}"
    );
    assert_eq!(ended.summary["issues"][0]["code"], "approved-locked");
    edit(&shop, "二 号,SANDBOX-COVER-IMAGE-01,2.8", "2 号,SANDBOX-COVER-IMAGE-01,2.5");
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts()[0], calls), (0, 3, [0, 1, 0]), "taken back");
    assert_eq!(shop.results().cells("outcome"), ["ok", "ok", "ok"]);
    assert_eq!(shop.results().cells("note")[1], "");
}

#[test]
fn goods_in_review_are_left_at_no_call() {
    let shop = Shop::with(2);
    edit(&shop, ",2.5,", ",2.8,");
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts(), calls), (1, [1, 1, 0, 0, 0, 0], [0, 1, 0]));
    assert!(shop.results().cells("note")[1].starts_with("in-review: "));
    shop.review_ends();
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts()[0], calls), (0, 2, [1, 1, 0]), "judged anew");
}

#[test]
fn goods_that_are_not_submitted_take_every_field() {
    let shop = withdrawn(2);
    edit(
        &shop,
        "手冲咖啡壶 2 号,SANDBOX-COVER-IMAGE-01,2.5,pages/tea?id=2",
        "白茶饼 2,SANDBOX-COVER-IMAGE-05,9,pages/t?id=2",
    );
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts()[0], calls), (0, 2, [1, 1, 0]), "{ended:?}");
    assert_eq!(
        sent(&shop),
        json!({ "coverImgUrl": "SANDBOX-COVER-IMAGE-05", "name": "白茶饼 2", "price": 9, "url": "pages/t?id=2" })
    );
    let digests = shop.results();
    assert_ne!(digests.cells("coverDigest")[0], digests.cells("coverDigest")[1]);
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, calls), (0, [0, 1, 0]), "the picture is known now");
    assert_eq!(shop.run(&["resubmit", RESULTS]).code, 0, "the other verbs believe the line");
}

#[test]
fn goods_that_review_refused_are_sent_every_field() {
    let shop = Shop::with(0);
    shop.import_more("拒审咖啡壶", 9);
    shop.review_ends();
    let sheet = "name,cover,price,url,sku\n拒审咖啡壶,SANDBOX-COVER-IMAGE-02,8,pages/other,A\n";
    fs::write(shop.path("more.csv"), sheet.replace("pages/other", "pages/more")).expect("a sheet");
    let (ended, calls) = cost(&shop, &["update", "more.csv"]);
    assert_eq!((ended.code, calls), (0, [1, 1, 0]), "met by its page, its sku came later");
    fs::write(shop.path("more.csv"), sheet).expect("a sheet");
    let (ended, calls) = cost(&shop, &["update", "more.csv"]);
    assert_eq!((ended.code, calls), (0, [1, 1, 0]), "{ended:?}");
    assert_eq!(sent(&shop), json!({ "url": "pages/other" }));
}

#[test]
fn a_new_price_type_carries_its_prices_and_a_third_partys_appid_is_known_by_what_was_sent() {
    let shop = withdrawn(1);
    let head = "货号,商品名称,商品图片,价格类型,价格,现价,链接,第三方appid";
    let sheet = |kind: &str, appid: &str| {
        format!("{head}\nT-1,手冲咖啡壶 1 号,SANDBOX-COVER-IMAGE-01,{kind},pages/tea?id=1,{appid}\n")
    };
    for (kind, appid, expected) in [
        ("3,1.5,1.2", "", json!({ "priceType": 3, "price": 1.5, "price2": 1.2 })),
        ("3,1.5,1.3", "", json!({ "price2": 1.3 })),
        ("1,1.5,", "", json!({ "priceType": 1, "price": 1.5 })),
        ("1,1.5,", "wx0123456789abcdef", json!({ "thirdPartyAppid": "wx0123456789abcdef" })),
        ("1,1.5,", "", json!({ "thirdPartyAppid": "" })),
    ] {
        fs::write(shop.path("tea.csv"), sheet(kind, appid)).expect("a sheet");
        let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
        assert_eq!((ended.code, calls), (0, [1, 1, 0]), "{kind} {appid}: {ended:?}");
        assert_eq!(sent(&shop).to_string(), expected.to_string(), "{kind} {appid}");
        let (_, calls) = cost(&shop, &["update", "tea.csv"]);
        assert_eq!(calls, [0, 1, 0], "{kind} {appid}");
    }
}

#[test]
fn rows_meet_their_lines_however_the_sheet_is_sorted_and_new_ones_are_left_to_import() {
    let shop = approved(3);
    let sheet = "链接,价格,商品名称,备注,货号,商品图片\n\
                 pages/new,5,新的咖啡壶,新,T-9,SANDBOX-COVER-IMAGE-01\n\
                 pages/tea?id=3,3.9,手冲咖啡壶 3 号,涨价,T-3,\n\
                 pages/tea?id=1,1.5,手冲咖啡壶 1 号,,T-1,\n\
                 pages/tea?id=1,1.5,手冲咖啡壶 1 号,,T-1,\n";
    fs::write(shop.path("tea.csv"), sheet).expect("a sheet");
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts(), calls), (1, [2, 0, 1, 0, 0, 1], [1, 1, 0]), "{ended:?}");
    assert_eq!(goods(&shop, 3).price, 390);
    let results = shop.results();
    assert_eq!(results.cells("row"), ["3", "4", "6"], "the sheet's rows, then the line that no row meets");
    assert_eq!(results.cells("货号"), ["T-3", "T-1", "T-2"]);
    assert_eq!(results.cells("备注"), ["涨价", "", ""]);
    assert_eq!(results.cells("action"), ["update", "add", "add"]);
    let ended = shop.run(&["import", "tea.csv"]);
    assert_eq!(ended.counts(), [3, 0, 1, 0, 0, 0], "import adds what is new, the repeat stays at fault");
}

#[test]
fn edited_results_are_their_own_sheet_and_lines_that_cannot_be_believed_are_refused() {
    let shop = approved(3);
    let mut results = shop.results();
    results.set(1, "价格", "1.8");
    results.set(2, "商品名称", "换了名字的壶");
    results.set(2, "货号", "T-22");
    results.set(3, "价格", "12,3.4.5");
    fs::write(shop.path(RESULTS), results.text(b',')).expect("results");
    let (ended, calls) = cost(&shop, &["update", RESULTS]);
    assert_eq!((ended.code, ended.counts(), calls), (1, [1, 1, 1, 0, 0, 0], [1, 1, 0]), "{ended:?}");
    let results = shop.results();
    assert_eq!(results.cells("outcome"), ["ok", "failed", "invalid"]);
    assert!(results.cells("note")[1].starts_with("check-mismatch: "));
    assert!(results.cells("note")[2].starts_with("price-not-number: "));
    assert_eq!(goods(&shop, 1).price, 180);
}

#[test]
fn an_edited_export_changes_prices_at_the_service_again_and_again() {
    let shop = approved(2);
    assert_eq!(shop.run(&["export", "-o", "library.csv"]).code, 0);
    for price in ["7", "8.8"] {
        let mut file = Sheet::read(&shop.path("library.csv"));
        file.set(2, "price", price);
        fs::write(shop.path("library.csv"), file.text(b',')).expect("an export");
        let (ended, calls) = cost(&shop, &["update", "library.csv"]);
        assert_eq!((ended.code, ended.counts()[0], calls), (0, 2, [1, 1, 0]), "{ended:?}");
    }
    assert_eq!(goods(&shop, 2).price, 880);
    assert_eq!(shop.run(&["export", "-o", "library.csv"]).code, 73, "it holds what was done now");
}

#[test]
fn a_workbook_of_results_is_edited_again_and_again_though_it_cannot_be_written() {
    let shop = approved(2);
    for (price, calls) in [("7", [1, 1, 0]), ("8.8", [1, 1, 0]), ("8.8", [0, 1, 0])] {
        assert_eq!(shop.run(&["export", "-o", "library.csv"]).code, 0);
        let mut file = Sheet::read(&shop.path("library.csv"));
        file.set(2, "price", price);
        file.save_as_workbook(&shop.path("library.xlsx"));
        let (ended, spent) = cost(&shop, &["update", "library.xlsx"]);
        assert_eq!((ended.code, ended.counts()[0], spent), (0, 2, calls), "{price}: {ended:?}");
    }
}

#[test]
fn replies_in_fen_stop_an_update_before_anything_is_sent() {
    let shop = Shop::like(3, Options { prices: Prices::Fen, ..Options::default() });
    shop.review_ends();
    for (input, from, to) in [("tea.csv", ",2.5,", ",2.8,"), (RESULTS, ",3.5,", ",3.8,")] {
        let text = fs::read_to_string(shop.path(input)).expect("a file");
        fs::write(shop.path(input), text.replace(from, to)).expect("a file");
        let (ended, calls) = cost(&shop, &["update", input]);
        assert_eq!((ended.code, calls), (78, [0, 1, 0]), "{input}: {ended:?}");
        assert_eq!(ended.counts()[4], 3, "{input}: all wait");
        assert_eq!(ended.summary["stopped"], json!({ "reason": "prices_in_fen", "compared": 3, "off": 3 }));
        assert!(ended.stderr.contains("--reply-prices fen"), "{ended:?}");
        let (ended, calls) = cost(&shop, &["update", input, "--reply-prices", "fen"]);
        assert_eq!((ended.code, calls), (0, [1, 1, 0]), "{input}: {ended:?}");
    }
    assert_eq!((goods(&shop, 2).price, goods(&shop, 3).price), (280, 380));
}

#[test]
fn the_limit_counts_rows_that_are_sent() {
    let shop = approved(4);
    edit(&shop, ".5,", ".7,");
    let (ended, calls) = cost(&shop, &["update", "tea.csv", "--limit", "3"]);
    assert_eq!((ended.code, ended.counts(), calls), (0, [3, 0, 0, 0, 1, 0], [3, 1, 0]), "{ended:?}");
    let (ended, calls) = cost(&shop, &["update", "tea.csv", "--limit", "3"]);
    assert_eq!((ended.code, ended.counts(), calls), (0, [4, 0, 0, 0, 0, 0], [1, 1, 0]));
}

#[test]
fn a_spent_quota_leaves_rows_for_another_day() {
    let shop = approved(4);
    edit(&shop, ".5,", ".7,");
    let (ended, calls) = cost(&shop, &["update", "tea.csv", "--quota", "update=3"]);
    assert_eq!((ended.code, ended.counts(), calls), (75, [3, 0, 0, 0, 1, 0], [3, 1, 0]), "{ended:?}");
    let (ended, calls) = cost(&shop, &["update", "tea.csv", "--quota", "status=2"]);
    assert_eq!((ended.code, ended.counts(), calls), (0, [4, 0, 0, 0, 0, 0], [1, 1, 0]));
    let (ended, calls) = cost(&shop, &["update", "tea.csv", "--quota", "status=2"]);
    assert_eq!(
        (ended.code, ended.counts(), calls),
        (75, [0, 0, 0, 0, 4, 0], [0, 0, 0]),
        "nothing to look with"
    );
}

#[test]
fn goods_that_vanished_are_said_to_be_gone() {
    let shop = approved(2);
    fs::copy(shop.path(RESULTS), shop.path("copy.csv")).expect("a copy");
    shop.run(&["status", "copy.csv"]);
    assert_eq!(shop.run(&["delete", "copy.csv", "--rows", "2", "--yes", "--expect", "1"]).code, 0);
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts(), calls), (1, [1, 1, 0, 0, 0, 0], [0, 2, 0]));
    assert!(shop.results().cells("note")[0].starts_with("goods-gone: "));
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts(), calls), (0, [1, 0, 0, 0, 0, 1], [0, 1, 0]));
}

#[test]
fn a_sheet_without_results_is_nothing_to_update() {
    let shop = Shop::with(0);
    let ended = shop.run(&["update", "tea.csv"]);
    assert_eq!(ended.code, 66);
    assert!(ended.stderr.contains("next: livegoods import tea.csv"), "{ended:?}");
    assert!(!shop.path("reports").exists(), "nothing is left behind");
}

#[test]
fn goods_live_from_import_to_an_empty_library_driven_only_by_files() {
    let shop = Shop::with(3);
    let names = ["status", "withdraw", "resubmit"];
    assert_eq!(shop.run(&[names[0], RESULTS]).code, 0);
    edit(&shop, "3 号", "三 号");
    let ended = shop.run(&["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts()), (1, [2, 1, 0, 0, 0, 0]), "in review");
    assert_eq!(shop.run(&[names[1], RESULTS]).counts()[0], 3);
    assert_eq!(shop.run(&["update", "tea.csv"]).counts()[0], 3, "withdrawn goods take a name");
    assert_eq!(shop.run(&[names[2], RESULTS]).counts()[0], 3);
    shop.review_ends();
    assert_eq!(shop.run(&[names[0], RESULTS]).code, 0);
    assert_eq!(shop.results().cells("auditStatus"), ["2", "2", "2"]);
    edit(&shop, ".5,", ".9,");
    assert_eq!(shop.run(&["update", "tea.csv"]).counts()[0], 3, "approved goods take a price");
    assert_eq!(shop.run(&["export", "-o", "library.csv"]).code, 0);
    let file = Sheet::read(&shop.path("library.csv"));
    assert_eq!(file.cells("price"), ["1.9", "2.9", "3.9"]);
    assert_eq!(file.cells("name")[2], "手冲咖啡壶 三 号");
    assert_eq!(shop.run(&["delete", RESULTS, "--yes", "--expect", "3"]).code, 0);
    let ended = shop.run(&["export", "-o", "library.csv"]);
    assert_eq!((ended.code, ended.counts()), (0, [0; 6]));
    assert_eq!(Sheet::read(&shop.path("library.csv")).rows.len(), 1, "headings alone");
}

#[test]
fn other_verbs_leave_an_update_in_doubt_to_update() {
    let shop = approved(1);
    let mut results = shop.results();
    results.set(1, "action", "update");
    results.set(1, "outcome", "in-doubt");
    fs::write(shop.path(RESULTS), results.text(b',')).expect("results");
    for verb in ["status", "resubmit"] {
        let ended = shop.run(&[verb, RESULTS]);
        assert_eq!((ended.code, ended.counts()[3]), (4, 1), "{verb}: {ended:?}");
        assert_eq!(ended.summary["next_command"], format!("livegoods update {RESULTS}"), "{verb}");
    }
    let (ended, calls) = cost(&shop, &["update", RESULTS]);
    assert_eq!((ended.code, ended.counts()[0], calls), (0, 1, [0, 1, 0]));
    assert_eq!(shop.run(&["status", RESULTS]).code, 0);
}

/// A picture of one colour that fits as it is.
fn picture(shop: &Shop, name: &str, grey: u8) {
    image::GrayImage::from_pixel(20, 20, image::Luma([grey])).save(shop.path(name)).expect("a picture");
}

#[test]
fn another_picture_is_uploaded_once_and_sent_as_what_it_was_uploaded_as() {
    let shop = withdrawn(2);
    let uploads = || shop.sandbox.calls().count(Call::Upload);
    picture(&shop, "new.png", 7);
    edit(&shop, "SANDBOX-COVER-IMAGE-01", "new.png");
    let plan = shop.run(&["update", "tea.csv", "--dry-run"]);
    assert_eq!((plan.code, uploads()), (0, 0));
    assert_eq!(plan.summary["calls"]["media"], 2, "at the most, one a row");
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts()[0], calls, uploads()), (0, 2, [2, 1, 0], 1), "{ended:?}");
    let media_id = sent(&shop)["coverImgUrl"].as_str().expect("a cover").to_owned();
    assert!(!media_id.contains("new.png") && media_id.len() > 20, "{media_id}");
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, calls, uploads()), (0, [0, 1, 0], 1), "the picture is known now");
    picture(&shop, "new.png", 8);
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, calls, uploads()), (0, [2, 1, 0], 2), "the file has another picture");
    assert_ne!(sent(&shop)["coverImgUrl"], media_id);
    assert_eq!(shop.run(&["resubmit", RESULTS]).code, 0, "the other verbs believe the line");
}

#[test]
fn a_picture_that_the_service_does_not_know_any_more_is_uploaded_again() {
    let shop = withdrawn(2);
    picture(&shop, "new.png", 7);
    edit(&shop, "手冲咖啡壶 1 号,SANDBOX-COVER-IMAGE-01", "手冲咖啡壶 1 号,new.png");
    assert_eq!(shop.run(&["update", "tea.csv"]).code, 0);
    let state = rusqlite::Connection::open(shop.path(".local/state/livegoods/state.db")).expect("the state");
    state.execute("UPDATE uploads SET media_id = 'long-gone-and-forgotten'", []).expect("changed");
    drop(state);
    edit(&shop, "手冲咖啡壶 2 号,SANDBOX-COVER-IMAGE-01", "手冲咖啡壶 2 号,new.png");
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts()[0], calls), (0, 2, [2, 1, 0]), "refused once: {ended:?}");
    assert_eq!(shop.sandbox.calls().count(Call::Upload), 2);
}

#[test]
fn a_file_that_is_no_picture_makes_the_row_invalid_and_its_goods_stay() {
    let shop = withdrawn(2);
    fs::write(shop.path("new.png"), "no picture").expect("a file");
    edit(&shop, "手冲咖啡壶 2 号,SANDBOX-COVER-IMAGE-01", "手冲咖啡壶 2 号,new.png");
    let before = shop.results();
    let (ended, calls) = cost(&shop, &["update", "tea.csv"]);
    assert_eq!((ended.code, ended.counts(), calls), (1, [1, 0, 1, 0, 0, 0], [0, 1, 0]), "{ended:?}");
    let after = shop.results();
    assert_eq!(after.cells("outcome")[1], "invalid");
    for ids in ["goodsId", "auditId", "coverDigest"] {
        assert_eq!(after.cells(ids), before.cells(ids));
    }
    assert_eq!(shop.run(&["resubmit", RESULTS]).code, 0, "the other verbs believe the line");
}
