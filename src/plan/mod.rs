//! Goods, history and library into what is left to do: no clock, no disk, no network.

mod import;
mod standing;
mod trust;

pub use import::{AddTask, Doubt, ImportFacts, ImportOptions, ImportPlan, SheetRow, plan_import};
pub use standing::{Standing, standing};
pub use trust::{Distrust, distrust};
