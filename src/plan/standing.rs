//! In which of the summary's counts a row of an import belongs.

use crate::results::{Action, Counts, Line, Outcome, Presence};

/// One row, as `import` counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its goods are at the service.
    Ok,
    /// It was refused, now or earlier, or its wish cannot be granted.
    Failed,
    /// It breaks rules.
    Invalid,
    /// Nobody knows yet whether its goods are at the service.
    InDoubt,
    /// It is still to be sent.
    Pending,
    /// Its goods were deleted or are gone, and nobody asked for them back.
    Skipped,
}

/// Where a row stands by its newest line, whichever verb wrote it.
pub fn standing(line: &Line) -> Standing {
    match line.presence() {
        Presence::Unknown => Standing::InDoubt,
        Presence::Refused => Standing::Failed,
        Presence::Gone => Standing::Skipped,
        // Added, but never submitted: only `resubmit` makes it whole.
        Presence::Present if line.action == Some(Action::Add) && line.outcome == Some(Outcome::Failed) => {
            Standing::Failed
        }
        Presence::Present => Standing::Ok,
        Presence::Absent => match line.outcome {
            Some(Outcome::Invalid) => Standing::Invalid,
            Some(Outcome::Failed) => Standing::Failed,
            _ => Standing::Pending,
        },
    }
}

impl Counts {
    /// Counts one row.
    pub fn add(&mut self, standing: Standing) {
        let count = match standing {
            Standing::Ok => &mut self.ok,
            Standing::Failed => &mut self.failed,
            Standing::Invalid => &mut self.invalid,
            Standing::InDoubt => &mut self.in_doubt,
            Standing::Pending => &mut self.pending,
            Standing::Skipped => &mut self.skipped,
        };
        *count += 1;
    }
}
