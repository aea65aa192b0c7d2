//! What a run tells the world: one enum, one way to say it. Whoever listens draws, writes or counts.

use jiff::Timestamp;

use crate::goods::AuditStatus;
use crate::quota::Bucket;
use crate::results::{Action, Outcome};

/// Something that happened, told after it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A pass begins: all the rows it counts, and those it is going to work on.
    Started {
        /// The verb.
        action: Action,
        /// Rows counted.
        rows: u64,
        /// Rows to work on now.
        todo: u64,
    },
    /// A row reached `outcome`, and that is on disk.
    Row {
        /// The row's number.
        row: u32,
        /// Where it stands now.
        outcome: Outcome,
    },
    /// What is left of a bucket today, as far as this run knows.
    QuotaLeft {
        /// The bucket.
        bucket: Bucket,
        /// Calls left.
        left: u64,
    },
    /// What a day brings for a bucket: the ETA of a run that outlasts today's quota counts with it.
    QuotaDay {
        /// The bucket.
        bucket: Bucket,
        /// Calls a day.
        limit: u64,
        /// When the day turns.
        turns: Timestamp,
    },
    /// Nothing goes out until `until`.
    Waiting {
        /// For what.
        reason: WaitReason,
        /// The end of the wait.
        until: Timestamp,
    },
    /// A wait is over.
    Resumed,
    /// Something a person should know; the run goes on.
    Notice(Notice),
}

/// What a run waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitReason {
    /// The turn of the quota day (`--wait`).
    NextDay(Bucket),
    /// The service said: too many calls this minute.
    SlowDown,
    /// The service cannot be reached or fails; the call is tried again after a pause.
    Retry,
    /// The second look at the list that settles rows in doubt.
    SecondLook,
}

/// Warnings and remarks, each with the facts its text needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The service did not tell its quota; the documents' figures serve.
    QuotaFiguresUnknown {
        /// Why, in the client's words.
        why: String,
    },
    /// The service itself says that a bucket is spent.
    BucketClosed {
        /// The bucket.
        bucket: Bucket,
        /// The errcode that said so.
        code: i64,
    },
    /// The token was stale and has been renewed.
    TokenRenewed,
    /// An answer came that cannot be written: whoever reads this should note it down.
    Unrecorded {
        /// The row.
        row: u32,
        /// Its goodsId, if the answer had one.
        goods_id: String,
        /// Its auditId, if the answer had one.
        audit_id: String,
    },
    /// More rows than can be sent before their media ids, good for three days, expire.
    MediaWillExpire {
        /// Rows to send.
        rows: u64,
        /// Calls that three days allow.
        sendable: u64,
    },
    /// The service counts more goods of a status than it shows.
    LibraryGap {
        /// The status.
        status: AuditStatus,
        /// The service's count.
        total: u64,
        /// The goods it shows.
        found: u64,
    },
    /// The service is being asked what became of rows in doubt.
    Settling {
        /// How many.
        rows: u64,
    },
}

/// Something that hears events. It must not fail, and durability never depends on it.
pub trait Listener: Send + Sync {
    /// Hears one event.
    fn hear(&self, event: &Event);
}

/// Several listeners as one; each hears every event, in order.
#[derive(Default)]
pub struct Everyone(pub Vec<Box<dyn Listener>>);

impl Listener for Everyone {
    fn hear(&self, event: &Event) {
        self.0.iter().for_each(|listener| listener.hear(event));
    }
}

/// Hears nothing: for tests and for `-q`.
pub struct Silence;

impl Listener for Silence {
    fn hear(&self, _event: &Event) {}
}
