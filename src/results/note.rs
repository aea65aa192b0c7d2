//! Why a line says what it says, as a value: the code is stable, the words are the terminal's.

use crate::goods::Issue;

/// What the `note` column tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The row breaks rules; nothing is sent. Issues come with the heading they stand under.
    Invalid(Vec<(String, Issue)>),
    /// The sheet itself says that these goods exist.
    AlreadyThere,
    /// The row fits several lines, or its line several rows.
    IdentityAmbiguous,
    /// A torn line was this row's, or may have been: it is looked for in the list before it is sent.
    LineLost,
    /// The add went out and no readable answer came.
    AnswerLost {
        /// What came instead.
        why: String,
    },
    /// In doubt, and the list holds these goods at another price.
    OtherPrice,
    /// In doubt, and the list holds several such goods.
    SeveralMatches {
        /// How many.
        found: usize,
    },
    /// In doubt, and what was sent can no longer be read from the line.
    ContentUnknown,
    /// Found again in the list; the submission's auditId was told in the lost answer only.
    AuditIdUnknown,
    /// Added, but submitting failed (300021).
    AddedNotSubmitted,
    /// The service refused the row.
    Refused {
        /// Its errcode.
        code: i64,
    },
    /// Added as often as can be asked for, and never answered.
    KeepsFailing {
        /// How often it was sent.
        sent: u32,
    },
}

impl Note {
    /// The stable code at the start of the note.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid(issues) => issues.first().map_or("invalid", |(_, issue)| issue.fault.code()),
            Self::AlreadyThere => "already-there",
            Self::IdentityAmbiguous => "identity-ambiguous",
            Self::LineLost => "line-lost",
            Self::AnswerLost { .. } => "answer-lost",
            Self::OtherPrice => "other-price",
            Self::SeveralMatches { .. } => "several-matches",
            Self::ContentUnknown => "content-unknown",
            Self::AuditIdUnknown => "audit-id-unknown",
            Self::AddedNotSubmitted => "added-not-submitted",
            Self::Refused { .. } => "refused",
            Self::KeepsFailing { .. } => "keeps-failing",
        }
    }
}

/// Puts a note into words; the language is the caller's choice.
pub type Wording = fn(&Note) -> String;
