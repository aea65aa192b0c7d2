//! A picture from anywhere into bytes the service takes, and the memory of what was uploaded when.

mod decode;
mod digest;
mod encode;
mod fault;
mod format;
mod gate;
mod prepare;

pub use digest::Digest;
pub use fault::CoverFault;
pub use format::Format;
pub use prepare::{LARGEST_BYTES, LARGEST_SIDE, Prepared, Preparer};
