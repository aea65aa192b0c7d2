//! What was asked of the stand-in, for tests that count calls.

use std::collections::{BTreeMap, VecDeque};

use axum::body::Bytes;

use super::call::Call;
use super::fault::Kind;

/// The latest requests that are kept; the counts are of all.
const KEPT: usize = 10_000;

/// One request and what came of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which call.
    pub call: Call,
    /// The body as it came; empty for GET and for uploads.
    pub body: Bytes,
    /// The errcode the call came to, 0 for success; `None` when a fault kept it from being carried out.
    pub errcode: Option<i64>,
    /// The fault that struck.
    pub fault: Option<Kind>,
}

/// The requests so far.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    counts: BTreeMap<Call, u64>,
    log: VecDeque<Asked>,
}

impl Calls {
    /// How often a call was asked for, faults and refusals included.
    pub fn count(&self, call: Call) -> u64 {
        self.counts.get(&call).copied().unwrap_or(0)
    }

    /// The latest ten thousand requests, oldest first.
    pub fn log(&self) -> impl Iterator<Item = &Asked> {
        self.log.iter()
    }

    pub(super) fn note(&mut self, asked: Asked) {
        *self.counts.entry(asked.call).or_default() += 1;
        if self.log.len() == KEPT {
            self.log.pop_front();
        }
        self.log.push_back(asked);
    }
}
