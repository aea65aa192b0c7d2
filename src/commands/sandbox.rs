//! `livegoods sandbox`: the embedded stand-in, served on a loopback address until it is stopped.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::exit::Exit;
use crate::sandbox::{Day, Fault, MemoryError, Options, Pool, Prices, Rate, Replies, Sandbox, SandboxError};

/// Serves the embedded stand-in for the service on a loopback address until it is stopped.
#[derive(Clone, Debug, clap::Args)]
pub struct SandboxArgs {
    /// Where to listen; port 0 takes any that is free
    #[arg(long, value_name = "127.0.0.1:PORT", default_value = "127.0.0.1:0", value_parser = loopback)]
    pub listen: SocketAddr,
    /// How long goods are in review: seconds, or 90s, 5m, 1h
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = span)]
    pub review_time: Duration,
    /// How long every answer takes: seconds, or 200ms, 1s
    #[arg(long, value_name = "TIME", default_value = "0", value_parser = span)]
    pub latency: Duration,
    /// Calls a day of submit, withdraw, update, delete, status, list or media
    #[arg(long = "quota", value_name = "BUCKET=N", value_parser = quota)]
    pub quotas: Vec<(Pool, u64)>,
    /// What goes wrong, as [CALL:]KIND=AMOUNT: lost-before, lost-after, 5xx, hang, garbage, truncated,
    /// stale-token, 300021, 300021-no-id or an errcode (-after: the call is carried out all the same);
    /// 0.1 for a probability, 3x for the first three, @7 for the seventh alone
    #[arg(long = "fault", value_name = "FAULT")]
    pub faults: Vec<Fault>,
    /// Where the dice of faults and of the replies' spelling start
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    /// Directory that remembers goods, tokens and quotas from one start to the next; without it nothing is kept
    #[arg(long, value_name = "PATH", env = "LIVEGOODS_STATE")]
    pub state: Option<PathBuf>,
    /// Unit of the prices in replies
    #[arg(long, value_name = "UNIT", value_enum, default_value_t = Prices::Yuan)]
    pub reply_prices: Prices,
    /// Spelling of replies: as the documents' tables have it, or anew each time
    #[arg(long, value_name = "HOW", value_enum, default_value_t = Replies::Mixed)]
    pub replies: Replies,
    /// Calls of one path in so many seconds; 0 for no limit
    #[arg(long, value_name = "CALLS/SECONDS", default_value = "6000/60", value_parser = rate)]
    pub rate_limit: RateLimit,
    /// When the quota day begins
    #[arg(long, value_name = "HH:MM", default_value = "00:00", value_parser = day_start)]
    pub day_start: u32,
    /// The quota day's distance from UTC
    #[arg(long, value_name = "+HH:MM", default_value = "+08:00", allow_hyphen_values = true, value_parser = utc_offset)]
    pub utc_offset: i32,
    /// Approved goods of the console to begin with, which the API may not touch
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub console_goods: u32,
}

/// A pace, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit(pub Option<Rate>);

/// Serves until SIGINT or SIGTERM, which is its normal end.
///
/// # Errors
/// When `out` cannot be written.
pub fn run(args: SandboxArgs, out: &mut impl Write, err: &mut impl Write) -> anyhow::Result<Exit> {
    let console_goods = args.console_goods;
    let (options, made_up) = options(args, |name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let mut signals = Signals::new([SIGINT, SIGTERM]).context("cannot listen for signals")?;
    let sandbox = match Sandbox::start(options) {
        Ok(sandbox) => sandbox,
        Err(error) => {
            writeln!(err, "error: {error}")?;
            return Ok(ending(&error));
        }
    };
    for number in 1..=console_goods {
        sandbox.put_console_goods(&format!("控制台商品{number}"))?;
    }
    writeln!(out, "listening on {}", sandbox.base_url())?;
    for name in made_up {
        writeln!(out, "{}", name.line(&sandbox))?;
    }
    out.flush()?;
    signals.forever().next();
    sandbox.stop();
    Ok(Exit::Done)
}

/// A credential that the environment does not hold.
#[derive(Clone, Copy)]
enum MadeUp {
    Appid,
    Secret,
}

impl MadeUp {
    fn line(self, sandbox: &Sandbox) -> String {
        match self {
            Self::Appid => format!("made up: LIVEGOODS_APPID={}", sandbox.appid()),
            Self::Secret => format!("made up: LIVEGOODS_SECRET={}", sandbox.secret()),
        }
    }
}

fn options(args: SandboxArgs, environment: impl Fn(&str) -> Option<String>) -> (Options, Vec<MadeUp>) {
    let (appid, secret) = (environment("LIVEGOODS_APPID"), environment("LIVEGOODS_SECRET"));
    let made_up = [appid.is_none().then_some(MadeUp::Appid), secret.is_none().then_some(MadeUp::Secret)];
    let options = Options {
        listen: args.listen,
        appid: appid.unwrap_or_else(|| Options::APPID.to_owned()),
        secret: secret.unwrap_or_else(|| Options::SECRET.to_owned()),
        memory: args.state,
        review_time: args.review_time,
        latency: args.latency,
        quotas: args.quotas.into_iter().collect(),
        faults: args.faults,
        seed: args.seed,
        prices: args.reply_prices,
        replies: args.replies,
        rate: args.rate_limit.0,
        day: Day { utc_offset: args.utc_offset, start: args.day_start },
        ..Options::default()
    };
    (options, made_up.into_iter().flatten().collect())
}

fn ending(error: &SandboxError) -> Exit {
    match error {
        SandboxError::NotLoopback(_) => Exit::Usage,
        SandboxError::BadAppid(_) => Exit::Configuration,
        SandboxError::Listen { .. } | SandboxError::Thread(_) => Exit::Unreachable,
        SandboxError::Memory(MemoryError::Disk { .. } | MemoryError::Sqlite { .. }) => Exit::CannotWrite,
    }
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|_| "write it as 127.0.0.1:PORT".to_owned())?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the sandbox listens on loopback addresses only: write it as 127.0.0.1:PORT".to_owned())
    }
}

fn span(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("write it as seconds, or like 200ms, 90s, 5m, 1h".to_owned()),
    };
    let number: f64 =
        number.parse().map_err(|_| "write it as seconds, or like 200ms, 90s, 5m, 1h".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

fn quota(text: &str) -> Result<(Pool, u64), String> {
    let (pool, calls) = text.split_once('=').ok_or("write it as BUCKET=N, like submit=500")?;
    let calls = calls.parse().map_err(|_| format!("`{calls}` is no number of calls"))?;
    Ok((pool.parse().map_err(|error: crate::sandbox::UnknownPool| error.to_string())?, calls))
}

fn rate(text: &str) -> Result<RateLimit, String> {
    if text == "0" {
        return Ok(RateLimit(None));
    }
    let read =
        text.split_once('/').and_then(|(calls, seconds)| Some((calls.parse().ok()?, seconds.parse().ok()?)));
    let (calls, seconds) =
        read.filter(|&(_, seconds)| seconds > 0).ok_or("write it as CALLS/SECONDS, or 0")?;
    Ok(RateLimit(Some(Rate { calls, seconds })))
}

fn day_start(text: &str) -> Result<u32, String> {
    clock_time(text).map(|minutes| minutes * 60).ok_or_else(|| "write it as HH:MM, like 00:00".to_owned())
}

fn utc_offset(text: &str) -> Result<i32, String> {
    let (sign, time) = match text.split_at_checked(1) {
        Some(("-", time)) => (-1, time),
        Some(("+", time)) => (1, time),
        _ => (1, text),
    };
    let minutes = clock_time(time).and_then(|minutes| i32::try_from(minutes).ok());
    minutes.map(|minutes| sign * minutes * 60).ok_or_else(|| "write it as +HH:MM, like +08:00".to_owned())
}

fn clock_time(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}
