//! A workbook's styles into what each shows of a number.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::super::Problem;
use super::super::super::zipped::{Xml, attribute, is, number};
use super::super::shown::Shown;

/// More styles than any spreadsheet program takes (it stops at 65,490), and more formats.
const MOST: usize = 1 << 17;

/// What each cell style shows, by its number.
pub(in crate::sheet::workbook) struct Styles {
    shown: Vec<Shown>,
}

impl Styles {
    /// No styles: every number is one.
    pub fn none() -> Self {
        Self { shown: Vec::new() }
    }

    /// Reads a workbook's part of styles.
    pub fn read(mut xml: Xml<'_>) -> Result<Self, Problem> {
        let mut formats = Formats::default();
        let mut shown = Vec::new();
        let mut of_cells = false;
        loop {
            match xml.next_event()? {
                Event::Start(tag) if is(&tag, "numFmt") => {
                    if let (Some(id), Some(code)) =
                        (number(&tag, "numFmtId")?, attribute(&tag, "formatCode")?)
                    {
                        formats.add(id, &code)?;
                    }
                }
                Event::Start(tag) if is(&tag, "cellXfs") => of_cells = true,
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => of_cells = false,
                Event::Start(tag) if of_cells && is(&tag, "xf") => {
                    shown.push(formats.shown(number(&tag, "numFmtId")?.unwrap_or(0)));
                    if shown.len() > MOST {
                        return Err(too_many());
                    }
                }
                Event::Eof => return Ok(Self { shown }),
                _ => {}
            }
        }
    }

    /// What the style of that number shows.
    pub fn shown(&self, style: usize) -> &Shown {
        self.shown.get(style).unwrap_or(&Shown::Number)
    }
}

impl From<Vec<Shown>> for Styles {
    fn from(shown: Vec<Shown>) -> Self {
        Self { shown }
    }
}

/// Number formats by their numbers.
#[derive(Default)]
pub(in crate::sheet::workbook) struct Formats {
    own: HashMap<u32, Shown>,
}

impl Formats {
    /// Adds a format of the workbook's own.
    pub fn add(&mut self, id: u32, code: &str) -> Result<(), Problem> {
        self.own.insert(id, Shown::of(code));
        if self.own.len() > MOST { Err(too_many()) } else { Ok(()) }
    }

    /// What the format of that number shows.
    pub fn shown(&self, id: u32) -> Shown {
        self.own.get(&id).cloned().unwrap_or_else(|| Shown::built_in(id))
    }
}

fn too_many() -> Problem {
    Problem::Damaged { detail: format!("more than {MOST} styles") }
}
