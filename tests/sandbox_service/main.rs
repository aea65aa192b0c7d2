//! The stand-in as its callers see it: over HTTP, a test for each documented fact.

mod caller;
mod faults;
mod goods;
mod listing;
mod memory;
mod pictures;
mod quotas;
mod tokens;
