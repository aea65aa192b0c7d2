//! The price type and the two prices of a row into one of the three pricings the service knows.

use super::text::{clip, fold};
use super::{Fault, Issue, PriceType, Pricing, money};
use crate::sheet::Field;

/// The trimmed cells; `None` is a cell that is at fault already.
pub(super) struct PriceCells<'a> {
    pub(super) kind: Option<&'a str>,
    pub(super) price: Option<&'a str>,
    pub(super) price2: Option<&'a str>,
}

impl PriceCells<'_> {
    /// Reads the cells; the prices are judged even when the type is unknown.
    pub(super) fn read(&self, issues: &mut Vec<Issue>) -> Option<Pricing> {
        let kind = self.kind().map_err(|fault| issues.extend(issue(Field::PriceType, fault))).ok();
        let price = amount(self.price, Fault::PriceMissing)
            .map_err(|fault| issues.extend(issue(Field::Price, fault)))
            .ok();
        let pricing = self.complete(kind, price);
        pricing.map_err(|fault| issues.extend(issue(Field::Price2, fault))).ok()?
    }

    /// `Err(None)` is a fault that was reported before.
    fn kind(&self) -> Result<PriceType, Option<Fault>> {
        match (self.kind.ok_or(None)?, self.price2) {
            ("", Some("")) => Ok(PriceType::Fixed),
            ("", None) => Err(None),
            ("", Some(_)) => Err(Some(Fault::PriceTypeMissing)),
            (text, _) => PriceType::read(text).ok_or_else(|| {
                Some(Fault::PriceTypeUnknown { text: clip(text), meant: PriceType::resembled(text) })
            }),
        }
    }

    /// Adds the second price; every fault from here on is the second price's.
    fn complete(
        &self,
        kind: Option<PriceType>,
        price: Option<rust_decimal::Decimal>,
    ) -> Result<Option<Pricing>, Option<Fault>> {
        match (kind, self.price2) {
            (Some(PriceType::Fixed), Some("")) => return Ok(price.map(Pricing::Fixed)),
            (Some(PriceType::Fixed), Some(_)) => return Err(Some(Fault::Price2Unwanted)),
            (None, Some("")) => return Ok(None),
            _ => {}
        }
        let price2 = amount(self.price2, Fault::Price2Missing)?;
        match (kind, price) {
            (Some(PriceType::Range), Some(low)) if low == price2 => Err(Some(Fault::PriceRangeEqual)),
            (Some(PriceType::Range), Some(low)) if low > price2 => Err(Some(Fault::PriceRangeReversed)),
            (Some(PriceType::Range), Some(low)) => Ok(Some(Pricing::Range(low, price2))),
            (Some(PriceType::Discount), Some(original)) if original < price2 => {
                Err(Some(Fault::DiscountDearer))
            }
            (Some(PriceType::Discount), Some(original)) => Ok(Some(Pricing::Discount(original, price2))),
            _ => Ok(None),
        }
    }
}

impl PriceType {
    /// The type a trimmed cell names: its number or the words of the service's console.
    pub fn read(text: &str) -> Option<Self> {
        match text {
            "1" => return Some(Self::Fixed),
            "2" => return Some(Self::Range),
            "3" => return Some(Self::Discount),
            _ => {}
        }
        let folded: String = fold(text).chars().filter(|c| !c.is_whitespace()).collect();
        match folded.as_str() {
            "1" | "1.0" | "一口价" => Some(Self::Fixed),
            "2" | "2.0" | "价格区间" => Some(Self::Range),
            "3" | "3.0" | "折扣价" | "显示折扣价" => Some(Self::Discount),
            _ => None,
        }
    }
}

/// The words by which people who do not write the console's words mean the three types.
const WORDS: [(PriceType, &[&str]); 3] = [
    (PriceType::Fixed, &["一口", "固定", "单价", "单一", "统一", "定价", "fixed", "single"]),
    (PriceType::Range, &["区间", "范围", "range"]),
    (PriceType::Discount, &["折", "优惠", "促销", "特价", "降价", "划线", "discount", "sale"]),
];

impl PriceType {
    /// The type that a text which names none of them is most likely to mean: advice, never a reading.
    fn resembled(text: &str) -> Option<Self> {
        let folded = fold(text).to_lowercase();
        let mut meant = WORDS
            .iter()
            .filter(|(_, words)| words.iter().any(|word| folded.contains(word)))
            .map(|(kind, _)| *kind);
        meant.next().filter(|_| meant.next().is_none())
    }
}

fn amount(cell: Option<&str>, missing: Fault) -> Result<rust_decimal::Decimal, Option<Fault>> {
    match cell {
        None => Err(None),
        Some("") => Err(Some(missing)),
        Some(text) => money::parse(text).map_err(Some),
    }
}

fn issue(field: Field, fault: Option<Fault>) -> Option<Issue> {
    fault.map(|fault| Issue { field, fault })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_of_a_price_type_is_advised_and_never_read() {
        for (text, meant) in [
            ("区间", Some(PriceType::Range)),
            ("价格范围", Some(PriceType::Range)),
            ("2 价格区间", Some(PriceType::Range)),
            ("Price Range", Some(PriceType::Range)),
            ("折扣", Some(PriceType::Discount)),
            ("打折", Some(PriceType::Discount)),
            ("优惠价", Some(PriceType::Discount)),
            ("固定价", Some(PriceType::Fixed)),
            ("单价", Some(PriceType::Fixed)),
            ("一口价格", Some(PriceType::Fixed)),
            ("一口价/区间", None),
            ("4", None),
            ("原价", None),
        ] {
            assert_eq!((PriceType::read(text), PriceType::resembled(text)), (None, meant), "{text}");
        }
    }
}
