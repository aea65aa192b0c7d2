//! Work that a library would spread over rayon's threads into work of one thread.

use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// A thread of its own for one piece of work at a time.
///
/// The decoder of JPEGs hands its last step to rayon. On a thread of the shared pool that waits for such a step
/// rayon may begin another picture, which would wait for the memory that the first one holds.
#[derive(Default)]
pub(super) struct Alone(OnceLock<Option<ThreadPool>>);

impl Alone {
    /// Runs `work` and waits for it; `None` when it fell.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Option<T> {
        let pool = self.0.get_or_init(|| ThreadPoolBuilder::new().num_threads(1).build().ok());
        // Waited for from a thread that is none of rayon's: one of those would look for other work meanwhile.
        std::thread::scope(|scope| {
            let work = || match pool {
                Some(pool) => pool.install(work),
                None => work(),
            };
            scope.spawn(work).join().ok()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn a_room_is_used_again_even_after_a_fall() {
        let room = Alone::default();
        assert_eq!(room.run(|| (0..64_u64).into_par_iter().sum::<u64>()), Some(63 * 32));
        assert_eq!(room.run(|| -> u8 { panic!("fell, as it should") }), None);
        assert_eq!(room.run(|| 1), Some(1));
    }

    #[test]
    fn work_that_holds_something_never_begins_other_work_that_waits_for_it() {
        let (room, held) = (Alone::default(), std::sync::Mutex::new(()));
        let done: u64 = (0..500_u64)
            .into_par_iter()
            .map(|_| {
                let _only = held.lock();
                room.run(|| (0..50_u64).into_par_iter().map(|_| 1).sum::<u64>()).unwrap_or_default()
            })
            .sum();
        assert_eq!(done, 500 * 50);
    }
}
