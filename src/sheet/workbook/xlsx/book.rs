//! An `.xlsx` archive into its sheets, and one of them into cells and merges.

use std::fs::File;
use std::io::Read;

use memchr::memmem;
use quick_xml::events::Event;

use super::super::super::area::{Area, place_of};
use super::super::super::zipped::{Bounded, Bounds, attribute, is, truth};
use super::super::super::zipped::{Parts, Relations};
use super::super::super::{Limits, Problem};
use super::super::entry::{Entry, Visible};
use super::cells::{Shared, XlsxCells};
use super::strings::Strings;
use super::styles::Styles;

/// An open workbook.
pub(in crate::sheet::workbook) struct XlsxBook {
    parts: Parts,
    pub sheets: Vec<Entry>,
    strings: Strings,
    styles: Styles,
    is_1904: bool,
    calculates_on_load: bool,
    limits: Limits,
}

impl XlsxBook {
    /// Opens the archive; lists the sheets, and reads what their cells refer to.
    pub fn open(file: File, limits: Limits) -> Result<Self, Problem> {
        let mut parts = Parts::open(file, limits)?;
        let (workbook, relations) = parts.workbook()?;
        let strings = match relations.of_kind("sharedStrings").first() {
            Some(part) => parts.xml_if_any(part)?.map(Strings::read).transpose()?.unwrap_or_default(),
            None => Strings::default(),
        };
        let styles = match relations.of_kind("styles").first() {
            Some(part) => parts.xml_if_any(part)?.map(Styles::read).transpose()?,
            None => None,
        };
        let mut book = Self {
            parts,
            sheets: Vec::new(),
            strings,
            styles: styles.unwrap_or_else(Styles::none),
            is_1904: false,
            calculates_on_load: false,
            limits,
        };
        book.list(&workbook, &relations)?;
        Ok(book)
    }

    fn list(&mut self, workbook: &str, relations: &Relations) -> Result<(), Problem> {
        let mut xml = self.parts.xml(workbook)?;
        loop {
            match xml.next_event()? {
                Event::Start(tag) if is(&tag, "sheet") => {
                    let id = attribute(&tag, "id")?.unwrap_or_default();
                    let Some(part) = relations.target_of_kind(&id, "worksheet") else { continue };
                    let visible = match attribute(&tag, "state")?.as_deref() {
                        None | Some("visible") => Visible::Yes,
                        _ => Visible::No,
                    };
                    let name = attribute(&tag, "name")?.unwrap_or_default();
                    Entry::add(&mut self.sheets, Entry { name, visible, part: part.to_string() })?;
                }
                Event::Start(tag) if is(&tag, "workbookPr") => self.is_1904 = truth(&tag, "date1904")?,
                Event::Start(tag) if is(&tag, "calcPr") => {
                    self.calculates_on_load = truth(&tag, "fullCalcOnLoad")?;
                }
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The cells of a sheet, of which at most `bytes` are unpacked.
    pub fn cells(&mut self, sheet: &Entry, bytes: u64) -> Result<XlsxCells<'_>, Problem> {
        let xml = self.parts.worksheet(&sheet.part, bytes)?;
        let shared = Shared {
            strings: &self.strings,
            styles: &self.styles,
            is_1904: self.is_1904,
            calculates_on_load: self.calculates_on_load,
        };
        Ok(XlsxCells::new(xml, shared))
    }

    /// The merges of a sheet, which stand behind its cells: those are unpacked, and not looked at.
    pub fn merges(&mut self, sheet: &Entry) -> Result<Vec<Area>, Problem> {
        let bounds = Bounds { bytes: self.limits.worksheet, text: self.limits.record as u64 };
        let (archive, index) = self.parts.raw(&sheet.part)?;
        let part = Bounded::new(archive.by_index(index)?, sheet.part.clone(), bounds);
        merges_in(part)
    }
}

/// How much of a worksheet is looked at in one go.
const STRETCH: usize = 256 << 10;

/// The longest tag of a merge that a program writes, with room to spare.
const LONGEST_TAG: usize = 256;

/// More merges than this are nobody's layout.
const MOST_MERGES: usize = 1 << 20;

/// Finds the tags of merges by their name: in a text it would stand behind a `&lt;`.
fn merges_in(mut part: impl Read) -> Result<Vec<Area>, Problem> {
    const TAG: &[u8] = b"mergeCell ";
    let finder = memmem::Finder::new(TAG);
    let mut merges = Vec::new();
    let mut bytes = Vec::with_capacity(STRETCH + LONGEST_TAG);
    loop {
        let read = part
            .by_ref()
            .take(STRETCH as u64)
            .read_to_end(&mut bytes)
            .map_err(|error| Problem::unpacking(&error))?;
        let ended = read < STRETCH;
        // A tag that may be torn is looked at again with what follows it.
        let whole = if ended { bytes.len() } else { bytes.len() - LONGEST_TAG };
        for at in finder.find_iter(&bytes).take_while(|at| *at < whole) {
            if at > 0 && matches!(bytes[at - 1], b'<' | b':') {
                merges.extend(area_of(&bytes[at..(at + LONGEST_TAG).min(bytes.len())]));
            }
        }
        if merges.len() > MOST_MERGES {
            return Err(Problem::Damaged { detail: format!("more than {MOST_MERGES} merges") });
        }
        if ended {
            return Ok(merges);
        }
        bytes.drain(..whole - 1);
    }
}

/// The area in `mergeCell ref="A2:B3"`.
fn area_of(tag: &[u8]) -> Option<Area> {
    let tag = std::str::from_utf8(tag.split(|byte| *byte == b'>').next()?).ok()?;
    let quoted = tag.split_once("ref=")?.1;
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let text = quoted[1..].split(quote).next()?;
    let (from, to) = text.split_once(':').unwrap_or((text, text));
    let ((top, left), (bottom, right)) = (place_of(from)?, place_of(to)?);
    Some(Area { top: top + 1, bottom: bottom + 1, left: left as usize, right: right as usize })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_are_found_wherever_a_stretch_ends() {
        let tags = "<mergeCell ref=\"A2:A5\"/><x:mergeCell x='1' ref='C3:D3' />";
        let one = Area { top: 2, bottom: 5, left: 0, right: 0 };
        let other = Area { top: 3, bottom: 3, left: 2, right: 3 };
        for before in
            [0, 100, STRETCH - 300, STRETCH - 40, STRETCH - 20, STRETCH - 5, STRETCH, STRETCH * 2 - 280]
        {
            let part = format!("{}{tags}{}", " ".repeat(before), " ".repeat(STRETCH));
            assert_eq!(merges_in(part.as_bytes()).expect("merges"), [one, other], "{before}");
        }
    }
}
