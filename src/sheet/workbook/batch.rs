//! Cells of a workbook, gathered on the reading thread, into rows made on a worker.

use calamine::DataRef;

use super::super::{Look, RawRow};
use super::found::Found;
use super::number::{push_number, push_value};

/// A batch is handed on when it holds so many cells: enough that waking a worker for it costs little.
const FULL_CELLS: usize = 2048;

/// A batch is handed on when it holds so many bytes of text.
const FULL_TEXT: usize = 32 << 10;

/// Whole rows of cells, flat, so that gathering them allocates next to nothing.
pub(in crate::sheet) struct Batch {
    /// The first row's number, 1 for the first row of the sheet.
    pub first: u32,
    last: u32,
    text: String,
    cells: Vec<BatchCell>,
    /// What the eye sees beside the cells' text, in the cells' order.
    looks: Vec<(u32, usize, Look)>,
    /// The rows nobody sees, in order.
    hidden: Vec<u32>,
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

/// What the columns of a sheet are, for their cells.
#[derive(Clone, Copy, Default)]
pub(super) struct Column {
    /// It holds a field of goods: what the eye sees of its cells matters.
    pub is_field: bool,
    /// It holds what a person reads as text: a number in it is what its format shows.
    pub is_text: bool,
}

impl Batch {
    /// An empty batch that begins at row number `first`.
    pub fn new(first: u32) -> Self {
        // Room for the row that fills it, too: grown by doubling, it would take twice what it holds.
        let (text, cells) = (String::with_capacity(FULL_TEXT + 1024), Vec::with_capacity(FULL_CELLS + 64));
        Self { first, last: first, text, cells, looks: Vec::new(), hidden: Vec::new() }
    }

    /// Adds a cell below or right of all others.
    pub(super) fn push(&mut self, found: &Found<'_>, column: Column) {
        let value = match (&found.value, &found.code) {
            (_, Some(code)) if column.is_text => {
                self.text.push_str(code);
                Value::Text(self.text.len())
            }
            (DataRef::Float(number), _) => Value::Number(*number),
            (value, _) => {
                push_value(&mut self.text, value);
                Value::Text(self.text.len())
            }
        };
        self.last = found.row;
        self.cells.push(BatchCell { row: found.row, column: found.column as u32, value });
        if column.is_field {
            let merged = found.merged.then_some(Look::Merged);
            let across = found.across.then_some(Look::MergedAcross);
            let looks = [found.look.clone(), merged, across].into_iter().flatten();
            self.looks.extend(looks.map(|look| (found.row, found.column, look)));
        }
        if found.hidden && self.hidden.last() != Some(&found.row) {
            self.hidden.push(found.row);
        }
    }

    pub fn is_full(&self) -> bool {
        self.cells.len() >= FULL_CELLS || self.text.len() >= FULL_TEXT
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The rows, one by one; what stands beyond `width` columns is a remark beside the table.
    pub fn rows(&self, width: usize) -> BatchRows<'_> {
        BatchRows {
            batch: self,
            width,
            next: 0,
            next_look: 0,
            next_hidden: 0,
            text_at: 0,
            digits: String::new(),
        }
    }
}

/// The rows of a batch.
pub(in crate::sheet) struct BatchRows<'b> {
    batch: &'b Batch,
    width: usize,
    next: usize,
    next_look: usize,
    next_hidden: usize,
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
        self.read_looks(first.row, row);
        true
    }

    fn read_looks(&mut self, number: u32, row: &mut RawRow) {
        row.looks.clear();
        while let Some((of_row, column, look)) = self.batch.looks.get(self.next_look)
            && *of_row == number
        {
            row.looks.push((*column, look.clone()));
            self.next_look += 1;
        }
        row.hidden = self.batch.hidden.get(self.next_hidden) == Some(&number);
        self.next_hidden += usize::from(row.hidden);
    }

    /// How many rows the batch spans.
    pub fn spanned(&self) -> u32 {
        self.batch.last + 1 - self.batch.first
    }
}
