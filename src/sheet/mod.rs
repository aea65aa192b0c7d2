//! A file into raw rows: opened by kind, decoded, its heading row found, lent block by block.

mod field;
mod row;

pub use field::Field;
pub use row::{Columns, RawRow};
