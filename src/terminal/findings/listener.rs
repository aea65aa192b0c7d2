//! What a check has to say, in the order it says it.

use std::io;
use std::path::Path;

use crate::exit::Exit;
use crate::goods::{Issue, Tally};
use crate::sheet::{Astray, Columns, Format, SheetError, SheetNote};

/// What is known of a sheet once its heading row is read.
#[derive(Clone, Copy, Debug)]
pub struct SheetFacts<'a> {
    /// The file as it was named.
    pub file: &'a Path,
    /// What was recognised.
    pub format: &'a Format,
    /// The headings.
    pub columns: &'a Columns,
    /// What its owner should know of it.
    pub notes: &'a [SheetNote],
}

/// Hears what a check finds, as it finds it: nothing has to be kept.
///
/// # Errors
/// Every method fails when its output cannot be written.
pub trait Findings {
    /// A sheet is open; its issues follow.
    fn open(&mut self, sheet: &SheetFacts<'_>) -> io::Result<()>;

    /// A row of the open sheet has issues.
    fn row(&mut self, sheet: &SheetFacts<'_>, row: u32, issues: &[Issue]) -> io::Result<()>;

    /// All rows of the open sheet are read: what is to be known of them, and the pictures that are in no goods row.
    fn read(&mut self, sheet: &SheetFacts<'_>, notes: &[SheetNote], astray: &[Astray]) -> io::Result<()>;

    /// The open sheet is at its end, or could not be read further.
    fn close(&mut self, sheet: &SheetFacts<'_>, tally: &Tally, error: Option<&SheetError>) -> io::Result<()>;

    /// A sheet could not be opened.
    fn refused(&mut self, error: &SheetError) -> io::Result<()>;

    /// All sheets are done; `next` is the command to type now.
    fn end(&mut self, total: &Tally, exit: Exit, next: &str) -> io::Result<()>;
}

/// Says nothing: `--quiet`.
#[derive(Debug)]
pub struct NoFindings;

impl Findings for NoFindings {
    fn open(&mut self, _: &SheetFacts<'_>) -> io::Result<()> {
        Ok(())
    }

    fn row(&mut self, _: &SheetFacts<'_>, _: u32, _: &[Issue]) -> io::Result<()> {
        Ok(())
    }

    fn read(&mut self, _: &SheetFacts<'_>, _: &[SheetNote], _: &[Astray]) -> io::Result<()> {
        Ok(())
    }

    fn close(&mut self, _: &SheetFacts<'_>, _: &Tally, _: Option<&SheetError>) -> io::Result<()> {
        Ok(())
    }

    fn refused(&mut self, _: &SheetError) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _: &Tally, _: Exit, _: &str) -> io::Result<()> {
        Ok(())
    }
}
