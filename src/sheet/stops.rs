//! A block's bytes into the places where its plain cells end.

/// How many bytes are compared at once: one for each bit of the answer.
const WINDOW: usize = 64;

/// Finds delimiters and newlines from left to right.
///
/// Cells are short: a search begun anew for each spends more on beginning than on searching. So the stops of a
/// whole window are found at once, and taken from its bits one by one.
#[derive(Debug)]
pub(super) struct Stops {
    delimiter: u8,
    /// Where the window begins.
    start: usize,
    /// Behind the window; nothing from here on was looked at.
    end: usize,
    /// A bit for each byte of the window, the lowest for its first.
    found: u64,
}

impl Stops {
    /// `delimiter` is anything but NUL, with which the last window is filled up.
    pub fn new(delimiter: u8) -> Self {
        Self { delimiter, start: 0, end: 0, found: 0 }
    }

    /// The first stop at or after `at`, which never goes back; the end of `bytes` when there is none.
    pub fn next_from(&mut self, bytes: &[u8], mut at: usize) -> usize {
        loop {
            if at < self.end {
                let ahead = self.found >> (at - self.start);
                if ahead != 0 {
                    return at + ahead.trailing_zeros() as usize;
                }
                at = self.end;
            }
            if at >= bytes.len() {
                return bytes.len();
            }
            (self.start, self.end) = (at, at + WINDOW);
            self.found = self.look(&bytes[at..]);
        }
    }

    fn look(&self, bytes: &[u8]) -> u64 {
        match bytes.first_chunk() {
            Some(window) => stops_in(window, self.delimiter),
            None => {
                let mut window = [0; WINDOW];
                window[..bytes.len()].copy_from_slice(bytes);
                stops_in(&window, self.delimiter)
            }
        }
    }
}

/// Loops of a fixed length without branches, which the compiler turns into a few wide steps.
fn stops_in(window: &[u8; WINDOW], delimiter: u8) -> u64 {
    let stops = window.map(|byte| u8::from((byte == delimiter) | (byte == b'\n') | (byte == b'\r')));
    stops.as_chunks::<8>().0.iter().rev().fold(0, |bits, eight| bits << 8 | gathered(*eight))
}

/// Eight bytes of 0 or 1 as eight bits: the product moves each to a place of its own in the highest byte.
fn gathered(bytes: [u8; 8]) -> u64 {
    u64::from_le_bytes(bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_stop_is_found_wherever_the_search_goes_on(
            bytes in proptest::collection::vec(prop_oneof![
                6 => Just(b'a'), 1 => Just(b';'), 1 => Just(b'\n'), 1 => Just(b'\r'), 1 => Just(0xE8)], 0..300),
            steps in proptest::collection::vec(0_usize..90, 0..40),
        ) {
            let mut stops = Stops::new(b';');
            let mut at = 0;
            for step in steps {
                at = (at + step).min(bytes.len());
                let plain = bytes[at..].iter().position(|byte| matches!(byte, b';' | b'\n' | b'\r'));
                let expected = plain.map_or(bytes.len(), |offset| at + offset);
                prop_assert_eq!(stops.next_from(&bytes, at), expected);
                at = expected;
            }
        }
    }
}
