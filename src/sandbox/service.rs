//! One request into one answer: faults, token, pace, quota, then the call itself, all in one transaction.

use std::collections::HashMap;

use axum::http::Method;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rusqlite::{Connection, TransactionBehavior};
use serde_json::{Map, Value};

use super::call::Call;
use super::fault::{Faults, Kind, When};
use super::journal::{Asked, Calls};
use super::media::{self, Part};
use super::memory::{self, MemoryError};
use super::options::Options;
use super::quota::{self, Pace};
use super::refusal::Refusal;
use super::shelf::{self, APPROVED, BY_CONSOLE, Shelved};
use super::spelling::Spelling;
use super::visit::{Reply, Visit};
use super::wire::Sent;
use super::{goods, listing, token};

/// A request as it came in.
pub(super) struct Request {
    pub(super) call: Call,
    pub(super) method: Method,
    pub(super) query: HashMap<String, String>,
    pub(super) sent: Sent,
    pub(super) parts: Vec<Part>,
}

/// What goes back.
pub(super) enum Answer {
    /// Status 200 and a body that calls itself JSON, whether it is or not.
    Json(String),
    /// A status and a page of HTML.
    Page(u16),
    /// The connection is cut.
    Cut,
    /// Nothing, for as long as the client waits.
    Never,
}

/// The stand-in behind its door.
pub(super) struct Service {
    options: Options,
    base_url: String,
    memory: Connection,
    pace: Pace,
    faults: Faults,
    dice: StdRng,
    calls: Calls,
}

impl Service {
    pub(super) fn new(options: Options, base_url: String) -> Result<Self, MemoryError> {
        Ok(Self {
            memory: memory::open(options.memory.as_deref(), &options.appid)?,
            pace: Pace::default(),
            faults: Faults::new(&options.faults),
            dice: StdRng::seed_from_u64(options.seed),
            calls: Calls::default(),
            base_url,
            options,
        })
    }

    pub(super) fn calls(&self) -> Calls {
        self.calls.clone()
    }

    pub(super) fn goods(&self) -> Result<Vec<Shelved>, rusqlite::Error> {
        shelf::settle(&self.memory, self.options.clock.now().as_millisecond())?;
        shelf::all(&self.memory)
    }

    /// Approved goods that nobody added through the API.
    pub(super) fn put_console_goods(&self, name: &str) -> Result<i64, rusqlite::Error> {
        let goods = Shelved {
            goods_id: 0,
            audit_id: None,
            name: name.to_owned(),
            cover: "SANDBOX-COVER-IMAGE-01".to_owned(),
            price_type: 1,
            price: 9900,
            price2: None,
            url: "pages/console/index".to_owned(),
            third_party_appid: String::new(),
            status: APPROVED,
            tag: BY_CONSOLE,
        };
        shelf::insert(&self.memory, &goods, None)
    }

    pub(super) fn answer(&mut self, request: &Request) -> Answer {
        let strike = self.faults.strike(request.call, &mut self.dice);
        let fault = strike.map(|(kind, _)| kind);
        let carried_out = strike.is_none_or(|(kind, when)| when == When::After || kind == Kind::StaleToken);
        let reply = carried_out.then(|| self.work(request, fault));
        self.calls.note(Asked {
            call: request.call,
            body: request.sent.bytes.clone(),
            errcode: reply.as_ref().map(errcode),
            fault,
        });
        let text = |reply: Map<String, Value>| Value::Object(reply).to_string();
        match fault {
            Some(Kind::Lost) => Answer::Cut,
            Some(Kind::Hang) => Answer::Never,
            Some(Kind::ServerError) => Answer::Page(self.dice.random_range(500..=504)),
            Some(Kind::Errcode(code)) => Answer::Json(text(Refusal::new(code).into_reply())),
            Some(Kind::Garbage) => self.garbage(),
            Some(Kind::Truncated) => Answer::Json(half(&text(reply.unwrap_or_default()))),
            Some(Kind::StaleToken | Kind::NotSubmitted { .. }) | None => {
                Answer::Json(text(reply.unwrap_or_default()))
            }
        }
    }

    fn garbage(&mut self) -> Answer {
        match self.dice.random_range(0..5) {
            0 => Answer::Page(200),
            1 => Answer::Json(String::new()),
            2 => Answer::Json("{}".to_owned()),
            3 => Answer::Json("null".to_owned()),
            _ => Answer::Json("\u{feff}upstream connect error".to_owned()),
        }
    }

    fn work(&mut self, request: &Request, fault: Option<Kind>) -> Map<String, Value> {
        let spelling = Spelling::draw(&self.options, request.call, &mut self.dice);
        let now = self.options.clock.now().as_millisecond();
        let transaction = match self.memory.transaction_with_behavior(TransactionBehavior::Immediate) {
            Ok(transaction) => transaction,
            Err(error) => return Refusal::from(error).into_reply(),
        };
        let visit = Visit {
            memory: &transaction,
            options: &self.options,
            now,
            spelling,
            fault,
            base_url: &self.base_url,
        };
        let reply = carry_out(&visit, &mut self.pace, request).unwrap_or_else(Refusal::into_reply);
        // What is answered is kept: nothing leaves before the memory has it.
        match transaction.commit() {
            Ok(()) => reply,
            Err(error) => Refusal::from(error).into_reply(),
        }
    }
}

fn carry_out(visit: &Visit<'_>, pace: &mut Pace, request: &Request) -> Reply {
    let Request { call, method, query, sent, parts } = request;
    if *method != call.method() {
        return Err(Refusal::new(if call.method() == Method::GET { 43001 } else { 43002 }));
    }
    if !call.gives_tokens() {
        admit(visit, pace, request)?;
    }
    match call {
        Call::StableToken => token::stable(visit, &sent.plain()?),
        Call::Token => token::older(visit, query),
        Call::Quota => quota::figures(visit, &sent.plain()?),
        Call::Upload => media::upload(visit, query, parts),
        Call::Add => goods::add(visit, sent.wrapped()?),
        Call::Withdraw => goods::withdraw(visit, &sent.plain()?),
        Call::Resubmit => goods::resubmit(visit, &sent.plain()?),
        Call::Delete => goods::delete(visit, &sent.plain()?),
        Call::Update => goods::update(visit, sent.wrapped()?),
        Call::Status => listing::status(visit, &sent.plain()?),
        Call::List => listing::list(visit, query),
    }
}

/// Token, pace and quota, in this order: a call that comes too soon uses up nothing.
fn admit(visit: &Visit<'_>, pace: &mut Pace, request: &Request) -> Result<(), Refusal> {
    if visit.fault == Some(Kind::StaleToken) {
        token::kill(visit, &request.query)?;
    }
    token::admit(visit, &request.query)?;
    pace.admit(visit.options.rate, request.call, visit.now)?;
    quota::charge(visit, request.call)
}

fn errcode(reply: &Map<String, Value>) -> i64 {
    reply.get("errcode").and_then(Value::as_i64).unwrap_or(0)
}

fn half(text: &str) -> String {
    text.chars().take(text.chars().count() / 2).collect()
}
