//! A panic of a library that met a malformed workbook into an ordinary error.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use super::Problem;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static QUIETED: Once = Once::new();

/// Runs `read`; when a reader falls over the file's bytes, that is damage, and nothing is printed.
pub(super) fn guarded<T>(read: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
    QUIETED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                previous(info);
            }
        }));
    });
    let before = GUARDED.replace(true);
    // What `read` had in its hands is given up when it falls: the caller ends with the error.
    let outcome = panic::catch_unwind(AssertUnwindSafe(read));
    GUARDED.set(before);
    outcome.unwrap_or_else(|_| Err(Problem::Damaged { detail: "its parts contradict each other".to_owned() }))
}
