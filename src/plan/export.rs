//! The goods of a library into results that every pass takes.

use csv::StringRecord;
use rust_decimal::Decimal;

use super::pile::TAG;
use crate::goods::{Cover, Keys};
use crate::library::{Listed, PriceUnit};
use crate::results::{Action, Book, Held, Layout, Line, Lost, Note, Outcome, Presence, Wording, digest_of};
use crate::sheet::{Columns, Field, RawRow};

/// The user columns of an export, and what the reader takes each for. Replies carry no thirdPartyAppid.
const COLUMNS: [(&str, Option<Field>); 7] = [
    ("name", Some(Field::Name)),
    ("coverImgUrl", Some(Field::Cover)),
    ("priceType", Some(Field::PriceType)),
    ("price", Some(Field::Price)),
    ("price2", Some(Field::Price2)),
    ("url", Some(Field::Url)),
    (TAG, None),
];

/// The results of goods as they are at the service, the oldest first; prices as replied, in `unit`.
///
/// Nothing of them was sent, so their checks hold no content.
pub fn exported(mut goods: Vec<Listed>, unit: PriceUnit, appid: &str, wording: Wording) -> Book {
    let layout = layout();
    // The service lists in an order of its own; this one lets a nightly export be compared with the last.
    goods.sort_by_key(|goods| goods.goods_id);
    let lines = goods.into_iter().map(|goods| goods.in_yuan(unit)).zip(2..);
    let lines = lines.map(|(goods, row)| held(&goods, row, &layout.columns, appid, wording)).collect();
    Book { layout, lines, lost: Lost::Nothing }
}

fn layout() -> Layout {
    let mut columns =
        Columns { headings: COLUMNS.map(|(heading, _)| heading.to_owned()).to_vec(), ..Columns::default() };
    for (position, (_, field)) in COLUMNS.iter().enumerate() {
        if let Some(field) = field {
            columns.fields[*field as usize] = Some(position);
        }
    }
    Layout { columns, source: vec![None; COLUMNS.len()] }
}

fn held(goods: &Listed, row: u32, columns: &Columns, appid: &str, wording: Wording) -> Held {
    let tag = goods.third_party_tag.map(|tag| tag.to_string()).unwrap_or_default();
    let price = |price: Decimal| price.to_string();
    let cells: StringRecord = [
        goods.name.clone(),
        goods.cover_img_url.clone(),
        goods.price_type.to_string(),
        price(goods.price),
        goods.price2.map(price).unwrap_or_default(),
        goods.url.clone(),
        tag,
    ]
    .iter()
    .collect();
    let raw = RawRow { number: row, cells, ..RawRow::default() };
    let keys = Keys::of(&raw, columns);
    let mut line = Line {
        user: raw.cells,
        row,
        action: Some(Action::Export),
        outcome: Some(Outcome::Ok),
        goods_id: goods.goods_id.to_string(),
        audit_status: goods.audit_status.map(|status| status.code().to_string()).unwrap_or_default(),
        // The picture as it stands: whoever puts another into the cell later is noticed by this.
        cover_digest: Cover::recognise(&goods.cover_img_url)
            .map(|cover| digest_of(&cover))
            .unwrap_or_default(),
        ..Line::default()
    };
    if goods.is_of_the_console() {
        line.note = wording(&Note::ConsoleGoods);
    }
    line.answered(0, "");
    line.seal(appid, &keys, None);
    Held { line, keys }
}

/// Whether a file of results holds nothing but what a new export finds out again: no auditId, for nobody tells
/// one a second time, nothing that was done with the goods, and no column of the person's own.
pub fn is_mere_export(book: &Book) -> bool {
    let own = |heading: &String| COLUMNS.iter().any(|(name, _)| name == heading);
    book.layout.columns.headings.iter().all(own)
        && book.lost == Lost::Nothing
        && book.lines.iter().map(|held| &held.line).all(|line| {
            matches!(line.action, Some(Action::Export | Action::Status))
                && line.presence() != Presence::Absent
                && line.audit_id.is_empty()
        })
}
