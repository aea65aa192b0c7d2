//! Flags into a service that can be called: credentials, token, ledger and pace, or the sandbox in their place.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use secrecy::SecretString;

use super::OrExit;
use super::flags::{Credentials, ServiceFlags};
use crate::clock::Clock;
use crate::event::{Event, Listener, Notice};
use crate::exit::{Exit, Stop};
use crate::pass::{Calls, StopCell, learn_quota};
use crate::quota::{DayRule, Ledger, LedgerSettings, Pace, Pacer, StateDir};
use crate::sandbox::{Day, Options, Sandbox};
use crate::wechat::{Call, Client, RateLimit, Service, Settings, StateTokens};

/// The service's own host.
const API_BASE: &str = "https://api.weixin.qq.com";
/// No more calls a second than this unless `--rate` says so.
const FASTEST: u32 = 50;

/// As whom a run calls: known before anything is called.
pub struct Caller {
    credentials: Credentials,
    state: PathBuf,
}

impl Caller {
    /// The caller that the flags name; in the sandbox its own, whatever the environment holds.
    ///
    /// # Errors
    /// Exit 78 without credentials or a place for the state.
    pub fn of(flags: &ServiceFlags) -> anyhow::Result<Self> {
        let state = flags.state_dir()?;
        if flags.sandbox {
            let secret = SecretString::from(Options::SECRET);
            let credentials = Credentials { appid: Options::APPID.to_owned(), secret };
            return Ok(Self { credentials, state: state.join("sandbox") });
        }
        Ok(Self { credentials: flags.credentials()?, state })
    }

    /// The mini-program.
    pub fn appid(&self) -> &str {
        &self.credentials.appid
    }
}

/// A way to call; dropping it stops the sandbox, if there is one.
pub struct Connection {
    /// What passes call through.
    pub calls: Calls,
    _sandbox: Option<Sandbox>,
}

/// Who listens to a connection, and what stops it.
pub struct Surroundings {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Hears what happens.
    pub listener: Arc<dyn Listener>,
    /// Says whether the run was stopped.
    pub stop: StopCell,
}

/// Why there is no connection.
pub enum NoConnection {
    /// The configuration or the state.
    Error(anyhow::Error),
    /// The service refuses or cannot be reached: an ending like any other of a run.
    Stopped(Stop),
}

impl From<anyhow::Error> for NoConnection {
    fn from(error: anyhow::Error) -> Self {
        Self::Error(error)
    }
}

impl From<Stop> for NoConnection {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

impl Connection {
    /// Connects, and asks the service for its figures of `call`.
    pub fn open(
        flags: &ServiceFlags,
        caller: Caller,
        around: Surroundings,
        call: Call,
    ) -> Result<Self, NoConnection> {
        let Surroundings { clock, listener, stop } = around;
        let state = StateDir::open(&caller.state).or_exit(Exit::CannotWrite)?;
        let sandbox = flags.sandbox.then(|| start_sandbox(flags, &caller)).transpose()?;
        let api_base = match &sandbox {
            Some(sandbox) => sandbox.base_url(),
            None => flags.api_base.clone().unwrap_or_else(|| API_BASE.to_owned()),
        };
        let Credentials { appid, secret } = caller.credentials;
        let rule = DayRule { start: flags.day_start, utc_offset: flags.utc_offset };
        let settings = LedgerSettings { appid: appid.clone(), rule, given: flags.quota.clone() };
        let ledger = Ledger::open(&state, settings, Arc::clone(&clock)).or_exit(Exit::CannotWrite)?;
        let client = Client::new(Settings {
            api_base,
            appid,
            secret,
            timeout: flags.timeout,
            jobs: usize::from(flags.jobs),
            tokens: Arc::new(StateTokens::open(&state).or_exit(Exit::CannotWrite)?),
            clock: Arc::clone(&clock),
        })
        .or_exit(Exit::Configuration)?;
        let figures = learn_quota(&client, &ledger, call)?;
        if let Some(notice) = figures.notice {
            listener.hear(&Event::Notice(notice));
        }
        let pacer = Pacer::new(pace(flags.rate, figures.rate_limit), Arc::clone(&clock));
        let calls = Calls {
            service: Arc::new(client) as Arc<dyn Service>,
            ledger: Arc::new(ledger),
            pacer: Arc::new(pacer),
            clock,
            listener,
            stop,
        };
        Ok(Self { calls, _sandbox: sandbox })
    }
}

/// `--rate`, else what the service reports, else the fastest that is polite.
fn pace(rate: Option<u32>, told: Option<RateLimit>) -> Option<Pace> {
    match (rate, told) {
        (Some(rate), _) => Pace::per_second(rate),
        (None, Some(told)) => {
            let window = Duration::from_secs(told.refresh_second);
            Pace::within(told.call_count, window, FASTEST).or_else(|| Pace::per_second(FASTEST))
        }
        (None, None) => Pace::per_second(FASTEST),
    }
}

fn start_sandbox(flags: &ServiceFlags, caller: &Caller) -> anyhow::Result<Sandbox> {
    let start = i64::from(flags.day_start.hour()) * 3600 + i64::from(flags.day_start.minute()) * 60;
    let options = Options {
        memory: Some(caller.state.clone()),
        day: Day { utc_offset: flags.utc_offset.seconds(), start: u32::try_from(start).unwrap_or(0) },
        ..Options::default()
    };
    Sandbox::start(options)
        .map_err(|error| anyhow!("the sandbox cannot be started: {error}"))
        .or_exit(Exit::CannotWrite)
}
