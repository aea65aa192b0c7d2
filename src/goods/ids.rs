//! The service's numbers for goods and their reviews.

use std::fmt;
use std::str::FromStr;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;

            /// Digits only: a spreadsheet's `5.25E+08` is not an id any more.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id! {
    /// The service's number for goods, larger than 32 bits. Whoever loses it cannot touch the goods again.
    GoodsId
}
id! {
    /// The number of one submission to review; a resubmit gives a new one.
    AuditId
}

/// Where goods stand in review (`audit_status` in the service's documents).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuditStatus {
    /// 0: not submitted, or withdrawn.
    NotSubmitted,
    /// 1: in review.
    InReview,
    /// 2: approved.
    Approved,
    /// 3: refused.
    Refused,
}

impl AuditStatus {
    /// All four, in the service's order.
    pub const ALL: [Self; 4] = [Self::NotSubmitted, Self::InReview, Self::Approved, Self::Refused];

    /// The service's number.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The status of a number, `None` for one that is not documented.
    pub fn from_code(code: u64) -> Option<Self> {
        usize::try_from(code).ok().and_then(|code| Self::ALL.get(code).copied())
    }
}
