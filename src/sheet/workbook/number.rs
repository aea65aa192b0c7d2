//! A workbook's values into the text a person would type.

use std::fmt::Write;

use calamine::{DataRef, ExcelDateTime};

/// Appends a spreadsheet's number at 15 significant digits, as spreadsheet programs show it, without an exponent.
pub(super) fn push_number(text: &mut String, number: f64) {
    let start = text.len();
    // Writing into a String cannot fail.
    let _ = write!(text, "{number}");
    let digits = text[start..].bytes().filter(u8::is_ascii_digit).count();
    if digits > 15 && number.is_finite() {
        text.truncate(start);
        let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
        let _ = write!(text, "{rounded}");
    }
    if &text[start..] == "-0" {
        text.replace_range(start.., "0");
    }
}

/// Appends any value but a number: dates as ISO 8601, truth as TRUE or FALSE, errors as they are shown.
pub(super) fn push_value(text: &mut String, value: &DataRef<'_>) {
    match value {
        DataRef::Empty => {}
        DataRef::String(words) | DataRef::DateTimeIso(words) | DataRef::DurationIso(words) => {
            text.push_str(words)
        }
        DataRef::SharedString(words) => text.push_str(words),
        DataRef::Bool(truth) => text.push_str(if *truth { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(date) => push_date(text, date),
        DataRef::Int(number) => {
            let _ = write!(text, "{number}");
        }
        DataRef::Float(number) => push_number(text, *number),
        DataRef::Error(error) => {
            let _ = write!(text, "{error}");
        }
    }
}

/// The serial number after the last day a spreadsheet knows, 9999-12-31.
const AFTER_LAST_DAY: f64 = 2_958_466.0;

fn push_date(text: &mut String, date: &ExcelDateTime) {
    let serial = date.as_f64();
    if !(0.0..AFTER_LAST_DAY).contains(&serial) {
        return push_number(text, serial);
    }
    if date.is_duration() {
        #[expect(clippy::cast_possible_truncation, reason = "a serial number below 2,958,466 days")]
        let seconds = (serial * 86_400.0).round() as i64;
        let _ = write!(text, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
        return;
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    if serial >= 1.0 {
        let _ = write!(text, "{year:04}-{month:02}-{day:02}");
    }
    if serial.fract() != 0.0 || serial < 1.0 {
        let before = if serial >= 1.0 { "T" } else { "" };
        let _ = write!(text, "{before}{hour:02}:{minute:02}:{second:02}");
        if milli != 0 {
            let _ = write!(text, ".{milli:03}");
        }
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    fn number(number: f64) -> String {
        let mut text = String::new();
        push_number(&mut text, number);
        text
    }

    fn date(serial: f64) -> String {
        let mut text = String::new();
        push_value(&mut text, &DataRef::DateTime(ExcelDateTime::new(serial, DateTime, false)));
        text
    }

    #[test]
    fn numbers_have_fifteen_significant_digits_and_no_noise() {
        for (value, text) in [
            (76_251.039_999_999_98, "76251.04"),
            (3.300_000_000_000_000_3, "3.3"),
            (0.1 + 0.2, "0.3"),
            (1.1 * 3.0, "3.3"),
            (99.5, "99.5"),
            (100.0, "100"),
            (-0.0, "0"),
            (123_456_789_012_345.0, "123456789012345"),
            (1e21, "1000000000000000000000"),
            (9_007_199_254_740_993.0, "9007199254740990"),
            (0.000_000_1, "0.0000001"),
        ] {
            assert_eq!(number(value), text, "{value:e}");
        }
    }

    #[test]
    fn dates_are_iso() {
        assert_eq!(date(46_347.0), "2026-11-21");
        assert_eq!(date(46_347.5), "2026-11-21T12:00:00");
        assert_eq!(date(0.25), "06:00:00");
        let mut text = String::new();
        push_value(&mut text, &DataRef::DateTime(ExcelDateTime::new(1.5, TimeDelta, false)));
        assert_eq!(text, "36:00:00");
    }

    proptest! {
        #[test]
        fn what_a_person_typed_comes_back(cents in 0_u64..1_000_000_000_000) {
            let typed = format!("{}.{:02}", cents / 100, cents % 100);
            let shown = number(typed.parse().expect("a number"));
            prop_assert_eq!(shown, typed.trim_end_matches('0').trim_end_matches('.'));
        }
    }
}
