//! How a run ended, turned into the number a shell sees.

use jiff::Timestamp;
use serde::Serialize;

use crate::quota::Bucket;

/// The exit codes of the contract, each an ending a script may branch on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for is done, or there was nothing to do.
    Done,
    /// Done, but some rows are invalid or failed.
    SomeFailed,
    /// The command line does not say what to do.
    Usage,
    /// Stopped by `--max-errors`.
    TooManyErrors,
    /// Done, but some rows stay in doubt.
    SomeInDoubt,
    /// The sheet or the results cannot be understood.
    BadInput,
    /// There is no such input.
    NoInput,
    /// The service cannot be reached or keeps failing.
    Unreachable,
    /// The results or the state cannot be written.
    CannotWrite,
    /// Rows are left because the day's quota is spent, or another run holds the file.
    ComeBackLater,
    /// Credentials, caller's IP or permission were refused.
    Refused,
    /// The configuration is wrong or incomplete.
    Configuration,
    /// Interrupted from the terminal (SIGINT).
    Interrupted,
    /// Asked to stop (SIGTERM, SIGHUP).
    Terminated,
}

impl Exit {
    /// The number handed to the operating system.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::SomeFailed => 1,
            Self::Usage => 2,
            Self::TooManyErrors => 3,
            Self::SomeInDoubt => 4,
            Self::BadInput => 65,
            Self::NoInput => 66,
            Self::Unreachable => 69,
            Self::CannotWrite => 73,
            Self::ComeBackLater => 75,
            Self::Refused => 77,
            Self::Configuration => 78,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

/// Why a run stopped before its rows were done. A program reads it in the summary of `--json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Stop {
    /// The day's quota is spent.
    QuotaSpent {
        /// The bucket.
        bucket: Bucket,
        /// When the day turns.
        turns: Timestamp,
    },
    /// More rows failed than `--max-errors` puts up with.
    TooManyErrors {
        /// How many.
        failed: u64,
    },
    /// The service cannot be reached or keeps failing.
    Unreachable {
        /// In the client's words.
        why: String,
    },
    /// Credentials, caller's IP or permission were refused.
    Refused {
        /// The service's errcode.
        code: i64,
        /// The service's errmsg.
        message: String,
    },
    /// Most prices that can be compared are a hundred times what is known of them: replies are in fen.
    PricesInFen {
        /// Goods whose price is known.
        compared: u64,
        /// Those of them that are off by exactly 100.
        off: u64,
    },
    /// Prices were said to be in fen, of which there are no parts.
    PricesNotInFen {
        /// A price as it was replied.
        price: String,
    },
    /// The results or the state cannot be written any more.
    CannotWrite {
        /// In the system's words.
        why: String,
    },
    /// Interrupted from the terminal.
    Interrupted,
    /// Asked to stop by the system.
    Terminated,
}

impl Stop {
    /// The exit code of a run that stopped so.
    pub fn exit(&self) -> Exit {
        match self {
            Self::QuotaSpent { .. } => Exit::ComeBackLater,
            Self::TooManyErrors { .. } => Exit::TooManyErrors,
            Self::Unreachable { .. } => Exit::Unreachable,
            Self::Refused { .. } => Exit::Refused,
            Self::PricesInFen { .. } | Self::PricesNotInFen { .. } => Exit::Configuration,
            Self::CannotWrite { .. } => Exit::CannotWrite,
            Self::Interrupted => Exit::Interrupted,
            Self::Terminated => Exit::Terminated,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
