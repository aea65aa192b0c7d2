//! What a stand-in is to be like.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::call::Pool;
use super::fault::Fault;
use crate::clock::{Clock, SystemClock};

/// What a stand-in is to be like; the default is the documented service with nothing on disk.
pub struct Options {
    /// Where to listen: loopback only, port 0 for any.
    pub listen: SocketAddr,
    /// The one mini-program it knows: letters, digits, `-` and `_`.
    pub appid: String,
    /// That mini-program's secret.
    pub secret: String,
    /// The directory that remembers goods, media ids, tokens and quotas; `None` forgets them at the end.
    pub memory: Option<PathBuf>,
    /// How long goods are in review.
    pub review_time: Duration,
    /// How long every answer takes, in real time.
    pub latency: Duration,
    /// Calls a day, where they differ from the documents'.
    pub quotas: BTreeMap<Pool, u64>,
    /// What goes wrong, and how often.
    pub faults: Vec<Fault>,
    /// Where the dice of faults and of the replies' spelling start.
    pub seed: u64,
    /// The unit of prices in replies.
    pub prices: Prices,
    /// The spelling of replies.
    pub replies: Replies,
    /// Calls a while, counted a path; `None` for no limit.
    pub rate: Option<Rate>,
    /// How long a token lives; the documents say 7200 s at most.
    pub token_life: Duration,
    /// When a day turns.
    pub day: Day,
    /// What time it is: reviews, tokens, media ids and days go by it. Only latency and hanging do not.
    pub clock: Arc<dyn Clock>,
}

impl Options {
    /// The appid of a stand-in that was not given one; always the same, so that a later run finds its goods.
    pub const APPID: &str = "wxsandbox000000001";
    /// The secret that goes with it.
    pub const SECRET: &str = "sandbox-secret-of-no-value";

    pub(super) fn limit(&self, pool: Pool) -> u64 {
        self.quotas.get(&pool).copied().unwrap_or_else(|| pool.documented())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            appid: Self::APPID.to_owned(),
            secret: Self::SECRET.to_owned(),
            memory: None,
            review_time: Duration::from_secs(60),
            latency: Duration::ZERO,
            quotas: BTreeMap::new(),
            faults: Vec::new(),
            seed: 0,
            prices: Prices::Yuan,
            replies: Replies::Mixed,
            rate: Some(Rate { calls: 6000, seconds: 60 }),
            token_life: Duration::from_secs(7200),
            day: Day::default(),
            clock: Arc::new(SystemClock::new()),
        }
    }
}

/// The unit of prices in replies: the documents say yuan, their examples look like fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Prices {
    /// 123.00
    Yuan,
    /// 12300
    Fen,
}

/// How replies spell keys and values; the documents' tables and examples contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Replies {
    /// Every reply draws anew: camelCase or snake_case, numbers or strings.
    Mixed,
    /// As the tables have it: numbers; snake_case for the status, camelCase for the rest.
    Documented,
}

/// At most `calls` calls of one path in each window of `seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Calls a window.
    pub calls: u64,
    /// The window, in seconds; above 0.
    pub seconds: u64,
}

/// When a quota day turns; the documents say only "a day".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Seconds east of UTC.
    pub utc_offset: i32,
    /// Seconds after local midnight at which the day begins.
    pub start: u32,
}

impl Default for Day {
    /// A Beijing day.
    fn default() -> Self {
        Self { utc_offset: 8 * 3600, start: 0 }
    }
}

impl Day {
    const SECONDS: i64 = 86_400;

    /// The number of the day that `second` (of the Unix epoch) lies in.
    pub(super) fn of(self, second: i64) -> i64 {
        (second + i64::from(self.utc_offset) - i64::from(self.start)).div_euclid(Self::SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_turns_at_midnight_in_beijing() {
        let midnight: jiff::Timestamp = "2026-11-21T16:00:00Z".parse().expect("a timestamp");
        let second = midnight.as_second();
        assert_eq!(Day::default().of(second - 1) + 1, Day::default().of(second));
    }

    #[test]
    fn a_day_may_start_later() {
        let day = Day { start: 3600, ..Day::default() };
        let one: jiff::Timestamp = "2026-11-21T17:00:00Z".parse().expect("a timestamp");
        assert_eq!(day.of(one.as_second() - 1) + 1, day.of(one.as_second()));
    }
}
