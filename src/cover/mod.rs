//! A picture from anywhere into bytes the service takes, and the memory of what was uploaded when.

mod address;
mod alone;
mod decode;
mod digest;
mod eighth;
mod encode;
mod file;
mod format;
mod gate;
mod huffman;
mod inspect;
mod jpeg;
mod names;
mod pace;
mod prepare;
mod reach;
mod region;
mod resolve;
mod segments;
mod shrink;
mod sources;
mod uploads;
mod webp;

pub use crate::goods::CoverFault;
pub use address::{AddressRules, Addresses};
pub use digest::Digest;
pub use file::Folder;
pub use format::Format;
pub use inspect::Inspector;
pub use prepare::{LARGEST_BYTES, LARGEST_SIDE, Prepared, Preparer};
pub use reach::is_public;
pub use sources::{Source, Sources};
pub use uploads::{Turn, Uploads};
