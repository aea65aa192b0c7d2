//! How much of a file may be held or unpacked at once.

/// Bounds that keep any input, however made, within bounded memory and time. All in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How much of a CSV file is cut off and read at a time.
    pub block: usize,
    /// The longest record of a CSV file, and the longest cell of a workbook.
    pub record: usize,
    /// The most text that the repeated cells of one row of an `.ods` sheet may stand for.
    pub repeated: usize,
    /// The most that the tops of a workbook's sheets may unpack to together, in the search for its goods.
    pub tops: u64,
    /// The most a single worksheet may unpack to; it is streamed.
    pub worksheet: u64,
    /// The most the other parts of a workbook may unpack to together; they are held in memory.
    pub held: u64,
    /// The most that is taken from stdin.
    pub stdin: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            block: 256 << 10,
            record: 4 << 20,
            repeated: 1 << 20,
            tops: 96 << 20,
            worksheet: 1 << 30,
            held: 256 << 20,
            stdin: 4 << 30,
        }
    }
}
