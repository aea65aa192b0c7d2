//! Rows whose add is in doubt, and people who change the sheet meanwhile.

use livegoods::exit::{Exit, Stop};
use livegoods::quota::Bucket;
use livegoods::sandbox::Call;

use crate::support::{Table, Wishes, desk};

fn no_looks() -> Wishes {
    Wishes { quota: vec![(Bucket::Submit, 100), (Bucket::List, 0)], ..Wishes::default() }
}

#[test]
fn goods_of_the_console_are_never_taken_for_ones_own() {
    let mut table = Table::of_goods(&["凤凰单丛·鸭屎香"]);
    table.set(1, "价格", "99");
    table.set(1, "链接", "pages/console/index");
    let (desk, sandbox) = desk(&table, &["add:lost-before=1x"]);
    // Alike in everything by which an add is found again.
    let theirs = sandbox.put_console_goods("凤凰单丛·鸭屎香").expect("goods of the console");
    let ran = desk.import(&desk.client(&sandbox), Wishes::default());
    assert_eq!(ran.exit, Exit::Done, "{ran:?}");
    let id: i64 = Table::read(&desk.results).cell(1, "goodsId").parse().expect("an id");
    assert_ne!(id, theirs, "the API may not touch those");
    assert_eq!(sandbox.goods().expect("goods").len(), 2, "the row was sent again");
}

#[test]
fn without_calls_of_the_list_rows_in_doubt_are_left_for_another_day() {
    let (desk, sandbox) = desk(&Table::of(2), &["add:lost-after=1x"]);
    let service = desk.client(&sandbox);
    let ran = desk.import(&service, no_looks());
    let spent = matches!(ran.stop, Some(Stop::QuotaSpent { bucket: Bucket::List, .. }));
    assert_eq!((ran.exit, spent, ran.counts.in_doubt, ran.counts.ok), (Exit::ComeBackLater, true, 1, 1));
    assert_eq!(desk.import(&service, Wishes::default()).exit, Exit::Done);
    assert_eq!(sandbox.calls().count(Call::Add), 2);
}

#[test]
fn a_row_in_doubt_that_left_the_sheet_is_found_out_and_not_sent_again() {
    for (fault, kept) in [("add:lost-after=1x", 1), ("add:lost-before=1x", 0)] {
        let mut table = Table::of(3);
        let (desk, sandbox) = desk(&table, &[fault]);
        let service = desk.client(&sandbox);
        assert_eq!(desk.import(&service, no_looks()).counts.in_doubt, 1);
        let name = table.cell(1, "商品名称").to_owned();
        table.rows.remove(1);
        table.write(&desk.sheet);
        assert_eq!(desk.import(&service, Wishes::default()).exit, Exit::Done, "{fault}");
        let goods = sandbox.goods().expect("goods");
        assert_eq!(goods.iter().filter(|goods| goods.name == name).count(), kept, "{fault}");
        assert_eq!(sandbox.calls().count(Call::Add), 3, "{fault}");
        let results = Table::read(&desk.results);
        let stray = results.cells("商品名称").iter().position(|cell| *cell == name).expect("its line");
        let told = (results.cells("outcome")[stray], results.cells("goodsId")[stray].is_empty());
        assert_eq!(told, if kept == 1 { ("ok", false) } else { ("pending", true) }, "{fault}");
    }
}

#[test]
fn a_picture_that_went_with_its_row_does_not_hide_what_was_sent() {
    let mut table = Table::of(2);
    let (desk, sandbox) = desk(&table, &["add:lost-after=1x"]);
    let service = desk.client(&sandbox);
    desk.import(&service, no_looks());
    // As where the picture sat in the row, and not in the cell.
    let mut results = Table::read(&desk.results);
    results.set(1, "商品图片", "");
    results.write(&desk.results);
    table.rows.remove(1);
    table.write(&desk.sheet);
    assert_eq!(desk.import(&service, Wishes::default()).exit, Exit::Done);
    let results = Table::read(&desk.results);
    assert!(results.cells("goodsId").iter().all(|id| !id.is_empty()), "{results:?}");
    assert_eq!(sandbox.calls().count(Call::Add), 2);
}

#[test]
fn a_goods_id_that_somebody_found_and_wrote_into_the_sheet_ends_the_doubt() {
    let mut table = Table::of(2);
    let (desk, sandbox) = desk(&table, &["add:lost-after=1x"]);
    let service = desk.client(&sandbox);
    desk.import(&service, no_looks());
    let found = sandbox.goods().expect("goods")[0].goods_id.to_string();
    table.rows[0].push("goodsId".into());
    table.rows[1].push(found.clone());
    table.rows[2].push(String::new());
    table.write(&desk.sheet);
    assert_eq!(desk.import(&service, no_looks()).exit, Exit::Done);
    let results = Table::read(&desk.results);
    assert_eq!((results.cell(1, "outcome"), results.cell(1, "goodsId")), ("ok", &*found));
    assert!(results.cell(1, "note").starts_with("already-there"));
    assert_eq!(sandbox.calls().count(Call::Add), 2);
}
