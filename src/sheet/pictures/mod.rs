//! A workbook's pictures into the rows they sit in: over a cell, in a cell, or in a cell as WPS Office keeps them.

mod anchors;
mod axis;
mod cells;
mod dispimg;
mod drawn;
mod over;
mod placed;
mod rich;
mod sizes;
mod view;

pub use dispimg::picture_id;
pub use placed::{Astray, Pictures, RowPicture, SheetPicture};
pub use view::{View, WHOLE_SIDE};
