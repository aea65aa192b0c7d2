//! A text into whether it is a date as spreadsheet programs write one: they turn codes such as `12-1` into dates.

/// The short names that spreadsheet programs write; a code that a person typed is mostly spelt another way.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Whether a text is a date, with or without a time of day behind it: `2026-12-01`, `2026/12/1`, `12/1/2026`,
/// `12月1日`, `2026年12月1日`, `2026年12月`, `1-Dec`, `Dec-01`, `1-Dec-26`.
pub(super) fn is_date(text: &str) -> bool {
    text.len() > 4 && begins_as_date(text.as_bytes()) && is_day(without_time(text))
}

/// Whether up to four digits and `-`, `/`, 年 or 月 stand in front, or a month's short name and `-`: the usual code is
/// done with here.
fn begins_as_date(bytes: &[u8]) -> bool {
    let separates = |byte: &u8| matches!(byte, b'-' | b'/' | 0xE5 | 0xE6);
    match bytes {
        [b'A'..=b'Z', letters @ ..] => matches!(letters, [b'a'..=b'z', b'a'..=b'z', b'-', ..]),
        [b'0'..=b'9', rest @ ..] => {
            let sign = rest.iter().take(4).find(|byte| !byte.is_ascii_digit());
            sign.is_some_and(separates)
        }
        _ => false,
    }
}

fn without_time(text: &str) -> &str {
    let is_time = |time: &str| {
        time.contains(':') && time.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))
    };
    match text.split_once(['T', ' ']) {
        Some((day, time)) if is_time(time) => day,
        _ => text,
    }
}

fn is_day(text: &str) -> bool {
    if text.contains('月') {
        return is_chinese(text);
    }
    match (text.contains('-'), text.contains('/')) {
        (true, false) => match parts(text, '-') {
            [Some(year), Some(month), Some(day), None] if is_year(year) => {
                is_month(month) && is_day_of_month(day)
            }
            [Some(day), Some(month), Some(year), None] => {
                is_day_of_month(day) && is_name(month) && (is_year(year) || is_short_year(year))
            }
            [Some(day), Some(month), None, _] if is_name(month) => is_day_of_month(day),
            [Some(month), Some(year), None, _] => is_name(month) && (is_year(year) || is_short_year(year)),
            _ => false,
        },
        (false, true) => match parts(text, '/') {
            [Some(year), Some(month), Some(day), None] if is_year(year) => {
                is_month(month) && is_day_of_month(day)
            }
            [Some(one), Some(two), Some(year), None] if is_year(year) => {
                is_month(one) && is_day_of_month(two) || is_day_of_month(one) && is_month(two)
            }
            _ => false,
        },
        _ => false,
    }
}

/// The parts between the signs; more than three make a fourth.
fn parts(text: &str, sign: char) -> [Option<&str>; 4] {
    let mut parts = text.splitn(4, sign);
    std::array::from_fn(|_| parts.next())
}

fn is_chinese(text: &str) -> bool {
    let (year, rest) = text.split_once('年').map_or((None, text), |(year, rest)| (Some(year), rest));
    let Some((month, day)) = rest.split_once('月') else { return false };
    let has_day = day.strip_suffix('日').is_some_and(is_day_of_month);
    year.is_none_or(is_year) && is_month(month) && (has_day || year.is_some() && day.is_empty())
}

fn is_name(text: &str) -> bool {
    MONTHS.contains(&text)
}

fn is_month(text: &str) -> bool {
    number(text, 1..=2).is_some_and(|month| (1..=12).contains(&month))
}

fn is_day_of_month(text: &str) -> bool {
    number(text, 1..=2).is_some_and(|day| (1..=31).contains(&day))
}

/// No spreadsheet program knows a day before 1900.
fn is_year(text: &str) -> bool {
    number(text, 4..=4).is_some_and(|year| year >= 1900)
}

fn is_short_year(text: &str) -> bool {
    number(text, 2..=2).is_some()
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let fits = digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_date_is_missed_by_how_a_text_begins(
            parts in proptest::collection::vec(
                prop_oneof![Just("1"), Just("12"), Just("2026"), Just("Dec"), Just("-"), Just("/"), Just("年"),
                    Just("月"), Just("日"), Just(" "), Just("T"), Just("0:00")], 0..8),
        ) {
            let text = parts.concat();
            prop_assert_eq!(is_date(&text), text.len() > 4 && is_day(without_time(&text)));
        }
    }

    #[test]
    fn dates_as_programs_write_them_are_told_from_codes() {
        for text in [
            "2026-12-01",
            "2026-1-2",
            "2026-12-01T00:00:00",
            "2026-12-01 00:00:00",
            "2026/12/1",
            "2026/12/1 0:00",
            "12/1/2026",
            "31/12/2026",
            "12月1日",
            "2026年12月1日",
            "2026年12月",
            "1-Dec",
            "Dec-01",
            "Dec-2026",
            "1-Dec-26",
            "01-Dec-2026",
        ] {
            assert!(is_date(text), "{text}");
        }
        for text in [
            "",
            "T-1",
            "12-1",
            "1-2-3",
            "12/1",
            "2026-13-01",
            "2026-12-32",
            "1234-05-06",
            "2026-12",
            "2026-12-01-A",
            "20261201",
            "5-MAR",
            "Mar",
            "MAY-TEA",
            "May-1",
            "A-Dec",
            "12月饼",
            "1月",
            "五月1日",
            "13月1日",
            "2026年",
            "2026/12/1/2",
            "１２月１日",
        ] {
            assert!(!is_date(text), "{text}");
        }
    }
}
