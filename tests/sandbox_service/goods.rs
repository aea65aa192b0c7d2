//! The seven calls: what each asks for, gives back and refuses.

use serde_json::{Value, json};

use crate::caller::*;

#[test]
fn an_add_gives_ids_beyond_32_bits_and_puts_the_goods_into_review() {
    let caller = caller();
    let (goods_id, audit_id) = caller.add("示例商品");
    assert!(goods_id > u64::from(u32::MAX) && audit_id > u64::from(u32::MAX));
    assert_eq!(caller.audit_status(goods_id), 1);
    caller.approve();
    assert_eq!(caller.audit_status(goods_id), 2);
    let (refused, _) = caller.add("拒审商品");
    caller.approve();
    assert_eq!(caller.audit_status(refused), 3);
}

#[test]
fn an_add_without_the_wrapper_or_the_header_is_200002() {
    let caller = caller();
    assert_eq!(caller.code(ADD, &goods("示例商品")), 200_002);
    assert_eq!(caller.code(ADD, &json!({})), 200_002);
    let body = json!({ "goodsInfo": goods("示例商品") }).to_string();
    let reply: Value =
        caller.http.post(caller.url(ADD)).body(body).send().expect("an answer").json().expect("JSON");
    assert_eq!(code(&reply), 200_002);
    assert!(reply["errmsg"].as_str().expect("a message").starts_with("goodsInfo must not be empty rid: "));
}

#[test]
fn an_add_refuses_each_bad_field_with_its_own_code() {
    let caller = caller();
    let table = [
        (json!({}), 0),
        (json!({ "thirdPartyAppid": "wx0000000000000002" }), 0),
        (json!({ "thirdPartyAppid": "" }), 0),
        (json!({ "priceType": 2, "price2": 100 }), 0),
        (json!({ "priceType": 3, "price2": 99.5 }), 0),
        (json!({ "name": "两字" }), 300_002),
        (json!({ "name": "十四个字的商品名称正好二十八多" }), 300_002),
        (json!({ "name": " 示例商品" }), 300_002),
        (json!({ "name": "违规商品" }), 300_004),
        (json!({ "name": "违规图片商品" }), 300_005),
        (json!({ "price": 0 }), 300_003),
        (json!({ "price": -1 }), 300_003),
        (json!({ "price": 9.999 }), 300_003),
        (json!({ "price2": 100 }), 300_003),
        (json!({ "priceType": 2 }), 300_003),
        (json!({ "priceType": 2, "price2": 99.5 }), 300_003),
        (json!({ "priceType": 2, "price2": 99 }), 300_003),
        (json!({ "priceType": 3 }), 300_003),
        (json!({ "priceType": 3, "price2": 99.51 }), 300_003),
        (json!({ "priceType": 4 }), 300_003),
        (json!({ "url": "/pages/goods" }), 300_007),
        (json!({ "url": "pages/goods index" }), 300_007),
        (json!({ "url": "pages/\"goods\"" }), 300_007),
        (json!({ "url": "pages/<goods>" }), 300_007),
        (json!({ "url": "pages/商品" }), 300_007),
        (json!({ "url": "pages/unreleased/index" }), 300_007),
        (json!({ "coverImgUrl": "SANDBOX-COVER-IMAGE-08" }), 0),
        (json!({ "coverImgUrl": "SANDBOX-COVER-IMAGE-09" }), 300_006),
        (json!({ "coverImgUrl": "SANDBOX-COVER-IMAGE-011" }), 300_006),
        (json!({ "coverImgUrl": "https://example.com/a.png" }), 300_006),
        (json!({ "price": "99.5" }), 47001),
        (json!({ "priceType": "1" }), 47001),
        (json!({ "priceType": 2, "price2": "100" }), 47001),
        (json!({ "sku": "A-1" }), 47001),
        (json!({ "goodsId": 1 }), 47001),
        (json!({ "name": null }), 47001),
        (json!({ "url": null }), 47001),
        (json!({ "coverImgUrl": null }), 47001),
    ];
    for (fields, wanted) in table {
        assert_eq!(caller.add_with(&fields), wanted, "{fields}");
    }
}

#[test]
fn a_method_or_a_body_that_is_not_documented_is_refused() {
    let caller = caller();
    assert_eq!(code(&caller.get(ADD, "")), 43002);
    assert_eq!(caller.code(LIST, &json!({})), 43001);
    let send = |body: &'static str| -> Value {
        let request = caller.http.post(caller.url(DELETE)).header("Content-Type", "application/json");
        request.body(body).send().expect("an answer").json().expect("JSON")
    };
    assert_eq!(code(&send("")), 44002);
    assert_eq!(code(&send("goodsId=1")), 47001);
    assert_eq!(code(&send(r#"{"goodsId":1"#)), 47001);
    assert_eq!(
        caller.http.get(caller.url("/wxaapi/broadcast/goods")).send().expect("an answer").status(),
        404
    );
}

#[test]
fn a_refusal_ends_with_the_id_of_its_request() {
    let caller = caller();
    let reply = caller.post(DELETE, &json!({ "goodsId": 1 }));
    assert_eq!(code(&reply), 1003);
    let message = reply["errmsg"].as_str().expect("a message");
    let (_, rid) = message.rsplit_once(" rid: ").expect("a rid");
    assert_eq!(rid.split('-').map(str::len).collect::<Vec<_>>(), [8, 8, 8]);
}

#[test]
fn a_withdrawal_wants_the_submission_under_way() {
    let caller = caller();
    let (goods_id, audit_id) = caller.add("示例商品");
    let withdraw =
        |audit_id: u64| caller.code(WITHDRAW, &json!({ "goodsId": goods_id, "auditId": audit_id }));
    assert_eq!(withdraw(audit_id + 1), 300_009);
    assert_eq!(withdraw(audit_id), 0);
    assert_eq!(caller.audit_status(goods_id), 0);
    assert_eq!(withdraw(audit_id), 300_017);
    assert_eq!(caller.code(RESUBMIT, &json!({ "goodsId": goods_id })), 0);
    assert_eq!(withdraw(audit_id), 300_009);
    caller.approve();
    assert_eq!(withdraw(audit_id), 300_010);
    assert_eq!(caller.code(WITHDRAW, &json!({ "goodsId": 1, "auditId": 1 })), 1003);
    assert_eq!(caller.code(WITHDRAW, &json!({ "goodsId": goods_id })), 47001);
    assert_eq!(
        caller.code(WITHDRAW, &json!({ "goodsId": goods_id, "auditId": audit_id.to_string() })),
        47001
    );
}

#[test]
fn a_resubmission_is_a_new_one_and_only_for_goods_that_are_in_no_review() {
    let caller = caller();
    let (goods_id, audit_id) = caller.add("示例商品");
    let resubmit = |goods_id: u64| caller.post(RESUBMIT, &json!({ "goodsId": goods_id }));
    assert_eq!(code(&resubmit(goods_id)), 300_010);
    assert_eq!(caller.code(WITHDRAW, &json!({ "goodsId": goods_id, "auditId": audit_id })), 0);
    let reply = resubmit(goods_id);
    assert_ne!(reply["auditId"].as_u64().expect("an auditId"), audit_id);
    assert_eq!(caller.audit_status(goods_id), 1);
    caller.approve();
    assert_eq!(code(&resubmit(goods_id)), 300_010);
    assert_eq!(code(&resubmit(1)), 1003);
    let (refused, _) = caller.add("拒审商品");
    caller.approve();
    assert_eq!(code(&resubmit(refused)), 0);
}

#[test]
fn deleting_is_final_and_not_for_goods_in_review() {
    let caller = caller();
    let (goods_id, _) = caller.add("示例商品");
    let delete = || caller.code(DELETE, &json!({ "goodsId": goods_id }));
    assert_eq!(delete(), 300_014);
    caller.approve();
    assert_eq!(delete(), 0);
    assert_eq!(delete(), 1003);
    let reply = caller.post(STATUS, &json!({ "goods_ids": [goods_id] }));
    assert_eq!(reply["goods"], json!([]));
    let (next, _) = caller.add("示例商品");
    assert!(next > goods_id, "ids are never given twice");
}

#[test]
fn an_update_is_allowed_by_audit_status() {
    let caller = caller();
    let (goods_id, audit_id) = caller.add("示例商品");
    let update = |fields: Value| {
        let mut info = json!({ "goodsId": goods_id });
        info.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        caller.code(UPDATE, &json!({ "goodsInfo": info }))
    };
    assert_eq!(update(json!({ "price": 1 })), 300_010, "in review");
    assert_eq!(caller.code(WITHDRAW, &json!({ "goodsId": goods_id, "auditId": audit_id })), 0);
    let everything = json!({ "name": "另一个商品", "coverImgUrl": COVER, "url": "pages/b", "priceType": 2,
        "price": 1, "price2": 2, "thirdPartyAppid": "wx0000000000000002" });
    assert_eq!(update(everything), 0, "not submitted");
    assert_eq!(caller.sandbox.goods().expect("goods")[0].name, "另一个商品");
    assert_eq!(caller.code(RESUBMIT, &json!({ "goodsId": goods_id })), 0);
    caller.approve();
    assert_eq!(update(json!({ "name": "第三个商品" })), 300_010, "approved");
    assert_eq!(update(json!({ "price": 1, "url": "pages/c" })), 300_010);
    assert_eq!(update(json!({ "price": 2 })), 300_003, "the bounds have to fit what is there");
    assert_eq!(update(json!({ "priceType": 1, "price2": 2 })), 300_003);
    assert_eq!(update(json!({ "priceType": 1, "price": 3.5 })), 0);
    let held = &caller.sandbox.goods().expect("goods")[0];
    assert_eq!((held.price_type, held.price, held.price2), (1, 350, None));
    assert_eq!(update(json!({})), 47001);
    assert_eq!(update(json!({ "priceTyp": 1 })), 47001);
    assert_eq!(caller.code(UPDATE, &json!({ "goodsId": goods_id, "price": 1 })), 200_002);
    assert_eq!(caller.code(UPDATE, &json!({ "goodsInfo": { "goodsId": 1, "price": 1 } })), 1003);
}

#[test]
fn goods_of_the_console_cannot_be_touched() {
    let caller = caller();
    let goods_id = caller.sandbox.put_console_goods("控制台商品").expect("goods");
    assert_eq!(caller.code(DELETE, &json!({ "goodsId": goods_id })), 300_011);
    assert_eq!(caller.code(RESUBMIT, &json!({ "goodsId": goods_id })), 300_011);
    assert_eq!(caller.code(WITHDRAW, &json!({ "goodsId": goods_id, "auditId": 1 })), 300_011);
    assert_eq!(caller.code(UPDATE, &json!({ "goodsInfo": { "goodsId": goods_id, "price": 1 } })), 300_011);
    assert_eq!(caller.list(2)["goods"][0]["thirdPartyTag"], 0);
}
