//! Words of the command line into values: the flags that several verbs share, and the layers below them.

mod cover;
mod environment;
mod files;
mod output;
pub(super) mod parse;
mod pass;
mod prices;
mod rows;
mod run;
mod service;
mod sheet;

pub use cover::CoverFlags;
pub use environment::{
    config_variable, map_options, variable_at_fault, without_empty_variables, without_environment,
};
pub use files::{Settings, SettingsError};
pub use output::{ColorWhen, LogFormat, OutputFlags};
pub use pass::PassFlags;
pub use prices::{PriceFlags, ReplyPrices};
pub use rows::RowSet;
pub use run::{ErrorLimit, RunFlags, results_path};
pub use service::{Credentials, ServiceFlags, state_dir};
pub use sheet::SheetFlags;
