//! What a day and a minute hold.

use std::collections::BTreeMap;
use std::time::Duration;

use livegoods::sandbox::{Options, Pool, Rate};
use serde_json::json;

use crate::caller::*;

fn with_quotas(quotas: &[(Pool, u64)]) -> Caller {
    caller_of(Options { quotas: quotas.iter().copied().collect::<BTreeMap<_, _>>(), ..Options::default() })
}

#[test]
fn the_quotas_are_the_documented_ones() {
    let caller = caller();
    let table = [
        (ADD, 500),
        (RESUBMIT, 500),
        (WITHDRAW, 500),
        (DELETE, 1000),
        (UPDATE, 1000),
        (STATUS, 1000),
        (LIST, 10_000),
        (UPLOAD, 100_000),
    ];
    for (path, limit) in table {
        assert_eq!(caller.used(path), json!({ "daily_limit": limit, "used": 0, "remain": limit }), "{path}");
    }
    assert_eq!(caller.code(QUOTA, &json!({ "cgi_path": STABLE })), 47001);
    assert_eq!(caller.code(QUOTA, &json!({ "cgi_path": ADD, "more": 1 })), 47001);
    assert_eq!(caller.code(QUOTA, &json!({})), 47001);
    let reply = caller.post(QUOTA, &json!({ "cgi_path": ADD }));
    assert_eq!(
        (code(&reply), &reply["rate_limit"]),
        (0, &json!({ "call_count": 6000, "refresh_second": 60 }))
    );
}

#[test]
fn adds_and_resubmissions_share_one_quota_that_turns_with_the_day_in_beijing() {
    let caller = with_quotas(&[(Pool::Submit, 3)]);
    let (goods_id, audit_id) = caller.add("示例商品");
    assert_eq!(caller.code(WITHDRAW, &json!({ "goodsId": goods_id, "auditId": audit_id })), 0);
    assert_eq!(caller.code(RESUBMIT, &json!({ "goodsId": goods_id })), 0);
    assert_eq!(caller.add_with(&json!({ "price": 0 })), 300_003, "a refused add counts as well");
    assert_eq!(caller.add_with(&json!({})), 300_012);
    assert_eq!(caller.code(RESUBMIT, &json!({ "goodsId": goods_id })), 300_012);
    assert_eq!(caller.used(ADD), json!({ "daily_limit": 3, "used": 3, "remain": 0 }));
    assert_eq!(caller.used(RESUBMIT), caller.used(ADD));
    caller.clock.step(Duration::from_secs(12 * 3600 - 1));
    let mut caller = caller;
    caller.renew();
    assert_eq!(caller.add_with(&json!({})), 300_012, "a second before midnight");
    caller.clock.step(Duration::from_secs(1));
    assert_eq!(caller.add_with(&json!({})), 0);
    assert_eq!(caller.used(ADD)["used"], 1);
}

#[test]
fn every_other_path_has_a_quota_of_its_own() {
    let caller = with_quotas(&[(Pool::List, 1), (Pool::Delete, 0)]);
    assert_eq!(code(&caller.list(2)), 0);
    assert_eq!(code(&caller.list(2)), 45009);
    assert_eq!(caller.code(DELETE, &json!({ "goodsId": 1 })), 45009);
    assert_eq!(caller.code(STATUS, &json!({ "goods_ids": [1] })), 0);
}

#[test]
fn calls_that_come_too_fast_are_45011_until_the_next_minute_and_cost_nothing() {
    let caller = caller_of(Options { rate: Some(Rate { calls: 2, seconds: 60 }), ..Options::default() });
    let list = || code(&caller.list(2));
    assert_eq!([list(), list(), list()], [0, 0, 45011]);
    assert_eq!(caller.code(STATUS, &json!({ "goods_ids": [1] })), 0, "each path is counted alone");
    assert_eq!(caller.used(LIST)["used"], 2);
    caller.clock.step(Duration::from_secs(60));
    assert_eq!(list(), 0);
}
