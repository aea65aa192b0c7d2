//! What a verb says when it is done.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

/// The template is there; what to do with it.
pub fn template_written(out: &mut dyn Write, path: &Path, next: &dyn Display) -> io::Result<()> {
    let path = path.display();
    writeln!(out, "wrote {path}: fill in a row for each of the goods; its sheet 说明 explains the columns")?;
    writeln!(out, "next: {next}")
}

/// The same as one JSON object.
pub fn template_written_as_json(out: &mut dyn Write, path: &Path, next: &dyn Display) -> io::Result<()> {
    let (path, next) = (path.display().to_string(), next.to_string());
    writeln!(out, "{}", json!({"command": "template", "output": path, "exit": 0, "next_command": next}))?;
    out.flush()
}
