//! Lines into durable lines: one thread writes whatever is waiting and forces it to disk once.

use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::{Timestamp, Unit};

use super::batch::{End, Piece, Waiting};
use super::{Disk, Line};
use crate::clock::Clock;

/// What the answer to one line that says *sending* may need: the line again, and an errmsg.
const ANSWER: u64 = 2048;

/// The journal's disk failed. What was handed over with this is not recorded.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the results cannot be written: {0}")]
pub struct JournalError(pub String);

/// The open end of a results file.
pub struct Journal {
    waiting: Arc<Waiting>,
    writer: Option<JoinHandle<()>>,
    /// The user columns of each file.
    widths: Vec<usize>,
    clock: Arc<dyn Clock>,
    latest: Mutex<Timestamp>,
}

/// The promise that lines are being written.
#[must_use = "lines are not on disk before the receipt has been waited for"]
pub struct Receipt {
    end: Arc<OnceLock<End>>,
    stamp: Timestamp,
}

impl Receipt {
    /// Returns once the lines are on disk, with the time they were stamped with.
    pub fn wait(self) -> Result<Timestamp, JournalError> {
        self.end.wait().clone().map(|()| self.stamp)
    }
}

impl Journal {
    /// Starts the writer. `width` is the number of user columns; every line is stamped later than `floor`, the
    /// newest time in the file, even when the machine's clock went back: so a run's lines are never mistaken for
    /// older ones.
    pub fn start(disk: Box<dyn Disk>, width: usize, clock: Arc<dyn Clock>, floor: Option<Timestamp>) -> Self {
        Self::start_all(vec![(disk, width)], clock, floor)
    }

    /// The same for several files: each line goes to the one that its [`Line::file`] says.
    pub fn start_all(
        disks: Vec<(Box<dyn Disk>, usize)>,
        clock: Arc<dyn Clock>,
        floor: Option<Timestamp>,
    ) -> Self {
        let waiting = Arc::new(Waiting::new());
        let (files, widths) =
            disks.into_iter().map(|(disk, width)| (Page { disk, outstanding: 0 }, width)).unzip();
        let latest = floor.map_or(Timestamp::UNIX_EPOCH, |floor| floor + Duration::from_millis(1));
        let scribe = Scribe { files };
        let commits = Arc::clone(&waiting);
        let writer = std::thread::spawn(move || scribe.write_all(&commits));
        Self { waiting, writer: Some(writer), widths, clock, latest: Mutex::new(latest) }
    }

    /// Says how many threads are about to record, each waiting for its receipts.
    pub fn expect(&self, threads: usize) {
        self.waiting.expect(threads);
    }

    /// Stamps lines and hands them to the writer; they are on disk when the receipt says so, all of them or, after
    /// a failure, perhaps none.
    pub fn record(&self, lines: &[&Line]) -> Receipt {
        let stamp = self.stamp();
        let of_file = |(file, width): (usize, &usize)| {
            Piece::of(lines.iter().copied().filter(|line| line.file == file), *width, stamp)
        };
        let pieces: Vec<Piece> = self.widths.iter().enumerate().map(of_file).collect();
        Receipt { end: self.waiting.push(&pieces), stamp }
    }

    /// Never an earlier time than before.
    fn stamp(&self) -> Timestamp {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.clock.now().round(Unit::Millisecond).unwrap_or(*latest);
        *latest = now.max(*latest);
        *latest
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.waiting.close();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// Closes the queue when the writer ends, however it does.
struct Closing<'a>(&'a Waiting);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

/// The writer thread's own.
struct Scribe {
    files: Vec<Page>,
}

/// The end of one file.
struct Page {
    disk: Box<dyn Disk>,
    /// Lines that say *sending* and whose answers have yet to be written.
    outstanding: u64,
}

impl Scribe {
    fn write_all(mut self, waiting: &Waiting) {
        let _closing = Closing(waiting);
        let mut failure = None;
        while let Some(batch) = waiting.take() {
            // After a failure the file is left alone: the next run heals it, and must find it as it was.
            let result = match &failure {
                None => self.write(&batch.pieces),
                Some(failure) => Err(JournalError::clone(failure)),
            };
            failure = result.as_ref().err().cloned();
            let _ = batch.end.set(result);
        }
    }

    fn write(&mut self, pieces: &[Piece]) -> End {
        let mut files = self.files.iter_mut().zip(pieces).filter(|(_, piece)| piece.lines > 0);
        let written = files.try_for_each(|(file, piece)| file.write(piece));
        written.map_err(|error| JournalError(error.to_string()))
    }
}

impl Page {
    fn write(&mut self, piece: &Piece) -> io::Result<()> {
        let answers = piece.lines - piece.sending;
        self.outstanding = self.outstanding.saturating_sub(answers) + piece.sending;
        let length = piece.bytes.len() as u64;
        self.disk.reserve(length + self.outstanding * (ANSWER + length / piece.lines))?;
        self.disk.append(&piece.bytes)?;
        self.disk.sync()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use crossbeam_channel::{Receiver, Sender, unbounded};

    use super::*;
    use crate::clock::ManualClock;
    use crate::results::{Action, Outcome};

    #[derive(Default)]
    struct Seen {
        bytes: Mutex<Vec<u8>>,
        syncs: AtomicUsize,
    }

    /// Counts syncs, and lets the first one wait until it is told to go on.
    struct SlowDisk {
        seen: Arc<Seen>,
        gate: Receiver<()>,
        full: bool,
    }

    impl Disk for SlowDisk {
        fn reserve(&mut self, _bytes: u64) -> io::Result<()> {
            if self.full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }

        fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
            self.seen.bytes.lock().expect("a lock").extend_from_slice(bytes);
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            let _ = self.gate.recv();
            self.seen.syncs.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    }

    fn line(row: u32, outcome: Outcome) -> Line {
        Line { row, action: Some(Action::Add), outcome: Some(outcome), ..Line::default() }
    }

    fn journal(full: bool) -> (Journal, Arc<Seen>, Sender<()>, Arc<ManualClock>) {
        let (go, gate) = unbounded();
        let seen = Arc::new(Seen::default());
        let start = "2026-11-21T00:00:00Z".parse().expect("a timestamp");
        let clock = Arc::new(ManualClock::at(start));
        let disk = Box::new(SlowDisk { seen: Arc::clone(&seen), gate, full });
        let floor = start + std::time::Duration::from_secs(60);
        (Journal::start(disk, 0, clock.clone(), Some(floor)), seen, go, clock)
    }

    #[test]
    fn whatever_waits_while_the_disk_is_busy_goes_out_with_one_sync() {
        let (journal, seen, go, _) = journal(false);
        let first = journal.record(&[&line(1, Outcome::Sending)]);
        // The writer is inside the first sync once its bytes are seen.
        while seen.bytes.lock().expect("a lock").is_empty() {
            std::thread::yield_now();
        }
        let rest: Vec<Receipt> = (2..50).map(|row| journal.record(&[&line(row, Outcome::Sending)])).collect();
        go.send(()).expect("a waiting disk");
        go.send(()).expect("a waiting disk");
        first.wait().expect("recorded");
        rest.into_iter().for_each(|receipt| assert!(receipt.wait().is_ok()));
        assert_eq!(seen.syncs.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_line_that_comes_alone_is_written_however_many_threads_may_follow() {
        let (journal, seen, go, _) = journal(false);
        journal.expect(1000);
        go.send(()).expect("a waiting disk");
        journal.record(&[&line(1, Outcome::Sending)]).wait().expect("recorded");
        assert_eq!(seen.syncs.load(Ordering::SeqCst), 1);
    }

    /// Falls over whatever it is given.
    struct BrokenDisk;

    impl Disk for BrokenDisk {
        fn reserve(&mut self, _bytes: u64) -> io::Result<()> {
            panic!("the disk broke")
        }

        fn append(&mut self, _bytes: &[u8]) -> io::Result<()> {
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nobody_waits_for_a_writer_that_fell() {
        let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
        let journal = Journal::start(Box::new(BrokenDisk), 0, clock, None);
        for row in 1..4 {
            assert!(journal.record(&[&line(row, Outcome::Sending)]).wait().is_err());
        }
    }

    #[test]
    fn every_line_is_stamped_later_than_the_newest_in_the_file() {
        let (journal, seen, go, _) = journal(false);
        go.send(()).expect("a waiting disk");
        journal.record(&[&line(1, Outcome::Ok)]).wait().expect("recorded");
        let text = String::from_utf8(seen.bytes.lock().expect("a lock").clone()).expect("text");
        assert!(text.contains("2026-11-21T08:01:00.001+08:00"), "{text}");
        assert!(text.ends_with("\r\n"));
    }

    #[test]
    fn a_full_disk_is_told_to_everyone_and_nothing_more_is_written() {
        let (journal, seen, _go, _) = journal(true);
        assert!(journal.record(&[&line(1, Outcome::Sending)]).wait().is_err());
        assert!(journal.record(&[&line(2, Outcome::Sending)]).wait().is_err());
        assert!(seen.bytes.lock().expect("a lock").is_empty());
    }
}
