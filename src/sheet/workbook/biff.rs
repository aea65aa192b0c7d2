//! The stream of an `.xls` workbook into its records, proven to fit in memory.

use std::fs::File;
use std::io::Cursor;
use std::ops::Range;
use std::sync::Arc;

use super::super::Problem;
use super::super::error::Place;
use super::compound;
use super::records::{u16_at, u32_at};

/// The most cells all sheets' used areas may have together.
const CELLS: u64 = 4 << 20;

/// The most cells a sheet may claim to use: all that the format has room for.
const CLAIMED: u64 = 65_536 * 256;

/// The most texts that cells may share: each takes some fifty bytes before it has a sign.
const TEXTS: u32 = 2 << 20;

/// More sheets than this are nobody's workbook.
const SHEETS: usize = 4096;

/// The stream of a workbook's records.
pub(super) struct Stream {
    /// A compound file that holds nothing else: other readers get this one, whatever stood beside the stream.
    file: Arc<[u8]>,
    place: Range<usize>,
    /// Where the records of each sheet begin.
    starts: Vec<usize>,
}

impl Stream {
    /// Reads an `.xls` file of at most `limit` bytes.
    pub fn read(file: &mut File, limit: u64) -> Result<Self, Problem> {
        let stream = compound::stream(file, &["Workbook", "Book"], limit)?;
        let (file, start) = compound::alone(stream)?;
        let mut stream = Self { place: start..file.len(), file: file.into(), starts: Vec::new() };
        let sheets = stream.globals().filter(|(kind, _)| *kind == SHEET);
        stream.starts = sheets.filter_map(|(_, data)| Some(u32_at(data, 0)? as usize)).collect();
        Ok(stream)
    }

    /// A file that holds the stream alone.
    pub fn file(&self) -> Cursor<Arc<[u8]>> {
        Cursor::new(Arc::clone(&self.file))
    }

    fn bytes(&self) -> &[u8] {
        &self.file[self.place.clone()]
    }

    /// Refuses what is locked by a password, or would take too much memory: sheets whose used areas are too large to
    /// lay out, and texts without end.
    pub fn prove(&self) -> Result<(), Problem> {
        for (kind, data) in self.globals() {
            match kind {
                LOCKED => return Err(Problem::Encrypted),
                TEXT_TABLE if u32_at(data, 4).is_none_or(|texts| texts > TEXTS) => {
                    return Err(Problem::TooMuchText { texts: TEXTS as usize, bytes: self.place.len() });
                }
                _ => {}
            }
        }
        if self.starts.len() > SHEETS {
            return Err(Problem::Damaged { detail: format!("more than {SHEETS} sheets") });
        }
        let (mut cells, mut looked_at) = (0, 0);
        for sheet in 0..self.starts.len() {
            let all = self.all_records_of(sheet).map(|(_, kind, data)| (kind, data));
            let area = Area::of(all.inspect(|(_, data)| looked_at += 4 + data.len()));
            // Sheets that share their records would be read as often as there are sheets.
            if looked_at > self.place.len() {
                return Err(Problem::Damaged { detail: "its sheets overlap".to_owned() });
            }
            cells += area.cells();
            if cells > CELLS || area.claimed > CLAIMED {
                let cells = cells.max(area.claimed);
                let place =
                    Place { row: area.bottom + 1, column: area.right as usize + 1, heading: String::new() };
                return Err(Problem::AreaTooLarge { place, cells });
            }
        }
        Ok(())
    }

    /// The records of the workbook as a whole.
    pub fn globals(&self) -> impl Iterator<Item = (u16, &[u8])> {
        records(self.bytes()).take_while(|(kind, _)| *kind != END)
    }

    /// The records of a sheet, by its place in the workbook's list, those of charts in it left out.
    pub fn records_of(&self, sheet: usize) -> impl Iterator<Item = (u16, &[u8])> {
        self.all_records_of(sheet).filter(|(depth, ..)| *depth == 1).map(|(_, kind, data)| (kind, data))
    }

    /// Every record of a sheet between its first and its last, each with how deep it stands: those of charts deeper.
    fn all_records_of(&self, sheet: usize) -> impl Iterator<Item = (usize, u16, &[u8])> {
        let start = self.starts.get(sheet).copied().unwrap_or(usize::MAX);
        let mut depth = 0_usize;
        records(self.bytes().get(start..).unwrap_or_default()).map_while(move |(kind, data)| {
            match kind {
                BEGIN => depth += 1,
                END if depth <= 1 => return None,
                END => depth -= 1,
                _ => {}
            }
            Some((if kind == BEGIN { 0 } else { depth }, kind, data))
        })
    }
}

/// The records of a stream: their type and data.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some((kind, data))
    })
}

const LOCKED: u16 = 0x002F;
const TEXT_TABLE: u16 = 0x00FC;
const SHEET: u16 = 0x0085;
const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const DIMENSIONS: u16 = 0x0200;
const MANY_NUMBERS: u16 = 0x00BD;
const CELLS_OF_ONE: [u16; 7] = [0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];

/// The rectangle that holds all cells of a sheet, and how many cells the sheet claims to use.
#[derive(Default)]
struct Area {
    bottom: u32,
    right: u32,
    claimed: u64,
}

impl Area {
    fn of<'r>(sheet: impl Iterator<Item = (u16, &'r [u8])>) -> Self {
        let mut area = Self::default();
        for (kind, data) in sheet {
            match kind {
                DIMENSIONS => area.claim(data),
                MANY_NUMBERS => area.hold(u16_at(data, 0), u16_at(data, data.len().saturating_sub(2))),
                kind if CELLS_OF_ONE.contains(&kind) => area.hold(u16_at(data, 0), u16_at(data, 2)),
                _ => {}
            }
        }
        area
    }

    fn hold(&mut self, row: Option<u16>, column: Option<u16>) {
        self.bottom = self.bottom.max(row.unwrap_or(0).into());
        self.right = self.right.max(column.unwrap_or(0).into());
    }

    /// Room is made for what a sheet claims, and a last row before its first would be room without end.
    fn claim(&mut self, data: &[u8]) {
        let narrow = |at| u16_at(data, at).map(u32::from);
        let corners = if data.len() < 14 {
            (narrow(0), narrow(2), narrow(4), narrow(6))
        } else {
            (u32_at(data, 0), u32_at(data, 4), narrow(8), narrow(10))
        };
        let (Some(top), Some(bottom), Some(left), Some(right)) = corners else { return };
        let height = bottom.checked_sub(top).or((bottom == 0).then_some(0)).map_or(u64::MAX, u64::from);
        self.claimed = height.saturating_mul(right.saturating_sub(left).max(1).into());
    }

    fn cells(&self) -> u64 {
        (u64::from(self.bottom) + 1) * (u64::from(self.right) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("short");
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    #[test]
    fn a_sheet_that_begins_amid_another_hides_nothing_of_it() {
        let globals = [record(BEGIN, &[0; 16]), record(END, &[])].concat();
        let far = record(0x0203, &[0xFF, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let sheet = [record(BEGIN, &[0; 16]), far, record(END, &[])].concat();
        let start = globals.len();
        let file: Arc<[u8]> = [globals, sheet].concat().into();
        let stream = Stream { place: 0..file.len(), file, starts: vec![start, start + 20] };
        assert!(matches!(stream.prove(), Err(Problem::AreaTooLarge { .. })));
    }
}
