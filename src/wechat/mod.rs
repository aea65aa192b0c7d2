//! The service as a trait, and its client: calls, wire forms, codes and their class, tokens.

mod client;
mod codes;
mod forms;
mod kept;
mod reply;
mod service;
mod token;
mod wire;

pub use client::{Client, ClientError, Settings};
pub use codes::{Class, Code, TABLE, class_of, look_up};
pub use kept::StateTokens;
pub use service::{Added, Call, Failure, QuotaFigures, RateLimit, Refusal, Service};
pub use token::{KeptToken, TokenKey, TokenStore};
