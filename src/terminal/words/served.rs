//! What the embedded stand-in says while it serves.

use std::io::{self, Write};

/// The first line on stdout: a script waits for it and reads the address from it.
pub fn sandbox_listens(out: &mut dyn Write, base_url: &str) -> io::Result<()> {
    writeln!(out, "listening on {base_url}")
}

/// A credential that was not in the environment, as a line that a shell takes.
pub fn sandbox_made_up(out: &mut dyn Write, variable: &str, value: &str) -> io::Result<()> {
    writeln!(out, "made up: export {variable}={value}")
}
