//! stdout and stderr as writers that go quiet when nobody reads them any more.

use std::io::{self, ErrorKind, Stderr, Stdout, Write};

/// A stream whose reader may leave: `livegoods check a.csv | head` ends with its own exit code, and a run
/// goes on recording though its terminal is gone. Other errors, such as a full disk, stay errors.
#[derive(Debug)]
pub struct Pipe<W> {
    inner: W,
    name: &'static str,
    closed: bool,
}

/// The standard output.
pub fn stdout() -> Pipe<Stdout> {
    Pipe::new("stdout", io::stdout())
}

/// The standard error.
pub fn stderr() -> Pipe<Stderr> {
    Pipe::new("stderr", io::stderr())
}

impl<W> Pipe<W> {
    /// Writes to `inner` until its reader leaves; errors call it `name`.
    pub fn new(name: &'static str, inner: W) -> Self {
        Self { inner, name, closed: false }
    }

    fn unless_closed<T>(&mut self, quiet: T, write: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.closed {
            return Ok(quiet);
        }
        match write(&mut self.inner) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(quiet)
            }
            Err(error) => {
                Err(io::Error::new(error.kind(), format!("{} cannot be written: {error}", self.name)))
            }
            result => result,
        }
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_closed(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_closed((), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fails(ErrorKind, u32);

    impl Write for Fails {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            self.1 += 1;
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_left_is_not_an_error_and_is_not_written_to_again() {
        let mut pipe = Pipe::new("stdout", Fails(ErrorKind::BrokenPipe, 0));
        assert!(pipe.write_all(b"a").is_ok() && pipe.write_all(b"b").is_ok() && pipe.flush().is_ok());
        assert_eq!(pipe.inner.1, 1);
    }

    #[test]
    fn a_full_disk_is_an_error() {
        let mut pipe = Pipe::new("stdout", Fails(ErrorKind::StorageFull, 0));
        assert!(pipe.write_all(b"a").is_err());
    }
}
