//! `quota`: what is spent and left of each bucket today, and how far a sheet goes with it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::flags::{CoverFlags, RunFlags, ServiceFlags, SheetFlags};
use super::input::{Input, Wishes};
use super::reports::ids_known_elsewhere;
use super::{Account, Failure, OrExit, Session};
use crate::clock::{Clock, SystemClock};
use crate::exit::{Exit, Stop};
use crate::pass::digest_now;
use crate::pass::{Figures as Learnt, learn_quota};
use crate::plan::{ImportFacts, ImportOptions, plan_import};
use crate::quota::{Bucket, Figures, Ledger, days_needed};
use crate::terminal;
use crate::terminal::words::{self, QuotaAhead, QuotaTold};
use crate::wechat::Call;

/// Flags of `quota`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  livegoods quota\n  livegoods quota goods.xlsx\n  livegoods quota goods.xlsx --json"
)]
pub struct Quota {
    /// A sheet: how many calls and days its import still needs
    sheet: Option<PathBuf>,

    /// The sheet's results [default: reports/SHEET.results.csv]
    #[arg(short, long, value_name = "PATH", env = "LIVEGOODS_RESULTS")]
    results: Option<PathBuf>,

    #[command(flatten)]
    reading: SheetFlags,

    #[command(flatten)]
    service: ServiceFlags,
}

impl Quota {
    /// Prints the figures.
    ///
    /// # Errors
    /// Those of reading the sheet; exit 73 for a state that cannot be used, 77 when the service refuses the
    /// caller.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let input = self.sheet.as_deref().map(|sheet| self.read(sheet)).transpose()?;
        let account = Account::open_unsigned(&self.service, clock)?;
        let ledger = account.ledger()?;
        let silence = learn(&account, &ledger)?;
        let figures = ledger.figures().or_exit(Exit::CannotWrite)?;
        let ahead = self.sheet.as_deref().zip(input);
        let ahead = ahead.map(|(sheet, input)| ahead_of(sheet, input, account.appid(), &figures));
        let told = QuotaTold { appid: account.appid(), figures: &figures, silence: silence.as_deref() };
        if session.output.json {
            let mut out = terminal::stdout();
            writeln!(out, "{}", object(&told, ahead.as_ref()))?;
            out.flush()?;
        }
        let zone = TimeZone::system();
        session.say(|out| {
            words::quota(out, &told, &zone)?;
            ahead.as_ref().map_or(Ok(()), |ahead| words::quota_ahead(out, ahead))
        })?;
        Ok(Exit::Done)
    }

    /// Reads as `import` would, taking no lock and changing nothing.
    fn read(&self, sheet: &Path) -> anyhow::Result<Input> {
        let run = RunFlags { results: self.results.clone(), dry_run: true, ..RunFlags::default() };
        let options = self.reading.options();
        let sandbox = self.service.sandbox;
        let (covers, clock) = (CoverFlags::default(), Arc::new(SystemClock::new()) as Arc<dyn Clock>);
        let (covers, clock) = (&covers, &clock);
        Input::read(&Wishes { sheet, options: &options, run: &run, sandbox, as_new: false, covers, clock })
    }
}

/// Lets the ledger learn the service's own figures; why it could not, where it could not.
fn learn(account: &Account<'_>, ledger: &Ledger) -> anyhow::Result<Option<String>> {
    if !account.can_call() {
        return Ok(Some(words::no_credentials().to_owned()));
    }
    let client = account.client()?;
    let calls =
        [Call::Add, Call::Withdraw, Call::Update, Call::Delete, Call::Status, Call::List, Call::Upload];
    for call in calls {
        match learn_quota(&client, ledger, call) {
            Ok(Learnt { notice: None, .. }) => {}
            Ok(Learnt { notice: Some(notice), .. }) => return Ok(Some(words::notice(&notice))),
            // Without the network the ledger still knows what was counted here.
            Err(Stop::Unreachable { why }) => return Ok(Some(words::unreachable(&why))),
            Err(stop) => {
                let why = words::stop(&stop, &TimeZone::system());
                return Err(Failure::new(stop.exit(), anyhow::Error::msg(why)).into());
            }
        }
    }
    Ok(None)
}

fn ahead_of(sheet: &Path, input: Input, appid: &str, figures: &[Figures]) -> QuotaAhead {
    let rows = input.rows.len() as u64;
    let known_elsewhere = &ids_known_elsewhere(&input, appid);
    let facts = ImportFacts {
        columns: &input.columns,
        rows: input.rows,
        history: input.history,
        is_own: input.is_own,
        known_elsewhere,
        appid,
        wording: words::note,
        cover_digest: &|cover| digest_now(&input.covers, cover),
    };
    let plan = plan_import(facts, &ImportOptions::default(), |_| true);
    let calls = plan.tasks.iter().filter(|task| task.goods.is_some()).count() as u64;
    let submit = figures.iter().find(|figures| figures.bucket == Bucket::Submit);
    let days = submit.and_then(|submit| days_needed(calls, submit.left, submit.limit));
    QuotaAhead { sheet: sheet.display().to_string(), rows, calls, days }
}

/// The one object of `--json`: `appid`, `source` (`service` or `ledger`), `why` it is the ledger, `buckets`,
/// and `import` with a sheet.
fn object(told: &QuotaTold<'_>, ahead: Option<&QuotaAhead>) -> Value {
    let buckets: Vec<Value> = told
        .figures
        .iter()
        .map(|figures| {
            json!({
                "bucket": figures.bucket.name(),
                "limit": figures.limit,
                "spent": figures.counted,
                "left": figures.left,
                "closed": figures.closed,
                "turns": figures.turns_at.to_string(),
            })
        })
        .collect();
    let import = ahead.map(
        |ahead| json!({"sheet": ahead.sheet, "rows": ahead.rows, "calls": ahead.calls, "days": ahead.days}),
    );
    json!({
        "appid": told.appid,
        "source": if told.silence.is_some() { "ledger" } else { "service" },
        "why": told.silence,
        "buckets": buckets,
        "import": import,
    })
}
