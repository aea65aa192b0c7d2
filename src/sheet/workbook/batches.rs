//! The cells of a sheet into batches of whole rows, with what a person sees in them.

use calamine::DataRef;

use super::super::error::Place;
use super::super::guard::guarded;
use super::super::heading::Heading;
use super::super::{Field, Problem};
use super::batch::{Batch, Column};
use super::cells::Cells;
use super::found::Found;
use super::merges::Merges;

/// Gathers cells into batches of whole rows.
pub(in crate::sheet) struct Batches<'b> {
    cells: Cells<'b>,
    heading: &'b Heading,
    columns: Vec<Column>,
    merges: Merges<'b>,
    /// The longest text of a row, in bytes.
    limit: usize,
    text: usize,
    /// The cells of the row at hand.
    row: Vec<Found<'b>>,
    ended: bool,
}

impl<'b> Batches<'b> {
    /// The batches of what stands below the heading row.
    pub(super) fn new(cells: Cells<'b>, heading: &'b Heading, merges: Merges<'b>, limit: usize) -> Self {
        let mut columns = vec![Column::default(); heading.columns.headings.len()];
        for field in Field::ALL {
            if let Some(column) = heading.columns.of(field) {
                let is_text = matches!(field, Field::Sku | Field::Name);
                columns[column] = Column { is_field: true, is_text };
            }
        }
        Self { cells, heading, columns, merges, limit, text: 0, row: Vec::new(), ended: false }
    }

    /// The next batch of rows below the heading row; `None` after the last.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, Problem> {
        guarded(|| self.gather())
    }

    fn gather(&mut self) -> Result<Option<Batch>, Problem> {
        let mut batch = None;
        while !self.ended {
            let found = self.cells.next_cell()?;
            self.ended = found.is_none();
            let at = self.row.last().map(|last| (last.row, last.column));
            let row_ends = found.as_ref().is_none_or(|found| at.is_some_and(|(row, _)| row != found.row));
            if row_ends {
                self.end_row(&mut batch);
            }
            let Some(found) = found.filter(|found| found.row > self.heading.row) else { continue };
            self.check_length(&found)?;
            if at.is_some_and(|(row, column)| (found.row, found.column) <= (row, column)) {
                return Err(Problem::Damaged { detail: format!("row {} has cells out of order", found.row) });
            }
            self.row.push(found);
            if row_ends && batch.as_ref().is_some_and(Batch::is_full) {
                break;
            }
        }
        Ok(batch.filter(|batch| !batch.is_empty()))
    }

    fn end_row(&mut self, batch: &mut Option<Batch>) {
        let Some(number) = self.row.first().map(|found| found.row) else { return };
        self.merges.apply(number, &mut self.row);
        if !self.row.is_empty() {
            let batch = batch.get_or_insert_with(|| Batch::new(number));
            for found in &self.row {
                batch.push(found, self.columns.get(found.column).copied().unwrap_or_default());
            }
        }
        self.row.clear();
        self.text = 0;
    }

    fn check_length(&mut self, found: &Found<'_>) -> Result<(), Problem> {
        let length = match &found.value {
            DataRef::String(text) => text.len(),
            DataRef::SharedString(text) => text.len(),
            _ => 0,
        };
        self.text += length;
        if self.text <= self.limit {
            return Ok(());
        }
        let headings = &self.heading.columns.headings;
        let heading =
            headings.get(found.column).map_or_else(String::new, |heading| heading.trim().to_owned());
        let place = Place { row: found.row, column: found.column + 1, heading };
        Err(Problem::TooLong { place, limit: self.limit })
    }
}
