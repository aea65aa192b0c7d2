//! A fault of a row into words: what is wrong and what to do about it.

use super::{cover_fault, one_line};
use crate::goods::{Fault, Issue, Severity};
use crate::sheet::Columns;

/// What is wrong and the remedy, as a lowercase fragment of one line. Whoever prints it adds file, row and
/// heading.
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::CellError { text } => {
            format!("{} is a formula's error; mend the formula or type the value", shown(text))
        }
        Fault::CellTooLong { characters } => format!(
            "{characters} characters, and no cell of a spreadsheet holds more than 32767; look for a quote that is never closed"
        ),
        Fault::NameMissing => "no name; type one of 3 to 14 Chinese characters".to_owned(),
        Fault::NameTooLong { width } => format!(
            "{width} wide where at most 28 are allowed, a Chinese character counting 2; shorten it by {}",
            width.saturating_sub(28)
        ),
        Fault::NameShort { width } => {
            format!(
                "only {width} wide; names under 6 have been refused with 300002, so lengthen it to be safe"
            )
        }
        Fault::NameControl => {
            "a line break, tab or control character inside the name; take it out".to_owned()
        }
        Fault::CoverMissing | Fault::Cover(_) | Fault::CoverUnknown { .. } | Fault::CoverRotated => {
            cover(fault)
        }
        Fault::UrlMissing
        | Fault::UrlAddress
        | Fault::UrlFragment
        | Fault::UrlBackslash
        | Fault::UrlControl
        | Fault::UrlLeadingSlash
        | Fault::UrlEncoded { .. }
        | Fault::UrlAddressEncoded { .. }
        | Fault::UrlAddressAmbiguous { .. } => url(fault),
        Fault::AppidMalformed { text } => format!(
            "{} is no appid; it is wx and 16 letters or digits, and the cell stays empty for your own goods",
            shown(text)
        ),
        Fault::SkuScientific { text } => format!(
            "{} looks like a code that a spreadsheet program rounded; format the column as text and type the code again",
            shown(text)
        ),
        Fault::GoodsIdMangled { text } => mangled("goodsId", text),
        Fault::AuditIdMangled { text } => mangled("auditId", text),
        Fault::Repeat { first } => format!(
            "the same goods as row {first}, which goes first; delete this row, or give each of the two a sku of its own"
        ),
        Fault::PriceTypeMissing
        | Fault::PriceTypeUnknown { .. }
        | Fault::PriceMissing
        | Fault::Price2Missing
        | Fault::Price2Unwanted
        | Fault::PriceNotNumber { .. }
        | Fault::PriceScientific { .. }
        | Fault::PriceDecimals { .. }
        | Fault::PriceNotPositive { .. }
        | Fault::PriceTooLarge { .. }
        | Fault::PriceRangeEqual
        | Fault::PriceRangeReversed
        | Fault::DiscountDearer
        | Fault::DiscountEqual => price(fault),
    }
}

/// The text of a row at fault: every error, each with its code and its heading.
pub fn faults(issues: &[Issue], columns: &Columns) -> String {
    let errors = issues.iter().filter(|issue| issue.fault.severity() == Severity::Error);
    let notes: Vec<String> = errors
        .map(|issue| {
            let heading = one_line(columns.heading(issue.field));
            format!("{}: {heading}: {}", issue.fault.code(), fault(&issue.fault))
        })
        .collect();
    notes.join("; ")
}

fn cover(fault: &Fault) -> String {
    match fault {
        Fault::Cover(fault) => cover_fault(fault),
        Fault::CoverUnknown { text } => format!(
            "{} is no picture: give a path, an http address or a media id, or insert a picture into the row",
            shown(text)
        ),
        Fault::CoverRotated => {
            "the sheet shows the picture turned by an angle and it is sent upright; turn it by quarters, or \
            turn the picture itself"
                .to_owned()
        }
        _ => "no picture; insert one into the row, or give a path, an http address or a media id".to_owned(),
    }
}

fn price(fault: &Fault) -> String {
    let words = match fault {
        Fault::PriceTypeMissing => {
            "no price type although there is a second price; type 2 for a price range or 3 for a discount"
        }
        Fault::PriceTypeUnknown { text } => {
            return format!("{} is no price type; type 1 (一口价), 2 (价格区间) or 3 (折扣价)", shown(text));
        }
        Fault::PriceMissing => "no price; type it in yuan, such as 99.50",
        Fault::Price2Missing => {
            "no second price; type the upper bound (type 2) or the current price (type 3), or set the type to 1"
        }
        Fault::Price2Unwanted => {
            "a fixed price has no second one; clear the cell, or set the price type to 2 (range) or 3 (discount)"
        }
        Fault::PriceNotNumber { text } => {
            return format!("{} is no amount; type it in yuan, such as 99.50 or 1,299.00", shown(text));
        }
        Fault::PriceScientific { text } => {
            return format!(
                "{} was rounded by a spreadsheet program; format the column as a number and type the price again",
                shown(text)
            );
        }
        Fault::PriceDecimals { text } => {
            return format!("{} has more than two decimals; round it to whole fen", shown(text));
        }
        Fault::PriceNotPositive { text } => {
            return format!("{} is not above 0; the service takes no free goods", shown(text));
        }
        Fault::PriceTooLarge { limit } => {
            return format!("above {limit} yuan, the most this program takes; look for a misplaced point");
        }
        Fault::PriceRangeEqual => "the bounds are equal; set the price type to 1 and clear the second price",
        Fault::PriceRangeReversed => "the upper bound is below the lower one; exchange the two",
        Fault::DiscountDearer => {
            "the current price is above the original; exchange the two, or set the price type to 2"
        }
        _ => {
            "the current price equals the original, so that no discount is shown; set the price type to 1 and clear the second price"
        }
    };
    words.to_owned()
}

fn url(fault: &Fault) -> String {
    let words = match fault {
        Fault::UrlMissing => {
            "no page path; type one of the released version, such as pages/goods/detail?id=1"
        }
        Fault::UrlAddress => {
            "an address where a page of the mini-program is meant; type its path, such as pages/goods/detail?id=1"
        }
        Fault::UrlFragment => "a page path has no #; take it out, or write it as %23 inside a parameter",
        Fault::UrlBackslash => "a backslash; page paths are written with /",
        Fault::UrlControl => "a line break, tab or control character; take it out",
        Fault::UrlEncoded { sent } => {
            return format!("holds characters the service refuses; sent percent-encoded as {}", shown(sent));
        }
        Fault::UrlAddressEncoded { sent } => {
            return format!("a parameter is an address; sent percent-encoded as {}", shown(sent));
        }
        Fault::UrlAddressAmbiguous { sent } => {
            return format!(
                "a parameter is an address with parameters of its own; what follows & was taken for the page's: {}; write & as %26 in the address if it is not",
                shown(sent)
            );
        }
        _ => "sent without its leading slash; write it without",
    };
    words.to_owned()
}

fn mangled(id: &str, text: &str) -> String {
    format!(
        "{} is no {id}, which is digits only; format the column as text and take the id from the results again",
        shown(text)
    )
}

/// A cell's text in a message: quoted, on one line.
fn shown(text: &str) -> String {
    format!("'{}'", one_line(text))
}
