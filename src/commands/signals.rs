//! Ctrl-C and its like into a stopped run: what is under way is finished and recorded.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::{Failure, Session};
use crate::clock::Clock;
use crate::exit::Stop;
use crate::pass::StopCell;

/// Lets signals stop the run of `cell` from now on. A second one ends the process at once: nothing that is on
/// disk is lost by that, and `session` says how to go on.
///
/// # Errors
/// The system does not let signals be heard.
pub fn stop_on_signals(cell: &StopCell, clock: &Arc<dyn Clock>, session: &Session) -> anyhow::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot listen for signals")?;
    let (cell, clock, session) = (cell.clone(), Arc::clone(clock), session.clone());
    std::thread::spawn(move || {
        for (heard, signal) in signals.forever().enumerate() {
            let stop = if signal == SIGINT { Stop::Interrupted } else { Stop::Terminated };
            if heard > 0 {
                let why =
                    anyhow!("stopped at the second signal; calls under way are settled by the next run");
                let exit = session.fail(&Failure::new(stop.exit(), why).into());
                std::process::exit(exit.code().into());
            }
            cell.set(stop, &*clock);
        }
    });
    Ok(())
}
