//! A workbook of any kind into batches of rows: its sheets, their cells and merges, and how the cells look.

mod archive;
mod batch;
mod batches;
mod biff;
mod book;
mod cells;
mod compound;
mod entry;
mod found;
mod merges;
mod number;
mod ods;
mod records;
mod shown;
mod xls;
mod xlsb;
mod xlsx;

pub(super) use archive::inspect;
pub(super) use batch::{Batch, BatchRows};
pub(super) use book::Workbook;
pub(super) use compound::is_encrypted_package;
