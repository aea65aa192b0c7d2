//! What a verb says when it is done.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

/// The template is there; what to do with it.
pub fn template_written(out: &mut dyn Write, path: &Path, next: &dyn Display) -> io::Result<()> {
    let path = path.display();
    writeln!(out, "wrote {path}: fill in a row for each of the goods; its sheet 说明 explains the columns")?;
    writeln!(out, "next: {next}")
}
