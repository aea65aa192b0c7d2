//! The `note` column's text: the stable code, then what to do.

use super::faults;
use crate::results::Note;
use crate::sheet::Field;

/// The whole text of a note.
pub fn note(note: &Note<'_>) -> String {
    let text = match note {
        Note::Invalid { issues, columns } => return faults(issues, columns),
        Note::AlreadyThere => {
            "the sheet gives its goodsId, so it is not added; --as-new adds a copy".to_owned()
        }
        Note::IdentityAmbiguous => "several rows or lines go by the same sku, or name, url and appid; give \
             each a sku of its own"
            .to_owned(),
        Note::IdentityChanged { sku, name, goods_id } => identity_changed(sku, name, goods_id),
        Note::GoodsIdUnverified { id, heading } => format!(
            "no results here know goodsId {id}, so it may be a number of the shop's own; --as-new adds the row, \
             --trust-ids takes the id over as it stands, {} reads the column as the shop's own code",
            super::map_option(heading, Field::Sku)
        ),
        Note::LineLost => "the end of the results was torn off; it is looked for in the list before it is \
             sent: run import again"
            .to_owned(),
        Note::AnswerLost { why } => {
            format!("{why}; run import again: it is looked for in the list before anything is sent")
        }
        Note::NotListed => "not in the list so far, but the list proves nothing this time; run import again \
             later"
            .to_owned(),
        Note::OtherPrice => {
            "the library holds these goods at another price; compare in the console: if they \
             are this row's, write their goodsId into a column goodsId of the sheet, else delete them; then \
             import again"
                .to_owned()
        }
        Note::SeveralMatches { found } => format!(
            "the library holds {found} that fit; find this row's in the console, write its goodsId into a \
             column goodsId of the sheet and import again"
        ),
        Note::MatchClaimed { rows } => format!(
            "the library holds one that fits {rows} rows; find out in the console whose it is, write its \
             goodsId into a column goodsId of the sheet, in that row, and import again"
        ),
        Note::ContentUnknown => {
            "what was sent cannot be read from the line any more; look for it in the console".to_owned()
        }
        Note::AuditIdUnknown => "added; its auditId was lost with the answer, so it cannot be withdrawn \
             before it is reviewed"
            .to_owned(),
        Note::AddedNotSubmitted => "added, but not submitted to review; resubmit does that".to_owned(),
        Note::Refused { code } => match crate::wechat::look_up(*code) {
            Some(known) => format!("{}; {}", known.meaning, known.advice),
            None => "an errcode that is not documented; the errmsg says what the service holds against it"
                .to_owned(),
        },
        Note::CheckMismatch => "goodsId, auditId, name, url, sku or check were changed after they were \
             written (dragged, rounded or sorted apart), or are read without the --map they were written \
             with; nothing was called: restore the line from a copy"
            .to_owned(),
        Note::CheckMissing => {
            "the line never had a check, so nothing vouches for its goodsId; --trust-ids does".to_owned()
        }
        Note::GoodsIdMangled => "the goodsId is no number any more; format the column as text and take the \
             id from a copy"
            .to_owned(),
        Note::GoodsGone => "the service does not know these goods any more; import --add-deleted adds them \
             again"
            .to_owned(),
        Note::CallLost { action, why } => format!(
            "{why}; run {} again: the audit status is asked before anything is sent",
            super::verb(*action)
        ),
        Note::AuditIdMissing => "in review, and its auditId is not known, so it cannot be withdrawn; wait \
             until the review ends"
            .to_owned(),
        Note::NewAuditIdLost => "submitted; its new auditId was lost with the answer, so it cannot be \
             withdrawn before it is reviewed"
            .to_owned(),
        Note::SubmittedElsewhere => "somebody else submitted these goods, so their auditId is not known and \
             they cannot be withdrawn from here"
            .to_owned(),
        Note::InReview => "goods in review cannot be deleted; run status once the review has ended, or \
             withdraw them first with --withdraw-first"
            .to_owned(),
        Note::ApprovedLocked { fields } => {
            let fields: Vec<&str> = fields.iter().map(|field| field.name()).collect();
            format!(
                "approved goods take a new price type and new prices alone, and {} changed; nothing was sent, prices \
                 neither: change it back, or delete the goods and import the row with --add-deleted",
                fields.join(", ")
            )
        }
        Note::ReviewLocked => {
            "goods in review take no change; run update again once the review has ended, or \
             withdraw them first"
                .to_owned()
        }
        Note::ConsoleGoods => {
            "added in the console, so it cannot be touched through the API (300011); passes skip \
             it, change it in the console"
                .to_owned()
        }
        Note::StatusUnknown => "its audit status was never asked; run status first".to_owned(),
    };
    format!("{}: {text}", note.code())
}

/// Names the goods that the row most likely is.
fn identity_changed(sku: &str, name: &str, goods_id: &str) -> String {
    let known = if sku.is_empty() {
        super::one_line(name).into_owned()
    } else {
        format!("sku {}", super::one_line(sku))
    };
    let known = if goods_id.is_empty() { known } else { format!("{known}, goodsId {goods_id}") };
    format!(
        "most likely the goods that no row has any more and that open the same page ({known}); restore the sheet, \
         or let update take the row for them; if it is new, --new-goods adds it"
    )
}
