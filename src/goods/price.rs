//! A price as one of the three kinds the service knows, in yuan, as exact decimals.

use rust_decimal::Decimal;

/// The service's `priceType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PriceType {
    /// 1 一口价.
    Fixed,
    /// 2 价格区间.
    Range,
    /// 3 折扣价.
    Discount,
}

impl PriceType {
    /// The service's number.
    pub fn code(self) -> u8 {
        match self {
            Self::Fixed => 1,
            Self::Range => 2,
            Self::Discount => 3,
        }
    }
}

/// What goods cost, in yuan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pricing {
    /// One price.
    Fixed(Decimal),
    /// From the lower to the upper bound.
    Range(Decimal, Decimal),
    /// The original price, then the current one.
    Discount(Decimal, Decimal),
}

impl Pricing {
    /// The kind alone.
    pub fn kind(&self) -> PriceType {
        match self {
            Self::Fixed(_) => PriceType::Fixed,
            Self::Range(..) => PriceType::Range,
            Self::Discount(..) => PriceType::Discount,
        }
    }

    /// What is sent as `price`.
    pub fn price(&self) -> Decimal {
        match *self {
            Self::Fixed(price) | Self::Range(price, _) | Self::Discount(price, _) => price,
        }
    }

    /// What is sent as `price2`; a fixed price has none and must not send one.
    pub fn price2(&self) -> Option<Decimal> {
        match *self {
            Self::Fixed(_) => None,
            Self::Range(_, price2) | Self::Discount(_, price2) => Some(price2),
        }
    }
}
