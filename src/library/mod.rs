//! The service's goods as values: walking the list, finding goods whose add lost its answer.

mod found;
mod unit;
mod values;
mod walk;

pub use found::{Catalogue, Match, is_same_page};
pub use unit::PriceUnit;
pub use values::{Change, GoodsInfo, Listed, Page};
pub use walk::{Gap, PAGE_LIMIT, Walked, walk};
