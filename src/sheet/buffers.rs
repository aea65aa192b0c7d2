//! Buffers the workers are done with into buffers for the reading thread.

use crossbeam_channel::{Receiver, Sender, unbounded};

/// Lets a few buffers go round: memory that was used before costs no page faults.
#[derive(Debug)]
pub(super) struct Buffers {
    spent: Sender<Vec<u8>>,
    spare: Receiver<Vec<u8>>,
    largest: usize,
}

impl Buffers {
    /// No buffer that grew beyond `largest` bytes is used again, so that one long record is not paid for to the end.
    pub fn new(largest: usize) -> Self {
        let (spent, spare) = unbounded();
        Self { spent, spare, largest }
    }

    /// An empty buffer.
    pub fn take(&self) -> Vec<u8> {
        let mut buffer = self.spare.try_recv().unwrap_or_default();
        buffer.clear();
        buffer
    }

    pub fn give_back(&self, buffer: Vec<u8>) {
        if buffer.capacity() <= self.largest {
            // Both ends live as long as this does.
            let _ = self.spent.send(buffer);
        }
    }
}
