//! A caller of the stand-in that knows nothing but HTTP and JSON, so that the tests hold the documents' words.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use livegoods::clock::ManualClock;
use livegoods::sandbox::{Options, Replies, Sandbox};
use reqwest::blocking::Client;
use reqwest::blocking::multipart::{Form, Part};
use serde_json::{Value, json};

pub const ADD: &str = "/wxaapi/broadcast/goods/add";
pub const WITHDRAW: &str = "/wxaapi/broadcast/goods/resetaudit";
pub const RESUBMIT: &str = "/wxaapi/broadcast/goods/audit";
pub const DELETE: &str = "/wxaapi/broadcast/goods/delete";
pub const UPDATE: &str = "/wxaapi/broadcast/goods/update";
pub const STATUS: &str = "/wxa/business/getgoodswarehouse";
pub const LIST: &str = "/wxaapi/broadcast/goods/getapproved";
pub const UPLOAD: &str = "/cgi-bin/media/upload";
pub const QUOTA: &str = "/cgi-bin/openapi/quota/get";
pub const STABLE: &str = "/cgi-bin/stable_token";
pub const OLDER: &str = "/cgi-bin/token";

pub const COVER: &str = "SANDBOX-COVER-IMAGE-01";

/// A stand-in with documented spelling and a clock of its own, and somebody who calls it.
pub struct Caller {
    pub sandbox: Sandbox,
    pub clock: Arc<ManualClock>,
    pub http: Client,
    pub token: String,
}

/// Noon in Beijing, so that a few hours do not turn the day by accident.
pub fn noon() -> Arc<ManualClock> {
    let noon: Timestamp = "2026-11-21T04:00:00Z".parse().expect("a timestamp");
    Arc::new(ManualClock::at(noon))
}

pub fn caller() -> Caller {
    caller_of(Options::default())
}

/// Starts with `options`, but with the documented spelling and a manual clock.
pub fn caller_of(options: Options) -> Caller {
    let clock = noon();
    start(Options { replies: Replies::Documented, clock: clock.clone(), ..options }, clock)
}

pub fn start(options: Options, clock: Arc<ManualClock>) -> Caller {
    let sandbox = Sandbox::start(options).expect("a running sandbox");
    let http = Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().expect("a client");
    let mut caller = Caller { sandbox, clock, http, token: String::new() };
    caller.renew();
    caller
}

pub fn goods(name: &str) -> Value {
    json!({ "coverImgUrl": COVER, "name": name, "priceType": 1, "price": 99.5, "url": "pages/goods/index?id=1" })
}

pub fn code(reply: &Value) -> i64 {
    reply["errcode"].as_i64().unwrap_or_else(|| panic!("an errcode in {reply}"))
}

impl Caller {
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}?access_token={}", self.sandbox.base_url(), self.token)
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.http.post(self.url(path)).json(body).send().expect("an answer").json().expect("JSON")
    }

    pub fn get(&self, path: &str, query: &str) -> Value {
        self.http.get(format!("{}&{query}", self.url(path))).send().expect("an answer").json().expect("JSON")
    }

    pub fn code(&self, path: &str, body: &Value) -> i64 {
        code(&self.post(path, body))
    }

    pub fn list(&self, status: u8) -> Value {
        self.get(LIST, &format!("offset=0&limit=100&status={status}"))
    }

    pub fn ask_token(&self, force_refresh: bool) -> Value {
        let body = json!({
            "grant_type": "client_credential", "appid": self.sandbox.appid(), "secret": self.sandbox.secret(),
            "force_refresh": force_refresh,
        });
        self.post(STABLE, &body)
    }

    pub fn renew(&mut self) {
        let reply = self.ask_token(false);
        self.token =
            reply["access_token"].as_str().unwrap_or_else(|| panic!("a token in {reply}")).to_owned();
    }

    /// Adds goods and gives goodsId and auditId.
    pub fn add(&self, name: &str) -> (u64, u64) {
        let reply = self.post(ADD, &json!({ "goodsInfo": goods(name) }));
        assert_eq!(code(&reply), 0, "{reply}");
        (reply["goodsId"].as_u64().expect("a goodsId"), reply["auditId"].as_u64().expect("an auditId"))
    }

    /// The errcode of an add whose `goodsInfo` has `fields` changed; `null` takes a field away.
    pub fn add_with(&self, fields: &Value) -> i64 {
        let mut info = goods("示例商品");
        let object = info.as_object_mut().expect("an object");
        for (key, value) in fields.as_object().expect("an object") {
            match value {
                Value::Null => object.remove(key),
                value => object.insert(key.clone(), value.clone()),
            };
        }
        self.code(ADD, &json!({ "goodsInfo": info }))
    }

    pub fn audit_status(&self, goods_id: u64) -> i64 {
        let reply = self.post(STATUS, &json!({ "goods_ids": [goods_id] }));
        reply["goods"][0]["audit_status"].as_i64().unwrap_or_else(|| panic!("a status in {reply}"))
    }

    pub fn approve(&self) {
        self.clock.step(Duration::from_secs(60));
    }

    pub fn upload(&self, part_name: &'static str, filename: Option<&'static str>, bytes: Vec<u8>) -> Value {
        let part = Part::bytes(bytes);
        let part = match filename {
            Some(name) => part.file_name(name),
            None => part,
        };
        let form = Form::new().part(part_name, part);
        let url = format!("{}&type=image", self.url(UPLOAD));
        self.http.post(url).multipart(form).send().expect("an answer").json().expect("JSON")
    }

    pub fn used(&self, path: &str) -> Value {
        self.post(QUOTA, &json!({ "cgi_path": path }))["quota"].clone()
    }
}
