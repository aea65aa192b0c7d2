//! Calls into counts: the day's quotas, and the pace.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};
use serde_json::{Map, Value, json};

use super::call::{Call, Pool};
use super::options::Rate;
use super::refusal::Refusal;
use super::visit::{Reply, Visit};
use super::wire::QuotaPath;

/// Counts one call of today unless `limit` is reached; says whether it was counted.
pub(super) fn spend(visit: &Visit<'_>, pool: &str, limit: u64) -> Result<bool, Refusal> {
    if limit == 0 {
        return Ok(false);
    }
    let counted = visit
        .memory
        .prepare_cached(
            "INSERT INTO counts (day, pool, used) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET used = used + 1 WHERE used < ?3",
        )?
        .execute(params![visit.day(), pool, i64::try_from(limit).unwrap_or(i64::MAX)])?;
    Ok(counted == 1)
}

/// Counts a call against its pool: whether a refused add uses up a submission is not documented, so that
/// every call that was allowed in counts.
pub(super) fn charge(visit: &Visit<'_>, call: Call) -> Result<(), Refusal> {
    let Some(pool) = call.pool() else { return Ok(()) };
    if spend(visit, pool.name(), visit.options.limit(pool))? {
        return Ok(());
    }
    Err(Refusal::new(if pool == Pool::Submit { 300_012 } else { 45009 }))
}

/// `POST quota/get`.
pub(super) fn figures(visit: &Visit<'_>, asked: &QuotaPath) -> Reply {
    let path = &asked.cgi_path;
    let pool = Call::of_path(path)
        .and_then(Call::pool)
        .ok_or_else(|| Refusal::because(47001, format_args!("cgi_path {path} has no quota")))?;
    let limit = visit.options.limit(pool);
    let used = visit
        .memory
        .prepare_cached("SELECT used FROM counts WHERE day = ?1 AND pool = ?2")?
        .query_row(params![visit.day(), pool.name()], |row| row.get::<_, i64>(0))
        .optional()?
        .map_or(0, i64::unsigned_abs);
    let quota = json!({ "daily_limit": limit, "used": used, "remain": limit.saturating_sub(used) });
    let mut reply = Map::from_iter([
        ("errcode".to_owned(), json!(0)),
        ("errmsg".to_owned(), json!("ok")),
        ("quota".to_owned(), quota),
    ]);
    if let Some(Rate { calls, seconds }) = visit.options.rate {
        let rate: Value = json!({ "call_count": calls, "refresh_second": seconds });
        reply.insert("rate_limit".to_owned(), rate);
    }
    Ok(reply)
}

/// Calls of each path in the window under way. Not remembered: a window is shorter than a restart matters.
#[derive(Default)]
pub(super) struct Pace(HashMap<Call, (i64, u64)>);

impl Pace {
    /// Refuses a call that comes too soon after the others of its path.
    pub(super) fn admit(&mut self, rate: Option<Rate>, call: Call, now: i64) -> Result<(), Refusal> {
        let Some(rate) = rate.filter(|_| call.pool().is_some()) else { return Ok(()) };
        let window = now.div_euclid(i64::try_from(rate.seconds.max(1)).unwrap_or(i64::MAX / 1000) * 1000);
        let (seen, count) = self.0.entry(call).or_insert((window, 0));
        if *seen != window {
            (*seen, *count) = (window, 0);
        }
        if *count >= rate.calls {
            return Err(Refusal::new(45011));
        }
        *count += 1;
        Ok(())
    }
}
