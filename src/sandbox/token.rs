//! Credentials into tokens, and tokens into the right to call.

use std::collections::HashMap;
use std::time::Duration;

use rand::RngExt;
use rand::distr::Alphanumeric;
use rusqlite::{OptionalExtension, params};
use serde_json::{Map, Value, json};

use super::quota;
use super::refusal::Refusal;
use super::visit::{Reply, Visit};
use super::wire::StableToken;

/// Callers are told to keep room for tokens of 512 characters and more.
const LENGTH: usize = 512;
const OVERLAP: Duration = Duration::from_secs(300);
const FORCED_A_DAY: u64 = 20;

/// `POST stable_token`: the same token to every caller until it is about to expire.
pub(super) fn stable(visit: &Visit<'_>, asked: &StableToken) -> Reply {
    check(visit, asked.grant_type.as_deref(), asked.appid.as_deref(), asked.secret.as_deref())?;
    if asked.force_refresh {
        if !quota::spend(visit, "force_refresh", FORCED_A_DAY)? {
            return Err(Refusal::new(45009));
        }
        visit.memory.execute("UPDATE tokens SET stale = ?1 WHERE shared AND stale IS NULL", [visit.now])?;
        return issue(visit, true);
    }
    let soon = visit.now + millis(overlap(visit));
    let current = visit
        .memory
        .prepare_cached(
            "SELECT token, expires FROM tokens WHERE shared AND stale IS NULL AND expires > ?1
             ORDER BY expires DESC LIMIT 1",
        )?
        .query_row([soon], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    match current {
        Some((token, expires)) => Ok(reply(&token, expires - visit.now)),
        None => issue(visit, true),
    }
}

/// `GET token`: a new token at each call; every other one is stale within five minutes.
pub(super) fn older(visit: &Visit<'_>, query: &HashMap<String, String>) -> Reply {
    let asked = |key| query.get(key).map(String::as_str);
    check(visit, asked("grant_type"), asked("appid"), asked("secret"))?;
    let end = visit.now + millis(overlap(visit));
    visit.memory.execute("UPDATE tokens SET stale = ?1 WHERE stale IS NULL OR stale > ?1", [end])?;
    issue(visit, false)
}

/// Whether the call carries a token that is good now.
pub(super) fn admit(visit: &Visit<'_>, query: &HashMap<String, String>) -> Result<(), Refusal> {
    let token = match query.get("access_token").map(String::as_str) {
        None | Some("") => return Err(Refusal::new(41001)),
        Some(token) => token,
    };
    if !token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return Err(Refusal::new(40014));
    }
    let (expires, stale) = visit
        .memory
        .prepare_cached("SELECT expires, stale FROM tokens WHERE token = ?1")?
        .query_row([token], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)))
        .optional()?
        .ok_or_else(|| Refusal::new(40001))?;
    if stale.is_some_and(|stale| stale <= visit.now) {
        return Err(Refusal::new(40001));
    }
    if expires <= visit.now { Err(Refusal::new(42001)) } else { Ok(()) }
}

/// Makes the token of a call stale at once.
pub(super) fn kill(visit: &Visit<'_>, query: &HashMap<String, String>) -> Result<(), Refusal> {
    if let Some(token) = query.get("access_token") {
        visit.memory.execute("UPDATE tokens SET stale = ?1 WHERE token = ?2", params![visit.now, token])?;
    }
    Ok(())
}

fn check(
    visit: &Visit<'_>,
    grant: Option<&str>,
    appid: Option<&str>,
    secret: Option<&str>,
) -> Result<(), Refusal> {
    let code = match (grant, appid, secret) {
        (Some("client_credential"), Some(appid), Some(secret)) if !appid.is_empty() && !secret.is_empty() => {
            match (appid == visit.options.appid, secret == visit.options.secret) {
                (true, true) => return Ok(()),
                (true, false) => 40125,
                (false, _) => 40013,
            }
        }
        (Some("client_credential"), None | Some(""), _) => 41002,
        (Some("client_credential"), ..) => 41004,
        _ => 40002,
    };
    Err(Refusal::new(code))
}

fn issue(visit: &Visit<'_>, shared: bool) -> Reply {
    let token: String = rand::rng().sample_iter(Alphanumeric).take(LENGTH).map(char::from).collect();
    let life = millis(visit.options.token_life);
    let yesterday = visit.now - millis(Duration::from_secs(86_400));
    visit.memory.execute("DELETE FROM tokens WHERE expires < ?1", [yesterday])?;
    visit.memory.execute(
        "INSERT INTO tokens (token, shared, expires) VALUES (?1, ?2, ?3)",
        params![token, shared, visit.now + life],
    )?;
    Ok(reply(&token, life))
}

/// Five minutes, and less where tokens are made to live shorter than the documents say.
fn overlap(visit: &Visit<'_>) -> Duration {
    OVERLAP.min(visit.options.token_life / 24)
}

fn reply(token: &str, life: i64) -> Map<String, Value> {
    Map::from_iter([("access_token".to_owned(), json!(token)), ("expires_in".to_owned(), json!(life / 1000))])
}

fn millis(span: Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap_or(i64::MAX / 4)
}
