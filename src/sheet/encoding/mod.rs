//! The bytes of a text file into the encoding they are in, and into UTF-8.

mod plausible;
mod recognise;
mod transcode;
mod unit;
mod usual;

pub(super) use recognise::{BadByte, Recognised, plain_text, recognise};
pub(super) use transcode::as_utf8;
