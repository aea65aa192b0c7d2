//! The service's own figures into the ledger: what it allows a day and what is left of it.

use crate::event::Notice;
use crate::quota::{Ledger, Told};
use crate::wechat::{Call, Class, Failure, RateLimit, Service};

use crate::exit::Stop;

/// What the service told.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The pace it allows, when it says one.
    pub rate_limit: Option<RateLimit>,
    /// What a person should know when it told nothing.
    pub notice: Option<Notice>,
}

/// Asks for the figures of `call` and lets the ledger learn them.
///
/// A service that does not tell (cloud mode, an old permission set) is no reason to stop: the documents' figures
/// serve. One that refuses the caller, or is not there, is.
pub fn learn_quota(service: &dyn Service, ledger: &Ledger, call: Call) -> Result<Figures, Stop> {
    let counted = ledger.counted(call.bucket())?;
    let failure = match ask(service, call) {
        Ok(told) => {
            ledger.learn(
                call.bucket(),
                counted,
                Told { daily_limit: told.daily_limit, remain: told.remain },
            )?;
            return Ok(Figures { rate_limit: told.rate_limit, notice: None });
        }
        Err(failure) => failure,
    };
    match &failure {
        Failure::NotSent(_) => Err(Stop::of(&failure)),
        Failure::Refused(refusal) if is_the_callers_fault(refusal.code) => Err(Stop::of(&failure)),
        _ => {
            let notice = Notice::QuotaFiguresUnknown { why: failure.to_string() };
            Ok(Figures { rate_limit: None, notice: Some(notice) })
        }
    }
}

/// One renewal of a token that another holder made stale.
fn ask(service: &dyn Service, call: Call) -> Result<crate::wechat::QuotaFigures, Failure> {
    match service.quota(call) {
        Err(Failure::Refused(refusal)) if refusal.class() == Class::Token => {
            service.renew(refusal.token)?;
            service.quota(call)
        }
        answer => answer,
    }
}

/// 48001 here only says that the figures are not for this caller.
fn is_the_callers_fault(code: i64) -> bool {
    matches!(crate::wechat::class_of(code), Class::Token | Class::Fatal) && code != 48001
}
