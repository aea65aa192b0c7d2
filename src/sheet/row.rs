//! One row as a reader lends it, and which column holds which field.

use std::path::Path;

use csv::StringRecord;

use super::{Field, HeadingMap, Look, RowPicture, SheetError};

/// The heading row: every column's own heading, and where each field is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The headings as they stand in the sheet, in order.
    pub headings: Vec<String>,
    /// For each of [`Field::ALL`], the column that holds it.
    pub fields: [Option<usize>; Field::ALL.len()],
}

impl Columns {
    /// The column that holds `field`, if any does.
    pub fn of(&self, field: Field) -> Option<usize> {
        self.fields[field as usize]
    }

    /// The first column with exactly this heading.
    pub fn column(&self, heading: &str) -> Option<usize> {
        self.headings.iter().position(|own| own.trim() == heading)
    }

    /// The heading over `field` as the sheet spells it, else the field's own name.
    pub fn heading(&self, field: Field) -> &str {
        self.of(field).and_then(|column| self.headings.get(column)).map_or(field.name(), String::as_str)
    }

    /// The columns of the results in `file`, whose first row is `headings`.
    ///
    /// # Errors
    /// Two headings for one field.
    pub fn of_results(file: &Path, headings: Vec<String>, maps: &[HeadingMap]) -> Result<Self, SheetError> {
        super::heading::columns_of(headings, maps).map_err(SheetError::at(file))
    }

    /// Refuses headings that speak of a price and are not read, as in any sheet. Results are read with them, for
    /// most verbs need no price; who takes prices from results asks here.
    ///
    /// # Errors
    /// There are such headings in `row` of `file`.
    pub fn refuse_unread_prices(&self, file: &Path, row: u32, maps: &[HeadingMap]) -> Result<(), SheetError> {
        super::heading::unread_prices(row, self, maps).map_err(SheetError::at(file))
    }

    /// The headings that are read, each with its field, in the sheet's order.
    pub fn read(&self) -> impl Iterator<Item = (&str, Field)> {
        let field_at = move |column| Field::ALL.into_iter().find(|field| self.of(*field) == Some(column));
        let headings = self.headings.iter().enumerate();
        headings.filter_map(move |(column, heading)| Some((heading.trim(), field_at(column)?)))
    }

    /// The headings that are not read, in the sheet's order.
    pub fn unread(&self) -> impl Iterator<Item = &str> {
        let headings = self.headings.iter().enumerate();
        let unread = headings.filter(|(column, _)| !self.fields.contains(&Some(*column)));
        unread.map(|(_, heading)| heading.trim()).filter(|heading| !heading.is_empty())
    }

    /// Whether the file is results: it has the headings `outcome` and `goodsId`.
    pub fn is_results(&self) -> bool {
        super::heading::are_results(&self.headings)
    }
}

/// One row; cells as text, in the sheet's columns, never more of them than headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRow {
    /// The row number as a spreadsheet program shows it, 1 for the first row of the file. While [`super::Rows`]
    /// lends the row, it is the distance from the first row of the block, which only `take` learns.
    pub number: u32,
    /// The cells' text. A row may be shorter than the headings.
    pub cells: StringRecord,
    /// The picture that sits in the row.
    pub picture: RowPicture,
    /// What the eye sees of cells beside their text, with the cells' columns counted from 0; mostly nothing.
    pub looks: Vec<(usize, Look)>,
    /// Whether a person does not see the row: it is hidden or filtered away.
    pub hidden: bool,
    /// How many cells a row of a CSV file has, where the heading row has another number of them, or where as many are
    /// there only because an amount like `1,299.00` stands in two.
    pub ragged: Option<usize>,
}

impl RawRow {
    /// The text of `field`, empty when the sheet has no such column or the row ends before it.
    pub fn get(&self, columns: &Columns, field: Field) -> &str {
        columns.of(field).and_then(|column| self.cells.get(column)).unwrap_or("")
    }

    /// What the eye sees of the cell of `field` beside its text.
    pub fn looks(&self, columns: &Columns, field: Field) -> impl Iterator<Item = &Look> {
        let column = columns.of(field).filter(|_| !self.looks.is_empty());
        self.looks.iter().filter(move |(at, _)| Some(*at) == column).map(|(_, look)| look)
    }
}
