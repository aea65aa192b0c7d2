//! The calls that change goods, each a request into what became of the shelf.

use super::fault::Kind;
use super::media;
use super::refusal::Refusal;
use super::rules::{self, Pricing};
use super::shelf::{self, APPROVED, BY_API, IN_REVIEW, NOT_SUBMITTED, REFUSED, Shelved};
use super::spelling::Fact;
use super::visit::{Reply, Visit};
use super::wire::{Change, NewGoods, One, Submission};

/// `add`: onto the shelf and into review.
pub(super) fn add(visit: &Visit<'_>, new: NewGoods) -> Reply {
    rules::name(&new.name)?;
    rules::url(&new.url)?;
    let price2 = new.price2.as_ref().map(rules::fen).transpose()?;
    let pricing = Pricing { kind: new.price_type, price: rules::fen(&new.price)?, price2 }.checked()?;
    media::usable(visit, &new.cover_img_url)?;
    let mut goods = Shelved {
        goods_id: 0,
        audit_id: None,
        name: new.name,
        cover: new.cover_img_url,
        price_type: pricing.kind,
        price: pricing.price,
        price2: pricing.price2,
        url: new.url,
        third_party_appid: new.third_party_appid.unwrap_or_default(),
        status: NOT_SUBMITTED,
        tag: BY_API,
    };
    if let Some(Kind::NotSubmitted { with_id }) = visit.fault {
        let goods_id = shelf::insert(visit.memory, &goods, None)?;
        let mut reply = Refusal::new(300_021).into_reply();
        if with_id {
            reply.extend(visit.spelling.object(vec![("goodsId", Fact::Id(goods_id))]));
        }
        return Ok(reply);
    }
    let audit_id = shelf::new_submission(visit.memory)?;
    (goods.status, goods.audit_id) = (IN_REVIEW, Some(audit_id));
    let goods_id = shelf::insert(visit.memory, &goods, Some(review_ends(visit)))?;
    Ok(visit.spelling.reply(vec![("goodsId", Fact::Id(goods_id)), ("auditId", Fact::Id(audit_id))]))
}

/// `resetaudit`: out of review, for whoever knows the submission.
pub(super) fn withdraw(visit: &Visit<'_>, asked: &Submission) -> Reply {
    let goods = own(visit, asked.goods_id)?;
    let refuse = |code| Err(Refusal::new(code));
    match goods.status {
        IN_REVIEW if goods.audit_id.is_some_and(|id| id.unsigned_abs() == asked.audit_id) => {
            shelf::withdraw(visit.memory, goods.goods_id)?;
            Ok(visit.spelling.reply(Vec::new()))
        }
        IN_REVIEW => refuse(300_009),
        NOT_SUBMITTED => refuse(300_017),
        _ => refuse(300_010),
    }
}

/// `audit`: into review once more, as a new submission.
pub(super) fn resubmit(visit: &Visit<'_>, asked: &One) -> Reply {
    let goods = own(visit, asked.goods_id)?;
    if !matches!(goods.status, NOT_SUBMITTED | REFUSED) {
        return Err(Refusal::new(300_010));
    }
    let audit_id = shelf::submit(visit.memory, &goods, review_ends(visit))?;
    Ok(visit.spelling.reply(vec![("auditId", Fact::Id(audit_id))]))
}

/// `delete`: final, and not while in review.
pub(super) fn delete(visit: &Visit<'_>, asked: &One) -> Reply {
    let goods = own(visit, asked.goods_id)?;
    if goods.status == IN_REVIEW {
        return Err(Refusal::new(300_014));
    }
    shelf::delete(visit.memory, goods.goods_id)?;
    Ok(visit.spelling.reply(Vec::new()))
}

/// `update`: approved goods take prices alone, goods in review nothing, all others every field.
pub(super) fn update(visit: &Visit<'_>, change: Change) -> Reply {
    let goods = own(visit, change.goods_id)?;
    let beyond_price = change.name.is_some()
        || change.cover_img_url.is_some()
        || change.url.is_some()
        || change.third_party_appid.is_some();
    let prices = change.price_type.is_some() || change.price.is_some() || change.price2.is_some();
    if goods.status == IN_REVIEW || (goods.status == APPROVED && beyond_price) {
        return Err(Refusal::new(300_010));
    }
    if !beyond_price && !prices {
        return Err(Refusal::because(47001, "no field to change"));
    }
    let changed = merged(visit, goods, change)?;
    shelf::rewrite(visit.memory, &changed)?;
    Ok(visit.spelling.reply(Vec::new()))
}

fn merged(visit: &Visit<'_>, mut goods: Shelved, change: Change) -> Result<Shelved, Refusal> {
    if let Some(name) = change.name {
        rules::name(&name)?;
        goods.name = name;
    }
    if let Some(url) = change.url {
        rules::url(&url)?;
        goods.url = url;
    }
    if let Some(cover) = change.cover_img_url {
        media::usable(visit, &cover)?;
        goods.cover = cover;
    }
    if let Some(appid) = change.third_party_appid {
        goods.third_party_appid = appid;
    }
    let kind = change.price_type.unwrap_or(goods.price_type);
    let price = change.price.as_ref().map(rules::fen).transpose()?.unwrap_or(goods.price);
    // Goods that become fixed-price lose the price they had beside it; nobody may send one along.
    let kept = goods.price2.filter(|_| kind != 1);
    let price2 = change.price2.as_ref().map(rules::fen).transpose()?.or(kept);
    let pricing = Pricing { kind, price, price2 }.checked()?;
    Ok(Shelved { price_type: pricing.kind, price: pricing.price, price2: pricing.price2, ..goods })
}

/// The goods of an id that the API may touch, as reviews have left them by now.
fn own(visit: &Visit<'_>, goods_id: u64) -> Result<Shelved, Refusal> {
    shelf::settle(visit.memory, visit.now)?;
    let goods = shelf::find(visit.memory, goods_id)?.ok_or_else(|| Refusal::new(1003))?;
    if matches!(goods.tag, 1 | 2) { Ok(goods) } else { Err(Refusal::new(300_011)) }
}

fn review_ends(visit: &Visit<'_>) -> i64 {
    let span = i64::try_from(visit.options.review_time.as_millis()).unwrap_or(i64::MAX);
    visit.now.saturating_add(span)
}
