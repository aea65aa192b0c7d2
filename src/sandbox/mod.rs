//! A stand-in for the service, written from its documents alone: it shares no type with the client, so that
//! a misspelt field cannot agree with itself. Everything is refused that the service is known to refuse.
//!
//! Names steer it: goods whose name holds `违规` are refused at once (300004), `违规图片` for their picture
//! (300005); a name with `拒审` is refused in review, every other one approved when the review time is over.
//! A page path that holds `unreleased` is not in the released version (300007).

mod call;
mod connection;
mod door;
mod fault;
mod goods;
mod journal;
mod listing;
mod media;
mod memory;
mod options;
mod picture;
mod quota;
mod refusal;
mod rules;
mod server;
mod service;
mod shelf;
mod spelling;
mod token;
mod visit;
mod wire;

pub use call::{Call, Pool};
pub use fault::{Amount, Fault, FaultError, Kind, When};
pub use journal::{Asked, Calls};
pub use memory::MemoryError;
pub use options::{Day, Options, Prices, Rate, Replies};
pub use server::{Sandbox, SandboxError};
pub use shelf::Shelved;
