//! Where covers may come from.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;
use clap::builder::BoolishValueParser;

use crate::clock::Clock;
use crate::commands::OrExit;
use crate::cover::{AddressRules, Addresses, Sources, is_public};
use crate::exit::Exit;
use crate::sheet::Pictures;

/// The most bytes of a picture that comes from an address.
const LARGEST_DOWNLOAD: u64 = 20 << 20;

/// How long one picture may take from its address, redirects included.
const PATIENCE: Duration = Duration::from_secs(30);

/// What widens the places from which covers are taken.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Covers")]
pub struct CoverFlags {
    /// A folder into which the paths of covers may lead, beside the sheet's own
    #[arg(long, value_name = "DIR", env = "LIVEGOODS_COVER_ROOT")]
    pub cover_root: Option<PathBuf>,

    /// Take covers from private, loopback and link-local addresses too
    #[arg(long, env = "LIVEGOODS_ALLOW_PRIVATE_COVERS", value_parser = BoolishValueParser::new())]
    pub allow_private_covers: bool,
}

impl CoverFlags {
    /// The sources of the covers of `sheet`, whose own pictures are `pictures`.
    ///
    /// # Errors
    /// Exit 66 when `--cover-root` is no folder.
    pub fn sources(
        &self,
        sheet: &std::path::Path,
        pictures: Option<Arc<Pictures>>,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Sources> {
        if let Some(root) = self.cover_root.as_ref().filter(|root| !root.is_dir()) {
            let root = root.display();
            return Err(anyhow!("{root}: no such folder; name one that is there with --cover-root"))
                .or_exit(Exit::NoInput);
        }
        let reachable = if self.allow_private_covers { |_| true } else { is_public };
        let rules = AddressRules { reachable, timeout: PATIENCE, largest: LARGEST_DOWNLOAD };
        Ok(Sources::of(sheet, self.cover_root.as_deref(), pictures, Addresses::new(rules, clock)))
    }
}
