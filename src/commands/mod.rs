//! A verb's flags and its run, one file each, wiring the rooms.

/// `sandbox`: the embedded stand-in, served until stopped.
pub mod sandbox;
