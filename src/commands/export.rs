//! `export`: the whole library into a file that every pass takes.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use clap::Args;
use clap::builder::BoolishValueParser;

use super::errand::{Errand, tell_the_day};
use super::flags::{PriceFlags, ReplyPrices, RunFlags, ServiceFlags};
use super::input::{take_lock, unusable};
use super::prices::unit_of;
use super::reports::{REPORTS, books};
use super::whole_file::{publish, write_beside};
use super::{Account, OrExit, Session, account};
use crate::clock::{Clock, SystemClock};
use crate::event::Event;
use crate::exit::{Exit, Stop};
use crate::library::{Gap, PriceUnit, Walked};
use crate::pass::{Calls, Look};
use crate::plan::{KnownPrices, Trust, exported, foreign, is_mere_export, trust};
use crate::report::{IssueGroup, PricesRead, Summary, exit_of, results_workbook};
use crate::results::{Action, Book, Counts, Lock};
use crate::sheet::ReadOptions;
use crate::terminal::{self, words};
use crate::wechat::Call;

/// Flags of `export`.
#[derive(Args, Debug)]
#[command(after_help = EXPORT_HELP)]
pub struct Export {
    /// The file to write, .csv or .xlsx; - is CSV on stdout, the summary on stderr
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// Results whose prices the replies are compared with [default: those in reports/, and FILE itself]
    #[arg(short, long, value_name = "PATH", env = "LIVEGOODS_RESULTS")]
    results: Option<PathBuf>,

    /// Overwrite a file that is no export; results that hold more than one are never overwritten
    #[arg(long, env = "LIVEGOODS_FORCE", value_parser = BoolishValueParser::new())]
    force: bool,

    #[command(flatten)]
    prices: PriceFlags,

    #[command(flatten)]
    service: ServiceFlags,
}

const EXPORT_HELP: &str = "\
What it writes are results, so every pass takes them, and import --as-new copies them to another shop. An export
that nothing was done with is overwritten by the next; other results never are. Goods added in the console are
marked, and passes skip them.

Examples:
  livegoods export -o library.xlsx
  livegoods export -o reports/library.csv --wait
  livegoods export -o - | head";

/// What the service holds, and how its prices were read.
struct Library {
    walked: Walked,
    unit: PriceUnit,
    read: PricesRead,
}

impl Export {
    /// Walks the library, and writes it down once all of it is there.
    ///
    /// # Errors
    /// Exit 2 for a file of another kind, 73 for one that cannot be written or overwritten; what stops the run on
    /// the way is in the summary.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let appid = account::appid_of(&self.service)?;
        let place = Place::of(&self.output)?;
        let _lock = place.take(&appid, self.force)?;
        let known = self.known_prices(&appid)?;
        let account = Account::open(&self.service, Arc::clone(&clock))?;
        let run = RunFlags::default();
        let errand = Errand { session, clock: &clock, service: &self.service, run: &run };
        let mut library = None;
        let done = errand.run(&account, &[Call::List], |calls| {
            Ok(self.read_library(calls, &known).map(|found| library = Some(found)).err())
        })?;
        let mut counts = Counts::default();
        if let Some(library) = &library {
            counts.ok = library.walked.goods.len() as u64;
            let mut book = exported(library.walked.goods.clone(), library.unit, &appid, words::note);
            book.stamp(clock.now());
            place.write(&book)?;
        }
        let exit = exit_of(done.stop.as_ref(), &counts);
        let gaps = library.as_ref().map_or(&[][..], |library| &library.walked.gaps);
        let next = match (exit, &done.stop) {
            (Exit::Done, _) => None,
            (_, Some(stop)) => Some(session.command.clone().after(stop)),
            _ => Some(session.command.clone()),
        };
        let summary = Summary {
            command: words::verb(Action::Export),
            input: format!("the library of {appid}"),
            format: None,
            columns: None,
            results: library
                .as_ref()
                .filter(|_| !place.is_stdout())
                .map(|_| self.output.display().to_string()),
            counts: counts.into(),
            issues: gaps.iter().map(missing).collect(),
            quota: done.quota,
            reply_prices: library.as_ref().map(|library| library.read),
            elapsed: clock.elapsed(),
            stopped: done.stop,
            exit,
            next_command: next.map(|next| next.to_string()),
        };
        if place.is_stdout() { session.close_beside_data(&summary) } else { session.close(&summary) }
    }

    fn read_library(&self, calls: &Calls, known: &KnownPrices) -> Result<Library, Stop> {
        calls.listener.hear(&Event::Started { action: Action::Export, rows: 0, todo: 0 });
        tell_the_day(calls, &[Call::List]);
        let walked = Look { calls, wait: self.service.wait }.library();
        let walked = walked.inspect_err(|stop| calls.stop.set(stop.clone(), &*calls.clock))?;
        let (unit, read) = unit_of(self.prices.reply_prices, known, &walked.goods)?;
        Ok(Library { walked, unit, read })
    }

    /// Every price that is known here and can be compared with the service's.
    fn known_prices(&self, appid: &str) -> anyhow::Result<KnownPrices> {
        let mut known = KnownPrices::default();
        if self.prices.reply_prices != ReplyPrices::Auto {
            return Ok(known);
        }
        let mut learn = |book: &Book| {
            let own = book.lines.iter().filter(|held| trust(held, appid) == Trust::Own);
            own.for_each(|held| known.add(held, &book.layout.columns));
        };
        let options = ReadOptions::default();
        match &self.results {
            Some(named) => {
                let missing = || anyhow!("{}: no such results file", named.display());
                let book = Book::read(named, &options).map_err(unusable)?;
                learn(&book.ok_or_else(missing).or_exit(Exit::NoInput)?);
            }
            None => {
                books().for_each(|(_, book)| learn(&book));
                Book::read(&self.output, &options).ok().flatten().iter().for_each(learn);
            }
        }
        Ok(known)
    }
}

/// Goods that the service counts and does not show.
fn missing(gap: &Gap) -> IssueGroup {
    let count = gap.total.saturating_sub(gap.found);
    IssueGroup { code: "library-gap".to_owned(), count, rows: Vec::new() }
}

/// Where an export goes.
enum Place<'a> {
    Stdout,
    Csv(&'a Path),
    Workbook(&'a Path),
}

impl<'a> Place<'a> {
    fn of(output: &'a Path) -> anyhow::Result<Self> {
        let is_called = |wanted| output.extension().is_some_and(|kind| kind.eq_ignore_ascii_case(wanted));
        match output {
            _ if output == Path::new("-") => Ok(Self::Stdout),
            _ if is_called("csv") => Ok(Self::Csv(output)),
            _ if is_called("xlsx") => Ok(Self::Workbook(output)),
            _ => Err(anyhow!("{}: an export is a .csv or an .xlsx file", output.display()))
                .or_exit(Exit::Usage),
        }
    }

    fn is_stdout(&self) -> bool {
        matches!(self, Self::Stdout)
    }

    /// Makes sure, before anything is called, that nothing is lost by writing there, and lets no other run work
    /// on the file meanwhile.
    fn take(&self, appid: &str, force: bool) -> anyhow::Result<Option<Lock>> {
        let (Self::Csv(path) | Self::Workbook(path)) = self else { return Ok(None) };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| folder.ends_with(REPORTS)) {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("{}: the folder cannot be made", folder.display()))
                .or_exit(Exit::CannotWrite)?;
        }
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let why = anyhow!("{}: there is no folder {}; make it first", path.display(), folder.display());
            return Err(why).or_exit(Exit::CannotWrite);
        }
        let lock = take_lock(path)?;
        if path.exists() {
            may_be_replaced(path, appid, force)?;
        }
        Ok(Some(lock))
    }

    /// Writes the whole file, or nothing.
    fn write(&self, book: &Book) -> anyhow::Result<()> {
        match self {
            Self::Stdout => {
                let mut out = terminal::stdout();
                book.write_to(&mut out).and_then(|()| out.flush()).or_exit(Exit::CannotWrite)
            }
            Self::Csv(path) => book.write(path).or_exit(Exit::CannotWrite),
            Self::Workbook(path) => {
                let workbook = results_workbook(book).or_exit(Exit::CannotWrite)?;
                publish(write_beside(path, &workbook).or_exit(Exit::CannotWrite)?, path, true)
                    .or_exit(Exit::CannotWrite)
            }
        }
    }
}

/// An earlier export that nothing was done with makes way for the next; results that hold anything else may be
/// the only place where it stands.
fn may_be_replaced(path: &Path, appid: &str, force: bool) -> anyhow::Result<()> {
    let shown = path.display();
    match Book::read(path, &ReadOptions::default()) {
        Ok(Some(book)) => {
            if let Some(held) = foreign(&book.lines, appid) {
                let row = held.line.row;
                let why = format!("{shown}: row {row} was written for another mini-program than {appid}");
                return Err(anyhow!("{why}; name another file")).or_exit(Exit::Configuration);
            }
            if is_mere_export(&book) {
                return Ok(());
            }
            let why = "holds more than an export finds out again (auditIds, columns of your own, what was done \
                       with the goods), so it is not overwritten; name another file";
            Err(anyhow!("{shown}: {why}")).or_exit(Exit::CannotWrite)
        }
        Ok(None) => Ok(()),
        Err(_) if force => Ok(()),
        Err(_) => Err(anyhow!(
            "{shown}: is there already and is no export; --force overwrites it, or name another file"
        ))
        .or_exit(Exit::CannotWrite),
    }
}
