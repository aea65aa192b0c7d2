//! What is sent to the service about goods, and what it says about them.

use rust_decimal::Decimal;

use crate::goods::{AuditStatus, GoodsId, Pricing};

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

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many goods have the status asked for, as the service counts.
    pub total: u64,
    /// The goods on this page.
    pub goods: Vec<Listed>,
}
