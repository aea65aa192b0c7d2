//! An instant into the quota day it belongs to.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Span, Timestamp};

/// A quota day, named by the date on which it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Day(Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// When a quota day starts. The service's documents say only "a day"; Beijing midnight is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayRule {
    /// Minutes after midnight.
    start: SignedDuration,
    offset: Offset,
}

/// Why a text is no day rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DayRuleError {
    /// Not a time of the day.
    #[error("the start of the day \"{0}\" is not HH:MM between 00:00 and 23:59")]
    Start(String),
    /// Not an offset.
    #[error("the offset \"{0}\" is not one like +08:00, -05:30 or Z, at most 14 hours")]
    Offset(String),
}

impl Default for DayRule {
    fn default() -> Self {
        Self { start: SignedDuration::ZERO, offset: Offset::constant(8) }
    }
}

impl DayRule {
    /// A day that starts at `start` of the clocks at `offset`; seconds are left out.
    pub fn new(start: Time, offset: Offset) -> Self {
        let minutes = i64::from(start.hour()) * 60 + i64::from(start.minute());
        Self { start: SignedDuration::from_mins(minutes), offset }
    }

    /// The rule that `--day-start` and `--utc-offset` spell, each by the default when absent.
    pub fn parse(start: Option<&str>, utc_offset: Option<&str>) -> Result<Self, DayRuleError> {
        let rule = Self::default();
        Ok(Self {
            start: start.map_or(Ok(rule.start), parse_start)?,
            offset: utc_offset.map_or(Ok(rule.offset), parse_offset)?,
        })
    }

    /// The quota day of an instant.
    pub fn day_of(&self, instant: Timestamp) -> Day {
        let shifted = instant.checked_sub(self.start).unwrap_or(Timestamp::MIN);
        Day(self.offset.to_datetime(shifted).date())
    }

    /// The instant at which the day of `instant` ends and the next begins.
    pub fn turns_at(&self, instant: Timestamp) -> Timestamp {
        let Day(date) = self.day_of(instant);
        date.checked_add(Span::new().days(1))
            .and_then(|next| self.offset.to_timestamp(next.to_datetime(Time::midnight())))
            .and_then(|midnight| midnight.checked_add(self.start))
            .unwrap_or(Timestamp::MAX)
    }
}

fn parse_start(text: &str) -> Result<SignedDuration, DayRuleError> {
    let minutes = text.split_once(':').and_then(|(hours, minutes)| {
        let hours = two_digits(hours).filter(|&hours| hours < 24)?;
        let minutes = two_digits(minutes).filter(|&minutes| minutes < 60)?;
        Some(SignedDuration::from_mins(hours * 60 + minutes))
    });
    minutes.ok_or_else(|| DayRuleError::Start(text.to_owned()))
}

fn parse_offset(text: &str) -> Result<Offset, DayRuleError> {
    let seconds = if text.eq_ignore_ascii_case("z") { Some(0) } else { offset_seconds(text) };
    seconds
        .filter(|seconds| seconds.abs() <= 14 * 3600)
        .and_then(|seconds| Offset::from_seconds(seconds).ok())
        .ok_or_else(|| DayRuleError::Offset(text.to_owned()))
}

/// `+8`, `+08`, `8`, `+0800` and `+08:00` are all eight hours.
fn offset_seconds(text: &str) -> Option<i32> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 && digits.is_ascii() => digits.split_at(2),
        None => (digits, "0"),
    };
    let minutes = two_digits(minutes).filter(|&minutes| minutes < 60)?;
    i32::try_from(sign * (two_digits(hours)? * 3600 + minutes * 60)).ok()
}

fn two_digits(text: &str) -> Option<i64> {
    let short = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if short { i64::from_str(text).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    #[test]
    fn a_day_turns_at_beijing_midnight() {
        let rule = DayRule::default();
        assert_eq!(rule.day_of(at("2026-11-21T15:59:59.999Z")).to_string(), "2026-11-21");
        assert_eq!(rule.day_of(at("2026-11-21T16:00:00Z")).to_string(), "2026-11-22");
        assert_eq!(rule.turns_at(at("2026-11-21T15:59:59.999Z")), at("2026-11-21T16:00:00Z"));
        assert_eq!(rule.turns_at(at("2026-11-21T16:00:00Z")), at("2026-11-22T16:00:00Z"));
    }

    #[test]
    fn start_and_offset_move_the_turn() {
        let rule = DayRule::parse(Some("05:30"), Some("-03:00")).expect("a rule");
        assert_eq!(rule.day_of(at("2026-11-21T08:29:59Z")).to_string(), "2026-11-20");
        assert_eq!(rule.turns_at(at("2026-11-21T08:29:59Z")), at("2026-11-21T08:30:00Z"));
        assert_eq!(rule.day_of(at("2026-11-21T08:30:00Z")).to_string(), "2026-11-21");
    }

    #[test]
    fn offsets_are_read_in_their_usual_spellings() {
        for text in ["+08:00", "+8", "8", "+0800", "08:00"] {
            assert_eq!(DayRule::parse(None, Some(text)), Ok(DayRule::default()), "{text}");
        }
        assert_eq!(DayRule::parse(None, Some("Z")), DayRule::parse(None, Some("+00:00")));
    }

    #[test]
    fn a_rule_of_values_is_the_rule_of_their_spelling() {
        let rule = DayRule::new(Time::constant(5, 30, 0, 0), Offset::constant(-3));
        assert_eq!(DayRule::parse(Some("05:30"), Some("-03:00")), Ok(rule));
    }

    #[test]
    fn what_is_no_time_or_offset_is_refused() {
        for start in ["24:00", "7", "07:60", "", "-1:00", "07:0a", "+7:00"] {
            assert!(DayRule::parse(Some(start), None).is_err(), "{start}");
        }
        for offset in ["Beijing", "+15:00", "+08:60", "", "--8", "+08:00:00"] {
            assert!(DayRule::parse(None, Some(offset)).is_err(), "{offset}");
        }
    }
}
