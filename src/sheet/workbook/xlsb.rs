//! Excel's zipped binary records into sheets, cells and merges ([MS-XLSB]).

use std::fs::File;
use std::io::BufReader;

use calamine::DataRef;
use zip::read::ZipFile;

use super::super::area::Area;
use super::super::zipped::Parts;
use super::super::zipped::{Bounded, Bounds, Source};
use super::super::{Limits, Problem};
use super::entry::{Entry, Visible};
use super::found::Found;
use super::records::{Records, error_text, f64_at, packed_number, u16_at, u32_at, wide_text};
use super::xlsx::{Formats, Strings, Styles};

type PartRecords<'b> = Records<BufReader<Bounded<ZipFile<'b, Source>>>>;

/// More merges than this are nobody's layout.
const MOST_MERGES: usize = 1 << 20;

/// An open workbook.
pub(super) struct XlsbBook {
    parts: Parts,
    pub sheets: Vec<Entry>,
    strings: Strings,
    styles: Styles,
    is_1904: bool,
    limits: Limits,
}

impl XlsbBook {
    /// Opens the archive; lists the sheets, and reads what their cells refer to.
    pub fn open(file: File, limits: Limits) -> Result<Self, Problem> {
        let mut parts = Parts::open(file, limits)?;
        let (workbook, relations) = parts.workbook()?;
        let (mut strings, mut styles) = (Strings::default(), Styles::none());
        if let Some(part) = relations.of_kind("sharedStrings").first() {
            strings = read_strings(records(&mut parts, part, limits.held, limits)?)?;
        }
        if let Some(part) = relations.of_kind("styles").first() {
            styles = read_styles(records(&mut parts, part, limits.held, limits)?)?;
        }
        let (mut sheets, mut is_1904) = (Vec::new(), false);
        let mut of_book = records(&mut parts, &workbook, limits.held, limits)?;
        while let Some((kind, data)) = of_book.next_record()? {
            match kind {
                0x99 => is_1904 = data.first().is_some_and(|flags| flags & 1 != 0),
                0x9C => {
                    let (id, name) = bundle(data).ok_or_else(damaged)?;
                    let Some(part) = relations.target_of_kind(&id, "worksheet") else { continue };
                    let visible = if u32_at(data, 0) == Some(0) { Visible::Yes } else { Visible::No };
                    Entry::add(&mut sheets, Entry { name, visible, part: part.to_string() })?;
                }
                _ => {}
            }
        }
        drop(of_book);
        Ok(Self { parts, sheets, strings, styles, is_1904, limits })
    }

    /// The cells of a sheet, of which at most `bytes` are unpacked.
    pub fn cells(&mut self, sheet: &Entry, bytes: u64) -> Result<XlsbCells<'_>, Problem> {
        Ok(XlsbCells {
            records: records(&mut self.parts, &sheet.part, bytes, self.limits)?,
            strings: &self.strings,
            styles: &self.styles,
            is_1904: self.is_1904,
            row: 0,
            column: 0,
            hidden: false,
        })
    }

    /// The merges of a sheet.
    pub fn merges(&mut self, sheet: &Entry) -> Result<Vec<Area>, Problem> {
        let mut records = records(&mut self.parts, &sheet.part, self.limits.worksheet, self.limits)?;
        let mut merges = Vec::new();
        while let Some((kind, data)) = records.next_record()? {
            if kind != 0xB0 {
                continue;
            }
            let corner = |at| u32_at(data, at).filter(|place| *place < 1 << 20).ok_or_else(damaged);
            let (top, bottom) = (corner(0)? + 1, corner(4)? + 1);
            merges.push(Area { top, bottom, left: corner(8)? as usize, right: corner(12)? as usize });
            if merges.len() > MOST_MERGES {
                return Err(Problem::Damaged { detail: format!("more than {MOST_MERGES} merges") });
            }
        }
        Ok(merges)
    }
}

fn records<'p>(
    parts: &'p mut Parts,
    part: &str,
    bytes: u64,
    limits: Limits,
) -> Result<PartRecords<'p>, Problem> {
    let (archive, index) = parts.raw(part)?;
    let bounds = Bounds { bytes, text: u64::MAX };
    let bounded = Bounded::new(archive.by_index(index)?, part.to_owned(), bounds);
    Ok(Records::new(BufReader::with_capacity(64 << 10, bounded), limits.record))
}

/// The relation and the name of a sheet.
fn bundle(data: &[u8]) -> Option<(String, String)> {
    let id = wide_text(data, 8).unwrap_or_default();
    let units = u32_at(data, 8).filter(|units| *units != u32::MAX).unwrap_or(0) as usize;
    Some((id, wide_text(data, 12 + units.checked_mul(2)?)?))
}

fn read_strings(mut records: PartRecords<'_>) -> Result<Strings, Problem> {
    let mut strings = Strings::default();
    while let Some((kind, data)) = records.next_record()? {
        if kind == 0x13 {
            strings.push(&wide_text(data, 1).ok_or_else(damaged)?)?;
        }
    }
    Ok(strings)
}

fn read_styles(mut records: PartRecords<'_>) -> Result<Styles, Problem> {
    let mut formats = Formats::default();
    let mut shown = Vec::new();
    let mut of_cells = false;
    while let Some((kind, data)) = records.next_record()? {
        match kind {
            0x2C => {
                let id = u16_at(data, 0).ok_or_else(damaged)?;
                formats.add(id.into(), &wide_text(data, 2).ok_or_else(damaged)?)?;
            }
            0x269 => of_cells = true,
            0x26A => of_cells = false,
            // Excel itself stops at 65,490 styles; more cannot be named by most cells.
            0x2F if of_cells && shown.len() < 1 << 17 => {
                shown.push(formats.shown(u16_at(data, 2).ok_or_else(damaged)?.into()));
            }
            _ => {}
        }
    }
    Ok(shown.into())
}

/// Reads the cells of one sheet, row by row.
pub(super) struct XlsbCells<'b> {
    records: PartRecords<'b>,
    strings: &'b Strings,
    styles: &'b Styles,
    is_1904: bool,
    row: u32,
    /// Where the next cell is that does not say where.
    column: u32,
    hidden: bool,
}

impl<'b> XlsbCells<'b> {
    /// How many bytes were unpacked so far.
    pub fn unpacked(&self) -> u64 {
        self.records.input().get_ref().unpacked()
    }

    /// The next cell that has a value; `None` after the last.
    pub fn next_cell(&mut self) -> Result<Option<Found<'b>>, Problem> {
        while let Some((kind, data)) = self.records.next_record()? {
            // Cells in a short form stand right of the one before.
            let (kind, at) = match kind {
                0x01..=0x0B | 0x3E => {
                    self.column = u32_at(data, 0).ok_or_else(damaged)?;
                    (kind, 4)
                }
                0x0C..=0x12 => (kind - 0x0B, 0),
                0x00 => {
                    self.row = u32_at(data, 0).ok_or_else(damaged)?;
                    self.hidden = data.get(11).is_some_and(|flags| flags & 0x10 != 0);
                    self.column = 0;
                    continue;
                }
                0x92 => return Ok(None),
                _ => continue,
            };
            let value = value(kind, data, at + 4, self.strings).ok_or_else(damaged)?;
            let mut found = Found::at(self.row, self.column, value)?;
            self.column += 1;
            found.hidden = self.hidden;
            let style = u32_at(data, at).unwrap_or_default() & 0x00FF_FFFF;
            found.show(self.styles.shown(style as usize), self.is_1904);
            if !found.is_blank() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

fn value<'b>(kind: u16, data: &[u8], at: usize, strings: &'b Strings) -> Option<DataRef<'b>> {
    Some(match kind {
        0x02 => DataRef::Float(packed_number(u32_at(data, at)?)),
        0x03 | 0x0B => DataRef::String(error_text(*data.get(at)?).to_owned()),
        0x04 | 0x0A => DataRef::Bool(*data.get(at)? != 0),
        0x05 | 0x09 => DataRef::Float(f64_at(data, at)?),
        0x06 | 0x08 => DataRef::String(wide_text(data, at)?),
        0x3E => DataRef::String(wide_text(data, at + 1)?),
        0x07 => DataRef::SharedString(strings.get(u32_at(data, at)? as usize)?),
        _ => DataRef::Empty,
    })
}

fn damaged() -> Problem {
    Problem::Damaged { detail: "a record does not hold what its type promises".to_owned() }
}
