//! Bodies into the documented requests, as strictly as the service reads them: a field too many, or a number
//! sent as text, is refused.

use axum::body::Bytes;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Number, Value};

use super::refusal::Refusal;

/// `stable_token`; what is missing has an errcode of its own, so nothing is required here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StableToken {
    pub(super) grant_type: Option<String>,
    pub(super) appid: Option<String>,
    pub(super) secret: Option<String>,
    #[serde(default)]
    pub(super) force_refresh: bool,
}

/// `quota/get`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuotaPath {
    pub(super) cgi_path: String,
}

/// The wrapper of add and update.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Wrapped<T> {
    goods_info: Option<T>,
}

/// `goodsInfo` of an add.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct NewGoods {
    pub(super) cover_img_url: String,
    pub(super) name: String,
    pub(super) price_type: u8,
    pub(super) price: Number,
    #[serde(default, deserialize_with = "present")]
    pub(super) price2: Option<Number>,
    pub(super) url: String,
    #[serde(default, deserialize_with = "present")]
    pub(super) third_party_appid: Option<String>,
}

/// `goodsInfo` of an update: the goods and the fields to change.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Change {
    pub(super) goods_id: u64,
    #[serde(default, deserialize_with = "present")]
    pub(super) cover_img_url: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) price_type: Option<u8>,
    #[serde(default, deserialize_with = "present")]
    pub(super) price: Option<Number>,
    #[serde(default, deserialize_with = "present")]
    pub(super) price2: Option<Number>,
    #[serde(default, deserialize_with = "present")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "present")]
    pub(super) third_party_appid: Option<String>,
}

/// `resetaudit`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Submission {
    pub(super) goods_id: u64,
    pub(super) audit_id: u64,
}

/// `audit` and `delete`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct One {
    pub(super) goods_id: u64,
}

/// `getgoodswarehouse`; its one key is documented in snake_case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Several {
    pub(super) goods_ids: Vec<u64>,
}

/// A field that may be left out but is not `null`.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// What came with a request: its body, and whether its header says JSON.
pub(super) struct Sent {
    pub(super) json: bool,
    pub(super) bytes: Bytes,
}

impl Sent {
    /// The body as a request without a wrapper.
    pub(super) fn plain<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        if self.bytes.is_empty() {
            return Err(Refusal::new(44002));
        }
        if !self.json {
            return Err(Refusal::because(47001, "Content-Type is not application/json"));
        }
        serde_json::from_slice(&self.bytes).map_err(|error| Refusal::because(47001, error))
    }

    /// The body as a request inside `goodsInfo`.
    pub(super) fn wrapped<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        let absent = || Refusal::new(200_002);
        if self.bytes.is_empty() {
            return Err(Refusal::new(44002));
        }
        if !self.json {
            return Err(absent());
        }
        match serde_json::from_slice::<Wrapped<T>>(&self.bytes) {
            Ok(wrapped) => wrapped.goods_info.ok_or_else(absent),
            Err(error) => match serde_json::from_slice::<Map<String, Value>>(&self.bytes) {
                Ok(object) if !object.contains_key("goodsInfo") => Err(absent()),
                _ => Err(Refusal::because(47001, error)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(read: Result<T, Refusal>) -> i64 {
        read.err().map_or(0, |refusal| refusal.code)
    }

    fn sent(body: &str) -> Sent {
        Sent { json: true, bytes: Bytes::copy_from_slice(body.as_bytes()) }
    }

    #[test]
    fn ids_are_numbers_and_nothing_else() {
        assert_eq!(code(sent(r#"{"goodsId":52000000001}"#).plain::<One>()), 0);
        for body in
            [r#"{"goodsId":"52000000001"}"#, r#"{"goodsId":1.0}"#, r#"{"goodsId":-1}"#, r#"{"goodsId":null}"#]
        {
            assert_eq!(code(sent(body).plain::<One>()), 47001, "{body}");
        }
        assert_eq!(code(sent(r#"{"goods_id":1}"#).plain::<One>()), 47001);
        assert_eq!(code(sent(r#"{"goodsId":1,"auditId":2}"#).plain::<One>()), 47001);
    }

    #[test]
    fn what_lacks_the_wrapper_lacks_goods_info() {
        assert_eq!(code(sent(r#"{"goodsId":1}"#).wrapped::<Change>()), 200_002);
        assert_eq!(code(sent("{}").wrapped::<Change>()), 200_002);
        assert_eq!(code(sent(r#"{"goodsInfo":null}"#).wrapped::<Change>()), 200_002);
        assert_eq!(code(sent(r#"{"goodsInfo":{"goodsId":1}}"#).wrapped::<Change>()), 0);
        assert_eq!(code(sent(r#"{"goodsInfo":{"goodsId":1,"price2":null}}"#).wrapped::<Change>()), 47001);
        assert_eq!(code(sent("goodsInfo").wrapped::<Change>()), 47001);
        assert_eq!(code(sent("").wrapped::<Change>()), 44002);
    }
}
