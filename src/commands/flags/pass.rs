//! What every pass over results takes.

use std::path::PathBuf;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::{RunFlags, ServiceFlags, SheetFlags};

/// The results, and how to work on them.
#[derive(Args, Debug)]
pub struct PassFlags {
    /// Results as import or export wrote them, also saved by a spreadsheet program, or a list with the headings
    /// outcome and goodsId; several are worked on together
    #[arg(value_name = "RESULTS", required = true)]
    pub inputs: Vec<PathBuf>,

    /// Believe the goodsId of lines that never had a check, as in a list made by hand
    #[arg(long, env = "LIVEGOODS_TRUST_IDS", value_parser = BoolishValueParser::new())]
    pub trust_ids: bool,

    /// How to read them.
    #[command(flatten)]
    pub reading: SheetFlags,

    /// Which rows, and when to give up.
    #[command(flatten)]
    pub run: RunFlags,

    /// Whom to call.
    #[command(flatten)]
    pub service: ServiceFlags,
}
