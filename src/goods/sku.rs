//! A merchant's code into the code that rows are known by, and what a spreadsheet program made of it.

use std::borrow::Cow;

use super::Fault;
use super::date::is_date;
use super::money::is_scientific;
use super::seen::{Reading, clean, damage, is_suspect};
use super::text::{any_byte, clip, fold};

/// So many digits a spreadsheet's number keeps.
const DIGITS_KEPT: usize = 15;

/// Reads a trimmed text. `100001.0` is what a program made of `100001` that took the code for a number.
pub(super) fn read(text: &str) -> Reading<'_> {
    if is_plain(text) {
        return Reading { text: Cow::Borrowed(text), faults: Vec::new() };
    }
    closely(text)
}

fn closely(text: &str) -> Reading<'_> {
    let mut faults: Vec<Fault> = damage(text).into_iter().collect();
    let text = clean(text, &mut faults);
    let folded = fold(&text);
    let whole = whole_number(&folded);
    if is_rounded(&folded) {
        faults.push(Fault::SkuScientific { text: clip(&text) });
    } else if is_date(&text) {
        faults.push(Fault::SkuDate { text: clip(&text) });
    } else if whole.is_some_and(|digits| digits.len() > DIGITS_KEPT) {
        faults.push(Fault::SkuDigitsLost { text: clip(&text) });
    }
    let whole = whole.map(str::to_owned);
    Reading { text: whole.map_or(text, Cow::Owned), faults }
}

/// Whether no rule can have anything to say about the text: the usual case.
pub(super) fn is_plain(text: &str) -> bool {
    !any_byte(text, |byte| is_suspect(byte) | (byte == b'.') | (byte == b'+')) && !is_date(text)
}

/// The digits before a lone `.0`.
fn whole_number(text: &str) -> Option<&str> {
    let digits = text.strip_suffix(".0")?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// Scientific notation as programs write it, with a `+`, or with a `.` and a `-`: `1E5` alone may be a code.
fn is_rounded(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    (number.contains('+') || number.contains('.') && number.contains('-')) && is_scientific(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_is_plain_has_nothing_a_close_look_would_find() {
        let texts = ('\0'..=char::MAX).map(|c| format!("T{c}1"));
        let plain = texts.filter(|text| is_plain(text));
        let found = plain.filter(|text| {
            let Reading { text: read, faults } = closely(text);
            read != *text || !faults.is_empty()
        });
        assert_eq!(found.collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn what_programs_make_of_codes_is_mended_where_nothing_is_lost_and_named_elsewhere() {
        for (text, code, found) in [
            ("T-1", "T-1", &[][..]),
            ("000123", "000123", &[]),
            ("1E5", "1E5", &[]),
            ("1E-5", "1E-5", &[]),
            ("1.5", "1.5", &[]),
            ("100001.0", "100001", &[]),
            ("１００００１．０", "100001", &[]),
            ("100001.00", "100001.00", &[]),
            ("V1.0", "V1.0", &[]),
            (".0", ".0", &[]),
            ("1234567890123456.0", "1234567890123456", &["sku-digits-lost"]),
            ("12345678901234567890", "12345678901234567890", &[]),
            ("1.23E+11", "1.23E+11", &["sku-scientific"]),
            ("1E+05", "1E+05", &["sku-scientific"]),
            ("１．２３Ｅ＋１１", "１．２３Ｅ＋１１", &["sku-scientific"]),
            ("1.2e-05", "1.2e-05", &["sku-scientific"]),
            ("A+1", "A+1", &[]),
            ("2026-12-01", "2026-12-01", &["sku-date"]),
            ("12月1日", "12月1日", &["sku-date"]),
            ("1-Dec-26", "1-Dec-26", &["sku-date"]),
            ("T\u{200B}-1", "T-1", &["text-invisible"]),
            ("2026-\u{200B}12-01", "2026-12-01", &["text-invisible", "sku-date"]),
            ("T\u{A0}1", "T 1", &[]),
            ("T\u{FFFD}", "T\u{FFFD}", &["text-damaged"]),
            ("", "", &[]),
        ] {
            let reading = read(text);
            let codes: Vec<_> = reading.faults.iter().map(Fault::code).collect();
            assert_eq!((&*reading.text, &codes[..]), (code, found), "{text}");
        }
    }
}
