//! Lines of many threads into batches, each worth one sync.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::encode::encode;
use super::{JournalError, Line, Outcome};

/// With so few threads at work a sync waits for nobody: each row that is late makes its own thread late.
const FEW_THREADS: usize = 8;

/// For how long a sync waits, at the most, until a quarter of the other threads hand something over. A sync costs the
/// machine as much as a row; with many threads a row spends far more than this on its way anyway.
const PATIENCE: Duration = Duration::from_millis(1);

/// What is to be on disk together, whoever handed it over, and the end that all of them wait for.
///
/// One end for many: whoever waits for a batch is woken with all others by one system call.
#[derive(Default)]
pub(super) struct Batch {
    /// For each file its own.
    pub pieces: Vec<Piece>,
    /// How often something was handed over.
    records: usize,
    pub end: Arc<OnceLock<End>>,
}

impl Drop for Batch {
    /// Nobody shall wait for a writer that fell.
    fn drop(&mut self) {
        let _ = self.end.set(Err(gone()));
    }
}

/// How writing a batch ended.
pub(super) type End = Result<(), JournalError>;

/// Lines of one file as it will have them.
///
/// Whoever hands lines over encodes them: what one thread allocates and another frees is dear, and the writer has
/// better things to do between two syncs.
#[derive(Default)]
pub(super) struct Piece {
    pub bytes: Vec<u8>,
    pub lines: u64,
    /// Of the lines, those that say *sending*.
    pub sending: u64,
}

impl Piece {
    pub fn of<'a>(lines: impl Iterator<Item = &'a Line>, width: usize, stamp: Timestamp) -> Self {
        let mut piece = Self::default();
        let counted = lines.inspect(|line| {
            piece.lines += 1;
            piece.sending += u64::from(line.outcome == Some(Outcome::Sending));
        });
        piece.bytes = encode(counted, width, Some(stamp));
        piece
    }

    fn add(&mut self, other: &Self) {
        self.bytes.extend_from_slice(&other.bytes);
        self.lines += other.lines;
        self.sending += other.sending;
    }
}

/// The batch that is being filled while the writer is at work on the one before.
///
/// No channel: whoever waits for one of those yields the processor a few times before it sleeps, which is dear where
/// every row waits for the disk.
pub(super) struct Waiting {
    queue: Mutex<Queue>,
    changed: Condvar,
    patience: Duration,
}

#[derive(Default)]
struct Queue {
    batch: Option<Batch>,
    /// So many records are worth a sync of their own; fewer wait a moment for others.
    worth: usize,
    closed: bool,
}

impl Waiting {
    /// Nothing waits yet.
    pub fn new() -> Self {
        Self { queue: Mutex::default(), changed: Condvar::new(), patience: PATIENCE }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many threads are about to push, each waiting for the end of what it pushed.
    pub fn expect(&self, threads: usize) {
        self.queue().worth = threads.saturating_sub(FEW_THREADS) / 4;
    }

    /// Puts pieces, one a file, into the batch that is being filled; the end is that batch's.
    pub fn push(&self, pieces: &[Piece]) -> Arc<OnceLock<End>> {
        let mut queue = self.queue();
        if queue.closed {
            return Arc::new(OnceLock::from(Err(gone())));
        }
        // A writer that sleeps found nothing, or too little.
        let records = queue.batch.as_ref().map_or(0, |batch| batch.records);
        if records == 0 || records + 1 == queue.worth {
            self.changed.notify_one();
        }
        let batch = queue.batch.get_or_insert_default();
        batch.records += 1;
        batch.pieces.resize_with(pieces.len(), Piece::default);
        batch.pieces.iter_mut().zip(pieces).for_each(|(all, piece)| all.add(piece));
        Arc::clone(&batch.end)
    }

    /// Everything that waits, once there is enough or the patience is over; nothing after the end.
    pub fn take(&self) -> Option<Batch> {
        let is_idle = |queue: &mut Queue| queue.batch.is_none() && !queue.closed;
        let is_little = |queue: &mut Queue| {
            !queue.closed && queue.batch.as_ref().is_some_and(|batch| batch.records < queue.worth)
        };
        let queue = self.changed.wait_while(self.queue(), is_idle).unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(queue, self.patience, is_little);
        waited.unwrap_or_else(PoisonError::into_inner).0.batch.take()
    }

    /// Takes in nothing more; what waits is still taken.
    pub fn close(&self) {
        self.queue().closed = true;
        self.changed.notify_one();
    }

    /// Nobody will take what waits.
    pub fn abandon(&self) {
        self.close();
        self.queue().batch = None;
    }
}

fn gone() -> JournalError {
    JournalError("the writer is gone".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_many_threads_wait_for_each_other() {
        let waiting = Waiting { patience: Duration::from_secs(3600), ..Waiting::new() };
        waiting.queue().worth = 3;
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| waiting.take());
            (0..3).for_each(|_| drop(waiting.push(&[Piece::default()])));
            let batch = writer.join().expect("a writer").expect("a batch");
            assert_eq!(batch.records, 3);
        });
    }
}
