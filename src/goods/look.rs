//! What the eye sees of a cell beside its text into what is wrong with it.

use super::text::clip;
use super::{Fault, PriceAdvice};
use crate::sheet::{Field, Look};

/// What a look means for the cell of `field`, whose trimmed text is `text`; most mean nothing for most fields.
pub(super) fn fault(look: &Look, field: Field, text: &str) -> Option<Fault> {
    let text = || clip(text);
    let fault = match (look, field) {
        (Look::NotCalculated, _) => Fault::FormulaNotCalculated,
        (Look::Merged, _) => Fault::MergedFilled,
        (Look::MergedAcross, _) => Fault::MergedColumns,
        (Look::BehindQuote, _) => Fault::QuoteMisplaced,
        (Look::Percent, Field::Price | Field::Price2) => Fault::PricePercent,
        (Look::Currency(currency), Field::Price | Field::Price2) => {
            Fault::PriceCurrency { currency: clip(currency) }
        }
        (Look::Otherwise, Field::Price | Field::Price2) => Fault::PriceFormat,
        (Look::Scientific, Field::Sku) => Fault::SkuScientific { text: text() },
        (Look::Date, Field::Price | Field::Price2) => {
            Fault::PriceNotNumber { text: text(), advice: Some(PriceAdvice::Date) }
        }
        (Look::Date, Field::Sku) => Fault::SkuDate { text: text() },
        (Look::DigitsLost, Field::Sku) => Fault::SkuDigitsLost { text: text() },
        (Look::DigitsLost, Field::GoodsId) => Fault::GoodsIdMangled { text: text() },
        (Look::DigitsLost, Field::AuditId) => Fault::AuditIdMangled { text: text() },
        (
            Look::Percent
            | Look::Currency(_)
            | Look::Otherwise
            | Look::Scientific
            | Look::Date
            | Look::DigitsLost,
            _,
        ) => return None,
    };
    Some(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_is_a_fault_where_it_changes_what_is_read_and_nothing_elsewhere() {
        let dollar = Look::Currency("US$".into());
        for (look, field, code) in [
            (&Look::NotCalculated, Field::Name, Some("formula-not-calculated")),
            (&Look::NotCalculated, Field::GoodsId, Some("formula-not-calculated")),
            (&Look::Percent, Field::Price, Some("price-percent")),
            (&Look::Percent, Field::Price2, Some("price-percent")),
            (&Look::Percent, Field::Name, None),
            (&dollar, Field::Price2, Some("price-currency")),
            (&Look::Otherwise, Field::Price, Some("price-format")),
            (&Look::Otherwise, Field::Sku, None),
            (&Look::Scientific, Field::Sku, Some("sku-scientific")),
            (&Look::Scientific, Field::Price, None),
            (&dollar, Field::Sku, None),
            (&Look::Date, Field::Sku, Some("sku-date")),
            (&Look::Date, Field::Price, Some("price-not-number")),
            (&Look::Date, Field::Name, None),
            (&Look::DigitsLost, Field::Sku, Some("sku-digits-lost")),
            (&Look::DigitsLost, Field::GoodsId, Some("goods-id-mangled")),
            (&Look::DigitsLost, Field::AuditId, Some("audit-id-mangled")),
            (&Look::DigitsLost, Field::Price, None),
            (&Look::Merged, Field::Url, Some("merged-filled")),
            (&Look::MergedAcross, Field::Price, Some("merged-columns")),
            (&Look::BehindQuote, Field::Name, Some("quote-misplaced")),
        ] {
            assert_eq!(fault(look, field, "1").map(|fault| fault.code()), code, "{look:?} {field:?}");
        }
    }
}
