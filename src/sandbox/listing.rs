//! The calls that read goods.

use std::collections::{BTreeSet, HashMap};

use super::refusal::Refusal;
use super::shelf::{self, Shelved};
use super::spelling::{Fact, Facts};
use super::visit::{Reply, Visit};
use super::wire::Several;

const IDS_A_CALL: usize = 20;
const LIMIT: i64 = 30;
const MOST: i64 = 100;

/// `getgoodswarehouse`: goods by id, with their audit status; ids nobody knows are left out.
pub(super) fn status(visit: &Visit<'_>, asked: &Several) -> Reply {
    if asked.goods_ids.is_empty() || asked.goods_ids.len() > IDS_A_CALL {
        return Err(Refusal::because(47001, "goods_ids holds 1 to 20 ids"));
    }
    shelf::settle(visit.memory, visit.now)?;
    let mut rows = Vec::with_capacity(asked.goods_ids.len());
    for goods_id in asked.goods_ids.iter().copied().collect::<BTreeSet<u64>>() {
        rows.extend(shelf::find(visit.memory, goods_id)?.map(|goods| {
            let status = Fact::Code(i64::from(goods.status));
            let mut facts = facts(visit, goods);
            facts.push(("auditStatus", status));
            facts
        }));
    }
    let total = i64::try_from(rows.len()).unwrap_or(0) + visit.spelling.slip;
    Ok(visit.spelling.reply(vec![("total", Fact::Count(total.max(0))), ("goods", Fact::Rows(rows))]))
}

/// `getapproved`: a page of the goods that have the status asked for.
pub(super) fn list(visit: &Visit<'_>, query: &HashMap<String, String>) -> Reply {
    let number = |key: &str, default: i64| match query.get(key) {
        None => Ok(default),
        Some(text) => text.parse::<i64>().map_err(|_| Refusal::because(47001, key)),
    };
    let status = query.get("status").and_then(|text| text.parse::<u8>().ok()).filter(|&status| status <= 3);
    let status = status.ok_or_else(|| Refusal::because(-1, "status is 0, 1, 2 or 3"))?;
    let (offset, limit) = (number("offset", 0)?, number("limit", LIMIT)?);
    if offset < 0 || !(1..=MOST).contains(&limit) {
        return Err(Refusal::because(47001, "offset is at least 0, limit 1 to 100"));
    }
    shelf::settle(visit.memory, visit.now)?;
    let total = shelf::count(visit.memory, status)?;
    let page = shelf::page(visit.memory, status, offset, limit)?;
    let rows = page.into_iter().map(|goods| facts(visit, goods)).collect();
    Ok(visit.spelling.reply(vec![("total", Fact::Count(total)), ("goods", Fact::Rows(rows))]))
}

/// What both calls say about goods. The cover is an address to read from: a media id never comes back.
fn facts(visit: &Visit<'_>, goods: Shelved) -> Facts {
    let mut facts = vec![
        ("goodsId", Fact::Id(goods.goods_id)),
        ("coverImgUrl", Fact::Text(format!("{}/picture/{}", visit.base_url, goods.cover))),
        ("name", Fact::Text(goods.name)),
        ("price", Fact::Price(goods.price)),
        ("url", Fact::Text(goods.url)),
        ("priceType", Fact::Code(i64::from(goods.price_type))),
        ("thirdPartyTag", Fact::Code(i64::from(goods.tag))),
    ];
    let zero = visit.spelling.zero_price2.then_some(0);
    facts.extend(goods.price2.or(zero).map(|price2| ("price2", Fact::Price(price2))));
    facts
}
