//! Who is let in, and for how long.

use std::time::Duration;

use livegoods::sandbox::Options;
use serde_json::{Value, json};

use crate::caller::*;

fn text<'a>(reply: &'a Value, key: &str) -> &'a str {
    reply[key].as_str().unwrap_or_else(|| panic!("{key} in {reply}"))
}

/// What a call with this token comes to.
fn code_with(caller: &Caller, token: &str) -> i64 {
    let url = format!("{}{LIST}?access_token={token}&status=2", caller.sandbox.base_url());
    code(&caller.http.get(url).send().expect("an answer").json().expect("JSON"))
}

fn ask_older(caller: &Caller) -> Value {
    let (appid, secret) = (caller.sandbox.appid(), caller.sandbox.secret());
    let query = format!("grant_type=client_credential&appid={appid}&secret={secret}");
    let url = format!("{}{OLDER}?{query}", caller.sandbox.base_url());
    caller.http.get(url).send().expect("an answer").json().expect("JSON")
}

#[test]
fn the_stable_token_is_the_same_for_every_caller_until_it_is_about_to_expire() {
    let caller = caller();
    let first = caller.ask_token(false);
    assert_eq!(text(&first, "access_token"), caller.token);
    assert!(caller.token.len() >= 512);
    assert_eq!(first["expires_in"], 7200);
    caller.clock.step(Duration::from_secs(6899));
    let later = caller.ask_token(false);
    assert_eq!((text(&later, "access_token"), &later["expires_in"]), (caller.token.as_str(), &json!(301)));
    caller.clock.step(Duration::from_secs(1));
    let next = caller.ask_token(false);
    assert_ne!(text(&next, "access_token"), caller.token);
    assert_eq!(code_with(&caller, &caller.token), 0, "five minutes of overlap");
    caller.clock.step(Duration::from_secs(300));
    assert_eq!(code_with(&caller, &caller.token), 42001);
    assert_eq!(code_with(&caller, text(&next, "access_token")), 0);
}

#[test]
fn a_forced_token_kills_the_old_one_at_once_and_20_a_day_are_all() {
    let mut caller = caller();
    let reply = caller.ask_token(true);
    assert_eq!(code_with(&caller, &caller.token), 40001);
    caller.renew();
    assert_eq!(text(&reply, "access_token"), caller.token);
    for _ in 0..19 {
        assert_ne!(text(&caller.ask_token(true), "access_token"), caller.token);
    }
    assert_eq!(code(&caller.ask_token(true)), 45009);
    caller.clock.step(Duration::from_secs(12 * 3600));
    assert!(caller.ask_token(true)["access_token"].is_string(), "the day has turned");
}

#[test]
fn the_older_token_makes_every_other_one_stale_within_five_minutes() {
    let caller = caller();
    let older = ask_older(&caller);
    let newest = ask_older(&caller);
    assert_ne!(text(&older, "access_token"), text(&newest, "access_token"));
    caller.clock.step(Duration::from_secs(299));
    assert_eq!(code_with(&caller, &caller.token), 0);
    caller.clock.step(Duration::from_secs(1));
    assert_eq!(code_with(&caller, &caller.token), 40001);
    assert_eq!(code_with(&caller, text(&older, "access_token")), 40001);
    assert_eq!(code_with(&caller, text(&newest, "access_token")), 0);
}

#[test]
fn wrong_credentials_have_codes_of_their_own() {
    let caller = caller();
    let (appid, secret) = (caller.sandbox.appid(), caller.sandbox.secret());
    let table = [
        (json!({ "grant_type": "client_credential", "appid": "wx0", "secret": secret }), 40013),
        (json!({ "grant_type": "client_credential", "appid": appid, "secret": "wrong" }), 40125),
        (json!({ "grant_type": "client_credential", "secret": secret }), 41002),
        (json!({ "grant_type": "client_credential", "appid": appid }), 41004),
        (json!({ "grant_type": "password", "appid": appid, "secret": secret }), 40002),
        (json!({ "appid": appid, "secret": secret }), 40002),
        (json!({ "grant_type": "client_credential", "appid": appid, "secret": secret, "more": 1 }), 47001),
    ];
    for (body, wanted) in table {
        assert_eq!(caller.code(STABLE, &body), wanted, "{body}");
    }
    assert_eq!(code(&caller.get(STABLE, "")), 43002);
    assert_eq!(caller.code(OLDER, &json!({})), 43001);
}

#[test]
fn a_call_without_a_good_token_is_turned_away_and_costs_nothing() {
    let caller = caller();
    let url = format!("{}{LIST}?status=2", caller.sandbox.base_url());
    let without: Value = caller.http.get(url).send().expect("an answer").json().expect("JSON");
    assert_eq!(code(&without), 41001);
    assert_eq!(code_with(&caller, ""), 41001);
    assert_eq!(code_with(&caller, "unknown"), 40001);
    assert_eq!(code_with(&caller, "no%20token"), 40014);
    assert_eq!(caller.used(LIST)["used"], 0);
}

#[test]
fn tokens_can_be_made_to_live_shorter() {
    let caller = caller_of(Options { token_life: Duration::from_secs(48), ..Options::default() });
    assert_eq!(caller.ask_token(false)["expires_in"], 48);
    caller.clock.step(Duration::from_secs(48));
    assert_eq!(code_with(&caller, &caller.token), 42001);
}
