//! The results' `note` column: a stable code, then what to do.

use super::faults;
use crate::results::Note;

/// The text of a note, its code in front.
pub fn result_note(note: &Note<'_>) -> String {
    let advice = match note {
        Note::Invalid { issues, columns } => return faults::note(issues, columns),
        Note::AlreadyThere => {
            "the sheet carries a goodsId, so nothing is sent; --as-new adds a copy".to_owned()
        }
        Note::IdentityAmbiguous => {
            "this row fits several lines of the results, or its line several rows; give each its own sku"
                .to_owned()
        }
        Note::LineLost => {
            "the end of the results was lost; the goods are looked for in the list before anything is sent"
                .to_owned()
        }
        Note::AnswerLost { why } => {
            format!("sent, but no readable answer came ({why}); run the same command again to settle it")
        }
        Note::OtherPrice => {
            "the list holds these goods at another price; look in the console which one is right".to_owned()
        }
        Note::SeveralMatches { found } => {
            format!("the list holds {found} such goods; delete the surplus in the console, then run again")
        }
        Note::ContentUnknown => {
            "what was sent can no longer be read from this line; look for the goods in the console".to_owned()
        }
        Note::NotListed => {
            "not found in the list, which proves nothing here; look in the console, or run again later"
                .to_owned()
        }
        Note::AuditIdUnknown => {
            "found again in the list; its auditId was told in the lost answer only, so it cannot be withdrawn"
                .to_owned()
        }
        Note::AddedNotSubmitted => {
            "the goods exist but were not submitted to review (300021); nothing adds them again".to_owned()
        }
        Note::Refused { code } => {
            format!(
                "the service refused the row ({code}); mend the row, or send it as it is with --retry-failed"
            )
        }
    };
    format!("{}: {advice}", note.code())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_starts_with_its_stable_code() {
        let note = Note::SeveralMatches { found: 2 };
        assert!(result_note(&note).starts_with("several-matches: the list holds 2 such goods"));
        assert!(
            result_note(&Note::Refused { code: 300_002 })
                .starts_with("refused: the service refused the row (300002)")
        );
    }
}
