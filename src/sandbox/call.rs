//! A method and a path into one of the documented calls, and a call into the pool its day's quota is in.

use axum::http::Method;

/// A call that the stand-in answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Call {
    /// The token that is the same for every caller.
    StableToken,
    /// The older token, which makes every other one stale.
    Token,
    /// The figures of one path's quota.
    Quota,
    /// A picture into a media id.
    Upload,
    /// Adds goods and submits them to review.
    Add,
    /// Takes goods out of review.
    Withdraw,
    /// Submits goods to review again.
    Resubmit,
    /// Deletes goods.
    Delete,
    /// Changes goods.
    Update,
    /// The goods of some ids.
    Status,
    /// The goods of one audit status, page by page.
    List,
}

impl Call {
    /// Every call.
    pub const ALL: [Self; 11] = [
        Self::StableToken,
        Self::Token,
        Self::Quota,
        Self::Upload,
        Self::Add,
        Self::Withdraw,
        Self::Resubmit,
        Self::Delete,
        Self::Update,
        Self::Status,
        Self::List,
    ];

    /// The documented path.
    pub fn path(self) -> &'static str {
        match self {
            Self::StableToken => "/cgi-bin/stable_token",
            Self::Token => "/cgi-bin/token",
            Self::Quota => "/cgi-bin/openapi/quota/get",
            Self::Upload => "/cgi-bin/media/upload",
            Self::Add => "/wxaapi/broadcast/goods/add",
            Self::Withdraw => "/wxaapi/broadcast/goods/resetaudit",
            Self::Resubmit => "/wxaapi/broadcast/goods/audit",
            Self::Delete => "/wxaapi/broadcast/goods/delete",
            Self::Update => "/wxaapi/broadcast/goods/update",
            Self::Status => "/wxa/business/getgoodswarehouse",
            Self::List => "/wxaapi/broadcast/goods/getapproved",
        }
    }

    /// The name of the call in a fault's grammar.
    pub fn name(self) -> &'static str {
        match self {
            Self::StableToken => "stable-token",
            Self::Token => "token",
            Self::Quota => "quota",
            Self::Upload => "upload",
            Self::Add => "add",
            Self::Withdraw => "withdraw",
            Self::Resubmit => "resubmit",
            Self::Delete => "delete",
            Self::Update => "update",
            Self::Status => "status",
            Self::List => "list",
        }
    }

    /// The documented method.
    pub fn method(self) -> Method {
        if matches!(self, Self::Token | Self::List) { Method::GET } else { Method::POST }
    }

    /// Whether the call is how one gets a token, and so needs none.
    pub(super) fn gives_tokens(self) -> bool {
        matches!(self, Self::StableToken | Self::Token)
    }

    /// The quota the call counts against; tokens and the quota's own figures are free.
    pub fn pool(self) -> Option<Pool> {
        Pool::ALL.into_iter().find(|pool| pool.calls().contains(&self))
    }

    pub(super) fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.path() == path)
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|call| call.name() == name)
    }
}

/// Calls that share one daily quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pool {
    /// `add` and `audit` together.
    Submit,
    /// `resetaudit`.
    Withdraw,
    /// `update`.
    Update,
    /// `delete`.
    Delete,
    /// `getgoodswarehouse`.
    Status,
    /// `getapproved`.
    List,
    /// `media/upload`.
    Media,
}

impl Pool {
    /// Every pool.
    pub const ALL: [Self; 7] =
        [Self::Submit, Self::Withdraw, Self::Update, Self::Delete, Self::Status, Self::List, Self::Media];

    /// Calls a day by the service's documents.
    pub fn documented(self) -> u64 {
        match self {
            Self::Submit | Self::Withdraw => 500,
            Self::Update | Self::Delete | Self::Status => 1000,
            Self::List => 10_000,
            Self::Media => 100_000,
        }
    }

    /// The pool's name in `--quota`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Withdraw => "withdraw",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Status => "status",
            Self::List => "list",
            Self::Media => "media",
        }
    }

    fn calls(self) -> &'static [Call] {
        match self {
            Self::Submit => &[Call::Add, Call::Resubmit],
            Self::Withdraw => &[Call::Withdraw],
            Self::Update => &[Call::Update],
            Self::Delete => &[Call::Delete],
            Self::Status => &[Call::Status],
            Self::List => &[Call::List],
            Self::Media => &[Call::Upload],
        }
    }
}
