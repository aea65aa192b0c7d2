//! What the service says about goods, in which words.

use std::collections::BTreeSet;

use livegoods::sandbox::{Call, Options, Prices, Replies};
use serde_json::{Value, json};

use crate::caller::*;

fn keys(object: &Value) -> Vec<&str> {
    object.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn the_status_is_asked_for_at_most_20_ids_and_leaves_out_unknown_ones() {
    let caller = caller();
    let (goods_id, _) = caller.add("示例商品");
    let ask = |ids: Value| caller.post(STATUS, &json!({ "goods_ids": ids }));
    let reply = ask(json!([1, goods_id]));
    assert_eq!(reply["goods"].as_array().map(Vec::len), Some(1));
    let mut wanted = ["goods_id", "cover_img_url", "name", "price", "url", "price_type", "price2"].to_vec();
    wanted.extend(["audit_status", "third_party_tag"]);
    wanted.sort_unstable();
    assert_eq!(keys(&reply["goods"][0]), wanted);
    assert_eq!(code(&ask((1..=20).collect())), 0);
    for bad in [(1..=21).collect(), json!([]), json!([goods_id.to_string()]), json!(goods_id)] {
        assert_eq!(code(&ask(bad)), 47001);
    }
    assert_eq!(caller.code(STATUS, &json!({ "goodsIds": [goods_id] })), 47001);
}

#[test]
fn the_list_wants_a_status_and_gives_30_goods_unless_asked_for_up_to_100() {
    let caller = caller();
    for number in 0..31 {
        caller.add(&format!("商品{number:04}"));
    }
    let size = |query: &str| caller.get(LIST, query)["goods"].as_array().map(Vec::len);
    assert_eq!(size("status=1"), Some(30));
    assert_eq!(size("status=1&offset=30"), Some(1));
    assert_eq!(size("status=1&offset=0&limit=100"), Some(31));
    assert_eq!(size("status=2"), Some(0));
    assert_eq!(caller.list(1)["total"], 31);
    assert_eq!(code(&caller.get(LIST, "offset=0&limit=30")), -1);
    assert_eq!(code(&caller.get(LIST, "status=4")), -1);
    assert_eq!(code(&caller.get(LIST, "status=")), -1);
    for bad in ["status=1&limit=101", "status=1&limit=0", "status=1&limit=x", "status=1&offset=-1"] {
        assert_eq!(code(&caller.get(LIST, bad)), 47001, "{bad}");
    }
    let mut wanted =
        ["goodsId", "coverImgUrl", "name", "price", "url", "priceType", "price2", "thirdPartyTag"];
    wanted.sort_unstable();
    assert_eq!(keys(&caller.list(1)["goods"][0]), wanted, "neither an audit status nor a thirdPartyAppid");
}

#[test]
fn a_cover_comes_back_as_an_address_and_never_as_a_media_id() {
    let caller = caller();
    caller.add("示例商品");
    let reply = caller.list(1);
    let address = reply["goods"][0]["coverImgUrl"].as_str().expect("an address");
    assert_eq!(caller.add_with(&json!({ "coverImgUrl": address })), 300_006);
    let picture = caller.http.get(address).send().expect("an answer").bytes().expect("a picture");
    assert!(picture.starts_with(b"GIF89a"));
}

#[test]
fn prices_in_replies_are_in_the_unit_that_was_chosen() {
    for (prices, wanted) in [(Prices::Yuan, "99.50"), (Prices::Fen, "9950")] {
        let caller = caller_of(Options { prices, ..Options::default() });
        caller.add("示例商品");
        assert_eq!(caller.list(1)["goods"][0]["price"].to_string(), wanted);
    }
}

#[test]
fn mixed_replies_use_both_cases_and_both_kinds_of_numbers() {
    let clock = noon();
    let caller =
        start(Options { replies: Replies::Mixed, clock: clock.clone(), ..Options::default() }, clock);
    let body = json!({ "goodsInfo": goods("示例商品") });
    let spellings: BTreeSet<(bool, bool)> = (0..50)
        .map(|_| caller.post(ADD, &body))
        .map(|reply| {
            let id = reply.get("goodsId").or_else(|| reply.get("goods_id")).expect("a goodsId");
            (reply.get("goodsId").is_some(), id.is_string())
        })
        .collect();
    assert_eq!(spellings.len(), 4);
    assert_eq!(caller.sandbox.calls().count(Call::Add), 50);
}
