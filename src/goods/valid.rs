//! A row that passed every rule.

use super::{AuditId, GoodsId, Pricing};
use crate::sheet::View;

/// Where the picture comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Cover {
    /// A media id of the same mini-program, sent as it stands.
    MediaId(String),
    /// A path relative to the sheet.
    File(String),
    /// An http or https address.
    Address(String),
    /// A picture that sits in the row: the part of the workbook that holds it, and what the sheet shows of it.
    InRow(String, View),
}

/// A row that passed every rule: values normalised, exactly as they will be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// Trimmed, at most 28 wide.
    pub name: String,
    /// The picture.
    pub cover: Cover,
    /// Type and prices.
    pub pricing: Pricing,
    /// The page path, encoded, without a leading slash.
    pub url: String,
    /// The other mini-program's appid; empty for one's own goods.
    pub third_party_appid: String,
    /// The merchant's code; empty when there is none. Never sent.
    pub sku: String,
    /// The id a row already carries.
    pub goods_id: Option<GoodsId>,
    /// The submission a row already carries.
    pub audit_id: Option<AuditId>,
}
