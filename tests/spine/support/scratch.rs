//! A directory for one test: in memory where there is such a thing, for these tests force thousands of lines to
//! disk and ask nothing of the disk itself.

use tempfile::TempDir;

/// An empty directory that goes with the value.
pub fn scratch() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a directory")
}
