//! The service behind a network: each method of [`Service`] into exactly one request.

use std::sync::Arc;
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::goods::{AuditId, AuditStatus, GoodsId};
use crate::library::{Change, GoodsInfo, Listed, Page};

use super::codes::Class;
use super::forms;
use super::reply::Reply;
use super::service::{Added, Call, Failure, QuotaFigures, Refusal, Service};
use super::token::{Fresh, Held, TokenKey, TokenStore, Tokens};
use super::wire::{Body, Request, Wire};

const STABLE_TOKEN: &str = "/cgi-bin/stable_token";
const QUOTA_GET: &str = "/cgi-bin/openapi/quota/get";

/// What an address spells with a percent sign: all but letters, digits and `*-._`.
const QUERY_VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');

/// Between two tries to get a token: a hiccup of that one call must not end a run.
const TOKEN_PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];

/// What a client needs to know.
pub struct Settings {
    /// `https://api.weixin.qq.com`, or another server that speaks the same.
    pub api_base: String,
    /// The mini-program.
    pub appid: String,
    /// Its AppSecret.
    pub secret: SecretString,
    /// How long one call may take, from connecting to the last byte of its reply.
    pub timeout: Duration,
    /// How many threads call at once.
    pub jobs: usize,
    /// Where the token is kept between runs.
    pub tokens: Arc<dyn TokenStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Why there is no client: the configuration is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The api base is no address.
    #[error("the address of the service is not an http or https address without a query; mend --api-base")]
    Address,
    /// TLS cannot be set up.
    #[error("cannot set up TLS: {0}; install the system's CA certificates")]
    Tls(String),
}

/// The service behind a network.
pub struct Client {
    wire: Wire,
    tokens: Tokens,
    appid: String,
    secret: SecretString,
    clock: Arc<dyn Clock>,
}

impl Client {
    /// A client that has not called anything yet; the first call gets a token.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let Settings { api_base, appid, secret, timeout, jobs, tokens, clock } = settings;
        let wire = Wire::new(&api_base, timeout, jobs, Arc::clone(&clock))?;
        let key = TokenKey { api_base, appid: appid.clone() };
        let tokens = Tokens::new(key, tokens, Arc::clone(&clock));
        Ok(Self { wire, tokens, appid, secret, clock })
    }

    /// Sends one call with the token in hand and reads its answer.
    fn call<T>(
        &self,
        request: Request<'_>,
        errcode: Errcode,
        read: impl FnOnce(Reply<'_>) -> Option<T>,
    ) -> Result<T, Failure> {
        let held = self.tokens.current(|| self.fetch())?;
        let value = self.wire.send(request.with("access_token", held.token.expose_secret()))?;
        let answer = judge(&value, errcode, read);
        answer.map_err(|failure| self.censored(failure, Some(&held)))
    }

    fn post<T>(
        &self,
        call: Call,
        body: Vec<u8>,
        read: impl FnOnce(Reply<'_>) -> Option<T>,
    ) -> Result<T, Failure> {
        self.call(Request::new(call.path(), Body::Json(body)), Errcode::Always, read)
    }

    /// Gets a token. Whatever goes wrong here, the call that needs it has not been sent; only what no repetition
    /// can mend is handed on as the service said it.
    fn fetch(&self) -> Result<Fresh, Failure> {
        let mut pauses = TOKEN_PAUSES.into_iter();
        loop {
            let failure = match self.ask_for_token() {
                Ok(fresh) => return Ok(fresh),
                Err(failure) => failure,
            };
            let may_pass = match &failure {
                Failure::Refused(refusal) => refusal.class() == Class::System,
                Failure::Lost(_) | Failure::Unnamed(_) => true,
                Failure::NotSent(_) => false,
            };
            match pauses.next().filter(|_| may_pass) {
                Some(pause) if self.clock.sleep(pause) => {}
                _ => return Err(never_sent(failure)),
            }
        }
    }

    fn ask_for_token(&self) -> Result<Fresh, Failure> {
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret.expose_secret(),
            "force_refresh": false,
        });
        let request = Request::new(STABLE_TOKEN, Body::Json(body.to_string().into_bytes()));
        let answer = self.wire.send(request).and_then(|value| {
            judge(&value, Errcode::MayBeAbsent, |reply| {
                let token = reply.text("accessToken").filter(|token| !token.is_empty())?;
                Some(Fresh { token: token.into(), expires_in: reply.whole("expiresIn")? })
            })
        });
        answer.map_err(|failure| self.censored(failure, None))
    }

    /// Names the token by its number, and takes it and the secret out of what the service said.
    fn censored(&self, failure: Failure, held: Option<&Held>) -> Failure {
        let Failure::Refused(mut refusal) = failure else { return failure };
        let token = held.map_or("", |held| held.token.expose_secret());
        for secret in [token, self.secret.expose_secret()].into_iter().filter(|secret| !secret.is_empty()) {
            // Whoever repeats the address of a call repeats it as it was sent.
            for spelling in [secret, &in_address(secret)] {
                refusal.message = refusal.message.replace(spelling, "***");
            }
        }
        refusal.token = held.map_or(0, |held| held.epoch);
        Failure::Refused(refusal)
    }
}

impl Service for Client {
    fn add(&self, goods: &GoodsInfo) -> Result<Added, Failure> {
        let request = Request::new(Call::Add.path(), Body::Json(forms::add_body(goods)));
        self.call(request, Errcode::MayBeAbsent, forms::added)
    }

    fn withdraw(&self, goods: GoodsId, audit: AuditId) -> Result<(), Failure> {
        self.post(Call::Withdraw, forms::withdraw_body(goods, audit), |_| Some(()))
    }

    fn resubmit(&self, goods: GoodsId) -> Result<AuditId, Failure> {
        self.post(Call::Resubmit, forms::goods_body(goods), forms::audit_id)
    }

    fn delete(&self, goods: GoodsId) -> Result<(), Failure> {
        self.post(Call::Delete, forms::goods_body(goods), |_| Some(()))
    }

    fn update(&self, goods: GoodsId, change: &Change) -> Result<(), Failure> {
        self.post(Call::Update, forms::update_body(goods, change), |_| Some(()))
    }

    fn upload(&self, picture: &[u8], filename: &str) -> Result<String, Failure> {
        let body = Body::Picture { bytes: picture, filename };
        let request = Request::new(Call::Upload.path(), body).with("type", "image");
        self.call(request, Errcode::MayBeAbsent, |reply| reply.text("mediaId").filter(|id| !id.is_empty()))
    }

    fn list(&self, status: AuditStatus, offset: u64, limit: u64) -> Result<Page, Failure> {
        let request = Request::new(Call::List.path(), Body::None)
            .with("offset", offset)
            .with("limit", limit)
            .with("status", status.code());
        self.call(request, Errcode::Always, |reply| forms::page(reply, status))
    }

    fn status(&self, ids: &[GoodsId]) -> Result<Vec<Listed>, Failure> {
        self.post(Call::Status, forms::status_body(ids), forms::warehouse)
    }

    fn quota(&self, call: Call) -> Result<QuotaFigures, Failure> {
        let body = json!({ "cgi_path": call.path() }).to_string().into_bytes();
        let request = Request::new(QUOTA_GET, Body::Json(body));
        self.call(request, Errcode::Always, forms::quota_figures)
    }

    fn renew(&self, stale: u64) -> Result<bool, Failure> {
        self.tokens.replace(stale, || self.fetch())
    }
}

/// What the want of a token means for the call that needs it.
fn never_sent(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) if matches!(refusal.class(), Class::Fatal | Class::Token) => {
            Failure::Refused(refusal)
        }
        Failure::NotSent(why) => Failure::NotSent(why),
        other => Failure::NotSent(format!("could not get an access token: {other}")),
    }
}

/// Whether the documents promise an errcode in every reply.
#[derive(Clone, Copy)]
enum Errcode {
    /// A reply without one is not the documented JSON.
    Always,
    /// Without one, the fields decide.
    MayBeAbsent,
}

fn judge<T>(
    value: &Value,
    errcode: Errcode,
    read: impl FnOnce(Reply<'_>) -> Option<T>,
) -> Result<T, Failure> {
    let reply = Reply::of(value).ok_or_else(|| lacking("an object"))?;
    let told = reply.get("errcode").is_some();
    let code = match errcode {
        Errcode::MayBeAbsent if !told => 0,
        _ => reply.whole("errcode").ok_or_else(|| lacking("an errcode"))?,
    };
    if code == 0 {
        let unnamed = if told { Failure::Unnamed(FIELDS) } else { lacking(FIELDS) };
        return read(reply).ok_or(unnamed);
    }
    let message = one_line(&reply.text("errmsg").unwrap_or_default());
    Err(Failure::Refused(Refusal { code, message, goods_id: forms::goods_id(reply), token: 0 }))
}

/// What a reply of the documented form holds beside its errcode.
const FIELDS: &str = "the documented fields";

fn lacking(what: &str) -> Failure {
    Failure::Lost(format!("a reply without {what}"))
}

/// A value as it stands in the query of an address.
fn in_address(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, QUERY_VALUE).to_string()
}

/// The service's words, fit for a cell and a terminal.
fn one_line(message: &str) -> String {
    const LONGEST: usize = 100_000;
    message.chars().take(LONGEST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
