//! Fingerprints in row order into the rows that repeat an earlier one.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::Fingerprint;

/// Tables grow by doubling; so many small ones never hold the old and the new copy of everything at once.
const SHARDS: usize = 256;

/// A fingerprint in two halves, so that an entry takes 12 bytes and not 16.
#[derive(Clone, Copy, Debug)]
struct Seen {
    high: u32,
    low: u32,
    row: u32,
}

impl Seen {
    fn hash(&self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }
}

/// The first row of each identity met so far. A million rows take at most 30 MB.
///
/// Rows have to be offered in their order: the later of two is the one at fault.
#[derive(Clone, Debug)]
pub struct Repeats {
    shards: Vec<HashTable<Seen>>,
}

impl Repeats {
    /// Nothing met yet; with room for so many rows, more or less: growing costs nearly as much as meeting.
    pub fn expecting(rows: usize) -> Self {
        Self { shards: (0..SHARDS).map(|_| HashTable::with_capacity(rows / SHARDS)).collect() }
    }

    /// Remembers the row, or gives the number of the first row with the same identity.
    pub fn meet(&mut self, fingerprint: Fingerprint, row: u32) -> Option<u32> {
        let [high, low] = [fingerprint.0 >> 32, fingerprint.0].map(|half| half as u32);
        let seen = Seen { high, low, row };
        // hashbrown takes the lowest and the highest bits; these are neither.
        let shard = (fingerprint.0 >> 40) as usize % SHARDS;
        let same = |other: &Seen| (other.high, other.low) == (high, low);
        match self.shards[shard].entry(fingerprint.0, same, Seen::hash) {
            Entry::Occupied(first) => Some(first.get().row),
            Entry::Vacant(vacant) => {
                vacant.insert(seen);
                None
            }
        }
    }
}

impl Default for Repeats {
    fn default() -> Self {
        Self::expecting(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_is_named_for_every_later_one() {
        let mut repeats = Repeats::default();
        assert_eq!(repeats.meet(Fingerprint(7), 2), None);
        assert_eq!(repeats.meet(Fingerprint(7 << 40), 3), None);
        assert_eq!(repeats.meet(Fingerprint(7), 4), Some(2));
        assert_eq!(repeats.meet(Fingerprint(7), 5), Some(2));
    }
}
