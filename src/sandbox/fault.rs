//! `add:lost-after=2x` into something that goes wrong, and the dice that decide when it does.

use std::str::FromStr;

use rand::RngExt;
use rand::rngs::StdRng;

use super::call::Call;

/// Something that goes wrong.
///
/// Spelt `[CALL:]KIND=AMOUNT`. KIND is `lost-before`, `lost-after`, `5xx`, `hang`, `garbage`, `truncated`,
/// `stale-token`, `300021`, `300021-no-id`, or any errcode (`-1`, `45011`, …); the call is not carried out,
/// unless `-after` follows (`5xx-after`, `-1-after`). AMOUNT is a probability (`0.1`), the first few calls
/// (`3x`) or one call alone (`@7`). Without a call, tokens and quota figures are spared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    /// The only call it strikes.
    pub call: Option<Call>,
    /// What happens.
    pub kind: Kind,
    /// Whether the call is carried out first.
    pub when: When,
    /// How often.
    pub amount: Amount,
}

/// What a fault does to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The connection is cut without an answer.
    Lost,
    /// A status of 500 to 504 and a page of HTML.
    ServerError,
    /// An errcode.
    Errcode(i64),
    /// No answer for as long as the client waits.
    Hang,
    /// A good status and a body that is not the documented JSON.
    Garbage,
    /// Half of the answer's JSON.
    Truncated,
    /// The token of the call dies on the spot.
    StaleToken,
    /// 300021: the goods are added, submitting them failed.
    NotSubmitted {
        /// Whether the reply says which goods.
        with_id: bool,
    },
}

/// Whether a call is carried out before things go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Nothing was done.
    Before,
    /// Everything was done.
    After,
}

/// How often a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Each call with this probability.
    Chance(f64),
    /// The first calls.
    First(u64),
    /// One call alone, counted from 1.
    Nth(u64),
}

impl Fault {
    fn concerns(&self, call: Call) -> bool {
        let spared = match self.kind {
            Kind::NotSubmitted { .. } => call != Call::Add,
            Kind::StaleToken => call.gives_tokens(),
            _ => false,
        };
        !spared && self.call.map_or_else(|| call.pool().is_some(), |only| only == call)
    }
}

/// Faults with the number of calls each has seen.
pub(super) struct Faults(Vec<(Fault, u64)>);

impl Faults {
    pub(super) fn new(faults: &[Fault]) -> Self {
        Self(faults.iter().map(|&fault| (fault, 0)).collect())
    }

    /// The first fault that strikes this call, if any does; each one counts the calls that reach it.
    pub(super) fn strike(&mut self, call: Call, dice: &mut StdRng) -> Option<(Kind, When)> {
        self.0.iter_mut().filter(|(fault, _)| fault.concerns(call)).find_map(|(fault, seen)| {
            *seen += 1;
            let strikes = match fault.amount {
                Amount::Chance(chance) => dice.random_bool(chance),
                Amount::First(count) => *seen <= count,
                Amount::Nth(nth) => *seen == nth,
            };
            strikes.then_some((fault.kind, fault.when))
        })
    }
}

/// A fault that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No `=`.
    #[error("`{0}` does not say how often: write it as lost-after=0.1, lost-after=3x or add:lost-after=@7")]
    NoAmount(String),
    /// No such call.
    #[error("no call is named `{0}`: use one of {names}", names = call_names())]
    UnknownCall(String),
    /// No such kind.
    #[error(
        "no fault is named `{0}`: use lost-before, lost-after, 5xx, hang, garbage, truncated, stale-token, \
         300021, 300021-no-id or an errcode, with -after where the call is to be carried out"
    )]
    UnknownKind(String),
    /// Not an amount.
    #[error("`{0}` is neither a probability from 0 to 1, nor a count like 3x, nor one call like @7")]
    BadAmount(String),
}

fn call_names() -> String {
    Call::ALL.map(Call::name).join(", ")
}

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        let (what, amount) = text.split_once('=').ok_or_else(|| FaultError::NoAmount(text.to_owned()))?;
        let (call, kind) = match what.split_once(':') {
            Some((call, kind)) => {
                (Some(Call::of_name(call).ok_or_else(|| FaultError::UnknownCall(call.to_owned()))?), kind)
            }
            None => (None, what),
        };
        let (kind, when) = read_kind(kind).ok_or_else(|| FaultError::UnknownKind(kind.to_owned()))?;
        let amount = read_amount(amount).ok_or_else(|| FaultError::BadAmount(amount.to_owned()))?;
        Ok(Self { call, kind, when, amount })
    }
}

fn read_kind(text: &str) -> Option<(Kind, When)> {
    match text {
        "lost-before" => return Some((Kind::Lost, When::Before)),
        "truncated" => return Some((Kind::Truncated, When::After)),
        "stale-token" => return Some((Kind::StaleToken, When::Before)),
        "300021" => return Some((Kind::NotSubmitted { with_id: true }, When::After)),
        "300021-no-id" => return Some((Kind::NotSubmitted { with_id: false }, When::After)),
        _ => {}
    }
    let (name, when) = text.strip_suffix("-after").map_or((text, When::Before), |name| (name, When::After));
    let kind = match name {
        "lost" if when == When::After => Kind::Lost,
        "5xx" => Kind::ServerError,
        "hang" => Kind::Hang,
        "garbage" => Kind::Garbage,
        code => Kind::Errcode(code.parse().ok().filter(|&code| code != 0)?),
    };
    Some((kind, when))
}

fn read_amount(text: &str) -> Option<Amount> {
    if let Some(count) = text.strip_suffix('x') {
        return count.parse().ok().map(Amount::First);
    }
    if let Some(nth) = text.strip_prefix('@') {
        return nth.parse().ok().filter(|&nth| nth > 0).map(Amount::Nth);
    }
    text.parse().ok().filter(|chance| (0.0..=1.0).contains(chance)).map(Amount::Chance)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn strikes(text: &str, call: Call, calls: usize) -> Vec<bool> {
        let mut faults = Faults::new(&[text.parse().expect("a fault")]);
        let mut dice = StdRng::seed_from_u64(1);
        (0..calls).map(|_| faults.strike(call, &mut dice).is_some()).collect()
    }

    #[test]
    fn a_count_strikes_the_first_calls_only() {
        assert_eq!(strikes("lost-after=2x", Call::Add, 4), [true, true, false, false]);
        assert_eq!(strikes("add:-1=@2", Call::Add, 3), [false, true, false]);
    }

    #[test]
    fn a_chance_of_one_always_strikes_and_of_zero_never() {
        assert_eq!(strikes("5xx=1", Call::List, 3), [true; 3]);
        assert_eq!(strikes("5xx=0", Call::List, 3), [false; 3]);
    }

    #[test]
    fn a_fault_of_one_call_spares_the_others_and_a_general_one_spares_tokens() {
        assert_eq!(strikes("add:hang=1", Call::List, 1), [false]);
        assert_eq!(strikes("hang=1", Call::StableToken, 1), [false]);
        assert_eq!(strikes("stable-token:hang=1", Call::StableToken, 1), [true]);
        assert_eq!(strikes("300021=1", Call::Resubmit, 1), [false]);
    }

    #[test]
    fn kinds_say_whether_the_call_is_carried_out() {
        let read = |text: &str| read_kind(text);
        assert_eq!(read("-1"), Some((Kind::Errcode(-1), When::Before)));
        assert_eq!(read("-1-after"), Some((Kind::Errcode(-1), When::After)));
        assert_eq!(read("garbage-after"), Some((Kind::Garbage, When::After)));
        assert_eq!(read("300021-no-id"), Some((Kind::NotSubmitted { with_id: false }, When::After)));
    }

    #[test]
    fn what_is_no_fault_is_refused_with_the_remedy() {
        for bad in
            ["lost=1", "lost-after", "lost-after=2", "sell:hang=1", "0=1", "hang=x", "hang=@0", "hang=NaN"]
        {
            assert!(bad.parse::<Fault>().is_err(), "{bad}");
        }
    }
}
