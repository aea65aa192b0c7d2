//! One call's surroundings: its transaction, its moment, and how its reply is to be spelt.

use rusqlite::Transaction;
use serde_json::{Map, Value};

use super::fault::Kind;
use super::options::Options;
use super::refusal::Refusal;
use super::spelling::Spelling;

/// What a call is answered from.
pub(super) struct Visit<'a> {
    pub(super) memory: &'a Transaction<'a>,
    pub(super) options: &'a Options,
    /// Milliseconds since the Unix epoch.
    pub(super) now: i64,
    pub(super) spelling: Spelling,
    /// A fault that strikes in the middle of the work.
    pub(super) fault: Option<Kind>,
    pub(super) base_url: &'a str,
}

impl Visit<'_> {
    /// The number of the quota day.
    pub(super) fn day(&self) -> i64 {
        self.options.day.of(self.now.div_euclid(1000))
    }
}

/// What a call comes to: the reply's object, or a refusal.
pub(super) type Reply = Result<Map<String, Value>, Refusal>;
