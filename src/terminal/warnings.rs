//! What a room cannot tell by an event into a line on stderr.

use std::io;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::Paint;

/// Shows the warnings of rooms that nobody listens to, such as a ledger that is being closed.
///
/// What a library has to say, of a workbook's theme say, is in words of its own, names no remedy, and is left out.
pub fn show_warnings(paint: Paint) {
    let shown = fmt()
        .with_max_level(Level::WARN)
        .with_writer(io::stderr)
        .with_ansi(paint == Paint::Colors)
        .with_target(false)
        .without_time()
        .log_internal_errors(false)
        .finish()
        .with(Targets::new().with_target("livegoods", Level::WARN));
    // A second run in the same process keeps the first one's.
    let _ = shown.try_init();
}
