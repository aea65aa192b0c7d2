//! Bytes into a file that is there whole or not at all.

use std::fs::Permissions;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::anyhow;
use tempfile::NamedTempFile;

/// Written beside its place, so that no reader ever sees half a file.
///
/// # Errors
/// The folder is not there, or cannot be written.
pub fn write_beside(path: &Path, bytes: &[u8]) -> anyhow::Result<NamedTempFile> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        let mut file = tempfile::Builder::new().prefix(".livegoods-").tempfile_in(dir)?;
        file.as_file().set_permissions(Permissions::from_mode(0o644))?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    // The system's own text would name the temporary file, which nobody asked for.
    write().map_err(|error: io::Error| {
        anyhow!(
            "{}: cannot be written ({}): name a folder that is there and may be written",
            path.display(),
            error.kind()
        )
    })
}

/// Puts the file in its place; one that is there already is overwritten only by `force`.
///
/// # Errors
/// A file is there already, or the place cannot be written.
pub fn publish(file: NamedTempFile, path: &Path, force: bool) -> anyhow::Result<()> {
    let published = if force { file.persist(path) } else { file.persist_noclobber(path) };
    published.map(drop).map_err(|error| match error.error.kind() {
        ErrorKind::AlreadyExists => anyhow!("{}: is there already; --force overwrites it", path.display()),
        kind => anyhow!("{}: cannot be written ({kind})", path.display()),
    })
}
