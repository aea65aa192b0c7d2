//! The prices of a reply into yuan.

use rust_decimal::Decimal;

use super::Listed;
use crate::goods::Pricing;

/// The unit of prices in replies: yuan by the service's documents, fen by every example in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceUnit {
    /// 99.5
    Yuan,
    /// 9950
    Fen,
}

impl PriceUnit {
    /// A price of a reply in yuan, in its shortest spelling.
    pub fn in_yuan(self, replied: Decimal) -> Decimal {
        let yuan = match self {
            Self::Yuan => replied,
            Self::Fen => replied / Decimal::ONE_HUNDRED,
        };
        yuan.normalize()
    }
}

impl Listed {
    /// The same goods with prices in yuan. A fixed price has no second one, whatever the reply puts in its
    /// place.
    #[must_use]
    pub fn in_yuan(self, unit: PriceUnit) -> Self {
        let price2 = self.price2.filter(|_| self.price_type != 1).map(|price2| unit.in_yuan(price2));
        Self { price: unit.in_yuan(self.price), price2, ..self }
    }

    /// What the goods cost, their prices taken as yuan; `None` for a price type nobody documented.
    pub fn pricing(&self) -> Option<Pricing> {
        match (self.price_type, self.price2) {
            (1, _) => Some(Pricing::Fixed(self.price)),
            (2, Some(price2)) => Some(Pricing::Range(self.price, price2)),
            (3, Some(price2)) => Some(Pricing::Discount(self.price, price2)),
            _ => None,
        }
    }
}
