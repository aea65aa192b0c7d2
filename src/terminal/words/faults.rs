//! A fault of a row into words: what is wrong and what to do about it.

use super::{cover_fault, one_line};
use crate::goods::{Fault, Issue, PriceAdvice, PriceType, Severity};
use crate::sheet::Columns;

/// What is wrong and the remedy, as a lowercase fragment of one line. Whoever prints it adds file, row and
/// heading.
pub fn fault(fault: &Fault) -> String {
    match fault {
        Fault::CellError { .. }
        | Fault::CellTooLong { .. }
        | Fault::FormulaNotCalculated
        | Fault::MergedFilled
        | Fault::MergedColumns
        | Fault::QuoteMisplaced
        | Fault::RowRagged { .. } => cell(fault),
        Fault::TextDamaged { sign, text } => damaged(*sign, text),
        Fault::TextInvisible { mark } => format!(
            "holds characters nobody sees, such as U+{:04X}; read and sent without them",
            u32::from(*mark)
        ),
        Fault::TextEntity { entity } => format!(
            "holds {}, which only web pages show as the sign it stands for; sent as it stands, so type the sign itself",
            shown(entity)
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
        Fault::CoverMissing
        | Fault::Cover(_)
        | Fault::CoverUnknown { .. }
        | Fault::CoverSeveralAddresses { .. }
        | Fault::CoverAddressSchemeless { .. }
        | Fault::CoverRotated => cover(fault),
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
        Fault::SkuScientific { text } => sku(text, "a code that a spreadsheet program rounded"),
        Fault::SkuDate { text } => sku(text, "a date, most likely made of a code by a spreadsheet program"),
        Fault::SkuDigitsLost { text } => {
            sku(text, "a number of more than 15 digits, of which a spreadsheet program loses the rest")
        }
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
        | Fault::PricePercent
        | Fault::PriceFormat
        | Fault::PriceCurrency { .. }
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

fn cell(fault: &Fault) -> String {
    let words = match fault {
        Fault::CellError { text } => {
            return format!("{} is a formula's error; mend the formula or type the value", shown(text));
        }
        Fault::CellTooLong { characters } => {
            return format!(
                "{characters} characters, and no cell of a spreadsheet holds more than 32767; look for a quote that is never closed"
            );
        }
        Fault::RowRagged { cells, headings } => {
            return format!(
                "the row has {cells} cells under {headings} headings, so they may stand under the wrong ones; put a cell that holds the delimiter in quotes, such as \"1,299.00\", and write blank cells too"
            );
        }
        Fault::FormulaNotCalculated => {
            "a formula that was never calculated; open the file in Excel or WPS and save it, or type the value"
        }
        Fault::MergedFilled => {
            "the cell is part of a merge, and the value of its first row was read; take the merge apart if the rows differ"
        }
        Fault::MergedColumns => {
            "a merge over several columns; take it apart and fill each cell, for nobody can tell which column its value is for"
        }
        _ => "text behind the closing quote of the cell; double each quote that belongs to the text",
    };
    words.to_owned()
}

fn damaged(sign: char, text: &str) -> String {
    let text = shown(text);
    match sign {
        '\u{FFFD}' => {
            format!("{text} holds U+FFFD, which stands for a character that was lost; type it again")
        }
        _ => format!(
            "{text} holds U+{:04X}, which is a character in one font only; type another",
            u32::from(sign)
        ),
    }
}

/// A code that a spreadsheet program did something to.
fn sku(text: &str, what: &str) -> String {
    format!("{} is {what}; format the column as text and type the code again", shown(text))
}

fn cover(fault: &Fault) -> String {
    match fault {
        Fault::Cover(fault) => cover_fault(fault),
        Fault::CoverSeveralAddresses { addresses } => {
            format!("{addresses} addresses in one cell, and goods have one picture; leave one of them")
        }
        Fault::CoverAddressSchemeless { text } => {
            format!("{} lacks the beginning of an address; write https: in front", shown(text))
        }
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
        Fault::PriceTypeUnknown { text, meant } => return unknown_type(text, *meant),
        Fault::PriceMissing => "no price; type it in yuan, such as 99.50",
        Fault::Price2Missing => {
            "no second price; type the upper bound (type 2) or the current price (type 3), or set the type to 1"
        }
        Fault::Price2Unwanted => {
            "a fixed price has no second one; clear the cell, or set the price type to 2 (range) or 3 (discount)"
        }
        Fault::PriceNotNumber { text, advice } => return not_number(text, *advice),
        Fault::PriceFormat => {
            "the cell shows the price as something else than its amount (with words, by thousands, or not at all); format it as a number, and see whether the price is right"
        }
        Fault::PricePercent => {
            "a percentage is no amount; type the price in yuan, of a discount the price after it, and format the cell as a number"
        }
        Fault::PriceCurrency { currency } => {
            return format!(
                "a price in {}, where goods are priced in yuan; type the amount in yuan, and format the cell as a number",
                shown(currency)
            );
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

fn unknown_type(text: &str, meant: Option<PriceType>) -> String {
    let text = shown(text);
    match meant {
        None => format!("{text} is no price type; type 1 (一口价), 2 (价格区间) or 3 (折扣价)"),
        Some(PriceType::Fixed) => {
            format!("{text} is no price type; if it means one fixed price, type 一口价 or 1")
        }
        Some(PriceType::Range) => {
            format!("{text} is no price type; if it means a price range, type 价格区间 or 2")
        }
        Some(PriceType::Discount) => {
            format!("{text} is no price type; if it means a discount, type 折扣价 or 3")
        }
    }
}

fn not_number(text: &str, advice: Option<PriceAdvice>) -> String {
    let text = shown(text);
    match advice {
        None => format!("{text} is no amount; type it in yuan, such as 99.50 or 1,299.00"),
        Some(PriceAdvice::Range) => format!(
            "{text} is two amounts; type the lower one here and the higher one as the second price, with price type 2 (价格区间)"
        ),
        Some(PriceAdvice::From) => format!(
            "{text} is only the lowest price; type the lowest and the highest as two prices with price type 2 (价格区间), or one price"
        ),
        Some(PriceAdvice::Discount) => format!(
            "{text} is a discount and no amount; type the original price and the discounted one in yuan, with price type 3 (折扣价)"
        ),
        Some(PriceAdvice::Date) => format!(
            "{text} is a date, which a spreadsheet program may have made of what was typed; format the cell as a number and type the price again"
        ),
    }
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
