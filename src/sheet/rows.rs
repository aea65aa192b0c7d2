//! A block into rows, lent one by one in the same record: blank ones passed over, ragged ones marked.

use super::encoding::{BadByte, plain_text};
use super::ragged::Shape;
use super::remark::is_remark;
use super::row_of::row_after;
use super::text::TextRows;
use super::workbook::{Batch, BatchRows};
use super::{Columns, Look, Pictures, RawRow};

/// What one worker reads at a time.
pub(super) enum Block {
    /// `at` is where the bytes stand in a file of UTF-8.
    Text {
        bytes: Vec<u8>,
        delimiter: u8,
        at: u64,
    },
    Cells(Batch),
}

impl Block {
    /// The number of its first row, where it is known without the blocks before.
    pub fn first_row(&self) -> Option<u32> {
        match self {
            Self::Text { .. } => None,
            Self::Cells(batch) => Some(batch.first),
        }
    }
}

/// What keeps a row from being read; its number is the distance from the block's first row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RowFault {
    Undecodable { offset: u32, byte: u64 },
    Nul { offset: u32, byte: u64 },
}

/// The rows of one block. Each is numbered by its distance from the block's first row.
pub struct Rows<'b> {
    source: Source<'b>,
    pictures: Option<RowPictures<'b>>,
    table: &'b Table<'b>,
    row: RawRow,
    read: u64,
    hidden: u64,
    remarks: u64,
    fault: Option<RowFault>,
}

/// What all rows of a sheet have in common.
pub(super) struct Table<'h> {
    columns: &'h Columns,
    shape: Shape,
    /// Rows that a person does not see are left out.
    visible_only: bool,
}

impl<'h> Table<'h> {
    pub fn new(columns: &'h Columns, visible_only: bool) -> Self {
        Self { columns, shape: Shape::of(columns), visible_only }
    }
}

/// Which pictures the rows of a block may hold.
pub(super) struct RowPictures<'b> {
    pub pictures: &'b Pictures,
    /// The number of the block's first row.
    pub first: u32,
    /// The column of covers.
    pub cover: Option<usize>,
}

impl RowPictures<'_> {
    fn place(&self, row: &mut RawRow) {
        let text = self.cover.and_then(|column| row.cells.get(column)).unwrap_or_default();
        row.picture = self.pictures.of_row(self.first + row.number, self.cover, text);
    }
}

enum Source<'b> {
    Text { rows: TextRows<'b>, delimiter: u8 },
    Cells(BatchRows<'b>),
    Nothing,
}

/// What is known of a block when all its rows were lent.
pub(super) struct Spent {
    pub spanned: u32,
    pub read: u64,
    /// How many of the rows that were read nobody sees.
    pub hidden: u64,
    /// How many rows were passed over because they hold a total or a remark.
    pub remarks: u64,
    pub fault: Option<RowFault>,
}

impl<'b> Rows<'b> {
    /// The rows of `block`, which is of this table.
    pub(super) fn new(block: &'b Block, table: &'b Table<'b>, pictures: Option<RowPictures<'b>>) -> Self {
        let (source, fault) = match block {
            Block::Text { bytes, delimiter, at } => match plain_text(bytes) {
                Ok(text) => {
                    let (rows, delimiter) = (TextRows::new(text, *delimiter), *delimiter);
                    (Source::Text { rows, delimiter }, None)
                }
                Err(bad) => (Source::Nothing, Some(locate(bad, bytes, *delimiter, *at))),
            },
            Block::Cells(batch) => (Source::Cells(batch.rows(table.shape.width)), None),
        };
        let (read, hidden, remarks) = (0, 0, 0);
        Self { source, pictures, table, row: RawRow::default(), read, hidden, remarks, fault }
    }

    /// Lends the next row that is not blank; `None` after the last, and after one that cannot be read.
    pub fn next_row(&mut self) -> Option<&RawRow> {
        while self.advance() {
            let Table { columns, shape, visible_only } = self.table;
            if shape.is_blank(&self.row) || *visible_only && self.row.hidden {
                continue;
            }
            if let Some(pictures) = &self.pictures {
                pictures.place(&mut self.row);
            }
            if is_remark(&self.row, columns) {
                self.remarks += 1;
                continue;
            }
            self.read += 1;
            self.hidden += u64::from(self.row.hidden);
            return Some(&self.row);
        }
        None
    }

    fn advance(&mut self) -> bool {
        match &mut self.source {
            Source::Text { rows, delimiter } => {
                let Some(number) = rows.read(&mut self.row.cells) else { return false };
                self.row.number = number;
                self.row.looks.clear();
                self.row.looks.extend(rows.misquoted().iter().map(|column| (*column, Look::BehindQuote)));
                self.table.shape.fit(&mut self.row, rows.row_text(), *delimiter);
                true
            }
            Source::Cells(rows) => rows.read(&mut self.row),
            Source::Nothing => false,
        }
    }

    /// Passes over what was not asked for, so that the rows of the next block can be numbered.
    pub(super) fn finish(mut self) -> Spent {
        while self.next_row().is_some() {}
        let spanned = match &self.source {
            Source::Text { rows, .. } => rows.spanned(),
            Source::Cells(rows) => rows.spanned(),
            Source::Nothing => 0,
        };
        let Self { read, hidden, remarks, fault, .. } = self;
        Spent { spanned, read, hidden, remarks, fault }
    }
}

/// Says in which row of its block a byte stands, and where in the file.
fn locate(bad: BadByte, bytes: &[u8], delimiter: u8, at: u64) -> RowFault {
    let (BadByte::Undecodable(byte) | BadByte::Nul(byte)) = bad;
    let offset = row_after(&bytes[..byte], Some(delimiter)).map_or(0, |row| row - 1);
    let byte = at + byte as u64;
    match bad {
        BadByte::Undecodable(_) => RowFault::Undecodable { offset, byte },
        BadByte::Nul(_) => RowFault::Nul { offset, byte },
    }
}
