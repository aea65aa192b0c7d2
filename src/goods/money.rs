//! A price as people write it into an exact number of yuan. No binary float is involved anywhere.

use rust_decimal::Decimal;

use super::Fault;
use super::text::{clip, fold, trim};

/// The dearest price taken, in yuan. The limit is ours, the service documents none: far above any price,
/// it keeps every sum in fen within 64 bits.
const LIMIT: u64 = 1_000_000_000;

/// Reads `99.5`, `¥99.50`, `99.5元`, `1,299.00`, each in full-width characters too. A `.` is the decimal
/// point and a `,` separates thousands; a text that could mean two amounts is refused.
///
/// A number in scientific notation is refused although some are exact: a spreadsheet program that shows
/// `1.23E+05` has rounded, and the digits it dropped cannot be had from the text.
pub(super) fn parse(text: &str) -> Result<Decimal, Fault> {
    if let Some(yuan) = plain(text) {
        return Ok(yuan);
    }
    let folded = fold(text);
    let (negative, number) = bare(&folded);
    let fen = fen(number).map_err(|refusal| match refusal {
        Refusal::NotNumber if is_scientific(number) => Fault::PriceScientific { text: clip(text) },
        Refusal::NotNumber => Fault::PriceNotNumber { text: clip(text), advice: None },
        Refusal::Decimals => Fault::PriceDecimals { text: clip(text) },
        Refusal::TooLarge => Fault::PriceTooLarge { limit: LIMIT },
    })?;
    if negative || fen == 0 {
        return Err(Fault::PriceNotPositive { text: clip(text) });
    }
    Ok(yuan(fen))
}

/// The usual case, `12` or `12.3` or `12.34` and above 0, in one pass; `None` says nothing about the text.
fn plain(text: &str) -> Option<Decimal> {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let (whole, decimals) = match text.as_bytes() {
        [whole @ .., b'.', tenths, hundredths] => (whole, digit(tenths)? * 10 + digit(hundredths)?),
        [whole @ .., b'.', tenths] => (whole, digit(tenths)? * 10),
        whole => (whole, 0),
    };
    if whole.len() > 9 {
        return None;
    }
    let whole = whole.iter().try_fold(0, |sum, byte| Some(sum * 10 + digit(byte)?))?;
    let fen = whole * 100 + decimals;
    (fen > 0).then(|| yuan(fen))
}

/// The number without sign, currency and blanks, and whether the sign was a minus.
fn bare(text: &str) -> (bool, &str) {
    let text = trim(text);
    let mut rest = trim(text.strip_suffix('元').unwrap_or(text));
    let (mut sign, mut currency) = (None, false);
    while let Some(c) = rest.chars().next() {
        match c {
            '-' | '\u{2212}' | '+' if sign.is_none() => sign = Some(c),
            '¥' if !currency => currency = true,
            _ => break,
        }
        rest = trim(&rest[c.len_utf8()..]);
    }
    (sign.is_some_and(|sign| sign != '+'), rest)
}

/// Why a text is no amount.
enum Refusal {
    NotNumber,
    Decimals,
    TooLarge,
}

fn fen(number: &str) -> Result<u64, Refusal> {
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && decimals.is_empty() || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::NotNumber);
    }
    let yuan = whole_yuan(whole).ok_or(Refusal::NotNumber)?;
    let decimals = decimals.trim_end_matches('0');
    let fraction = match decimals.as_bytes() {
        [] => 0,
        [tenths] => u64::from(tenths - b'0') * 10,
        [tenths, hundredths] => u64::from(tenths - b'0') * 10 + u64::from(hundredths - b'0'),
        _ => return Err(Refusal::Decimals),
    };
    if yuan > LIMIT || yuan == LIMIT && fraction > 0 {
        return Err(Refusal::TooLarge);
    }
    Ok(yuan * 100 + fraction)
}

/// The digits before the point; more than fit saturate, for they are over the limit anyway.
fn whole_yuan(whole: &str) -> Option<u64> {
    if whole.contains(',') {
        let mut groups = whole.split(',');
        let leading = groups.next().unwrap_or_default();
        let proper = matches!(leading.len(), 1..=3) && !leading.starts_with('0');
        if !proper || groups.any(|group| group.len() != 3) {
            return None;
        }
    }
    whole.bytes().filter(|&byte| byte != b',').try_fold(0u64, |yuan, byte| {
        byte.is_ascii_digit().then(|| yuan.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
    })
}

/// Whether the text is a number in scientific notation, such as `1.2E+3`.
pub(super) fn is_scientific(number: &str) -> bool {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return false;
    };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(exponent) && digits(whole) && digits(fraction)
}

/// The amount in its shortest spelling, so that equal amounts are written alike.
fn yuan(fen: u64) -> Decimal {
    let (digits, scale) = match fen {
        _ if fen.is_multiple_of(100) => (fen / 100, 0),
        _ if fen.is_multiple_of(10) => (fen / 10, 1),
        _ => (fen, 2),
    };
    Decimal::new(digits.cast_signed(), scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> &'static str {
        parse(text).expect_err("a refusal").code()
    }

    fn yuan_of(text: &str) -> String {
        parse(text).expect("an amount").to_string()
    }

    #[test]
    fn every_usual_spelling_is_read_exactly() {
        for text in [
            "99.5",
            "99.50",
            "¥99.50",
            "￥ 99.5",
            "99.5元",
            "¥99.5元",
            "９９．５",
            " 99.500 ",
            "+99.5",
            "099.5",
        ] {
            assert_eq!(yuan_of(text), "99.5", "{text}");
        }
        assert_eq!(yuan_of("1,299.00"), "1299");
        assert_eq!(yuan_of("１，２９９．０１"), "1299.01");
        assert_eq!(yuan_of("12,345,678"), "12345678");
        assert_eq!(yuan_of(".5"), "0.5");
        assert_eq!(yuan_of("5."), "5");
        assert_eq!(yuan_of("0.01"), "0.01");
        assert_eq!(yuan_of("1000000000"), "1000000000");
    }

    #[test]
    fn what_could_mean_two_amounts_is_no_number() {
        for text in [
            "1,29",
            "1.299,00",
            "1,2999",
            ",299",
            "0,299",
            "1,,299",
            "1 299",
            "99-199",
            "$9",
            "９９。５",
            "12k",
        ] {
            assert_eq!(code(text), "price-not-number", "{text}");
        }
        for text in
            ["元", "¥", ".", "-", "1.2.3", "--1", "¥¥1", "2026-01-02", "NaN", "inf", "0x10", "1_000", "٣"]
        {
            assert_eq!(code(text), "price-not-number", "{text}");
        }
    }

    #[test]
    fn a_third_decimal_counts_unless_it_is_zero() {
        assert_eq!(code("9.999"), "price-decimals");
        assert_eq!(code("9.001"), "price-decimals");
        assert_eq!(yuan_of("9.990000"), "9.99");
    }

    #[test]
    fn nothing_and_less_is_no_price() {
        for text in ["0", "0.00", "-1", "-¥5", "¥-5", "－5", "\u{2212}5"] {
            assert_eq!(code(text), "price-not-positive", "{text}");
        }
    }

    #[test]
    fn scientific_notation_has_been_rounded_and_is_refused() {
        for text in ["1E+3", "1.2E+05", "1e3", "5E-1"] {
            assert_eq!(code(text), "price-scientific", "{text}");
        }
    }

    #[test]
    fn an_amount_beyond_every_sum_is_refused() {
        assert_eq!(code("1000000000.01"), "price-too-large");
        assert_eq!(code(&"9".repeat(400)), "price-too-large");
    }
}
