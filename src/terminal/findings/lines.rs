//! One line an issue, a summary a sheet.

use std::io::{self, Write};

use super::{Findings, SheetFacts};
use crate::exit::Exit;
use crate::goods::{Issue, Severity, Tally};
use crate::report::ColumnsRead;
use crate::sheet::{Astray, SheetError, SheetNote};
use crate::terminal::words;

/// `FILE:ROW: HEADING: CODE: TEXT`, each issue on one physical line whatever the cells hold.
#[derive(Debug)]
pub struct LineFindings<W> {
    out: W,
    sheets: usize,
}

impl<W: Write> LineFindings<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, sheets: 0 }
    }
}

impl<W: Write> Findings for LineFindings<W> {
    fn open(&mut self, sheet: &SheetFacts<'_>) -> io::Result<()> {
        let file = sheet.file.to_string_lossy();
        let file = words::one_line(&file);
        for note in sheet.notes {
            writeln!(self.out, "{file}: {}", words::sheet_note(note))?;
        }
        Ok(())
    }

    fn row(&mut self, sheet: &SheetFacts<'_>, row: u32, issues: &[Issue]) -> io::Result<()> {
        let file = sheet.file.to_string_lossy();
        let file = words::one_line(&file);
        for Issue { field, fault } in issues {
            let heading = words::one_line(sheet.columns.heading(*field));
            let warning = if fault.severity() == Severity::Warning { "warning: " } else { "" };
            let text = words::fault(fault);
            writeln!(self.out, "{file}:{row}: {heading}: {}: {warning}{text}", fault.code())?;
        }
        Ok(())
    }

    fn read(&mut self, sheet: &SheetFacts<'_>, notes: &[SheetNote], astray: &[Astray]) -> io::Result<()> {
        let file = sheet.file.to_string_lossy();
        let file = words::one_line(&file);
        for note in notes {
            writeln!(self.out, "{file}: warning: {}", words::sheet_note(note))?;
        }
        for picture in astray {
            writeln!(self.out, "{file}:{}: warning: {}", picture.row, words::astray(picture))?;
        }
        Ok(())
    }

    fn close(&mut self, sheet: &SheetFacts<'_>, tally: &Tally, error: Option<&SheetError>) -> io::Result<()> {
        self.sheets += 1;
        let file = sheet.file.to_string_lossy();
        write!(self.out, "{} ({}): ", words::one_line(&file), sheet.format)?;
        match error {
            Some(_) => writeln!(self.out, "cannot be read to its end; up to there {}", words::tally(tally))?,
            None => writeln!(self.out, "{}", words::tally(tally))?,
        }
        writeln!(self.out, "  {}", words::columns_read(&ColumnsRead::of(sheet.columns)))?;
        self.out.write_all(words::codes(tally).as_bytes())
    }

    fn refused(&mut self, _: &SheetError) -> io::Result<()> {
        self.sheets += 1;
        Ok(())
    }

    fn end(&mut self, total: &Tally, _: Exit, next: &str) -> io::Result<()> {
        if self.sheets > 1 {
            writeln!(self.out, "{} sheets: {}", self.sheets, words::tally(total))?;
        }
        writeln!(self.out, "next: {next}")?;
        self.out.flush()
    }
}
