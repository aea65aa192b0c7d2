//! The service as a trait, and its client.

mod service;

pub use service::{Added, Call, Failure, QuotaFigures, RateLimit, Refusal, Service};
