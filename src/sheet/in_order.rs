//! Blocks into what workers make of them: in parallel, a bounded number at a time, handed on in order.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// So many blocks beyond one a thread are on their way: with fewer, threads wait for the caller whenever it is late.
const AHEAD: usize = 8;

/// Runs `work` over what `next` yields, and hands the results to `take` in the order of `next`.
///
/// `next` and `take` run on the calling thread, `work` on rayon's; a single block is worked on at once,
/// without waking a pool.
pub(super) fn in_order<B: Send, R: Send>(
    mut next: impl FnMut() -> Option<B>,
    work: impl Fn(B) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) {
    let Some(first) = next() else { return };
    let Some(second) = next() else {
        let _ = take(work(first));
        return;
    };
    let mut blocks = [first, second].into_iter().chain(std::iter::from_fn(next));
    let room = rayon::current_num_threads() + AHEAD;
    rayon::in_place_scope(|scope| {
        let (done, results) = crossbeam_channel::unbounded();
        let mut waiting: VecDeque<Option<R>> = VecDeque::new();
        let mut taken = 0_usize;
        let mut more = true;
        loop {
            if more && waiting.len() < room {
                match blocks.next() {
                    Some(block) => {
                        let (number, done, work) = (taken + waiting.len(), done.clone(), &work);
                        waiting.push_back(None);
                        scope.spawn(move |_| {
                            let result = catch_unwind(AssertUnwindSafe(|| work(block)));
                            // The receiver is gone only when `take` has had enough.
                            let _ = done.send((number, result));
                        });
                    }
                    None => more = false,
                }
            }
            if waiting.is_empty() {
                return;
            }
            let arrived =
                if more && waiting.len() < room { results.try_recv().ok() } else { results.recv().ok() };
            if let Some((number, result)) = arrived {
                waiting[number - taken] = Some(result.unwrap_or_else(|panic| resume_unwind(panic)));
            }
            while let Some(Some(_)) = waiting.front() {
                let Some(Some(result)) = waiting.pop_front() else { break };
                taken += 1;
                if take(result).is_break() {
                    return;
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_whatever_each_takes() {
        for count in [0, 1, 2, 3, 500] {
            let mut numbers = 0..count;
            let mut seen = Vec::new();
            in_order(
                || numbers.next(),
                |number: u64| {
                    (0..(count - number) % 7 * 1000).fold(number, |kept, _| std::hint::black_box(kept))
                },
                |number| {
                    seen.push(number);
                    ControlFlow::Continue(())
                },
            );
            assert_eq!(seen, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nothing_is_taken_after_enough() {
        let mut numbers = 0..1000;
        let mut seen = 0;
        in_order(
            || numbers.next(),
            |number: u32| number,
            |number| {
                seen = number;
                if number == 10 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(seen, 10);
        assert!(numbers.next().expect("far from the end") < 100, "blocks in flight are bounded");
    }

    #[test]
    #[should_panic(expected = "a worker fell")]
    fn a_worker_that_falls_is_heard() {
        let mut numbers = 0..10;
        let fall = |number: u32| assert!(number != 5, "a worker fell");
        in_order(|| numbers.next(), fall, |()| ControlFlow::Continue(()));
    }
}
