//! The right to make one call.

mod bucket;

pub use bucket::Bucket;
