//! Results into a workbook: the same cells, in columns that a spreadsheet program leaves as they are.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::results::{Book, OWN};
use crate::sheet::Field;

/// Wide enough for an id.
const WIDTH: f64 = 16.0;

/// Digits that a spreadsheet program's number holds exactly.
const EXACT: usize = 15;

/// The bytes of a workbook with the lines of `book`. Prices are numbers, so that people can work with them; all
/// else is text, for ids have more digits than such a program keeps.
///
/// # Errors
/// A text that is too long for a cell, or more rows than a sheet has.
pub fn results_workbook(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let columns = &book.layout.columns;
    let headings = columns.headings.iter().map(String::as_str).chain(OWN);
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    sheet.set_name("goods")?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(headings) {
        sheet.set_column_width(column, WIDTH)?;
        sheet.write_with_format(0, column, heading, &bold)?;
    }
    let prices = [columns.of(Field::Price), columns.of(Field::Price2)];
    for (row, held) in (1..).zip(&book.lines) {
        let cells = held.line.cells(columns.headings.len()).enumerate();
        for (position, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            let column = u16::try_from(position).map_err(|_| XlsxError::RowColumnLimitError)?;
            match number(&cell).filter(|_| prices.contains(&Some(position))) {
                Some(price) => write_price(sheet, row, column, price)?,
                None => sheet.write_string_with_format(row, column, cell, &text).map(drop)?,
            }
        }
    }
    workbook.save_to_buffer()
}

fn write_price(sheet: &mut Worksheet, row: u32, column: u16, price: f64) -> Result<(), XlsxError> {
    sheet.write_number(row, column, price).map(drop)
}

/// A price as the number a spreadsheet program keeps, when it keeps every digit.
fn number(cell: &str) -> Option<f64> {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    (digits <= EXACT).then(|| cell.parse().ok()).flatten()
}
