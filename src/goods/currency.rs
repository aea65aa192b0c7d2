//! What stands around a number into the currency it names: the yuan's signs are taken off, others are told.

use super::text::trim;
use crate::sheet::is_foreign_currency;

/// The yuan's names, those of one kind together: a price has one of each at most.
const YUAN: [&[&str]; 3] = [&["CNY", "RMB", "人民币"], &["CN¥", "¥"], &["元整", "元", "圆", "圓"]];

/// The number in a folded text without sign, currency and blanks, and whether the sign was a minus.
pub(super) fn bare(text: &str) -> (bool, &str) {
    let mut rest = trim(text);
    let (mut sign, mut told) = (None, [false; YUAN.len()]);
    while let Some(before) = yuan(rest, &mut told, without_end) {
        rest = trim(before);
    }
    loop {
        rest = trim(match rest.chars().next() {
            Some(c @ ('-' | '\u{2212}' | '+')) if sign.is_none() => {
                sign = Some(c);
                &rest[c.len_utf8()..]
            }
            _ => match yuan(rest, &mut told, without_start) {
                Some(behind) => behind,
                None => break,
            },
        });
    }
    (sign.is_some_and(|sign| sign != '+'), rest)
}

/// Takes off one of the yuan's names, of a kind that was not met before.
fn yuan<'a>(
    text: &'a str,
    told: &mut [bool; YUAN.len()],
    without: fn(&'a str, &str) -> Option<&'a str>,
) -> Option<&'a str> {
    let unmet = YUAN.iter().zip(told).filter(|(_, told)| !**told);
    for (names, told) in unmet {
        if let Some(rest) = names.iter().find_map(|name| without(text, name)) {
            *told = true;
            return Some(rest);
        }
    }
    None
}

fn without_start<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.get(..name.len())?;
    start.eq_ignore_ascii_case(name).then(|| &text[name.len()..])
}

fn without_end<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (rest, end) = text.split_at_checked(text.len().checked_sub(name.len())?)?;
    end.eq_ignore_ascii_case(name).then_some(rest)
}

/// Another currency's sign, code or name before or behind the number of a folded text.
pub(super) fn foreign(text: &str) -> Option<&str> {
    let first = text.find(|c: char| c.is_ascii_digit())?;
    let last = text.rfind(|c: char| c.is_ascii_digit())?;
    [&text[..first], &text[last + 1..]].into_iter().map(name).find(|name| is_foreign_currency(name))
}

/// The words around a number without what belongs to the number.
fn name(text: &str) -> &str {
    let rest = trim(text).trim_matches(['+', '-', '\u{2212}', '.', ',', '(', ')']);
    trim(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_yuan_is_taken_off_on_either_side_once_of_each_kind() {
        for text in [
            "9.5",
            " 9.5 ",
            "¥9.5",
            "9.5¥",
            "¥ 9.5 元",
            "元9.5",
            "9.5元整",
            "CNY9.5",
            "cny 9.5",
            "9.5 RMB",
            "rmb¥9.5",
            "CN¥9.5",
            "人民币9.5元",
            "9.5元人民币",
            "+9.5",
            "¥+9.5",
        ] {
            assert_eq!(bare(text), (false, "9.5"), "{text}");
        }
        assert_eq!(bare("-¥9.5"), (true, "9.5"));
        assert_eq!(bare("¥\u{2212}9.5元"), (true, "9.5"));
        for text in ["¥¥9.5", "¥9.5¥", "9.5元元", "CNY9.5RMB", "--9.5", "美元9.5", "9.5美元"] {
            assert_ne!(bare(text).1, "9.5", "{text}");
        }
    }

    #[test]
    fn another_currency_is_told_by_sign_code_and_name() {
        for (text, told) in [
            ("$9", Some("$")),
            ("9$", Some("$")),
            ("US$ 9.50", Some("US$")),
            ("-$9", Some("$")),
            ("$.9", Some("$")),
            ("HK$9", Some("HK$")),
            ("NT$9元", Some("NT$")),
            ("€9", Some("€")),
            ("£9", Some("£")),
            ("₩9,000", Some("₩")),
            ("JP¥9", Some("JP¥")),
            ("9 USD", Some("USD")),
            ("usd9", Some("usd")),
            ("¥9 JPY", Some("JPY")),
            ("RM 9", Some("RM")),
            ("9美元", Some("美元")),
            ("9 港币", Some("港币")),
            ("日元9", Some("日元")),
            ("$9-19", Some("$")),
            ("¥9", None),
            ("9元", None),
            ("9 RMB", None),
            ("9 PCS", None),
            ("99元/件", None),
            ("12k", None),
            ("$", None),
            ("", None),
        ] {
            assert_eq!(foreign(text), told, "{text}");
        }
    }
}
