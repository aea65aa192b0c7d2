//! A reason to say no into an errcode and its errmsg.

use serde_json::{Map, Value, json};

/// An errcode, and what the service says with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: i64,
    pub(super) message: String,
}

impl Refusal {
    /// The code with the words of the documents' table.
    pub(super) fn new(code: i64) -> Self {
        Self { code, message: words(code).to_owned() }
    }

    pub(super) fn because(code: i64, why: impl std::fmt::Display) -> Self {
        Self { code, message: format!("{}: {why}", words(code)) }
    }

    /// The reply, with the request's id behind the message as the service has it.
    pub(super) fn into_reply(self) -> Map<String, Value> {
        let rid: [u32; 3] = rand::random();
        let message = format!("{} rid: {:08x}-{:08x}-{:08x}", self.message, rid[0], rid[1], rid[2]);
        Map::from_iter([("errcode".to_owned(), json!(self.code)), ("errmsg".to_owned(), json!(message))])
    }
}

impl From<rusqlite::Error> for Refusal {
    /// The stand-in's own memory failed: to the caller, the service has a bad day.
    fn from(error: rusqlite::Error) -> Self {
        Self::because(-1, error)
    }
}

fn words(code: i64) -> &'static str {
    match code {
        -1 => "system error",
        1003 => "商品id不存在",
        40001 => "invalid credential, access_token is invalid or not latest",
        40002 => "invalid grant_type",
        40004 => "invalid media type",
        40005 => "invalid file type",
        40006 => "invalid media size",
        40009 => "invalid image size",
        40013 => "invalid appid",
        40014 => "invalid access_token",
        40125 => "invalid appsecret",
        41001 => "access_token missing",
        41002 => "appid missing",
        41004 => "appsecret missing",
        41005 => "media data missing",
        42001 => "access_token expired",
        43001 => "require GET method",
        43002 => "require POST method",
        44002 => "empty post data",
        45009 => "reach max api daily quota limit",
        45011 => "api minute-quota reach limit, must slower, retry next minute",
        47001 => "data format error",
        200002 => "goodsInfo must not be empty",
        300002 => "名称长度不符合规则",
        300003 => "价格输入不合规",
        300004 => "商品名称存在违规违法内容",
        300005 => "商品图片存在违规违法内容",
        300006 => "图片上传失败",
        300007 => "线上小程序版本不存在该链接",
        300009 => "商品审核撤回失败",
        300010 => "商品审核状态不对",
        300011 => "操作非法",
        300012 => "没有提审额度",
        300014 => "审核中,无法删除",
        300017 => "商品未提审",
        300018 => "图片尺寸超限",
        300021 => "商品添加成功,审核失败",
        _ => "error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_ends_with_the_id_of_its_request() {
        let reply = Refusal::new(1003).into_reply();
        let message = reply["errmsg"].as_str().expect("a message");
        let (words, rid) = message.split_once(" rid: ").expect("a rid");
        assert_eq!(words, "商品id不存在");
        let parts: Vec<&str> = rid.split('-').collect();
        assert_eq!(parts.len(), 3);
        assert!(parts.iter().all(|part| part.len() == 8 && part.bytes().all(|b| b.is_ascii_hexdigit())));
    }
}
