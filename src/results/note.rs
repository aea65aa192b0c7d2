//! Why a line says what it says, as a value: the code is stable, the words are the terminal's.

use super::{Action, GONE, GOODS_ID_UNVERIFIED, IDENTITY_CHANGED};
use crate::goods::{GoodsId, Issue, Severity};
use crate::sheet::{Columns, Field};

/// What the `note` column tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note<'a> {
    /// The row breaks rules; nothing is sent.
    Invalid {
        /// Everything found, warnings too.
        issues: &'a [Issue],
        /// The sheet's columns, for their headings.
        columns: &'a Columns,
    },
    /// The sheet itself says that these goods exist.
    AlreadyThere,
    /// The row fits several lines, or its line several rows.
    IdentityAmbiguous,
    /// No line goes by the row's names, and the goods of one that no row has any more open its page: most likely
    /// the row is theirs under another sku or name.
    IdentityChanged {
        /// Their sku, empty without one.
        sku: &'a str,
        /// Their name.
        name: &'a str,
        /// Their goodsId, empty where their add is in doubt.
        goods_id: &'a str,
    },
    /// A plain sheet gives a goodsId that no results here know.
    GoodsIdUnverified {
        /// The id.
        id: GoodsId,
        /// The heading over it.
        heading: &'a str,
    },
    /// A torn line was this row's, or may have been: it is looked for in the list before it is sent.
    LineLost,
    /// The add went out and no readable answer came.
    AnswerLost {
        /// What came instead.
        why: &'a str,
    },
    /// In doubt, and the list holds these goods at another price.
    OtherPrice,
    /// In doubt, and the list holds several such goods.
    SeveralMatches {
        /// How many.
        found: usize,
    },
    /// In doubt, and other rows in doubt fit the same goods of the list.
    MatchClaimed {
        /// How many rows, this one included.
        rows: usize,
    },
    /// In doubt, and what was sent can no longer be read from the line.
    ContentUnknown,
    /// In doubt, and not in the list; but that proves nothing: the list is incomplete, or the service said
    /// that they were added.
    NotListed,
    /// Found again in the list; the submission's auditId was told in the lost answer only.
    AuditIdUnknown,
    /// Added, but submitting failed (300021).
    AddedNotSubmitted,
    /// The service refused the row.
    Refused {
        /// Its errcode.
        code: i64,
    },
    /// Ids, identity or check of the line were changed after it was written.
    CheckMismatch,
    /// The line never had a check, and nobody said that its ids can be trusted.
    CheckMissing,
    /// The goodsId is no number any more.
    GoodsIdMangled,
    /// The service does not know these goods any more.
    GoodsGone,
    /// A call for goods that exist went out and no readable answer came.
    CallLost {
        /// The verb.
        action: Action,
        /// What came instead.
        why: &'a str,
    },
    /// In review, and only a submission whose auditId is known can be withdrawn.
    AuditIdMissing,
    /// Submitted again; the new auditId was told in the lost answer only, and the old one is worth nothing now.
    NewAuditIdLost,
    /// Somebody else submitted the goods, and only they were told the auditId.
    SubmittedElsewhere,
    /// Goods in review cannot be deleted.
    InReview,
    /// Approved goods take new prices alone, and these fields differ.
    ApprovedLocked {
        /// The fields.
        fields: Vec<Field>,
    },
    /// Goods in review take no change.
    ReviewLocked,
    /// The goods were added in the console, where the API cannot touch them.
    ConsoleGoods,
    /// Nobody ever heard the audit status of the goods.
    StatusUnknown,
}

impl Note<'_> {
    /// The stable code at the start of the note.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid { issues, .. } => issues
                .iter()
                .find(|issue| issue.fault.severity() == Severity::Error)
                .map_or("invalid", |issue| issue.fault.code()),
            Self::AlreadyThere => "already-there",
            Self::IdentityAmbiguous => "identity-ambiguous",
            Self::IdentityChanged { .. } => IDENTITY_CHANGED,
            Self::GoodsIdUnverified { .. } => GOODS_ID_UNVERIFIED,
            Self::LineLost => "line-lost",
            Self::AnswerLost { .. } | Self::CallLost { .. } => "answer-lost",
            Self::OtherPrice => "other-price",
            Self::SeveralMatches { .. } | Self::MatchClaimed { .. } => "several-matches",
            Self::ContentUnknown => "content-unknown",
            Self::NotListed => "not-listed",
            Self::AuditIdUnknown | Self::AuditIdMissing | Self::NewAuditIdLost | Self::SubmittedElsewhere => {
                "audit-id-unknown"
            }
            Self::AddedNotSubmitted => "added-not-submitted",
            Self::Refused { .. } => "refused",
            Self::CheckMismatch => "check-mismatch",
            Self::CheckMissing => "check-missing",
            Self::GoodsIdMangled => "goods-id-mangled",
            Self::GoodsGone => GONE,
            Self::InReview | Self::ReviewLocked => "in-review",
            Self::ApprovedLocked { .. } => "approved-locked",
            Self::ConsoleGoods => "console-goods",
            Self::StatusUnknown => "status-unknown",
        }
    }
}

/// Puts a note into words; the language is the caller's choice.
pub type Wording = fn(&Note<'_>) -> String;
