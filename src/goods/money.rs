//! A price as people write it into an exact number of yuan. No binary float is involved anywhere.

use rust_decimal::Decimal;

use super::currency::{bare, foreign};
use super::date::is_date;
use super::text::{clip, fold, trim};
use super::{Fault, PriceAdvice};

/// The dearest price taken, in yuan. The limit is ours, the service documents none: far above any price,
/// it keeps every sum in fen within 64 bits.
const LIMIT: u64 = 1_000_000_000;

/// Reads `99.5`, `¥99.50`, `99.5元`, `CNY 99.5`, `1,299.00`, each in full-width characters too. A `.` is the
/// decimal point and a `,` separates thousands; a text that could mean two amounts is refused.
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
        Refusal::NotNumber => not_number(text, &folded, number),
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

/// What a text is that is no amount, as far as that can be told.
fn not_number(text: &str, folded: &str, number: &str) -> Fault {
    if is_scientific(number) {
        Fault::PriceScientific { text: clip(text) }
    } else if folded.contains(['%', '‰']) && folded.bytes().any(|byte| byte.is_ascii_digit()) {
        Fault::PricePercent
    } else if let Some(currency) = foreign(folded) {
        Fault::PriceCurrency { currency: clip(currency) }
    } else {
        Fault::PriceNotNumber { text: clip(text), advice: advice(folded) }
    }
}

/// What people write into a price's cell that is more than one amount, or less.
fn advice(folded: &str) -> Option<PriceAdvice> {
    if folded.contains('折') {
        return Some(PriceAdvice::Discount);
    }
    if is_date(folded) {
        return Some(PriceAdvice::Date);
    }
    let from = ["起", "起售", "以上"].iter().find_map(|ending| folded.strip_suffix(ending));
    if from.is_some_and(is_amount) {
        return Some(PriceAdvice::From);
    }
    // A sign in front is a minus.
    let dashes = ['-', '~', '〜', '至', '到', '—', '–', '―', '‒', '\u{2212}'];
    let (at, _) = folded.char_indices().skip(1).find(|(_, c)| dashes.contains(c))?;
    let (low, high) = folded.split_at(at);
    (is_amount(low) && is_amount(high.trim_start_matches(dashes))).then_some(PriceAdvice::Range)
}

fn is_amount(folded: &str) -> bool {
    let (negative, number) = bare(trim(folded));
    !negative && fen(number).is_ok()
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
            "99.5￥",
            "CNY 99.5",
            "ｒｍｂ９９．５",
            "99.5 cny",
            "人民币99.5元",
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
        for text in ["1,29", "1.299,00", "1,2999", ",299", "0,299", "1,,299", "1 299", "９９。５", "12k"]
        {
            assert_eq!(code(text), "price-not-number", "{text}");
        }
        for text in [
            "元",
            "¥",
            ".",
            "-",
            "1.2.3",
            "--1",
            "¥¥1",
            "CNY",
            "9件",
            "99元/件",
            "NaN",
            "inf",
            "0x10",
            "1_000",
            "٣",
        ] {
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

    #[test]
    fn percentages_and_other_currencies_are_named() {
        for text in ["88%", "８８％", "8.8 %", "-12%", "8%off"] {
            assert_eq!(code(text), "price-percent", "{text}");
        }
        for text in [
            "$9", "US$9", "＄９", "€9", "9 USD", "HK$9", "JP¥9", "￡9", "￦9", "9美元", "9港币", "9日元",
            "$9-19",
        ] {
            assert_eq!(code(text), "price-currency", "{text}");
        }
    }

    #[test]
    fn what_is_more_than_one_amount_is_told_what_to_do() {
        use PriceAdvice::{Date, Discount, From, Range};
        for (text, expected) in [
            ("99-199", Some(Range)),
            ("99~199", Some(Range)),
            ("９９～１９９", Some(Range)),
            ("99至199", Some(Range)),
            ("99 到 199", Some(Range)),
            ("99—199", Some(Range)),
            ("99——199", Some(Range)),
            ("¥99元-¥199元", Some(Range)),
            ("1,299.00-1,399.00", Some(Range)),
            ("99元起", Some(From)),
            ("99起", Some(From)),
            ("¥99 起", Some(From)),
            ("8折", Some(Discount)),
            ("打八折", Some(Discount)),
            ("2026-12-01", Some(Date)),
            ("12月15日", Some(Date)),
            ("99-", None),
            ("1-2-3", None),
            ("99-很多", None),
            ("起", None),
            ("免费", None),
            ("1,29", None),
        ] {
            let fault = parse(text).expect_err("a refusal");
            assert_eq!(fault, Fault::PriceNotNumber { text: text.to_owned(), advice: expected }, "{text}");
        }
    }
}
