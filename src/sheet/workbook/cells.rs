//! A sheet of any kind of workbook into its cells, row by row.

use super::super::Problem;
use super::found::Found;
use super::ods::OdsCells;
use super::xls::XlsCells;
use super::xlsb::XlsbCells;
use super::xlsx::XlsxCells;

/// Yields the cells of a sheet in its order; `None` after the last.
pub(super) enum Cells<'b> {
    Xlsx(XlsxCells<'b>),
    Xlsb(XlsbCells<'b>),
    Ods(OdsCells<'b>),
    Xls(XlsCells),
}

impl<'b> Cells<'b> {
    pub fn next_cell(&mut self) -> Result<Option<Found<'b>>, Problem> {
        match self {
            Self::Xlsx(cells) => cells.next_cell(),
            Self::Xlsb(cells) => cells.next_cell(),
            Self::Ods(cells) => cells.next_cell(),
            Self::Xls(cells) => cells.next_cell(),
        }
    }

    /// How many bytes of the archive were unpacked for them so far.
    pub fn unpacked(&self) -> u64 {
        match self {
            Self::Xlsx(cells) => cells.unpacked(),
            Self::Xlsb(cells) => cells.unpacked(),
            Self::Ods(cells) => cells.unpacked(),
            Self::Xls(_) => 0,
        }
    }
}
