//! The passes over results: their plans, their calls, what the files look like afterwards.

mod export;
mod kills;
mod life;
mod mangled;
#[path = "../spine/support/mortal.rs"]
mod mortal;
mod moves;
#[path = "../spine/support/run_clock.rs"]
mod run_clock;
mod scope;
mod shop;
mod renamed;
mod update;
mod wishes;
