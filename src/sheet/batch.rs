//! Cells of a workbook, gathered on the reading thread, into rows made on a worker.

use calamine::DataRef;

use super::RawRow;
use super::number::{push_number, push_value};

/// A batch is handed on when it holds so many cells: enough that waking a worker for it costs little.
const FULL_CELLS: usize = 2048;

/// A batch is handed on when it holds so many bytes of text.
const FULL_TEXT: usize = 32 << 10;

/// Whole rows of cells, flat, so that gathering them allocates next to nothing.
pub(super) struct Batch {
    /// The first row's number, 1 for the first row of the sheet.
    pub first: u32,
    last: u32,
    text: String,
    cells: Vec<BatchCell>,
}

struct BatchCell {
    row: u32,
    column: u32,
    value: Value,
}

/// Numbers are turned into text by the worker: it is the dearest part of a cell.
enum Value {
    /// Up to here in the batch's text, from the end of the text before.
    Text(usize),
    Number(f64),
}

impl Batch {
    /// An empty batch that begins at row number `first`.
    pub fn new(first: u32) -> Self {
        // Room for the row that fills it, too: grown by doubling, it would take twice what it holds.
        let (text, cells) = (String::with_capacity(FULL_TEXT + 1024), Vec::with_capacity(FULL_CELLS + 64));
        Self { first, last: first, text, cells }
    }

    /// Adds a cell below or right of all others; `row` is its number, `column` counts from 0.
    pub fn push(&mut self, row: u32, column: usize, value: &DataRef<'_>) {
        let value = match value {
            DataRef::Float(number) => Value::Number(*number),
            value => {
                push_value(&mut self.text, value);
                Value::Text(self.text.len())
            }
        };
        self.last = row;
        self.cells.push(BatchCell { row, column: column as u32, value });
    }

    /// The number of the last row that has a cell.
    pub fn last(&self) -> u32 {
        self.last
    }

    /// The column after the last cell of row number `row`, 0 when it has none.
    pub fn width_of(&self, row: u32) -> usize {
        self.cells.last().filter(|cell| cell.row == row).map_or(0, |cell| cell.column as usize + 1)
    }

    pub fn is_full(&self) -> bool {
        self.cells.len() >= FULL_CELLS || self.text.len() >= FULL_TEXT
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The rows, one by one; what stands beyond `width` columns is a remark beside the table.
    pub fn rows(&self, width: usize) -> BatchRows<'_> {
        BatchRows { batch: self, width, next: 0, text_at: 0, digits: String::new() }
    }
}

/// The rows of a batch.
pub(super) struct BatchRows<'b> {
    batch: &'b Batch,
    width: usize,
    next: usize,
    text_at: usize,
    digits: String,
}

impl BatchRows<'_> {
    /// Reads the next row that has a cell, numbered by its distance from the first; false after the last.
    pub fn read(&mut self, row: &mut RawRow) -> bool {
        let Some(first) = self.batch.cells.get(self.next) else { return false };
        row.number = first.row - self.batch.first;
        row.cells.clear();
        let of_row = self.batch.cells[self.next..].iter().take_while(|cell| cell.row == first.row);
        for cell in of_row {
            self.next += 1;
            let text = match cell.value {
                Value::Text(end) => {
                    let start = std::mem::replace(&mut self.text_at, end);
                    &self.batch.text[start..end]
                }
                Value::Number(number) => {
                    self.digits.clear();
                    push_number(&mut self.digits, number);
                    &self.digits
                }
            };
            let column = cell.column as usize;
            if column >= self.width {
                continue;
            }
            while row.cells.len() < column {
                row.cells.push_field("");
            }
            row.cells.push_field(text);
        }
        true
    }

    /// How many rows the batch spans.
    pub fn spanned(&self) -> u32 {
        self.batch.last + 1 - self.batch.first
    }
}
