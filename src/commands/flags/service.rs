//! Which service is called, as whom, how fast, and how often a day.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::Args;
use clap::builder::BoolishValueParser;
use jiff::civil::Time;
use jiff::tz::Offset;
use secrecy::SecretString;

use super::{environment, parse};
use crate::commands::OrExit;
use crate::exit::Exit;
use crate::quota::{Bucket, DayRule};

/// What every verb that calls the service takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "The service")]
pub struct ServiceFlags {
    /// Try it out against the embedded stand-in for the service; no account is needed
    #[arg(long, env = "LIVEGOODS_SANDBOX", value_parser = BoolishValueParser::new())]
    pub sandbox: bool,

    /// The appid of the mini-program; its secret comes from LIVEGOODS_SECRET or --secret-file
    #[arg(long, value_name = "APPID", env = "LIVEGOODS_APPID")]
    pub appid: Option<String>,

    /// A file that holds the secret of the mini-program
    #[arg(long, value_name = "PATH", env = "LIVEGOODS_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,

    /// Call another server instead, tokens and pictures included
    #[arg(long, value_name = "URL", env = "LIVEGOODS_API_BASE", value_parser = parse::api_base)]
    pub api_base: Option<String>,

    /// Calls under way at the same time
    #[arg(short, long, value_name = "N", env = "LIVEGOODS_JOBS", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: u16,

    /// Calls a second, 0 for no limit [default: what the service reports, at most 50]
    #[arg(long, value_name = "N", env = "LIVEGOODS_RATE")]
    pub rate: Option<u32>,

    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", env = "LIVEGOODS_TIMEOUT", default_value = "30", value_parser = parse::timeout)]
    pub timeout: Duration,

    /// Calls a day of submit, withdraw, update, delete, status, list or media; may be given several times
    #[arg(long, value_name = "BUCKET=N", env = "LIVEGOODS_QUOTA", value_delimiter = ',', value_parser = parse::quota)]
    pub quota: Vec<(Bucket, u64)>,

    /// The hour at which the day of the quota turns
    #[arg(long, value_name = "HH:MM", env = "LIVEGOODS_DAY_START", default_value = "00:00", value_parser = parse::day_start)]
    pub day_start: Time,

    /// The time zone of the quota's day
    #[arg(long, value_name = "OFFSET", env = "LIVEGOODS_UTC_OFFSET", default_value = "+08:00", allow_hyphen_values = true, value_parser = parse::utc_offset)]
    pub utc_offset: Offset,

    /// Sleep until the day turns when the quota is spent, instead of stopping
    #[arg(long, env = "LIVEGOODS_WAIT", value_parser = BoolishValueParser::new())]
    pub wait: bool,

    /// The directory that remembers quota and tokens [default: $XDG_STATE_HOME/livegoods or ~/.local/state/livegoods]
    #[arg(long, value_name = "PATH", env = "LIVEGOODS_STATE")]
    pub state: Option<PathBuf>,
}

/// Who calls the service.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The mini-program.
    pub appid: String,
    /// Its AppSecret; never shown.
    pub secret: SecretString,
}

impl ServiceFlags {
    /// The directory of the state database: `--state`, else the user's own.
    ///
    /// # Errors
    /// Exit 78 when there is no home directory to keep it in.
    pub fn state_dir(&self) -> anyhow::Result<PathBuf> {
        state_dir(self.state.as_deref())
    }

    /// When the day of the quota turns.
    pub fn day_rule(&self) -> DayRule {
        DayRule::new(self.day_start, self.utc_offset)
    }

    /// Appid and secret. In the sandbox they are not asked for.
    ///
    /// # Errors
    /// Exit 78 when one of them is missing, or the secret's file cannot be read.
    pub fn credentials(&self) -> anyhow::Result<Credentials> {
        let found = self.credentials_if_given()?;
        let missing = if self.appid.is_none() { "LIVEGOODS_APPID" } else { "LIVEGOODS_SECRET" };
        found
            .ok_or_else(|| {
                anyhow!("{missing} is not set: export LIVEGOODS_APPID and LIVEGOODS_SECRET, or try it out with --sandbox")
            })
            .or_exit(Exit::Configuration)
    }

    /// Appid and secret where both are given.
    ///
    /// # Errors
    /// Exit 78 when the secret's file cannot be read.
    pub fn credentials_if_given(&self) -> anyhow::Result<Option<Credentials>> {
        let secret = match &self.secret_file {
            Some(path) => Some(read_secret(path).or_exit(Exit::Configuration)?),
            None => environment::variable("LIVEGOODS_SECRET").and_then(|secret| secret.into_string().ok()),
        };
        let secret = secret.map(|secret| secret.trim().to_owned()).filter(|secret| !secret.is_empty());
        let appid =
            self.appid.as_ref().map(|appid| appid.trim().to_owned()).filter(|appid| !appid.is_empty());
        Ok(appid.zip(secret).map(|(appid, secret)| Credentials { appid, secret: secret.into() }))
    }
}

/// The directory of the state: the one given, else the user's own.
///
/// # Errors
/// Exit 78 when there is no home directory to keep it in.
pub fn state_dir(given: Option<&Path>) -> anyhow::Result<PathBuf> {
    given
        .map(Path::to_owned)
        .or_else(|| environment::base_dir("XDG_STATE_HOME", ".local/state"))
        .ok_or_else(|| anyhow!("no home directory to keep the state in: name a directory with --state"))
        .or_exit(Exit::Configuration)
}

fn read_secret(path: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: the secret's file cannot be read", path.display()))?;
    anyhow::ensure!(!text.trim().is_empty(), "{}: the secret's file is empty", path.display());
    Ok(text)
}
