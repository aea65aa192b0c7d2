//! The fields of goods that a column of a sheet can hold.

/// What a column means to us. Its order is the order of the `fields` array in [`super::Columns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The goods' name as buyers see it.
    Name,
    /// The picture: a media id, a path, an address, or a picture that sits in the row.
    Cover,
    /// 1 fixed price, 2 price range, 3 discount.
    PriceType,
    /// The price, the lower bound or the original price, in yuan.
    Price,
    /// The upper bound or the current price, in yuan.
    Price2,
    /// The page path in the mini-program.
    Url,
    /// The other mini-program's appid when the goods are its goods.
    ThirdPartyAppid,
    /// The merchant's own code, never sent.
    Sku,
    /// The id the service gave.
    GoodsId,
    /// The id of the submission to review.
    AuditId,
}

impl Field {
    /// Every field, in order.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Cover,
        Self::PriceType,
        Self::Price,
        Self::Price2,
        Self::Url,
        Self::ThirdPartyAppid,
        Self::Sku,
        Self::GoodsId,
        Self::AuditId,
    ];

    /// The name used in documents, in `--map` and in the service's bodies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Cover => "coverImgUrl",
            Self::PriceType => "priceType",
            Self::Price => "price",
            Self::Price2 => "price2",
            Self::Url => "url",
            Self::ThirdPartyAppid => "thirdPartyAppid",
            Self::Sku => "sku",
            Self::GoodsId => "goodsId",
            Self::AuditId => "auditId",
        }
    }

    /// The field of that name, as `--map 'HEADING=field'` gives it; case and underscores do not matter.
    pub fn named(name: &str) -> Option<Self> {
        let plain = |text: &str| text.replace('_', "").to_lowercase();
        Self::ALL.into_iter().find(|field| plain(field.name()) == plain(name))
    }
}
