//! Any bytes as a picture: what comes out is small enough for the service, or a fault.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use livegoods::cover::{LARGEST_BYTES, Preparer};

static PREPARER: LazyLock<Preparer> = LazyLock::new(Preparer::new);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(prepared) = PREPARER.prepare(bytes) {
        assert!(prepared.bytes.len() <= LARGEST_BYTES);
    }
});
