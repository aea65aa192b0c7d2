//! The calls that share one daily quota.

/// A bucket of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bucket {
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

impl Bucket {
    /// Every bucket, in the order they are shown.
    pub const ALL: [Self; 7] =
        [Self::Submit, Self::Withdraw, Self::Update, Self::Delete, Self::Status, Self::List, Self::Media];

    /// The bucket's name in `--quota` and in the ledger.
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

    /// Calls a day by the documents.
    pub fn documented_limit(self) -> u64 {
        match self {
            Self::Submit | Self::Withdraw => 500,
            Self::Update | Self::Delete | Self::Status => 1000,
            Self::List => 10_000,
            Self::Media => 100_000,
        }
    }
}
