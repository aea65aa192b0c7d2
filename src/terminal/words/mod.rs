//! Values into English.

mod faults;

pub use faults::{fault, note};
