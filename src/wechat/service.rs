//! The calls of the live-goods API as a trait, so that a test can be the service.

use crate::goods::{AuditId, AuditStatus, GoodsId};
use crate::library::{Change, GoodsInfo, Listed, Page};
use crate::quota::Bucket;

use super::codes::{self, Class};

/// A call that has a quota of its own path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `/wxaapi/broadcast/goods/add`
    Add,
    /// `/wxaapi/broadcast/goods/resetaudit`
    Withdraw,
    /// `/wxaapi/broadcast/goods/audit`
    Resubmit,
    /// `/wxaapi/broadcast/goods/delete`
    Delete,
    /// `/wxaapi/broadcast/goods/update`
    Update,
    /// `/wxa/business/getgoodswarehouse`
    Status,
    /// `/wxaapi/broadcast/goods/getapproved`
    List,
    /// `/cgi-bin/media/upload`
    Upload,
}

impl Call {
    /// The path of the call, as `quota/get` takes it in `cgi_path`.
    pub fn path(self) -> &'static str {
        match self {
            Self::Add => "/wxaapi/broadcast/goods/add",
            Self::Withdraw => "/wxaapi/broadcast/goods/resetaudit",
            Self::Resubmit => "/wxaapi/broadcast/goods/audit",
            Self::Delete => "/wxaapi/broadcast/goods/delete",
            Self::Update => "/wxaapi/broadcast/goods/update",
            Self::Status => "/wxa/business/getgoodswarehouse",
            Self::List => "/wxaapi/broadcast/goods/getapproved",
            Self::Upload => "/cgi-bin/media/upload",
        }
    }

    /// The bucket a call is counted in; `add` and `audit` share one.
    pub fn bucket(self) -> Bucket {
        match self {
            Self::Add | Self::Resubmit => Bucket::Submit,
            Self::Withdraw => Bucket::Withdraw,
            Self::Delete => Bucket::Delete,
            Self::Update => Bucket::Update,
            Self::Status => Bucket::Status,
            Self::List => Bucket::List,
            Self::Upload => Bucket::Media,
        }
    }
}

/// The answer to `add` and `audit` that went well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// The new goods.
    pub goods_id: GoodsId,
    /// Their submission, unless the service did not tell it.
    pub audit_id: Option<AuditId>,
}

/// An answer with an errcode other than 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The service's errcode.
    pub code: i64,
    /// The service's errmsg, `rid` included.
    pub message: String,
    /// The goodsId that came along, as it may with 300021.
    pub goods_id: Option<GoodsId>,
    /// Which token the call was made with, for [`Service::renew`].
    pub token: u64,
}

impl Refusal {
    /// What a run does about it.
    pub fn class(&self) -> Class {
        codes::class_of(self.code)
    }
}

/// Why a call has no good answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The call never reached the service (no connection, no token): nothing happened there.
    #[error("{0}")]
    NotSent(String),
    /// The call went out and its answer is lost or unreadable: it may have been carried out.
    #[error("no readable answer: {0}")]
    Lost(String),
    /// The service says that it was done, and not to what.
    #[error("the service says it was done, without {0}")]
    Unnamed(&'static str),
    /// The service said no.
    #[error("{} {}", .0.code, .0.message)]
    Refused(Refusal),
}

/// `rate_limit` of `quota/get`: at most `call_count` calls in `refresh_second` seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Calls a window.
    pub call_count: u64,
    /// The window in seconds.
    pub refresh_second: u64,
}

/// What `quota/get` says of one path today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaFigures {
    /// Calls a day.
    pub daily_limit: u64,
    /// Calls made today, by anybody.
    pub used: u64,
    /// Calls left today.
    pub remain: u64,
    /// The pace the service allows, when it says one.
    pub rate_limit: Option<RateLimit>,
}

/// The service. Each method is exactly one request; retries, pace and quota are the caller's.
pub trait Service: Send + Sync {
    /// Adds goods and submits them to review.
    fn add(&self, goods: &GoodsInfo) -> Result<Added, Failure>;

    /// Withdraws a submission. The submission spent is not given back.
    fn withdraw(&self, goods: GoodsId, audit: AuditId) -> Result<(), Failure>;

    /// Submits goods to review again; the answer is the new submission.
    fn resubmit(&self, goods: GoodsId) -> Result<AuditId, Failure>;

    /// Deletes goods for good, out of running live rooms too.
    fn delete(&self, goods: GoodsId) -> Result<(), Failure>;

    /// Sends the fields of `change` and no others.
    fn update(&self, goods: GoodsId, change: &Change) -> Result<(), Failure>;

    /// Uploads a picture; the answer is its media id, good for three days by the documents.
    fn upload(&self, picture: &[u8], filename: &str) -> Result<String, Failure>;

    /// One page of the goods that have `status`; `limit` is at most 100.
    fn list(&self, status: AuditStatus, offset: u64, limit: u64) -> Result<Page, Failure>;

    /// The goods with these ids, at most 20. Unknown ids are simply not in the answer.
    fn status(&self, ids: &[GoodsId]) -> Result<Vec<Listed>, Failure>;

    /// The service's own figures for one call's path.
    fn quota(&self, call: Call) -> Result<QuotaFigures, Failure>;

    /// Gets a new token, unless another thread already replaced `stale` (see [`Refusal::token`]); says whether it
    /// did.
    fn renew(&self, stale: u64) -> Result<bool, Failure>;
}
