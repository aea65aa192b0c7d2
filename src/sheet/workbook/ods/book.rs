//! An `.ods` archive into its sheets.

use std::fs::File;
use std::sync::Arc;

use quick_xml::events::Event;

use super::super::super::zipped::Parts;
use super::super::super::zipped::{Xml, attribute, is};
use super::super::super::{Limits, Problem};
use super::super::entry::{Entry, Visible};
use super::cells::OdsCells;
use super::styles::Styles;

const CONTENT: &str = "content.xml";

/// An open workbook.
pub(in crate::sheet::workbook) struct OdsBook {
    parts: Parts,
    pub sheets: Vec<Entry>,
    styles: Arc<Styles>,
    limits: Limits,
}

impl OdsBook {
    /// Opens the archive; lists the sheets, and reads what their cells refer to.
    pub fn open(file: File, limits: Limits) -> Result<Self, Problem> {
        let mut parts = Parts::open(file, limits)?;
        if let Some(manifest) = parts.xml_if_any("META-INF/manifest.xml")? {
            refuse_encrypted(manifest)?;
        }
        let mut styles = Styles::default();
        if let Some(named) = parts.xml_if_any("styles.xml")? {
            styles.read(named)?;
        }
        let sheets = list(parts.worksheet(CONTENT, limits.worksheet)?, &mut styles)?;
        Ok(Self { parts, sheets, styles: Arc::new(styles), limits })
    }

    /// The cells of a sheet, of which at most `bytes` are unpacked.
    pub fn cells(&mut self, sheet: &Entry, bytes: u64) -> Result<OdsCells<'_>, Problem> {
        let mut xml = self.parts.worksheet(CONTENT, bytes)?;
        let mut depth = 0_u32;
        loop {
            match xml.next_event()? {
                Event::Start(tag) if is(&tag, "table") => {
                    depth += 1;
                    if depth == 1 && attribute(&tag, "name")?.as_deref() == Some(&sheet.name) {
                        let longest = self.limits.repeated;
                        return Ok(OdsCells::new(xml, Arc::clone(&self.styles), longest));
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "table" => depth = depth.saturating_sub(1),
                Event::Eof => {
                    return Err(Problem::Damaged { detail: "content.xml ends too early".to_owned() });
                }
                _ => {}
            }
        }
    }
}

fn refuse_encrypted(mut manifest: Xml<'_>) -> Result<(), Problem> {
    loop {
        match manifest.next_event()? {
            Event::Start(tag) if is(&tag, "encryption-data") => return Err(Problem::Encrypted),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn list(mut xml: Xml<'_>, styles: &mut Styles) -> Result<Vec<Entry>, Problem> {
    let mut sheets = Vec::new();
    let mut depth = 0_u32;
    loop {
        match xml.next_event()? {
            Event::Start(tag) if is(&tag, "automatic-styles") => styles.read_element(&mut xml)?,
            Event::Start(tag) if is(&tag, "table") => {
                depth += 1;
                if depth == 1
                    && let Some(name) = attribute(&tag, "name")?
                {
                    let style = attribute(&tag, "style-name")?;
                    let hidden = style.is_some_and(|style| styles.is_hidden(&style));
                    let visible = if hidden { Visible::No } else { Visible::Yes };
                    Entry::add(&mut sheets, Entry { name, visible, part: String::new() })?;
                }
            }
            Event::End(tag) if tag.local_name().as_ref() == "table" => depth = depth.saturating_sub(1),
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}
