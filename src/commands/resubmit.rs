//! `resubmit`: puts goods into review once more.

use clap::Args;
use clap::builder::BoolishValueParser;

use super::Session;
use super::flags::PassFlags;
use super::pass::OpenPass;
use crate::exit::Exit;
use crate::pass;
use crate::plan::{Step, resubmit_step};
use crate::results::Action;
use crate::wechat::Call;

/// Flags of `resubmit`.
#[derive(Args, Debug)]
#[command(after_help = RESUBMIT_HELP)]
pub struct Resubmit {
    /// Also submit again what review refused
    #[arg(long, env = "LIVEGOODS_REFUSED", value_parser = BoolishValueParser::new())]
    refused: bool,

    #[command(flatten)]
    pass: PassFlags,
}

const RESUBMIT_HELP: &str = "\
Each submission counts against the same day's quota as an import's. The new auditId is in the results before the
next call goes out: the service tells it only once.

Examples:
  livegoods resubmit reports/goods.results.csv
  livegoods resubmit reports/goods.results.csv --refused --wait";

impl Resubmit {
    /// Submits every row that is out of review and was never decided.
    ///
    /// # Errors
    /// Whatever keeps the run from its rows; what stops it on the way is in the summary.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let open = OpenPass::new(&self.pass, session, Action::Resubmit)?;
        let steps = open.plan(|_, line| resubmit_step(line, self.refused));
        if self.pass.run.dry_run {
            return open.print(&open.told(&steps, &[(Call::Resubmit.bucket(), steps.todo())], None));
        }
        let ready = steps.tasks(open.pile(), &Step::Call);
        let doubtful = steps.tasks(open.pile(), &Step::Settle);
        open.run(&steps, &[Call::Resubmit], |work| {
            let verb = work.on_goods(pass::Resubmit);
            work.pass(&verb, ready, doubtful)
        })
    }
}
