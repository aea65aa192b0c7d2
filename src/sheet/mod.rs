//! A file into raw rows: opened by kind, decoded, its heading row found, lent block by block.

mod area;
mod block;
mod buffers;
mod content;
mod csv_file;
mod currency;
mod encoding;
mod error;
mod field;
mod format;
mod guard;
mod heading;
mod in_order;
mod limits;
mod look;
mod open;
mod pictures;
mod quotes;
mod ragged;
mod remark;
mod row;
mod row_of;
mod rows;
mod stops;
mod text;
mod workbook;
mod zipped;

pub use content::Content;
pub use currency::is_foreign_currency;
pub use error::{Place, Problem, Remedy, SheetError, column_letters};
pub use field::Field;
pub use format::{Format, Kind};
pub use heading::{
    HeadingMap, HeadingWarning, Meaning, NoHeadingRow, PriceHeadings, QuotedRow, SheetNote, TwoHeadingRows,
    TwoHeadings,
};
pub use limits::Limits;
pub use look::Look;
pub use open::{ReadOptions, Sheet, Totals, open};
pub use pictures::{Astray, Pictures, RowPicture, SheetPicture, View, WHOLE_SIDE, picture_id};
pub use row::{Columns, RawRow};
pub use rows::Rows;
