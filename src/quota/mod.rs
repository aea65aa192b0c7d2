//! The right to make one call: buckets, the day, the ledger in the state database, the pacer.

mod bucket;
mod day;
mod days;
mod ledger;
mod pacer;
mod state;

pub use bucket::Bucket;
pub use day::{Day, DayRule, DayRuleError};
pub use days::days_needed;
pub use ledger::{Figures, Ledger, LedgerSettings, Spend, Told};
pub use pacer::{Pace, Pacer};
pub use state::{StateDir, StateError};
