//! What was done with a row and what came of it, in the words of the results' columns.

/// The `action` column: the verb that last concerned the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// `import`.
    Add,
    /// `status`.
    Status,
    /// `withdraw`.
    Withdraw,
    /// `resubmit`.
    Resubmit,
    /// `update`.
    Update,
    /// `delete`.
    Delete,
    /// `export`.
    Export,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 7] =
        [Self::Add, Self::Status, Self::Withdraw, Self::Resubmit, Self::Update, Self::Delete, Self::Export];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Status => "status",
            Self::Withdraw => "withdraw",
            Self::Resubmit => "resubmit",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Export => "export",
        }
    }

    /// The action of a word in the file.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

/// The `outcome` column: where the row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Its turn has not come.
    Pending,
    /// Its call was about to go out: whether it did is not known.
    Sending,
    /// Done.
    Ok,
    /// Refused by the service, or a wish that cannot be granted.
    Failed,
    /// Never sent: a fault of the sheet.
    Invalid,
    /// Its call went out and the answer is lost.
    InDoubt,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] =
        [Self::Pending, Self::Sending, Self::Ok, Self::Failed, Self::Invalid, Self::InDoubt];

    /// The word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Sending => "sending",
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Invalid => "invalid",
            Self::InDoubt => "in-doubt",
        }
    }

    /// The outcome of a word in the file.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }
}

/// How many rows stand where; the parts add up to the rows at every exit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Done.
    pub ok: u64,
    /// Refused by the service, now or earlier.
    pub failed: u64,
    /// At fault in the sheet.
    pub invalid: u64,
    /// Not settled.
    pub in_doubt: u64,
    /// Not sent yet.
    pub pending: u64,
    /// Not concerned by the verb.
    pub skipped: u64,
}

impl Counts {
    /// All rows.
    pub fn rows(&self) -> u64 {
        self.ok + self.failed + self.invalid + self.in_doubt + self.pending + self.skipped
    }
}
