//! What makes one verb different from another: what it calls, and what an answer means for the row's line.

use jiff::Timestamp;

use crate::results::Line;
use crate::wechat::{Call, Failure, Refusal, Service};

use super::Calls;
use crate::exit::Stop;

/// What became of a row that was in doubt.
#[derive(Debug)]
pub enum Settled<T> {
    /// It is known now, and this is its line.
    Known(T, Line),
    /// Its call was not carried out: it may be sent again.
    Again(T),
    /// Nobody can tell; the line says why.
    Unknown(T, Line),
}

/// One verb, run over rows.
pub trait Verb: Sync {
    /// One row's work.
    type Task: Send;

    /// The call it makes.
    const CALL: Call;

    /// Whether a call whose answer is lost may simply be sent again.
    const IDEMPOTENT: bool;

    /// The index of the row's line in the book.
    fn line_of(&self, task: &Self::Task) -> usize;

    /// The line as it is to stand when the call was not made, or not carried out.
    fn unsent(&self, task: &Self::Task) -> Line;

    /// The line while its call is out: sealed, for it may be the last that is ever written.
    fn sending(&self, task: &Self::Task) -> Line;

    /// Whether something has yet to be got before the call, such as a media id for a picture.
    fn needs(&self, _task: &Self::Task) -> bool {
        false
    }

    /// Gets it, before anything of the call's own quota is spent. A line is the row's outcome instead of a call.
    fn ready(&self, _calls: &Calls, _task: &mut Self::Task) -> Result<Option<Line>, Stop> {
        Ok(None)
    }

    /// Gets it anew after the service refused the row for it; whether that changed anything.
    fn renew(&self, _calls: &Calls, _task: &mut Self::Task) -> Result<bool, Stop> {
        Ok(false)
    }

    /// Makes the call. `again` says that an earlier one may have been carried out.
    fn call(&self, service: &dyn Service, task: &Self::Task, again: bool) -> Result<Line, Failure>;

    /// The line of a row that the service refused.
    fn refused(&self, task: &Self::Task, refusal: &Refusal, again: bool) -> Line;

    /// Whether a refusal leaves open what the service holds now.
    fn is_unclear(&self, task: &Self::Task, refusal: &Refusal, again: bool) -> bool;

    /// The line of a row in doubt, and the work of settling it: its answer is lost, or tells too little.
    fn in_doubt(&self, task: Self::Task, failure: &Failure) -> (Self::Task, Line);

    /// Finds out what became of rows in doubt, all together.
    fn settle(
        &self,
        calls: &Calls,
        tasks: Vec<Self::Task>,
        is_owned: &dyn Fn(crate::goods::GoodsId) -> bool,
    ) -> Result<Vec<Settled<Self::Task>>, Stop>;
}

/// How a row came out of one attempt, once that is on disk.
#[derive(Debug)]
pub enum Attempted<T> {
    /// It has its outcome.
    Done {
        /// The work.
        task: T,
        /// Its line.
        line: Line,
        /// What kind of refusal it was, if it was one.
        own_fault: bool,
    },
    /// Its answer is lost.
    Doubtful {
        /// The work of settling it.
        task: T,
        /// Its line.
        line: Line,
    },
    /// It is still to be done; `line` is new when something was written meanwhile.
    Left {
        /// The work.
        task: T,
        /// Its line, when it changed.
        line: Option<Line>,
    },
}

impl<T> Attempted<T> {
    /// The line that has yet to be written.
    pub fn line(&self) -> Option<&Line> {
        match self {
            Self::Done { line, .. } | Self::Doubtful { line, .. } => Some(line),
            Self::Left { line, .. } => line.as_ref(),
        }
    }

    /// The same, its line with the time it was written at.
    pub fn stamped(mut self, stamp: Timestamp) -> Self {
        if let Self::Done { line, .. } | Self::Doubtful { line, .. } | Self::Left { line: Some(line), .. } =
            &mut self
        {
            line.updated_at = Some(stamp);
        }
        self
    }
}
