//! What the results hold of a row: one line, into a CSV record and back.

use std::borrow::Cow;

use csv::StringRecord;
use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use jiff::tz::Offset;

use super::cell::{guard, unguard};
use super::check::{Check, Content, Guarded, UNSENT};
use super::{Action, OWN, Outcome};
use crate::goods::{AuditId, AuditStatus, GoodsId, Keys};
use crate::sheet::Columns;

/// Times are written as people in the service's country read them.
const BEIJING: Offset = Offset::constant(8);

/// One line. Our own cells are kept as spelled, so that what somebody damaged is shown, not repaired by guessing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The user's cells, in the layout's user columns.
    pub user: StringRecord,
    /// The row number.
    pub row: u32,
    /// Which of several results files given together the line stands in, 0 for the first.
    pub file: usize,
    /// The verb that last concerned the row; none in a list made by hand.
    pub action: Option<Action>,
    /// Where the row stands; none in a line that somebody added by hand.
    pub outcome: Option<Outcome>,
    /// The service's goodsId.
    pub goods_id: String,
    /// The newest auditId that is known.
    pub audit_id: String,
    /// The service's number for the review, as last heard.
    pub audit_status: String,
    /// The service's errcode; empty for what was never sent.
    pub errcode: String,
    /// The service's errmsg.
    pub errmsg: String,
    /// A stable code, then what to do.
    pub note: String,
    /// The picture as last sent.
    pub cover_digest: String,
    /// When the line was written; the journal stamps it.
    pub updated_at: Option<Timestamp>,
    /// See [`Check`].
    pub check: String,
}

/// Where the goods of a line stand, whatever verb wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Never sent: nothing at the service.
    Absent,
    /// An add went out and its answer is not known.
    Unknown,
    /// An add was refused.
    Refused,
    /// The goods exist.
    Present,
    /// We deleted them, or the service no longer knows them.
    Gone,
}

/// The code at the start of the note of goods that the service no longer knows.
pub const GONE: &str = "goods-gone";

/// The code at the start of the note of a row that most likely is goods' under another sku or name.
pub const IDENTITY_CHANGED: &str = "identity-changed";

/// The code at the start of the note of a row whose goodsId no results know.
pub const GOODS_ID_UNVERIFIED: &str = "goods-id-unverified";

/// The errcode of goods that were added and could not be submitted.
pub const ADDED_NOT_SUBMITTED: &str = "300021";

/// The longest errmsg that is kept, in characters: a row must stay a row, whatever the service says.
const LONGEST_MESSAGE: usize = 500;

/// Of a longer errmsg, so many characters of its end are kept.
const KEPT_TAIL: usize = 60;

impl Line {
    /// Takes over the service's answer, as one line of readable text.
    pub fn answered(&mut self, code: i64, message: &str) {
        self.errcode = code.to_string();
        let readable: Vec<char> = message.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let kept: String = match readable.len().checked_sub(LONGEST_MESSAGE) {
            None | Some(0) => readable.into_iter().collect(),
            // The rid at the end is what the service's support asks for.
            Some(_) => {
                let (head, tail) =
                    (&readable[..LONGEST_MESSAGE - KEPT_TAIL], &readable[readable.len() - KEPT_TAIL..]);
                head.iter().chain(&['…']).chain(tail).collect()
            }
        };
        self.errmsg = kept.trim().to_owned();
    }

    /// Whether the service said that the goods were added, though it may not have said as what.
    pub fn says_added(&self) -> bool {
        self.errcode == "0" || self.errcode == ADDED_NOT_SUBMITTED
    }

    /// The goodsId, unless it is missing or no number any more.
    pub fn goods_id(&self) -> Option<GoodsId> {
        self.goods_id.parse().ok()
    }

    /// The auditId, unless it is missing or no number any more.
    pub fn audit_id(&self) -> Option<AuditId> {
        self.audit_id.parse().ok()
    }

    /// The audit status as last heard.
    pub fn audit_status(&self) -> Option<AuditStatus> {
        self.audit_status.parse().ok().and_then(AuditStatus::from_code)
    }

    /// The check, when there is a well-formed one.
    pub fn check(&self) -> Option<Check> {
        self.check.parse().ok()
    }

    /// The code at the start of the note.
    pub fn note_code(&self) -> &str {
        self.note.split([':', ' ']).next().unwrap_or("")
    }

    /// Whether the goods are there and nobody here ever sent them, as in an export: no reply tells their
    /// thirdPartyAppid.
    pub fn was_found(&self) -> bool {
        self.check.ends_with(UNSENT) && matches!(self.presence(), Presence::Present | Presence::Gone)
    }

    /// Where the goods stand.
    pub fn presence(&self) -> Presence {
        use Outcome::{Failed, InDoubt, Invalid, Ok, Pending, Sending};
        let adding = matches!(self.action, None | Some(Action::Add));
        if self.note_code() == GONE || (self.action == Some(Action::Delete) && self.outcome == Some(Ok)) {
            return Presence::Gone;
        }
        match self.outcome {
            Some(Sending | InDoubt) if adding && self.goods_id.is_empty() => Presence::Unknown,
            _ if !self.goods_id.is_empty() => Presence::Present,
            Some(Ok) => Presence::Present,
            Some(Failed) if !self.errcode.is_empty() => Presence::Refused,
            Some(Failed | Invalid | Pending | Sending | InDoubt) | None => Presence::Absent,
        }
    }

    /// Whether a call went out, or was about to, and nobody knows whether it was carried out.
    pub fn is_open(&self) -> bool {
        matches!(self.outcome, Some(Outcome::Sending | Outcome::InDoubt))
    }

    /// The verb whose call for goods that exist may or may not have been carried out.
    pub fn doubt(&self) -> Option<Action> {
        let changes = |action: &Action| {
            matches!(action, Action::Withdraw | Action::Resubmit | Action::Update | Action::Delete)
        };
        self.action.filter(changes).filter(|_| self.is_open())
    }

    /// Whether the line may be forgotten when no row of the sheet meets it.
    pub fn holds_goods(&self) -> bool {
        matches!(self.presence(), Presence::Unknown | Presence::Present | Presence::Gone)
    }

    /// What the check of this line guards.
    pub fn guarded<'a>(&'a self, appid: &'a str, keys: &'a Keys) -> Guarded<'a> {
        Guarded { appid, goods_id: &self.goods_id, audit_id: &self.audit_id, keys }
    }

    /// Seals the line as it stands now.
    pub fn seal(&mut self, appid: &str, keys: &Keys, content: Option<Content>) {
        self.check = Check::seal(&self.guarded(appid, keys), content).to_string();
    }

    /// The cells as the file has them, under `width` columns of the user's: those first, then ours, all guarded.
    pub fn cells(&self, width: usize) -> impl Iterator<Item = Cow<'_, str>> {
        self.cells_at(self.updated_at, width)
    }

    /// The same, written at another time.
    pub(super) fn cells_at(
        &self,
        updated_at: Option<Timestamp>,
        width: usize,
    ) -> impl Iterator<Item = Cow<'_, str>> {
        let user = (0..width).map(|column| guard(self.user.get(column).unwrap_or("")));
        user.chain([
            Cow::Owned(self.row.to_string()),
            Cow::Borrowed(self.action.map_or("", Action::word)),
            Cow::Borrowed(self.outcome.map_or("", Outcome::word)),
            guard(&self.goods_id),
            guard(&self.audit_id),
            guard(&self.audit_status),
            guard(&self.errcode),
            guard(&self.errmsg),
            guard(&self.note),
            guard(&self.cover_digest),
            Cow::Owned(updated_at.map(show_time).unwrap_or_default()),
            guard(&self.check),
        ])
    }
}

/// Where a file has its columns: made once a file, used for every record.
pub struct Decoder {
    user: Vec<usize>,
    own: [Option<usize>; OWN.len()],
}

/// Why a record is no line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALine {
    /// The outcome is none of ours.
    #[error(
        "column \"outcome\" holds {0:?}, which is no outcome livegoods writes; restore the file, or empty the cell"
    )]
    Outcome(String),
    /// The action is none of ours.
    #[error(
        "column \"action\" holds {0:?}, which is no action livegoods writes; restore the file, or empty the cell"
    )]
    Action(String),
}

impl Decoder {
    /// The decoder of a file with these headings; `layout` names the user's columns by position.
    pub fn new(file: &Columns, user: Vec<usize>) -> Self {
        let own = OWN.map(|name| file.headings.iter().position(|heading| heading.trim() == name));
        Self { user, own }
    }

    /// The line of a record. `position` is the row number of a line that has none of its own.
    pub fn decode(&self, record: &StringRecord, position: u32) -> Result<Line, NotALine> {
        let cell = |column: usize| self.own[column].and_then(|at| record.get(at)).map_or("", unguard).trim();
        let word = |column: usize| cell(column).to_owned();
        let action = match cell(1) {
            "" => None,
            word => Some(Action::from_word(word).ok_or_else(|| NotALine::Action(word.to_owned()))?),
        };
        let outcome = match cell(2) {
            "" => None,
            word => Some(Outcome::from_word(word).ok_or_else(|| NotALine::Outcome(word.to_owned()))?),
        };
        Ok(Line {
            user: self.user.iter().map(|at| record.get(*at).map_or("", unguard)).collect(),
            row: cell(0).parse().unwrap_or(position),
            file: 0,
            action,
            outcome,
            goods_id: word(3),
            audit_id: word(4),
            audit_status: word(5),
            errcode: word(6),
            errmsg: word(7),
            note: word(8),
            cover_digest: word(9),
            updated_at: cell(10).parse().ok(),
            check: word(11),
        })
    }
}

/// RFC 3339 with milliseconds, in the service's own time zone.
fn show_time(time: Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    PRINTER.timestamp_with_offset_to_string(&time, BEIJING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn columns(headings: &[&str]) -> Columns {
        Columns { headings: headings.iter().map(ToString::to_string).collect(), ..Columns::default() }
    }

    fn line(action: Action, outcome: Outcome, goods_id: &str, errcode: &str) -> Line {
        Line {
            action: Some(action),
            outcome: Some(outcome),
            goods_id: goods_id.into(),
            errcode: errcode.into(),
            ..Line::default()
        }
    }

    #[test]
    fn presence_follows_from_action_outcome_and_id() {
        use Presence::{Absent, Gone, Present, Refused, Unknown};
        let table = [
            (line(Action::Add, Outcome::Pending, "", ""), Absent),
            (line(Action::Add, Outcome::Invalid, "", ""), Absent),
            (line(Action::Add, Outcome::Sending, "", ""), Unknown),
            (line(Action::Add, Outcome::InDoubt, "", ""), Unknown),
            (line(Action::Add, Outcome::Ok, "5", "0"), Present),
            (line(Action::Add, Outcome::Failed, "5", "300021"), Present),
            (line(Action::Add, Outcome::Failed, "", "300004"), Refused),
            (line(Action::Add, Outcome::Failed, "", ""), Absent),
            (line(Action::Withdraw, Outcome::Sending, "5", ""), Present),
            (line(Action::Delete, Outcome::InDoubt, "5", ""), Present),
            (line(Action::Delete, Outcome::Failed, "5", "300014"), Present),
            (line(Action::Delete, Outcome::Ok, "5", "0"), Gone),
        ];
        for (line, presence) in table {
            assert_eq!(line.presence(), presence, "{line:?}");
        }
        let gone = Line {
            note: "goods-gone: add them again".into(),
            ..line(Action::Status, Outcome::Failed, "5", "")
        };
        assert_eq!(gone.presence(), Gone);
    }

    #[test]
    fn a_long_errmsg_keeps_its_rid_and_stays_one_line() {
        let mut line = Line::default();
        line.answered(300_004, &format!("{}\n rid: 65f2a1b3-0a1b2c3d-4e5f6a7b", "长".repeat(2000)));
        assert_eq!(line.errcode, "300004");
        assert!(line.errmsg.ends_with("rid: 65f2a1b3-0a1b2c3d-4e5f6a7b") && !line.errmsg.contains('\n'));
        assert!(line.errmsg.chars().count() <= LONGEST_MESSAGE + 1);
    }

    #[test]
    fn times_have_milliseconds_and_their_offset() {
        let time: Timestamp = "2026-11-21T16:00:00.007Z".parse().expect("a timestamp");
        assert_eq!(show_time(time), "2026-11-22T00:00:00.007+08:00");
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(
            user in prop::collection::vec("[ -~茶=\n\t']{0,8}", 3),
            row in 1u32..,
            goods_id in "[0-9]{0,18}",
            errmsg in "[=+\\-a-z,\"]{0,12}",
            millis in 0i64..4_000_000_000_000,
        ) {
            let line = Line {
                user: user.iter().collect(),
                row,
                action: Some(Action::Add),
                outcome: Some(Outcome::Ok),
                goods_id,
                errmsg,
                updated_at: Timestamp::from_millisecond(millis).ok(),
                ..Line::default()
            };
            let mut record = StringRecord::new();
            line.cells(3).for_each(|cell| record.push_field(&cell));
            let file: Vec<&str> = ["a", "b", "c"].into_iter().chain(OWN).collect();
            let decoded = Decoder::new(&columns(&file), vec![0, 1, 2]).decode(&record, 9);
            prop_assert_eq!(decoded, Ok(line));
        }
    }
}
