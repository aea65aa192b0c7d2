//! One JSON object, written as it grows: a million issues take no more memory than one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{Findings, SheetFacts};
use crate::exit::Exit;
use crate::goods::{Issue, Tally};
use crate::report::ColumnsRead;
use crate::sheet::{Astray, SheetError, SheetNote};
use crate::terminal::words;

/// `{"files":[{"file",…,"issues":[…],"rows",…}],"rows",…}`
#[derive(Debug)]
pub struct JsonFindings<W> {
    out: W,
    sheets: usize,
    issues: usize,
    /// What is said of the rows and pictures of the sheet at hand once they are read.
    told: Told,
}

#[derive(Debug, Default, Serialize)]
struct Told {
    row_notes: Vec<Note>,
    picture_warnings: Vec<String>,
}

#[derive(Serialize)]
struct Head<'a> {
    file: Cow<'a, str>,
    format: String,
    encoding: Option<&'a str>,
    delimiter: Option<char>,
    sheet: Option<&'a str>,
    heading_warnings: Vec<String>,
    notes: Vec<Note>,
    #[serde(flatten)]
    columns: ColumnsRead,
}

#[derive(Debug, Serialize)]
struct Note {
    code: &'static str,
    message: String,
}

impl Note {
    fn of(note: &SheetNote) -> Self {
        Self { code: note.code(), message: words::sheet_note(note) }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    row: u32,
    heading: &'a str,
    field: &'a str,
    code: &'a str,
    severity: &'a str,
    message: String,
}

#[derive(Serialize)]
struct Counts<'a> {
    rows: u64,
    ok: u64,
    invalid: u64,
    warnings: u64,
    codes: BTreeMap<&'a str, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_command: Option<&'a str>,
}

#[derive(Serialize)]
struct Refused<'a> {
    file: Cow<'a, str>,
    error: String,
    exit: u8,
}

impl<'a> Counts<'a> {
    fn of(tally: &Tally) -> Self {
        let codes = tally.codes.iter().map(|(&(_, code), &count)| (code, count)).collect();
        let Tally { rows, invalid, warnings, .. } = *tally;
        let ok = tally.ok();
        Self { rows, ok, invalid, warnings, codes, error: None, exit: None, next_command: None }
    }
}

impl<W: Write> JsonFindings<W> {
    /// Writes to `out`, beginning now.
    ///
    /// # Errors
    /// `out` cannot be written.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(b"{\"files\":[")?;
        Ok(Self { out, sheets: 0, issues: 0, told: Told::default() })
    }

    fn comma(&mut self, before: usize) -> io::Result<()> {
        if before > 0 { self.out.write_all(b",") } else { Ok(()) }
    }

    /// An object's members without the brace in front, to go on within another object.
    fn members(&mut self, object: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string(object)?;
        self.out.write_all(&text.as_bytes()[1..])
    }
}

impl<W: Write> Findings for JsonFindings<W> {
    fn open(&mut self, sheet: &SheetFacts<'_>) -> io::Result<()> {
        self.comma(self.sheets)?;
        self.sheets += 1;
        self.issues = 0;
        let format = sheet.format;
        let of_headings = sheet.notes.iter().filter(|note| note.is_of_a_heading());
        let head = serde_json::to_string(&Head {
            file: sheet.file.to_string_lossy(),
            format: format.kind.to_string(),
            encoding: format.encoding,
            delimiter: format.delimiter.map(char::from),
            sheet: format.sheet.as_deref(),
            heading_warnings: of_headings.map(words::sheet_note).collect(),
            notes: sheet.notes.iter().map(Note::of).collect(),
            columns: ColumnsRead::of(sheet.columns),
        })?;
        self.out.write_all(&head.as_bytes()[..head.len() - 1])?;
        self.out.write_all(b",\"issues\":[")
    }

    fn row(&mut self, sheet: &SheetFacts<'_>, row: u32, issues: &[Issue]) -> io::Result<()> {
        for Issue { field, fault } in issues {
            self.comma(self.issues)?;
            self.issues += 1;
            let line = Line {
                row,
                heading: sheet.columns.heading(*field),
                field: field.name(),
                code: fault.code(),
                severity: fault.severity().word(),
                message: words::fault(fault),
            };
            serde_json::to_writer(&mut self.out, &line)?;
        }
        Ok(())
    }

    fn read(&mut self, _: &SheetFacts<'_>, notes: &[SheetNote], astray: &[Astray]) -> io::Result<()> {
        let row_notes = notes.iter().map(Note::of).collect();
        self.told = Told { row_notes, picture_warnings: astray.iter().map(words::astray).collect() };
        Ok(())
    }

    fn close(&mut self, _: &SheetFacts<'_>, tally: &Tally, error: Option<&SheetError>) -> io::Result<()> {
        let told = serde_json::to_string(&std::mem::take(&mut self.told))?;
        write!(self.out, "],{},", told.trim_matches(['{', '}']))?;
        let exit = error.map(|error| error.exit().code());
        self.members(&Counts { error: error.map(ToString::to_string), exit, ..Counts::of(tally) })
    }

    fn refused(&mut self, error: &SheetError) -> io::Result<()> {
        self.comma(self.sheets)?;
        self.sheets += 1;
        let refused = Refused {
            file: error.file.to_string_lossy(),
            error: error.to_string(),
            exit: error.exit().code(),
        };
        Ok(serde_json::to_writer(&mut self.out, &refused)?)
    }

    fn end(&mut self, total: &Tally, exit: Exit, next: &str) -> io::Result<()> {
        self.out.write_all(b"],")?;
        self.members(&Counts { exit: Some(exit.code()), next_command: Some(next), ..Counts::of(total) })?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}
