//! Ctrl-C and its like into a stopped run: what is under way is finished and recorded.

use std::sync::Arc;

use anyhow::Context;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::clock::Clock;
use crate::exit::Stop;
use crate::pass::StopCell;

/// Lets signals stop the run of `cell` from now on. A second one ends the process at once: nothing that is on
/// disk is lost by that.
///
/// # Errors
/// The system does not let signals be heard.
pub fn stop_on_signals(cell: &StopCell, clock: &Arc<dyn Clock>) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen for signals")?;
    let (cell, clock) = (cell.clone(), Arc::clone(clock));
    std::thread::spawn(move || {
        for (heard, signal) in signals.forever().enumerate() {
            let stop = if signal == SIGINT { Stop::Interrupted } else { Stop::Terminated };
            if heard > 0 {
                std::process::exit(stop.exit().code().into());
            }
            cell.set(stop, &*clock);
        }
    });
    Ok(())
}
