//! The documented rules of the fields, each into its errcode.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Number;

use super::refusal::Refusal;

/// Width 6 to 28, everything outside ASCII counting 2, and no blanks around.
pub(super) fn name(name: &str) -> Result<(), Refusal> {
    if name.trim() != name {
        return Err(Refusal::because(300_002, "blanks around the name"));
    }
    let width: usize = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    if !(6..=28).contains(&width) {
        return Err(Refusal::because(300_002, format_args!("width {width}")));
    }
    // So that a refusal for what goods are, and not how they are written, can be had on purpose.
    if name.contains("违规图片") {
        return Err(Refusal::new(300_005));
    }
    if name.contains("违规") {
        return Err(Refusal::new(300_004));
    }
    Ok(())
}

/// A page path as the released version has it: no leading slash, nothing that wants encoding. A page whose
/// path holds `unreleased` is taken as not released.
pub(super) fn url(url: &str) -> Result<(), Refusal> {
    let strange = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | '\'' | '<' | '>');
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let wrong = path.is_empty()
        || path.starts_with('/')
        || url.contains(strange)
        || path.contains("://")
        || query.contains("://")
        || path.contains("unreleased");
    if wrong { Err(Refusal::because(300_007, url)) } else { Ok(()) }
}

/// What goods cost, in fen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pricing {
    pub(super) kind: u8,
    pub(super) price: i64,
    pub(super) price2: Option<i64>,
}

impl Pricing {
    /// Checks the kind and how its prices stand to each other.
    pub(super) fn checked(self) -> Result<Self, Refusal> {
        let fault = match (self.kind, self.price2) {
            (1, None) => return Ok(self),
            (1, Some(_)) => "price2 is not for priceType 1",
            (2 | 3, None) => "price2 is missing",
            (2, Some(upper)) if upper <= self.price => "the upper bound is not above the lower",
            (3, Some(current)) if current > self.price => "the current price is above the original",
            (2 | 3, Some(_)) => return Ok(self),
            _ => "priceType is not 1, 2 or 3",
        };
        Err(Refusal::because(300_003, fault))
    }
}

/// A price in yuan, above 0 and with at most two decimals, into fen.
pub(super) fn fen(yuan: &Number) -> Result<i64, Refusal> {
    let text = yuan.to_string();
    Decimal::from_str_exact(&text)
        .or_else(|_| Decimal::from_scientific(&text))
        .ok()
        .and_then(|yuan| yuan.checked_mul(Decimal::ONE_HUNDRED))
        .filter(|fen| fen.is_integer() && *fen > Decimal::ZERO)
        .and_then(|fen| fen.to_i64())
        .ok_or_else(|| Refusal::because(300_003, text))
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use super::*;

    fn code<T>(checked: Result<T, Refusal>) -> i64 {
        checked.err().map_or(0, |refusal| refusal.code)
    }

    #[test]
    fn a_name_is_6_to_28_wide_and_has_no_blanks_around() {
        assert_eq!(code(name("abcdef")), 0);
        assert_eq!(code(name("三个字")), 0);
        assert_eq!(code(name("十四个字的商品名称正好二十八")), 0);
        for bad in ["abcde", "两字", "十四个字的商品名称正好二十八x", " abcdef", "abcdef\u{3000}", ""]
        {
            assert_eq!(code(name(bad)), 300_002, "{bad}");
        }
        assert_eq!(code(name("违规商品")), 300_004);
        assert_eq!(code(name("违规图片商品")), 300_005);
    }

    #[test]
    fn a_url_is_a_bare_page_path() {
        assert_eq!(code(url("pages/goods/index?id=1&from=a%20b")), 0);
        for bad in [
            "",
            "?id=1",
            "/pages/a",
            "pages/a b",
            "pages/\"a\"",
            "pages/'a'",
            "pages/<a>",
            "pages/商品",
            "pages/a\n",
            "pages/a?to=https://example.com",
            "https://example.com",
            "pages/unreleased/a",
        ] {
            assert_eq!(code(url(bad)), 300_007, "{bad}");
        }
    }

    #[test]
    fn a_price_is_above_0_with_at_most_two_decimals() {
        let read = |text: &str| fen(&Number::from_str(text).expect("a number"));
        assert_eq!(read("99.5"), Ok(9950));
        assert_eq!(read("0.01"), Ok(1));
        assert_eq!(read("1e2"), Ok(10_000));
        for bad in ["0", "-1", "0.001", "99.999", "3.3000000000000003", "1e40", "0.00"] {
            assert_eq!(code(read(bad)), 300_003, "{bad}");
        }
    }

    #[test]
    fn the_prices_of_each_kind_fit_each_other() {
        let check = |kind, price, price2| code(Pricing { kind, price, price2 }.checked());
        assert_eq!(check(1, 100, None), 0);
        assert_eq!(check(2, 100, Some(101)), 0);
        assert_eq!(check(3, 100, Some(100)), 0);
        assert_eq!(check(3, 100, Some(99)), 0);
        for (kind, price2) in [
            (1, Some(100)),
            (2, None),
            (2, Some(100)),
            (2, Some(99)),
            (3, None),
            (3, Some(101)),
            (0, None),
            (4, None),
        ] {
            assert_eq!(check(kind, 100, price2), 300_003, "{kind} {price2:?}");
        }
    }
}
