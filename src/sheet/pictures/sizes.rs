//! A worksheet's part into the heights of its rows and the widths of its columns, as far as pictures need them.

use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::super::Problem;
use super::super::zipped::{Parts, attribute, number, truth};
use super::axis::{Axis, Size};

/// EMU in a point.
const POINT: f64 = 12_700.0;
/// EMU in a pixel.
const PIXEL: f64 = 9_525.0;

/// The height of a row of which nothing is said, in points.
const DEFAULT_HEIGHT: f64 = 15.0;
/// The width of a column of which nothing is said, in pixels.
const DEFAULT_WIDTH: f64 = 64.0;
/// Pixels of a digit in the font that most workbooks have.
const DIGIT: f64 = 7.0;

/// The largest row or column that is believed, in EMU: twice what spreadsheet programs allow.
const LARGEST: f64 = 10_400_000.0 * 2.0;

/// Where a sheet's rows and columns lie.
#[derive(Debug)]
pub(super) struct Sizes {
    pub rows: Axis,
    pub columns: Axis,
}

/// How much of a sheet has to be known: the rows before this one, and this many EMU behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub rows: u32,
    pub height: i64,
}

/// Reads the sizes of a sheet's part, of which at most `limit` bytes are unpacked.
pub(super) fn read(package: &mut Parts, sheet: &str, limit: u64, reach: Reach) -> Result<Sizes, Problem> {
    let mut reader = Reader {
        sizes: Sizes {
            rows: Axis::new(height(DEFAULT_HEIGHT, false)),
            columns: Axis::new(width(DEFAULT_WIDTH)),
        },
        default: DEFAULT_HEIGHT,
        next: 0,
        reach,
    };
    package.read_until(sheet, limit, |event| match &event {
        Event::Start(tag) => reader.see(tag),
        _ => Ok(ControlFlow::Continue(())),
    })?;
    Ok(reader.sizes)
}

/// The number in an attribute; what is none, or too large for any place or size, is not there.
pub(super) fn measure(tag: &BytesStart<'_>, name: &str) -> Result<Option<f64>, Problem> {
    Ok(number::<f64>(tag, name)?.filter(|number| number.abs() < 1e15))
}

struct Reader {
    sizes: Sizes,
    /// The height of a row that says nothing of its own, in points.
    default: f64,
    /// The row behind the last one, counted from 0.
    next: u32,
    reach: Reach,
}

impl Reader {
    fn see(&mut self, tag: &BytesStart<'_>) -> Result<ControlFlow<()>, Problem> {
        match tag.local_name().as_ref() {
            "sheetFormatPr" => self.read_defaults(tag)?,
            "col" => self.read_columns(tag)?,
            "row" => return self.read_row(tag),
            _ => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn read_defaults(&mut self, tag: &BytesStart<'_>) -> Result<(), Problem> {
        self.default = measure(tag, "defaultRowHeight")?.unwrap_or(DEFAULT_HEIGHT);
        self.sizes.rows = Axis::new(height(self.default, truth(tag, "zeroHeight")?));
        let base = measure(tag, "baseColWidth")?.map(|digits| ((digits * DIGIT + 5.0) / 8.0).ceil() * 8.0);
        let pixels = measure(tag, "defaultColWidth")?.map(|digits| digits * DIGIT).or(base);
        self.sizes.columns = Axis::new(width(pixels.unwrap_or(DEFAULT_WIDTH)));
        Ok(())
    }

    fn read_columns(&mut self, tag: &BytesStart<'_>) -> Result<(), Problem> {
        let (Some(first), Some(last)) = (index(tag, "min")?, index(tag, "max")?) else { return Ok(()) };
        let own = measure(tag, "width")?.map_or(DEFAULT_WIDTH, |digits| digits * DIGIT);
        let size = if truth(tag, "hidden")? { Size { shown: 0, ..width(own) } } else { width(own) };
        self.sizes.columns.push(first, last.saturating_add(1), size);
        Ok(())
    }

    fn read_row(&mut self, tag: &BytesStart<'_>) -> Result<ControlFlow<()>, Problem> {
        let row = index(tag, "r")?.unwrap_or(self.next);
        let points = measure(tag, "ht")?.unwrap_or(self.default);
        self.sizes.rows.push(row, row.saturating_add(1), height(points, truth(tag, "hidden")?));
        self.next = row.saturating_add(1);
        let rows = &self.sizes.rows;
        let is_enough = self.next > self.reach.rows
            && rows.start_of(self.next) - rows.start_of(self.reach.rows) >= self.reach.height;
        Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}

fn height(points: f64, hidden: bool) -> Size {
    let full = emu(points * POINT);
    Size { shown: if hidden { 0 } else { full }, full }
}

fn width(pixels: f64) -> Size {
    let full = emu(pixels * PIXEL);
    Size { shown: full, full }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within the bounds of a u32"
)]
fn emu(size: f64) -> u32 {
    size.round().clamp(0.0, LARGEST) as u32
}

/// A number of a row or column, counted from 0.
fn index(tag: &BytesStart<'_>, name: &str) -> Result<Option<u32>, Problem> {
    Ok(attribute(tag, name)?.and_then(|number| number.trim().parse::<u32>().ok()?.checked_sub(1)))
}
