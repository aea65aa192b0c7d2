//! Goods, history and library into what is left to do: no clock, no disk, no network.

mod control;
mod decided;
mod delete;
mod edited;
mod export;
mod import;
mod pile;
mod planner;
mod resubmit;
mod standing;
mod status;
mod steps;
mod told;
mod trust;
mod unit;
mod update;
mod verdict;
mod wanted;
mod withdraw;

pub use control::{chosen, heal};
pub use decided::{Decided, decided};
pub use delete::{delete_step, expected, is_withdrawn_first};
pub use edited::{Edited, edited};
pub use export::{exported, is_mere_export};
pub use import::{AddTask, Doubt, ImportFacts, ImportOptions, ImportPlan, SentCover, SheetRow, plan_import};
pub use pile::Pile;
pub use resubmit::resubmit_step;
pub use standing::{Standing, standing};
pub use status::{IDS_A_CALL, Method, Sweep, calls_by_ids, method, pages, refreshed, status_step};
pub use steps::{GoodsTask, Scope, Step, Steps};
pub use trust::{Distrust, Trust, distrust, foreign, trust};
pub use unit::{KnownPrices, Votes, with_decimals};
pub use update::{Comparison, UpdateWish, compare, differs_from_sent, update_step};
pub use verdict::{Verdict, carried_out, gone, verdict};
pub use wanted::{Wanted, wanted};
pub use withdraw::withdraw_step;
