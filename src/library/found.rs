//! Goods whose add lost its answer, looked for among the goods that the library holds.

use std::borrow::Cow;
use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use crate::goods::{GoodsId, PriceType, Pricing};

use super::{GoodsInfo, Listed};

/// What the library says of an add in doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Match {
    /// Nothing like it. Two looks that agree are believed.
    Absent,
    /// Exactly one, which nobody else owns.
    One(Listed),
    /// So many, and no way to tell them apart.
    Several(usize),
    /// Same name, page and type, but another price: neither there nor absent.
    OtherPrice,
}

/// The library, laid out for finding goods by what was sent.
pub struct Catalogue {
    alike: HashMap<Likeness, Vec<Listed>>,
}

/// Name, page path and price type, as far as the service may respell them.
type Likeness = (String, String, u8);

impl Catalogue {
    /// Lays out what a walk found.
    pub fn of(goods: impl IntoIterator<Item = Listed>) -> Self {
        let mut alike: HashMap<Likeness, Vec<Listed>> = HashMap::new();
        for goods in goods {
            let likeness = (folded(&goods.name), page_of(&goods.url), goods.price_type);
            alike.entry(likeness).or_default().push(goods);
        }
        Self { alike }
    }

    /// Looks for `sent`, passing over goods that another row owns.
    ///
    /// Goods match by name, page path and price type; prices match in yuan as well as in fen, for the
    /// service's documents say one and their examples the other.
    pub fn find(&self, sent: &GoodsInfo, owned: impl Fn(GoodsId) -> bool) -> Match {
        let likeness = (folded(&sent.name), page_of(&sent.url), sent.pricing.kind().code());
        let alike = self.alike.get(&likeness).map_or(&[][..], Vec::as_slice);
        let free: Vec<&Listed> = alike.iter().filter(|goods| !owned(goods.goods_id)).collect();
        let same_price: Vec<&Listed> =
            free.iter().copied().filter(|goods| costs_the_same(&sent.pricing, goods)).collect();
        // Encoded and decoded spellings of a path meet, unless the very spelling that was sent is there too.
        let exact: Vec<&Listed> = same_price.iter().copied().filter(|goods| goods.url == sent.url).collect();
        match if exact.is_empty() { same_price.as_slice() } else { exact.as_slice() } {
            [] if free.is_empty() => Match::Absent,
            [] => Match::OtherPrice,
            [one] => Match::One((*one).clone()),
            several => Match::Several(several.len()),
        }
    }
}

fn costs_the_same(sent: &Pricing, found: &Listed) -> bool {
    let same_in = |unit: Decimal| {
        let same = |yuan: Decimal, reply: Option<Decimal>| reply == Some(yuan * unit);
        let second = match sent.kind() {
            // A fixed price has no second one, whatever the reply puts in its place.
            PriceType::Fixed => true,
            PriceType::Range | PriceType::Discount => {
                sent.price2().is_some_and(|price2| same(price2, found.price2))
            }
        };
        same(sent.price(), Some(found.price)) && second
    };
    same_in(Decimal::ONE) || same_in(Decimal::ONE_HUNDRED)
}

fn folded(name: &str) -> String {
    name.nfkc().collect::<String>().trim().to_owned()
}

/// A page path without what a service may do to its spelling: a leading slash, percent-encoding, and the
/// `.html` that mini-program pages are known to gain.
fn page_of(url: &str) -> String {
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let path = decoded(path.trim_start_matches('/').trim_end_matches(".html"));
    match query {
        Some(query) => format!("{path}?{}", decoded(query)),
        None => path.into_owned(),
    }
}

/// Whether two addresses name one page, however a service respelt one of them.
pub fn is_same_page(one: &str, other: &str) -> bool {
    one == other || page_of(one) == page_of(other)
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(text: &str) -> Decimal {
        text.parse().expect("a price")
    }

    fn sent(pricing: Pricing) -> GoodsInfo {
        GoodsInfo {
            cover_img_url: "MEDIA".into(),
            name: "Ａ咖啡壶".into(),
            pricing,
            url: "pages/a?u=%E5%A3%B6".into(),
            third_party_appid: String::new(),
        }
    }

    fn held(id: u64, price_type: u8, price1: &str, price2: Option<&str>) -> Listed {
        Listed {
            goods_id: GoodsId(id),
            cover_img_url: String::new(),
            name: "A咖啡壶".into(),
            price: price(price1),
            price2: price2.map(price),
            url: "pages/a?u=%E5%A3%B6".into(),
            price_type,
            audit_status: None,
            third_party_tag: Some(2),
        }
    }

    fn find(sent: &GoodsInfo, library: &[Listed], owned: impl Fn(GoodsId) -> bool) -> Match {
        Catalogue::of(library.to_vec()).find(sent, owned)
    }

    fn nobody(_: GoodsId) -> bool {
        false
    }

    #[test]
    fn one_match_in_yuan_or_in_fen_is_found() {
        let fixed = sent(Pricing::Fixed(price("99.50")));
        for (price1, price2) in [("99.5", None), ("9950", None), ("9950", Some("0")), ("99.50", Some("0"))] {
            let held = held(1, 1, price1, price2);
            assert_eq!(find(&fixed, std::slice::from_ref(&held), nobody), Match::One(held));
        }
        let range = sent(Pricing::Range(price("1"), price("2.5")));
        for (price1, price2) in [("1", "2.50"), ("100", "250")] {
            assert!(matches!(find(&range, &[held(1, 2, price1, Some(price2))], nobody), Match::One(_)));
        }
    }

    #[test]
    fn both_prices_are_in_one_unit() {
        let range = sent(Pricing::Range(price("1"), price("2.5")));
        assert_eq!(find(&range, &[held(1, 2, "1", Some("250"))], nobody), Match::OtherPrice);
        assert_eq!(find(&range, &[held(1, 2, "1", None)], nobody), Match::OtherPrice);
    }

    #[test]
    fn the_same_goods_at_another_price_are_never_absent() {
        let fixed = sent(Pricing::Fixed(price("99.5")));
        assert_eq!(find(&fixed, &[held(1, 1, "98", None)], nobody), Match::OtherPrice);
    }

    #[test]
    fn another_name_page_or_type_is_absent() {
        let fixed = sent(Pricing::Fixed(price("99.5")));
        let other_name = Listed { name: "B".into(), ..held(1, 1, "99.5", None) };
        let other_page = Listed { url: "pages/b".into(), ..held(2, 1, "99.5", None) };
        let other_type = held(3, 3, "99.5", Some("90"));
        assert_eq!(find(&fixed, &[other_name, other_page, other_type], nobody), Match::Absent);
    }

    #[test]
    fn goods_of_another_row_are_passed_over() {
        let fixed = sent(Pricing::Fixed(price("99.5")));
        let library = [held(1, 1, "99.5", None), held(2, 1, "99.5", None), held(3, 1, "99.5", None)];
        assert_eq!(find(&fixed, &library, nobody), Match::Several(3));
        assert_eq!(find(&fixed, &library, |id| id != GoodsId(2)), Match::One(library[1].clone()));
        assert_eq!(find(&fixed, &library, |_| true), Match::Absent);
    }

    #[test]
    fn a_page_is_known_in_any_spelling_but_its_own_goes_first() {
        let fixed = sent(Pricing::Fixed(price("99.5")));
        let spelt = |url: &str, id| Listed { url: url.into(), ..held(id, 1, "99.5", None) };
        for url in ["pages/a?u=壶", "/pages/a?u=%e5%a3%b6", "pages/a.html?u=%E5%A3%B6"] {
            assert!(matches!(find(&fixed, &[spelt(url, 1)], nobody), Match::One(_)), "{url}");
        }
        let both = [spelt("pages/a?u=壶", 1), spelt("pages/a?u=%E5%A3%B6", 2)];
        assert_eq!(find(&fixed, &both, nobody), Match::One(both[1].clone()));
    }
}
