//! A workbook's pictures into the rows they sit in: over a cell, in a cell, or in a cell as WPS Office keeps them.

mod anchors;
mod cells;
mod dispimg;
mod package;
mod placed;
mod rich;

pub use dispimg::picture_id;
pub use placed::{Astray, Pictures, RowPicture};
