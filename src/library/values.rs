//! What is sent to the service about goods, and what it says about them.

use rust_decimal::Decimal;

use crate::goods::{AuditStatus, GoodsId, PriceType, Pricing};

/// The fields of `goodsInfo` as `add` sends them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodsInfo {
    /// The media id of the picture.
    pub cover_img_url: String,
    /// The goods' name.
    pub name: String,
    /// `priceType`, `price` and `price2`.
    pub pricing: Pricing,
    /// The page path.
    pub url: String,
    /// Left out of the body when empty.
    pub third_party_appid: String,
}

/// What `update` is to change: a field that is `None` stays as the service holds it and is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// A new media id.
    pub cover_img_url: Option<String>,
    /// A new name.
    pub name: Option<String>,
    /// A new kind of price.
    pub price_type: Option<PriceType>,
    /// A new `price`, in yuan.
    pub price: Option<Decimal>,
    /// A new `price2`, in yuan.
    pub price2: Option<Decimal>,
    /// A new page path.
    pub url: Option<String>,
    /// A new appid of the other mini-program; empty makes the goods one's own.
    pub third_party_appid: Option<String>,
}

impl Change {
    /// Whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Goods as `status` and `list` describe them. Prices are as the reply has them: yuan by the documents,
/// fen by every documented example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The service's id.
    pub goods_id: GoodsId,
    /// An address to read the picture from; not something that can be sent back.
    pub cover_img_url: String,
    /// The goods' name.
    pub name: String,
    /// `price` as replied.
    pub price: Decimal,
    /// `price2` as replied; absent or zero for a fixed price.
    pub price2: Option<Decimal>,
    /// The page path.
    pub url: String,
    /// 1, 2 or 3; another number is kept as it came.
    pub price_type: u8,
    /// What `status` replied, or what `list` was asked for.
    pub audit_status: Option<AuditStatus>,
    /// 1 or 2: added through the API; anything else cannot be touched through it.
    pub third_party_tag: Option<u64>,
}

impl Listed {
    /// Whether the goods are known to have been added in the console: no call can have made them, none can touch
    /// them (300011).
    pub fn is_of_the_console(&self) -> bool {
        self.third_party_tag.is_some_and(|tag| !matches!(tag, 1 | 2))
    }
}

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many goods have the status asked for, as the service counts.
    pub total: u64,
    /// The goods on this page.
    pub goods: Vec<Listed>,
}
