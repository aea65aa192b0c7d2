//! The passes over results: their plans, their calls, what the files look like afterwards.

mod moves;
mod scope;
