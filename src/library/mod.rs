//! The service's goods as values.

mod values;

pub use values::{GoodsInfo, Listed, Page};
