//! What is wrong with a row, as a value: the code is stable, the words are the terminal's.

use super::CoverFault;
use crate::sheet::Field;

/// One finding in one cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The field at fault; its heading is known where the columns are.
    pub field: Field,
    /// What is wrong.
    pub fault: Fault,
}

/// Whether a finding keeps the row from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The row is invalid.
    Error,
    /// The row is sent; the merchandiser should look.
    Warning,
}

impl Severity {
    /// The word in `--json`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Every fault a row can have. The text of each, with its remedy, is in `terminal::words`.
///
/// A `text` is the cell's own, clipped to a length a message can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The cell holds a formula's error, such as `#N/A`.
    CellError {
        /// The error as the spreadsheet program shows it.
        text: String,
    },
    /// More characters than a spreadsheet program's cell can hold: most likely a quote was never closed.
    CellTooLong {
        /// The characters found.
        characters: usize,
    },
    /// No name.
    NameMissing,
    /// Wider than 28, a character outside ASCII counting 2.
    NameTooLong {
        /// The width found.
        width: usize,
    },
    /// Narrower than 6: users report that the service refuses it with 300002.
    NameShort {
        /// The width found.
        width: usize,
    },
    /// A line break, tab or other control character inside the name.
    NameControl,
    /// No picture.
    CoverMissing,
    /// The picture cannot be had.
    Cover(CoverFault),
    /// Neither a media id nor a path nor an address, and no picture sits in the row.
    CoverUnknown {
        /// The cell.
        text: String,
    },
    /// The sheet shows the picture turned by something else than quarters; it is sent upright.
    CoverRotated,
    /// No price type although there is a second price.
    PriceTypeMissing,
    /// Not one of the three types.
    PriceTypeUnknown {
        /// The cell.
        text: String,
    },
    /// No price.
    PriceMissing,
    /// The price type needs a second price and there is none.
    Price2Missing,
    /// A fixed price has no second one, and must not send it.
    Price2Unwanted,
    /// Not an amount, or one that could be read in two ways.
    PriceNotNumber {
        /// The cell.
        text: String,
    },
    /// Scientific notation: the digits a spreadsheet program dropped are lost.
    PriceScientific {
        /// The cell.
        text: String,
    },
    /// More than two decimals.
    PriceDecimals {
        /// The cell.
        text: String,
    },
    /// Zero or less: users report that the service refuses it with 300003.
    PriceNotPositive {
        /// The cell.
        text: String,
    },
    /// Above the limit, which is ours and not the service's.
    PriceTooLarge {
        /// The limit in yuan.
        limit: u64,
    },
    /// A price range whose bounds are equal.
    PriceRangeEqual,
    /// A price range whose lower bound is the higher one.
    PriceRangeReversed,
    /// A discount whose current price is above the original.
    DiscountDearer,
    /// A discount that takes nothing off.
    DiscountEqual,
    /// No page path.
    UrlMissing,
    /// An address of the web where a page of the mini-program is meant.
    UrlAddress,
    /// A `#`: page paths have no fragment.
    UrlFragment,
    /// A backslash.
    UrlBackslash,
    /// A line break, tab or other control character.
    UrlControl,
    /// A slash in front, taken off.
    UrlLeadingSlash,
    /// Blanks, quotes, angle brackets, a lone `%` or characters outside ASCII, percent-encoded.
    UrlEncoded {
        /// The path as it is sent.
        sent: String,
    },
    /// A parameter that is itself an address, percent-encoded whole.
    UrlAddressEncoded {
        /// The path as it is sent.
        sent: String,
    },
    /// A parameter that is an address with a query of its own: what stands behind the next `&` was taken
    /// for the page's, as the mini-program itself would take it.
    UrlAddressAmbiguous {
        /// The path as it is sent.
        sent: String,
    },
    /// Not the shape of an appid.
    AppidMalformed {
        /// The cell.
        text: String,
    },
    /// A code in scientific notation, which several goods may share by now.
    SkuScientific {
        /// The cell.
        text: String,
    },
    /// Not an id any more: a spreadsheet program rounded it.
    GoodsIdMangled {
        /// The cell.
        text: String,
    },
    /// Not an id any more: a spreadsheet program rounded it.
    AuditIdMangled {
        /// The cell.
        text: String,
    },
    /// An earlier row of the sheet has the same identity.
    Repeat {
        /// The number of the first such row.
        first: u32,
    },
}

impl Fault {
    /// The stable code, as written in `note` and printed by `check`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CellError { .. } => "cell-error",
            Self::CellTooLong { .. } => "cell-too-long",
            Self::NameMissing => "name-missing",
            Self::NameTooLong { .. } => "name-too-long",
            Self::NameShort { .. } => "name-short",
            Self::NameControl => "name-control-character",
            Self::CoverMissing => "cover-missing",
            Self::Cover(fault) => fault.code(),
            Self::CoverUnknown { .. } => "cover-unknown",
            Self::CoverRotated => "cover-rotated",
            Self::PriceTypeMissing => "price-type-missing",
            Self::PriceTypeUnknown { .. } => "price-type-unknown",
            Self::PriceMissing => "price-missing",
            Self::Price2Missing => "price2-missing",
            Self::Price2Unwanted => "price2-unwanted",
            Self::PriceNotNumber { .. } => "price-not-number",
            Self::PriceScientific { .. } => "price-scientific",
            Self::PriceDecimals { .. } => "price-decimals",
            Self::PriceNotPositive { .. } => "price-not-positive",
            Self::PriceTooLarge { .. } => "price-too-large",
            Self::PriceRangeEqual => "price-range-equal",
            Self::PriceRangeReversed => "price-range-reversed",
            Self::DiscountDearer => "discount-dearer",
            Self::DiscountEqual => "discount-equal",
            Self::UrlMissing => "url-missing",
            Self::UrlAddress => "url-address",
            Self::UrlFragment => "url-fragment",
            Self::UrlBackslash => "url-backslash",
            Self::UrlControl => "url-control-character",
            Self::UrlLeadingSlash => "url-leading-slash",
            Self::UrlEncoded { .. } => "url-encoded",
            Self::UrlAddressEncoded { .. } => "url-address-encoded",
            Self::UrlAddressAmbiguous { .. } => "url-address-ambiguous",
            Self::AppidMalformed { .. } => "appid-malformed",
            Self::SkuScientific { .. } => "sku-scientific",
            Self::GoodsIdMangled { .. } => "goods-id-mangled",
            Self::AuditIdMangled { .. } => "audit-id-mangled",
            Self::Repeat { .. } => "repeat",
        }
    }

    /// Whether the row can still be sent.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NameShort { .. }
            | Self::CoverRotated
            | Self::DiscountEqual
            | Self::UrlLeadingSlash
            | Self::UrlEncoded { .. }
            | Self::UrlAddressEncoded { .. }
            | Self::UrlAddressAmbiguous { .. }
            | Self::SkuScientific { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
