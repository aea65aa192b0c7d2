//! What is wrong with a row, as a value: the code is stable, the words are the terminal's.

use crate::sheet::Field;

/// One finding in one cell of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The field at fault; its heading is known where the columns are.
    pub field: Field,
    /// What is wrong.
    pub fault: Fault,
}

/// Whether a finding keeps the row from being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The row is invalid.
    Error,
    /// The row is sent; the merchandiser should look.
    Warning,
}

/// Every fault a row can have. The text of each, with its remedy, is in `terminal::words`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No name.
    NameMissing,
    /// Wider than 28, a character outside ASCII counting 2.
    NameTooLong {
        /// The width found.
        width: usize,
    },
}

impl Fault {
    /// The stable code, as written in `note` and printed by `check`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NameMissing => "name-missing",
            Self::NameTooLong { .. } => "name-too-long",
        }
    }

    /// Whether the row can still be sent.
    pub fn severity(&self) -> Severity {
        Severity::Error
    }
}
