//! What is wrong with a row, as a value: the code is stable, the words are the terminal's.

use super::{CoverFault, PriceType};
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

/// What a price's cell holds that is no amount, where that can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceAdvice {
    /// Two amounts, such as `99-199`.
    Range,
    /// The lowest of several, such as `99元起`.
    From,
    /// How much is left of another price, such as `8折`.
    Discount,
    /// A date, which a spreadsheet program may have made of a range such as `12-15`.
    Date,
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
    /// A formula whose value no program has calculated yet.
    FormulaNotCalculated,
    /// The value of a merge that begins in a row above, read for this row too.
    MergedFilled,
    /// A merge over the columns of several fields: nobody can say which of them its value is.
    MergedColumns,
    /// Text behind the closing quote of a quoted cell of a CSV file.
    QuoteMisplaced,
    /// Another number of cells than headings: they may stand under the wrong ones.
    RowRagged {
        /// The cells of the row.
        cells: usize,
        /// The headings.
        headings: usize,
    },
    /// A character that was lost on the way, or one that only one font knows.
    TextDamaged {
        /// The character.
        sign: char,
        /// The cell.
        text: String,
    },
    /// A sign in the spelling of web pages, such as `&amp;`, sent as it stands.
    TextEntity {
        /// The first of them.
        entity: String,
    },
    /// Characters nobody sees, taken out.
    TextInvisible {
        /// The first of them.
        mark: char,
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
    /// Several addresses in one cell: goods have one picture.
    CoverSeveralAddresses {
        /// How many.
        addresses: usize,
    },
    /// An address that lacks its scheme, as web pages write it: `//host/picture.jpg`.
    CoverAddressSchemeless {
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
        /// The type it is most likely to mean.
        meant: Option<PriceType>,
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
        /// What it seems to be instead.
        advice: Option<PriceAdvice>,
    },
    /// A price whose number format shows something else than its amount: words beside it, thousands, or nothing.
    PriceFormat,
    /// A percentage, by its text or by how the cell shows its number.
    PricePercent,
    /// An amount of another currency, by its text or by how the cell shows its number.
    PriceCurrency {
        /// The currency's sign, code or name.
        currency: String,
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
    /// A date, most likely made of a code by a spreadsheet program.
    SkuDate {
        /// The cell.
        text: String,
    },
    /// A number of more than 15 digits, of which a spreadsheet program lost the rest.
    SkuDigitsLost {
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
            Self::FormulaNotCalculated => "formula-not-calculated",
            Self::MergedFilled => "merged-filled",
            Self::MergedColumns => "merged-columns",
            Self::QuoteMisplaced => "quote-misplaced",
            Self::RowRagged { .. } => "row-ragged",
            Self::TextDamaged { .. } => "text-damaged",
            Self::TextEntity { .. } => "text-entity",
            Self::TextInvisible { .. } => "text-invisible",
            Self::NameMissing => "name-missing",
            Self::NameTooLong { .. } => "name-too-long",
            Self::NameShort { .. } => "name-short",
            Self::NameControl => "name-control-character",
            Self::CoverMissing => "cover-missing",
            Self::Cover(fault) => fault.code(),
            Self::CoverUnknown { .. } => "cover-unknown",
            Self::CoverSeveralAddresses { .. } => "cover-several-addresses",
            Self::CoverAddressSchemeless { .. } => "cover-address-schemeless",
            Self::CoverRotated => "cover-rotated",
            Self::PriceTypeMissing => "price-type-missing",
            Self::PriceTypeUnknown { .. } => "price-type-unknown",
            Self::PriceMissing => "price-missing",
            Self::Price2Missing => "price2-missing",
            Self::Price2Unwanted => "price2-unwanted",
            Self::PriceNotNumber { .. } => "price-not-number",
            Self::PricePercent => "price-percent",
            Self::PriceFormat => "price-format",
            Self::PriceCurrency { .. } => "price-currency",
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
            Self::SkuDate { .. } => "sku-date",
            Self::SkuDigitsLost { .. } => "sku-digits-lost",
            Self::GoodsIdMangled { .. } => "goods-id-mangled",
            Self::AuditIdMangled { .. } => "audit-id-mangled",
            Self::Repeat { .. } => "repeat",
        }
    }

    /// Whether the row can still be sent.
    pub fn severity(&self) -> Severity {
        match self {
            Self::MergedFilled
            | Self::CoverRotated
            | Self::TextEntity { .. }
            | Self::TextInvisible { .. }
            | Self::NameShort { .. }
            | Self::DiscountEqual
            | Self::UrlLeadingSlash
            | Self::UrlEncoded { .. }
            | Self::UrlAddressEncoded { .. }
            | Self::UrlAddressAmbiguous { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
