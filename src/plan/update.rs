//! What goods are to be, against what the service holds: the fields to send, as far as their audit status lets.

use csv::StringRecord;
use rust_decimal::Decimal;

use super::{Step, Wanted};
use crate::goods::AuditStatus::{Approved, InReview};
use crate::goods::{Cover, Goods, Keys, Pricing};
use crate::library::{Change, Listed, is_same_page};
use crate::results::{Action, Content, Line, Note, Presence, Wording, digest_of};
use crate::sheet::{Columns, Field};

/// The fields that one row changes.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateWish {
    /// What is sent.
    pub change: Change,
    /// What the goods are once that was carried out.
    pub goods: Goods,
    /// The picture to upload before, whose media id is sent too.
    pub picture: Option<Cover>,
    /// What the `coverDigest` column says then; of a picture to upload, once it is.
    pub cover_digest: String,
    /// The line's other sku or name.
    pub moved: Option<Moved>,
}

/// What a line goes by once its goods are recorded under another sku or name.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The row's cells.
    pub cells: StringRecord,
    /// The names in them.
    pub keys: Keys,
}

/// What comes of comparing one row with the service.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// The service holds what is wanted; this is what it holds.
    Same(UpdateWish),
    /// These fields differ.
    Differs(UpdateWish),
    /// Something differs that cannot be changed.
    Left(Note<'static>),
}

/// What `update` does with a line before it knows what the service holds. A call of its own that is in doubt is
/// settled by comparing.
pub fn update_step(line: &Line, wanted: &Wanted, columns: &Columns, wording: Wording) -> Step {
    if line.presence() == Presence::Gone {
        return Step::Skip;
    }
    if line.doubt().is_some_and(|action| action != Action::Update) {
        return Step::Unsettled;
    }
    match &wanted.judged.goods {
        Some(_) => Step::Call,
        None => Step::Invalid(wording(&Note::Invalid { issues: &wanted.judged.issues, columns })),
    }
}

/// Whether the row says something else than what was last sent, or that is not known.
pub fn differs_from_sent(line: &Line, wanted: &Wanted) -> bool {
    let sent = line.check().and_then(|check| check.content);
    let now = wanted.judged.goods.as_ref().map(|goods| Content::of(goods, &line.cover_digest));
    wanted.cover.is_some() || sent.is_none() || sent != now || line.doubt().is_some()
}

/// Compares a row with the goods that the service holds, their prices in yuan.
///
/// By the service's documents approved goods take a new price type and new prices alone, and goods in review
/// nothing. Where that is not all that differs, nothing is sent: half of a wish would look like all of it.
pub fn compare(line: &Line, goods: &Goods, cover: Option<&Cover>, held: &Listed) -> Comparison {
    let change = Change {
        cover_img_url: cover.and_then(media_id),
        third_party_appid: changed_appid(line, goods),
        name: (goods.name != held.name).then(|| goods.name.clone()),
        url: (!is_same_page(&goods.url, &held.url)).then(|| goods.url.clone()),
        ..priced(&goods.pricing, held)
    };
    let locked = beyond_price(&change, cover);
    let cover_digest = cover.map_or_else(|| line.cover_digest.clone(), digest_of);
    let is_same = change.is_empty() && cover.is_none();
    let picture = cover.filter(|cover| cover.is_picture()).cloned();
    let wish = UpdateWish { change, goods: goods.clone(), picture, cover_digest, moved: None };
    if is_same {
        return Comparison::Same(wish);
    }
    match held.audit_status {
        _ if held.third_party_tag.is_some_and(|tag| !matches!(tag, 1 | 2)) => {
            Comparison::Left(Note::ConsoleGoods)
        }
        Some(InReview) => Comparison::Left(Note::ReviewLocked),
        Some(Approved) if !locked.is_empty() => Comparison::Left(Note::ApprovedLocked { fields: locked }),
        _ => Comparison::Differs(wish),
    }
}

/// A change of the price type carries its prices.
fn priced(wanted: &Pricing, held: &Listed) -> Change {
    let (price, price2) = (wanted.price(), wanted.price2());
    if wanted.kind().code() != held.price_type {
        let price_type = Some(wanted.kind());
        return Change { price_type, price: Some(price), price2, ..Change::default() };
    }
    let other = |wanted: Decimal, held: Option<Decimal>| (held != Some(wanted)).then_some(wanted);
    Change {
        price: other(price, Some(held.price)),
        price2: price2.and_then(|price2| other(price2, held.price2)),
        ..Change::default()
    }
}

/// No reply tells the other mini-program's appid: what was last sent is all there is to compare with.
fn changed_appid(line: &Line, goods: &Goods) -> Option<String> {
    let sent = line.check()?.content?;
    let appid = &goods.third_party_appid;
    (!sent.has_third_party_appid(appid)).then(|| appid.clone())
}

fn media_id(cover: &Cover) -> Option<String> {
    match cover {
        Cover::MediaId(id) => Some(id.clone()),
        _ => None,
    }
}

fn beyond_price(change: &Change, cover: Option<&Cover>) -> Vec<Field> {
    let fields = [
        (Field::Name, change.name.is_some()),
        (Field::Cover, cover.is_some()),
        (Field::Url, change.url.is_some()),
        (Field::ThirdPartyAppid, change.third_party_appid.is_some()),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

impl UpdateWish {
    /// The same wish where the row goes by other names than its line.
    pub(super) fn moving(self, wanted: &Wanted) -> Self {
        let keys = || wanted.judged.keys.clone();
        let moved = wanted.moved.as_ref().map(|cells| Moved { cells: cells.clone(), keys: keys() });
        Self { moved, ..self }
    }

    /// The names that the row goes by once this is recorded; those of `task` unless they change.
    pub fn keys<'a>(&'a self, before: &'a Keys) -> &'a Keys {
        self.moved.as_ref().map_or(before, |moved| &moved.keys)
    }

    /// The cells of `line` once this is recorded.
    pub fn cells(&self, line: &Line) -> StringRecord {
        self.moved.as_ref().map_or(&line.user, |moved| &moved.cells).clone()
    }

    /// Everything that the goods are then.
    pub fn content(&self) -> Content {
        Content::of(&self.goods, &self.cover_digest)
    }

    /// Whether goods, their prices in yuan, show all of this that a reply can show. A change that no reply shows
    /// is never known to have been carried out.
    pub fn is_fulfilled_by(&self, held: &Listed) -> bool {
        let Change { name, price_type, price, price2, url, .. } = &self.change;
        let shows =
            name.is_some() || price_type.is_some() || price.is_some() || price2.is_some() || url.is_some();
        shows
            && name.as_ref().is_none_or(|name| *name == held.name)
            && url.as_ref().is_none_or(|url| is_same_page(url, &held.url))
            && price_type.is_none_or(|kind| kind.code() == held.price_type)
            && price.is_none_or(|price| price == held.price)
            && price2.is_none_or(|price2| Some(price2) == held.price2)
    }
}
