//! The stand-in as its callers see it: over HTTP, a test for each documented fact.

mod caller;
mod goods;
mod listing;
