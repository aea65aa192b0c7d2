//! `check`: sheets into everything that is wrong with them, row by row. Calls nothing and writes nothing.

use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::BoolishValueParser;
use rayon::prelude::*;

use super::flags::{CoverFlags, SheetFlags};
use super::{NextCommand, Session};
use crate::clock::SystemClock;
use crate::cover::Inspector;
use crate::exit::Exit;
use crate::goods::{Block, Cover, Survey, Tally};
use crate::sheet::{self, Columns, ReadOptions, Rows, SheetError};
use crate::terminal::{self, Findings, JsonFindings, LineFindings, NoFindings, SheetFacts};

/// Flags of `check`.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  livegoods check goods.xlsx\n  livegoods check --json *.csv > findings.json"
)]
pub struct Check {
    /// The sheets to check; - is CSV on stdin
    #[arg(required = true, value_name = "SHEET")]
    sheets: Vec<PathBuf>,

    /// How to read them.
    #[command(flatten)]
    reading: SheetFlags,

    /// Fetch covers from their addresses too, instead of looking at the spelling alone
    #[arg(long, env = "LIVEGOODS_FETCH", value_parser = BoolishValueParser::new())]
    fetch: bool,

    /// Where covers may come from.
    #[command(flatten)]
    covers: CoverFlags,
}

impl Check {
    /// Checks one sheet after the other, and goes on with the next when one cannot be read.
    ///
    /// # Errors
    /// Stdout cannot be written.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let mut findings = findings(session)?;
        let options = self.reading.options();
        let mut total = Tally::default();
        let mut worst = Exit::Done;
        let mut again = session.command.clone();
        for path in &self.sheets {
            let (tally, refusal) = self.check(path, &options, findings.as_mut())?;
            if let Some(error) = &refusal {
                again = again.mending(&error.remedy());
                let next = again.to_string();
                terminal::say_error(&mut terminal::stderr(), session.paint(), &error.to_string(), &next);
            }
            let exit = exit_of(&tally, refusal.as_ref());
            worst = if exit.code() > worst.code() { exit } else { worst };
            total.merge(&tally);
        }
        findings.end(&total, worst, &self.next(again, worst).to_string())?;
        Ok(worst)
    }

    /// A sheet that is fine can be imported, any other has to be mended and checked again.
    fn next(&self, again: NextCommand, exit: Exit) -> NextCommand {
        match &self.sheets[..] {
            [first, ..] if exit == Exit::Done => again.of_the_sheet("import").value(first),
            _ => again,
        }
    }
}

fn findings(session: &Session) -> anyhow::Result<Box<dyn Findings>> {
    let out = BufWriter::with_capacity(64 << 10, terminal::stdout());
    Ok(match &session.output {
        output if output.json => Box::new(JsonFindings::new(out)?),
        output if output.quiet => Box::new(NoFindings),
        _ => Box::new(LineFindings::new(out)),
    })
}

impl Check {
    /// Reads one sheet to its end, or to where it cannot be read further.
    fn check(
        &self,
        path: &Path,
        options: &ReadOptions,
        findings: &mut dyn Findings,
    ) -> anyhow::Result<(Tally, Option<SheetError>)> {
        let sheet = match sheet::open(path, options) {
            Ok(sheet) => sheet,
            Err(error) => {
                findings.refused(&error)?;
                return Ok((Tally::default(), Some(error)));
            }
        };
        if sheet.columns().is_results()
            && let Err(error) = sheet.columns().refuse_unread_prices(path, sheet.heading_row(), &options.maps)
        {
            findings.refused(&error)?;
            return Ok((Tally::default(), Some(error)));
        }
        let (format, columns, notes) =
            (sheet.format().clone(), sheet.columns().clone(), sheet.notes().to_vec());
        let facts = SheetFacts { file: path, format: &format, columns: &columns, notes: &notes };
        findings.open(&facts)?;
        let pictures = sheet.pictures();
        let sources = self.covers.sources(path, pictures.clone(), Arc::new(SystemClock::new()))?;
        let inspector = Inspector::new(sources, self.fetch);
        let judge = |rows: &mut Rows<'_>| judged(rows, &columns, &inspector);
        let mut survey = Survey::expecting(sheet.rows_expected());
        let mut told = Ok(());
        let read = sheet.read(judge, |first, block| {
            let found = survey.take(first, block);
            told = found.iter().try_for_each(|(row, issues)| findings.row(&facts, *row, issues));
            if told.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        told?;
        let error = match read {
            Ok(totals) => {
                let astray = pictures.map(|pictures| pictures.astray()).unwrap_or_default();
                findings.read(&facts, &totals.notes(), &astray)?;
                None
            }
            Err(error) => Some(error),
        };
        findings.close(&facts, survey.tally(), error.as_ref())?;
        Ok((survey.tally().clone(), error))
    }
}

/// A block judged by every rule that needs no other row; its pictures are looked at in parallel.
fn judged(rows: &mut Rows<'_>, columns: &Columns, inspector: &Inspector) -> Block {
    let mut block = Block::default();
    while let Some(row) = rows.next_row() {
        block.judge(row, columns);
    }
    if !block.covers().is_empty() {
        let look = |(row, cover): &(u32, Cover)| inspector.fault(cover).map(|fault| (*row, fault));
        let faults = block.covers().par_iter().filter_map(look).collect();
        block.blame(faults);
    }
    block
}

fn exit_of(tally: &Tally, error: Option<&SheetError>) -> Exit {
    match error {
        Some(error) => error.exit(),
        None if tally.invalid > 0 => Exit::SomeFailed,
        None => Exit::Done,
    }
}
