//! The service's goods as values.

mod values;

pub use values::{Change, GoodsInfo, Listed, Page};
