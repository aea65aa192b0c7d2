//! `withdraw`: takes goods out of review.

use clap::Args;

use super::Session;
use super::flags::PassFlags;
use super::pass::OpenPass;
use crate::exit::Exit;
use crate::pass;
use crate::plan::{Step, withdraw_step};
use crate::results::Action;
use crate::wechat::Call;

/// Flags of `withdraw`.
#[derive(Args, Debug)]
#[command(after_help = WITHDRAW_HELP)]
pub struct Withdraw {
    #[command(flatten)]
    pass: PassFlags,
}

const WITHDRAW_HELP: &str = "\
Only goods in review whose auditId is known can be withdrawn; withdrawing does not give the submission back.

Examples:
  livegoods withdraw reports/goods.results.csv --dry-run
  livegoods withdraw reports/goods.results.csv --rows 2-20";

impl Withdraw {
    /// Withdraws every row that is in review.
    ///
    /// # Errors
    /// Whatever keeps the run from its rows; what stops it on the way is in the summary.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let open = OpenPass::new(&self.pass, session, Action::Withdraw)?;
        let steps = open.plan(|_, line| withdraw_step(line));
        if self.pass.run.dry_run {
            return open.print(&open.told(&steps, &[(Call::Withdraw.bucket(), steps.todo())], None));
        }
        let ready = steps.tasks(open.pile(), &Step::Call);
        let doubtful = steps.tasks(open.pile(), &Step::Settle);
        open.run(&steps, &[Call::Withdraw], |work| {
            let verb = work.on_goods(pass::Withdraw);
            work.pass(&verb, ready, doubtful)
        })
    }
}
