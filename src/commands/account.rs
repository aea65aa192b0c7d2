//! The flags of the service into whom it is called as, where it is, and where that is remembered.

use std::sync::Arc;

use anyhow::anyhow;
use secrecy::SecretString;

use super::flags::{Credentials, ServiceFlags};
use super::{Failure, OrExit};
use crate::clock::Clock;
use crate::cover::Uploads;
use crate::exit::Exit;
use crate::quota::{Ledger, LedgerSettings, StateDir, StateError};
use crate::sandbox::{self, Sandbox, SandboxError};
use crate::wechat::{self, Client, StateTokens};

/// The service's own address.
const API_BASE: &str = "https://api.weixin.qq.com";

/// A mini-program at a service, its quota and its token.
pub struct Account<'a> {
    flags: &'a ServiceFlags,
    clock: Arc<dyn Clock>,
    state: StateDir,
    appid: String,
    secret: Option<SecretString>,
    api_base: String,
    /// Serves as long as the account is there.
    sandbox: Option<Sandbox>,
}

impl<'a> Account<'a> {
    /// Opens the state, and starts the stand-in where `--sandbox` asks for it: then nothing of the
    /// environment's credentials is used.
    ///
    /// # Errors
    /// Exit 73 for a state that cannot be written, 78 for credentials that are missing or cannot be read.
    pub fn open(flags: &'a ServiceFlags, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let account = Self::open_unsigned(flags, clock)?;
        if account.secret.is_none() {
            flags.credentials()?;
        }
        Ok(account)
    }

    /// The same where credentials may be missing: then nothing can be called, and an empty appid stands for
    /// an unknown one.
    ///
    /// # Errors
    /// Exit 73 for a state that cannot be written, 78 for a secret that cannot be read.
    pub fn open_unsigned(flags: &'a ServiceFlags, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let state = StateDir::open(&flags.state_dir()?).or_exit(Exit::CannotWrite)?;
        if flags.sandbox {
            let sandbox = Sandbox::start(stand_in(flags, &state, &clock)).map_err(sandbox_failure)?;
            return Ok(Self {
                appid: sandbox.appid().to_owned(),
                secret: Some(sandbox.secret().into()),
                api_base: sandbox.base_url(),
                sandbox: Some(sandbox),
                flags,
                clock,
                state,
            });
        }
        let (appid, secret) = match flags.credentials_if_given()? {
            Some(Credentials { appid, secret }) => (appid, Some(secret)),
            None => (flags.appid.clone().unwrap_or_default().trim().to_owned(), None),
        };
        let api_base = flags.api_base.clone().unwrap_or_else(|| API_BASE.to_owned());
        Ok(Self { flags, clock, state, appid, secret, api_base, sandbox: None })
    }

    /// The mini-program; empty when it is unknown.
    pub fn appid(&self) -> &str {
        &self.appid
    }

    /// Whether the service can be called.
    pub fn can_call(&self) -> bool {
        self.secret.is_some()
    }

    /// The stand-in, where it serves.
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// The ledger of the mini-program's calls.
    ///
    /// # Errors
    /// Exit 73 for a state that cannot be read or written.
    pub fn ledger(&self) -> anyhow::Result<Ledger> {
        let settings = LedgerSettings {
            appid: self.appid.clone(),
            rule: self.flags.day_rule(),
            given: self.flags.quota.clone(),
        };
        Ledger::open(&self.state, settings, Arc::clone(&self.clock)).or_exit(Exit::CannotWrite)
    }

    /// What the mini-program uploaded, and when.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub fn uploads(&self) -> Result<Uploads, StateError> {
        Uploads::open(&self.state, &self.appid, Arc::clone(&self.clock))
    }

    /// The service as this mini-program sees it.
    ///
    /// # Errors
    /// Exit 78 without credentials or for an address that is none, 73 for a state that cannot be written.
    pub fn client(&self) -> anyhow::Result<Client> {
        let secret = self.secret.clone().ok_or_else(|| anyhow!("no secret is given"));
        let tokens = StateTokens::open(&self.state).or_exit(Exit::CannotWrite)?;
        let settings = wechat::Settings {
            api_base: self.api_base.clone(),
            appid: self.appid.clone(),
            secret: secret.or_exit(Exit::Configuration)?,
            timeout: self.flags.timeout,
            jobs: self.flags.jobs.into(),
            tokens: Arc::new(tokens),
            clock: Arc::clone(&self.clock),
        };
        Client::new(settings).or_exit(Exit::Configuration)
    }
}

/// As whom the flags call, before anything is opened or called.
///
/// # Errors
/// Exit 78 for credentials that are missing or cannot be read.
pub fn appid_of(flags: &ServiceFlags) -> anyhow::Result<String> {
    if flags.sandbox { Ok(sandbox::Options::APPID.to_owned()) } else { Ok(flags.credentials()?.appid) }
}

fn stand_in(flags: &ServiceFlags, state: &StateDir, clock: &Arc<dyn Clock>) -> sandbox::Options {
    let hour = |part: i8, seconds: u32| u32::from(part.unsigned_abs()) * seconds;
    let start = hour(flags.day_start.hour(), 3600) + hour(flags.day_start.minute(), 60);
    sandbox::Options {
        memory: Some(state.path().to_owned()),
        day: sandbox::Day { utc_offset: flags.utc_offset.seconds(), start },
        clock: Arc::clone(clock),
        ..sandbox::Options::default()
    }
}

/// How the stand-in's own troubles end.
pub(super) fn sandbox_failure(error: SandboxError) -> Failure {
    let exit = match &error {
        SandboxError::NotLoopback(_) => Exit::Usage,
        SandboxError::BadAppid(_) => Exit::Configuration,
        SandboxError::Listen { .. } | SandboxError::Thread(_) => Exit::Unreachable,
        SandboxError::Memory(_) => Exit::CannotWrite,
    };
    Failure::new(exit, error)
}
