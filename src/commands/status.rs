//! `status`: what review has made of goods.

use clap::Args;

use super::Session;
use super::flags::PassFlags;
use super::pass::OpenPass;
use crate::exit::Exit;
use crate::plan::{Method, Step, method, status_step};
use crate::results::Action;
use crate::wechat::Call;

/// Flags of `status`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  livegoods status reports/goods.results.csv
  livegoods status reports/goods.results.csv library.xlsx --dry-run")]
pub struct Status {
    #[command(flatten)]
    pass: PassFlags,
}

impl Status {
    /// Asks for every status and writes down what changed.
    ///
    /// # Errors
    /// Whatever keeps the run from its rows; what stops it on the way is in the summary.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let pass = OpenPass::new(&self.pass, session, Action::Status)?;
        let steps = pass.plan(|_, line| status_step(line));
        let tasks = steps.tasks(pass.pile(), &Step::Call);
        let method = method(tasks.len(), pass.pile().known_statuses());
        let (call, calls) = match method {
            Method::ByIds { calls } => (Call::Status, calls),
            Method::Sweep { calls } => (Call::List, calls),
        };
        if self.pass.run.dry_run {
            return pass.print(&pass.told(&steps, &[(call.bucket(), calls)], None));
        }
        pass.run(&steps, &[call], |work| work.refresh(tasks, method))
    }
}
