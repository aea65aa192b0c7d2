//! What goes wrong on purpose, by count.

use std::time::{Duration, Instant};

use livegoods::sandbox::{Call, Options};
use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::caller::*;

fn with_faults(faults: &[&str]) -> Caller {
    let faults = faults.iter().map(|text| text.parse().expect("a fault")).collect();
    caller_of(Options { faults, ..Options::default() })
}

fn try_add(caller: &Caller) -> reqwest::Result<Response> {
    caller.http.post(caller.url(ADD)).json(&json!({ "goodsInfo": goods("示例商品") })).send()
}

fn on_shelf(caller: &Caller) -> usize {
    caller.sandbox.goods().expect("goods").len()
}

#[test]
fn an_answer_is_lost_before_or_after_the_work() {
    let caller = with_faults(&["lost-before=1x"]);
    assert!(try_add(&caller).is_err());
    assert_eq!((on_shelf(&caller), caller.used(ADD)["used"].as_u64()), (0, Some(0)));
    assert!(try_add(&caller).is_ok());
    let caller = with_faults(&["add:lost-after=2x"]);
    assert!(try_add(&caller).is_err() && try_add(&caller).is_err());
    assert_eq!((on_shelf(&caller), caller.used(ADD)["used"].as_u64()), (2, Some(2)));
    assert!(try_add(&caller).is_ok());
    let calls = caller.sandbox.calls();
    assert_eq!((calls.count(Call::Add), calls.count(Call::List)), (3, 0));
    let codes: Vec<Option<i64>> =
        calls.log().filter(|asked| asked.call == Call::Add).map(|asked| asked.errcode).collect();
    assert_eq!(codes, [Some(0); 3]);
}

#[test]
fn a_server_error_is_a_page_of_html() {
    let caller = with_faults(&["add:5xx=1x", "add:5xx-after=1x"]);
    for wanted in [0, 1] {
        let answer = try_add(&caller).expect("an answer");
        assert!(answer.status().is_server_error());
        assert!(answer.text().expect("a body").starts_with("<html>"));
        assert_eq!(on_shelf(&caller), wanted);
    }
}

#[test]
fn an_errcode_comes_with_or_without_the_work() {
    let caller = with_faults(&["add:-1=1x", "add:-1-after=1x", "add:45011=@1"]);
    for wanted in [(-1, 0), (-1, 1), (45011, 1)] {
        let reply: Value = try_add(&caller).expect("an answer").json().expect("JSON");
        assert_eq!((code(&reply), on_shelf(&caller)), wanted);
    }
}

#[test]
fn garbage_and_truncated_answers_are_not_the_documented_json() {
    let caller = with_faults(&["add:garbage=20x", "add:truncated=1x"]);
    for _ in 0..20 {
        let body = try_add(&caller).expect("an answer").text().expect("a body");
        assert!(serde_json::from_str::<Value>(&body).map_or(true, |reply| reply.get("errcode").is_none()));
    }
    assert_eq!(on_shelf(&caller), 0);
    let body = try_add(&caller).expect("an answer").text().expect("a body");
    assert!(body.starts_with('{') && serde_json::from_str::<Value>(&body).is_err());
    assert_eq!(on_shelf(&caller), 1);
}

#[test]
fn a_hanging_call_never_answers_and_holds_nobody_else_up() {
    let caller = with_faults(&["add:hang=1x"]);
    let patience = caller.http.post(caller.url(ADD)).timeout(Duration::from_millis(50));
    assert!(patience.json(&json!({})).send().expect_err("no answer").is_timeout());
    assert!(try_add(&caller).is_ok());
}

#[test]
fn a_stale_token_is_40001_until_a_new_one_is_asked_for() {
    let mut caller = with_faults(&["add:stale-token=1x"]);
    let old = caller.token.clone();
    assert_eq!(caller.add_with(&json!({})), 40001);
    assert_eq!(code(&caller.list(2)), 40001);
    caller.renew();
    assert_ne!(caller.token, old);
    assert_eq!(caller.add_with(&json!({})), 0);
}

#[test]
fn goods_may_be_added_without_being_submitted() {
    let caller = with_faults(&["300021=1x", "300021-no-id=1x"]);
    let add = || -> Value { try_add(&caller).expect("an answer").json().expect("JSON") };
    let reply = add();
    assert_eq!(code(&reply), 300_021);
    let goods_id = reply["goodsId"].as_u64().expect("a goodsId");
    assert!(reply.get("auditId").is_none());
    assert_eq!(caller.audit_status(goods_id), 0);
    let reply = add();
    assert_eq!((code(&reply), reply.get("goodsId")), (300_021, None));
    assert_eq!(on_shelf(&caller), 2);
    assert_eq!(caller.code(RESUBMIT, &json!({ "goodsId": goods_id })), 0);
}

#[test]
fn a_sandbox_stops_while_calls_hang_in_it() {
    let caller = with_faults(&["add:hang=1"]);
    let (http, url) = (caller.http.clone(), caller.url(ADD));
    let hanging = std::thread::spawn(move || http.post(url).json(&json!({})).send().is_err());
    while caller.sandbox.calls().count(Call::Add) == 0 {
        std::thread::yield_now();
    }
    caller.sandbox.stop();
    assert!(hanging.join().expect("a thread"));
}

#[test]
fn latency_delays_every_answer() {
    let caller = caller_of(Options { latency: Duration::from_millis(30), ..Options::default() });
    let start = Instant::now();
    caller.list(2);
    assert!(start.elapsed() >= Duration::from_millis(30));
}
