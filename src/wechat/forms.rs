//! Goods into request bodies, and replies into goods: the spelling of the wire in one place.

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::{Number, Value, json};

use crate::goods::{AuditId, AuditStatus, GoodsId};
use crate::library::{Change, GoodsInfo, Listed, Page};

use super::reply::Reply;
use super::service::{Added, QuotaFigures, RateLimit};

/// `{"goodsInfo": …}`: without the wrapper the service answers 200002.
#[derive(Serialize)]
struct Wrapped<'a> {
    #[serde(rename = "goodsInfo")]
    goods_info: Fields<'a>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Fields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    goods_id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cover_img_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price_type: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price2: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    third_party_appid: Option<&'a str>,
}

/// The body of `add`.
pub(super) fn add_body(goods: &GoodsInfo) -> Vec<u8> {
    let third_party = goods.third_party_appid.as_str();
    encode(Fields {
        goods_id: None,
        cover_img_url: Some(&goods.cover_img_url),
        name: Some(&goods.name),
        price_type: Some(goods.pricing.kind().code()),
        price: Some(number(goods.pricing.price())),
        price2: goods.pricing.price2().map(number),
        url: Some(&goods.url),
        third_party_appid: (!third_party.is_empty()).then_some(third_party),
    })
}

/// The body of `update`: the id and the fields that change.
pub(super) fn update_body(goods: GoodsId, change: &Change) -> Vec<u8> {
    encode(Fields {
        goods_id: Some(goods.0),
        cover_img_url: change.cover_img_url.as_deref(),
        name: change.name.as_deref(),
        price_type: change.price_type.map(|kind| kind.code()),
        price: change.price.map(number),
        price2: change.price2.map(number),
        url: change.url.as_deref(),
        third_party_appid: change.third_party_appid.as_deref(),
    })
}

/// The body of `resetaudit`.
pub(super) fn withdraw_body(goods: GoodsId, audit: AuditId) -> Vec<u8> {
    json!({ "auditId": audit.0, "goodsId": goods.0 }).to_string().into_bytes()
}

/// The body of `audit` and `delete`.
pub(super) fn goods_body(goods: GoodsId) -> Vec<u8> {
    json!({ "goodsId": goods.0 }).to_string().into_bytes()
}

/// The body of `getgoodswarehouse`.
pub(super) fn status_body(ids: &[GoodsId]) -> Vec<u8> {
    let ids: Vec<u64> = ids.iter().map(|id| id.0).collect();
    json!({ "goods_ids": ids }).to_string().into_bytes()
}

fn encode(goods_info: Fields<'_>) -> Vec<u8> {
    serde_json::to_vec(&Wrapped { goods_info }).expect("text and numbers always encode")
}

/// A price as a JSON number with exactly its digits: never through a binary float, never as text.
fn number(price: Decimal) -> Number {
    Number::from_string_unchecked(price.normalize().to_string())
}

/// The answer to `add`. Goods that are told exist, whatever else the reply lacks.
pub(super) fn added(reply: Reply<'_>) -> Option<Added> {
    Some(Added { goods_id: goods_id(reply)?, audit_id: audit_id(reply) })
}

/// The goodsId of a reply.
pub(super) fn goods_id(reply: Reply<'_>) -> Option<GoodsId> {
    reply.id("goodsId").map(GoodsId)
}

/// The auditId of a reply.
pub(super) fn audit_id(reply: Reply<'_>) -> Option<AuditId> {
    reply.id("auditId").map(AuditId)
}

/// One page of `getapproved`; its goods have the status that was asked for.
pub(super) fn page(reply: Reply<'_>, status: AuditStatus) -> Option<Page> {
    let goods = reply.get("goods").map_or(Some(Vec::new()), |goods| listed_all(goods, Some(status)))?;
    Some(Page { total: reply.whole("total")?, goods })
}

/// The goods of `getgoodswarehouse`; its `total` is not reliable and not read.
pub(super) fn warehouse(reply: Reply<'_>) -> Option<Vec<Listed>> {
    listed_all(reply.get("goods")?, None)
}

fn listed_all(goods: &Value, asked: Option<AuditStatus>) -> Option<Vec<Listed>> {
    goods.as_array()?.iter().map(|goods| listed(Reply::of(goods)?, asked)).collect()
}

fn listed(goods: Reply<'_>, asked: Option<AuditStatus>) -> Option<Listed> {
    Some(Listed {
        goods_id: goods_id(goods)?,
        cover_img_url: goods.text("coverImgUrl").unwrap_or_default(),
        name: goods.text("name")?,
        price: goods.decimal("price")?,
        price2: goods.decimal("price2"),
        url: goods.text("url")?,
        price_type: goods.whole("priceType")?,
        audit_status: asked.or_else(|| goods.whole("auditStatus").and_then(AuditStatus::from_code)),
        third_party_tag: goods.whole("thirdPartyTag"),
    })
}

/// The answer to `quota/get`.
pub(super) fn quota_figures(reply: Reply<'_>) -> Option<QuotaFigures> {
    let quota = reply.object("quota")?;
    let rate_limit = reply.object("rateLimit").and_then(|limit| {
        Some(RateLimit { call_count: limit.id("callCount")?, refresh_second: limit.id("refreshSecond")? })
    });
    Some(QuotaFigures {
        daily_limit: quota.whole("dailyLimit")?,
        used: quota.whole("used")?,
        remain: quota.whole("remain")?,
        rate_limit,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::{PriceType, Pricing};

    fn info(pricing: Pricing) -> GoodsInfo {
        GoodsInfo {
            cover_img_url: "SANDBOX-COVER-IMAGE-01".into(),
            name: "手冲咖啡壶".into(),
            pricing,
            url: "pages/goods/detail?id=1".into(),
            third_party_appid: String::new(),
        }
    }

    fn text(body: Vec<u8>) -> String {
        String::from_utf8(body).expect("UTF-8")
    }

    fn price(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn a_fixed_price_sends_neither_price2_nor_an_empty_appid() {
        assert_eq!(
            text(add_body(&info(Pricing::Fixed(price("99.50"))))),
            r#"{"goodsInfo":{"coverImgUrl":"SANDBOX-COVER-IMAGE-01","name":"手冲咖啡壶","priceType":1,"price":99.5,"url":"pages/goods/detail?id=1"}}"#
        );
    }

    #[test]
    fn prices_are_numbers_with_exactly_their_digits() {
        let mut goods = info(Pricing::Discount(price("12345678901234567.89"), price("100.00")));
        goods.third_party_appid = "wx0123456789abcdef".into();
        let body = text(add_body(&goods));
        assert!(body.contains(r#""priceType":3,"price":12345678901234567.89,"price2":100,"#), "{body}");
        assert!(body.contains(r#""thirdPartyAppid":"wx0123456789abcdef""#), "{body}");
    }

    #[test]
    fn an_update_sends_the_changed_fields_alone() {
        let change = Change {
            price_type: Some(PriceType::Range),
            price2: Some(price("20.10")),
            third_party_appid: Some(String::new()),
            ..Change::default()
        };
        assert_eq!(
            text(update_body(GoodsId(9_007_199_254_740_993), &change)),
            r#"{"goodsInfo":{"goodsId":9007199254740993,"priceType":2,"price2":20.1,"thirdPartyAppid":""}}"#
        );
    }

    #[test]
    fn ids_are_written_as_numbers() {
        let goods = GoodsId(u64::MAX);
        assert_eq!(text(withdraw_body(goods, AuditId(2))), r#"{"auditId":2,"goodsId":18446744073709551615}"#);
        assert_eq!(text(status_body(&[goods, GoodsId(1)])), r#"{"goods_ids":[18446744073709551615,1]}"#);
    }

    #[test]
    fn a_warehouse_reply_in_snake_case_is_read() {
        let value: Value = serde_json::from_str(
            r#"{"errcode":0,"total":9,"goods":[{"goods_id":"525022184","cover_img_url":"http://a/b","name":"x",
                "price":12300,"url":"pages/a","price_type":"1","price2":0,"audit_status":"2","third_party_tag":2}]}"#,
        )
        .expect("JSON");
        let goods = warehouse(Reply::of(&value).expect("an object")).expect("goods");
        assert_eq!(goods[0].goods_id, GoodsId(525_022_184));
        assert_eq!(goods[0].audit_status, Some(AuditStatus::Approved));
        assert_eq!((goods[0].price, goods[0].price2), (Decimal::from(12300), Some(Decimal::ZERO)));
    }

    #[test]
    fn a_list_of_goods_without_an_id_is_unreadable() {
        let value: Value =
            serde_json::from_str(r#"{"total":1,"goods":[{"name":"x","price":1,"url":"u","priceType":1}]}"#)
                .expect("JSON");
        assert_eq!(page(Reply::of(&value).expect("an object"), AuditStatus::Approved), None);
    }
}
