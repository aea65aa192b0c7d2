//! Bytes onto the disk, in the only three ways a journal needs; a parameter, so that tests can slow or kill it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Where a journal appends.
pub trait Disk: Send {
    /// Makes sure that `bytes` more can be appended, so that an answer that arrives can be written even when
    /// the disk filled up meanwhile.
    fn reserve(&mut self, bytes: u64) -> io::Result<()>;

    /// Appends all of `bytes` or, as far as it can be helped, nothing.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything appended survives a power cut.
    fn sync(&mut self) -> io::Result<()>;
}

/// A file that is appended to.
pub struct FileDisk {
    file: File,
    end: u64,
    reserved: u64,
}

/// Space is reserved in pieces of this many bytes, so that one system call serves hundreds of lines.
const PIECE: u64 = 256 * 1024;

impl FileDisk {
    /// Opens an existing file for appending.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        let end = file.metadata()?.len();
        Ok(Self { file, end, reserved: end })
    }
}

impl Disk for FileDisk {
    fn reserve(&mut self, bytes: u64) -> io::Result<()> {
        if self.end + bytes <= self.reserved {
            return Ok(());
        }
        let mut wanted = bytes.max(PIECE);
        let allocated = allocate(&self.file, self.end, wanted).or_else(|_| {
            // A disk that is nearly full may still hold what is needed now.
            wanted = bytes;
            allocate(&self.file, self.end, wanted)
        });
        match allocated {
            Ok(()) => self.reserved = self.end + wanted,
            // A file system that cannot reserve is no worse than one nobody asked.
            Err(error) if error.kind() == io::ErrorKind::Unsupported => self.reserved = u64::MAX,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let written = self.file.write_all(bytes);
        match written {
            Ok(()) => self.end += bytes.len() as u64,
            // Half a line would be healed by the next run; better to leave none.
            Err(_) => self.file.set_len(self.end)?,
        }
        written
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
}

impl Drop for FileDisk {
    fn drop(&mut self) {
        // Gives back what was reserved and not used; failing that, it goes when the file is folded.
        let _ = self.file.set_len(self.end);
    }
}

#[cfg(target_os = "linux")]
fn allocate(file: &File, from: u64, bytes: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    fallocate(file, FallocateFlags::KEEP_SIZE, from, bytes).map_err(Into::into)
}

#[cfg(not(target_os = "linux"))]
fn allocate(_file: &File, _from: u64, _bytes: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserving_does_not_show_in_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("journal");
        std::fs::write(&path, "head\n").expect("a file");
        let mut disk = FileDisk::open(&path).expect("an open file");
        disk.reserve(1000).expect("room");
        disk.append(b"line\n").expect("an append");
        disk.sync().expect("a sync");
        assert_eq!(std::fs::read(&path).expect("the file"), b"head\nline\n");
        drop(disk);
        assert_eq!(std::fs::read(&path).expect("the file"), b"head\nline\n");
    }
}
