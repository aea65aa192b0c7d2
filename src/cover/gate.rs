//! A wish to decode into the right to: a handful of pictures at a time, and bounded memory for all of them.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Lets in only as many decoders as there are places and memory for.
pub(super) struct Gate {
    room: Mutex<Room>,
    bell: Condvar,
    memory: u64,
}

struct Room {
    /// The places that are free.
    places: Vec<usize>,
    memory: u64,
}

/// The right to decode one picture, until it is dropped.
pub(super) struct Permit<'g> {
    gate: &'g Gate,
    place: usize,
    memory: u64,
}

impl Gate {
    /// A gate to `places` places that share `memory` bytes.
    pub fn new(places: usize, memory: u64) -> Self {
        Self {
            room: Mutex::new(Room { places: (0..places).collect(), memory }),
            bell: Condvar::new(),
            memory,
        }
    }

    /// Waits until there is a place and `memory` bytes; a wish for more than all of it waits for all of it.
    pub fn enter(&self, memory: u64) -> Permit<'_> {
        let memory = memory.min(self.memory);
        let full = |room: &mut Room| room.places.is_empty() || room.memory < memory;
        let mut room = self.bell.wait_while(self.room(), full).unwrap_or_else(PoisonError::into_inner);
        let place = room.places.pop().expect("a place was waited for");
        room.memory -= memory;
        Permit { gate: self, place, memory }
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// Which of the places this is, counted from 0: nobody else has it meanwhile.
    pub fn place(&self) -> usize {
        self.place
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut room = self.gate.room();
        room.places.push(self.place);
        room.memory += self.memory;
        drop(room);
        self.gate.bell.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[test]
    fn no_more_than_the_places_and_the_memory_are_ever_taken() {
        let gate = Gate::new(3, 100);
        let (inside, memory) = (AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for wish in [10, 60, 45, 1000, 5, 50, 30, 100] {
                let (gate, inside, memory) = (&gate, &inside, &memory);
                scope.spawn(move || {
                    for _ in 0..200 {
                        let permit = gate.enter(wish);
                        assert!(inside.fetch_add(1, Ordering::SeqCst) < 3);
                        assert!(memory.fetch_add(permit.memory, Ordering::SeqCst) + permit.memory <= 100);
                        std::thread::yield_now();
                        memory.fetch_sub(permit.memory, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
    }
}
