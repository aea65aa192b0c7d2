//! `sandbox`: the embedded stand-in, served on a loopback address until it is stopped.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use clap::builder::BoolishValueParser;
use jiff::civil::Time;
use jiff::tz::Offset;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::flags::{self, parse};
use super::{Failure, OrExit, Session, account};
use crate::exit::Exit;
use crate::quota::Bucket;
use crate::sandbox::{Day, Fault, Options, Pool, Prices, Rate, Replies, Sandbox, SandboxError};
use crate::terminal::{self, words};

/// Flags of `sandbox`.
#[derive(Args, Debug)]
#[command(after_help = SANDBOX_HELP)]
pub struct SandboxArgs {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "127.0.0.1:PORT", env = "LIVEGOODS_LISTEN", default_value = "127.0.0.1:0", value_parser = loopback)]
    listen: SocketAddr,

    /// How long goods are in review: seconds, or 500ms, 90s, 5m, 1h
    #[arg(long, value_name = "TIME", env = "LIVEGOODS_REVIEW_TIME", default_value = "60s", value_parser = span)]
    review_time: Duration,

    /// How long every answer takes: seconds, or 200ms
    #[arg(long, value_name = "TIME", env = "LIVEGOODS_LATENCY", default_value = "0", value_parser = span)]
    latency: Duration,

    /// Calls a day of submit, withdraw, update, delete, status, list or media; may be given several times
    #[arg(long, value_name = "BUCKET=N", env = "LIVEGOODS_QUOTA", value_delimiter = ',', value_parser = parse::quota)]
    quota: Vec<(Bucket, u64)>,

    /// Calls of one path in so many seconds, 0 for no limit
    #[arg(long, value_name = "CALLS/SECONDS", env = "LIVEGOODS_RATE_LIMIT", default_value = "6000/60", value_parser = rate_limit)]
    rate_limit: RateLimit,

    /// The hour at which the day of the quota turns
    #[arg(long, value_name = "HH:MM", env = "LIVEGOODS_DAY_START", default_value = "00:00", value_parser = parse::day_start)]
    day_start: Time,

    /// The time zone of the quota's day
    #[arg(long, value_name = "OFFSET", env = "LIVEGOODS_UTC_OFFSET", default_value = "+08:00", allow_hyphen_values = true, value_parser = parse::utc_offset)]
    utc_offset: Offset,

    /// Something that goes wrong, see below; may be given several times
    #[arg(long, value_name = "[CALL:]KIND=AMOUNT", env = "LIVEGOODS_FAULT", value_delimiter = ',')]
    fault: Vec<Fault>,

    /// Where the dice of faults and of the replies' spelling start
    #[arg(long, value_name = "N", env = "LIVEGOODS_SEED", default_value_t = 0)]
    seed: u64,

    /// The unit of prices in replies
    #[arg(long, value_name = "UNIT", value_enum, default_value_t = Prices::Yuan)]
    reply_prices: Prices,

    /// The spelling of replies: drawn anew for each, or as the documents' tables have it
    #[arg(long, value_name = "HOW", env = "LIVEGOODS_REPLIES", value_enum, default_value_t = Replies::Mixed)]
    replies: Replies,

    /// Goods of the console to begin with, which the API may not touch
    #[arg(long, value_name = "N", env = "LIVEGOODS_CONSOLE_GOODS", default_value_t = 0)]
    console_goods: u32,

    /// The directory that remembers goods, tokens and quotas [default: $XDG_STATE_HOME/livegoods or ~/.local/state/livegoods]
    #[arg(long, value_name = "PATH", env = "LIVEGOODS_STATE")]
    state: Option<PathBuf>,

    /// Remember nothing on disk
    #[arg(long, env = "LIVEGOODS_FORGET", value_parser = BoolishValueParser::new())]
    forget: bool,
}

const SANDBOX_HELP: &str = "\
LIVEGOODS_APPID and LIVEGOODS_SECRET of the environment are the credentials it knows; it says which it made up.

KIND of a fault: lost-before, lost-after (the connection is cut before or after the work), 5xx, hang, garbage, \
truncated, stale-token, 300021, 300021-no-id, or an errcode such as -1 or 45011. 5xx, hang, garbage and errcodes \
leave the work undone unless -after follows: 5xx-after. AMOUNT: 0.1 is a probability, 3x the first three calls, \
@7 the seventh alone. CALL: stable-token, token, quota, upload, add, withdraw, resubmit, delete, update, status \
or list; without it, tokens and quota figures are spared.

Examples:
  livegoods sandbox --listen 127.0.0.1:8080 --review-time 5s
  livegoods sandbox --fault add:lost-after=2x --fault 5xx=0.05 --quota submit=20";

/// A pace, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RateLimit(Option<Rate>);

/// A credential that the environment does not hold.
struct MadeUp {
    variable: &'static str,
    value: &'static str,
}

impl SandboxArgs {
    /// Serves until SIGINT or SIGTERM, which is its normal end.
    ///
    /// # Errors
    /// Exit 69 when the address is taken, 73 when the memory cannot be written, 78 for an appid that is none.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot listen for signals")?;
        let console_goods = self.console_goods;
        let (options, made_up) = self.options(|name| std::env::var(name).ok())?;
        let sandbox = Sandbox::start(options).map_err(|error| failure(error, session))?;
        for number in 1..=console_goods {
            sandbox.put_console_goods(&format!("控制台商品{number}")).or_exit(Exit::CannotWrite)?;
        }
        let mut out = terminal::stdout();
        words::sandbox_listens(&mut out, &sandbox.base_url())?;
        for MadeUp { variable, value } in made_up {
            words::sandbox_made_up(&mut out, variable, value)?;
        }
        out.flush()?;
        signals.forever().next();
        sandbox.stop();
        Ok(Exit::Done)
    }

    fn options(self, environment: impl Fn(&str) -> Option<String>) -> anyhow::Result<(Options, Vec<MadeUp>)> {
        let mut made_up = Vec::new();
        let mut credential = |variable: &'static str, value: &'static str| {
            let given = environment(variable).map(|value| value.trim().to_owned());
            given.filter(|given| !given.is_empty()).unwrap_or_else(|| {
                made_up.push(MadeUp { variable, value });
                value.to_owned()
            })
        };
        let appid = credential("LIVEGOODS_APPID", Options::APPID);
        let secret = credential("LIVEGOODS_SECRET", Options::SECRET);
        let memory = if self.forget { None } else { Some(flags::state_dir(self.state.as_deref())?) };
        let options = Options {
            listen: self.listen,
            appid,
            secret,
            memory,
            review_time: self.review_time,
            latency: self.latency,
            quotas: self.quota.into_iter().filter_map(pool).collect::<BTreeMap<_, _>>(),
            faults: self.fault,
            seed: self.seed,
            prices: self.reply_prices,
            replies: self.replies,
            rate: self.rate_limit.0,
            day: Day { utc_offset: self.utc_offset.seconds(), start: seconds_of_day(self.day_start) },
            ..Options::default()
        };
        Ok((options, made_up))
    }
}

/// The stand-in names the buckets as the contract does, but shares no type with the client.
fn pool((bucket, calls): (Bucket, u64)) -> Option<(Pool, u64)> {
    Pool::ALL.into_iter().find(|pool| pool.name() == bucket.name()).map(|pool| (pool, calls))
}

fn seconds_of_day(time: Time) -> u32 {
    u32::from(time.hour().unsigned_abs()) * 3600 + u32::from(time.minute().unsigned_abs()) * 60
}

/// A port that is taken: any other will do.
fn failure(error: SandboxError, session: &Session) -> Failure {
    let taken = matches!(error, SandboxError::Listen { .. });
    let failure = account::sandbox_failure(error);
    if taken { failure.then(session.command.clone().option("listen", "127.0.0.1:0")) } else { failure }
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: Option<SocketAddr> = text.parse().ok();
    let local = address.filter(|address| address.ip().is_loopback());
    local.ok_or_else(|| {
        "the sandbox listens on a loopback address only: write it as 127.0.0.1:PORT".to_owned()
    })
}

fn span(text: &str) -> Result<Duration, String> {
    let wrong = || "write it as seconds, or like 200ms, 90s, 5m, 1h".to_owned();
    let unit = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(unit);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| wrong())
}

fn rate_limit(text: &str) -> Result<RateLimit, String> {
    if text == "0" {
        return Ok(RateLimit(None));
    }
    let read =
        text.split_once('/').and_then(|(calls, seconds)| Some((calls.parse().ok()?, seconds.parse().ok()?)));
    let (calls, seconds) = read
        .filter(|&(calls, seconds)| calls > 0 && seconds > 0)
        .ok_or("write it as CALLS/SECONDS like 6000/60, or 0 for no limit")?;
    Ok(RateLimit(Some(Rate { calls, seconds })))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: SandboxArgs,
    }

    fn args(words: &[&str]) -> SandboxArgs {
        Line::parse_from(std::iter::once(&"sandbox").chain(words)).args
    }

    #[test]
    fn every_flag_finds_its_option() {
        let args = args(&[
            "--forget",
            "--review-time=5m",
            "--latency=200ms",
            "--quota=submit=20,list=7",
            "--rate-limit=0",
            "--day-start=01:30",
            "--utc-offset=-02:00",
            "--fault=add:lost-after=2x",
        ]);
        let (options, _) = args.options(|_| None).expect("options");
        assert_eq!(options.review_time, Duration::from_secs(300));
        assert_eq!(options.latency, Duration::from_millis(200));
        assert_eq!(options.quotas, BTreeMap::from([(Pool::Submit, 20), (Pool::List, 7)]));
        assert_eq!(options.rate, None);
        assert_eq!(options.day, Day { utc_offset: -7200, start: 5400 });
        assert_eq!(options.faults, ["add:lost-after=2x".parse().expect("a fault")]);
        assert_eq!(options.memory, None);
    }

    #[test]
    fn credentials_come_from_the_environment_or_are_made_up_and_said() {
        let given = |name: &str| (name == "LIVEGOODS_APPID").then(|| "wx0000000000000001".to_owned());
        let (options, made_up) = args(&["--forget"]).options(given).expect("options");
        assert_eq!(
            (options.appid.as_str(), options.secret.as_str()),
            ("wx0000000000000001", Options::SECRET)
        );
        assert_eq!(made_up.iter().map(|made| made.variable).collect::<Vec<_>>(), ["LIVEGOODS_SECRET"]);
    }

    #[test]
    fn an_address_that_others_can_reach_is_refused() {
        assert!(loopback("127.0.0.1:0").is_ok() && loopback("[::1]:80").is_ok());
        for bad in ["0.0.0.0:80", "192.168.0.1:80", "[::]:80", "localhost:80", "127.0.0.1"] {
            assert!(loopback(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spans_have_units_and_are_finite() {
        assert_eq!(span("60"), Ok(Duration::from_secs(60)));
        assert_eq!(span("1.5s"), Ok(Duration::from_millis(1500)));
        for bad in ["", "s", "-1", "5d", "1e9", "99999999999999999999999h"] {
            assert!(span(bad).is_err(), "{bad}");
        }
    }
}
