//! The legal moves, every one: audit status × what the line says happened last × flags.

use livegoods::goods::AuditStatus;
use livegoods::plan::{
    Step, Verdict, delete_step, refreshed, resubmit_step, status_step, verdict, withdraw_step,
};
use livegoods::results::{Action, Line, Note, Outcome};
use livegoods::terminal::words;

/// Audit statuses as a line spells them: none heard, then the service's four.
const STATUSES: [&str; 5] = ["", "0", "1", "2", "3"];

fn line(action: Action, outcome: Outcome, status: &str, audit_id: &str) -> Line {
    Line {
        row: 2,
        action: Some(action),
        outcome: Some(outcome),
        goods_id: "52000000001".into(),
        audit_id: audit_id.into(),
        audit_status: status.into(),
        errcode: "0".into(),
        ..Line::default()
    }
}

/// One letter a step, in the order of [`STATUSES`].
fn letters(step: impl Fn(&Line) -> Step, line_of: impl Fn(&str) -> Line) -> String {
    let letter = |status: &&str| match step(&line_of(status)) {
        Step::Skip => '-',
        Step::Done => 'd',
        Step::Call => 'C',
        Step::Settle => 'S',
        Step::Unsettled => 'u',
        Step::Refuse(Note::AuditIdMissing) => 'a',
        Step::Refuse(Note::StatusUnknown) => '?',
        Step::Refuse(Note::InReview) => 'r',
        Step::Refuse(Note::GoodsGone) => 'g',
        other => panic!("{other:?}"),
    };
    STATUSES.iter().map(letter).collect()
}

/// Verb and flags, with what they do after each (action, outcome), with an auditId and without one.
type Table = [(Action, Outcome, &'static str, &'static str)];

fn holds(table: &Table, step: impl Fn(&Line) -> Step) {
    for (action, outcome, with, without) in table {
        for (audit_id, expected) in [("40000000001", with), ("", without)] {
            let found = letters(&step, |status| line(*action, *outcome, status, audit_id));
            assert_eq!(&found, expected, "{action:?} {outcome:?} auditId {audit_id:?}");
        }
    }
}

use Action::{Add, Delete, Export, Resubmit, Status, Update, Withdraw};
use Outcome::{Failed, InDoubt, Ok, Pending, Sending};

#[test]
fn withdraw_takes_goods_in_review_whose_audit_id_is_known_and_no_others() {
    let rows = [
        (Add, Ok, "C-C--", "?-a--"),
        (Add, Failed, "C-C--", "?-a--"),
        (Export, Ok, "C-C--", "?-a--"),
        (Status, Ok, "C-C--", "?-a--"),
        (Status, Failed, "C-C--", "?-a--"),
        (Withdraw, Ok, "CdCdd", "?dadd"),
        (Withdraw, Failed, "C-C--", "?-a--"),
        (Withdraw, Pending, "C-C--", "?-a--"),
        (Withdraw, Sending, "SSSSS", "SSSSS"),
        (Withdraw, InDoubt, "SSSSS", "SSSSS"),
        (Resubmit, Ok, "C-C--", "?-a--"),
        (Resubmit, Failed, "C-C--", "?-a--"),
        (Resubmit, Sending, "uuuuu", "uuuuu"),
        (Resubmit, InDoubt, "uuuuu", "uuuuu"),
        (Update, Ok, "C-C--", "?-a--"),
        (Update, InDoubt, "uuuuu", "uuuuu"),
        (Delete, Ok, "-----", "-----"),
        (Delete, Failed, "C-C--", "?-a--"),
        (Delete, Sending, "uuuuu", "uuuuu"),
    ];
    holds(&rows, withdraw_step);
}

#[test]
fn resubmit_takes_goods_that_are_not_submitted_and_refused_ones_only_when_asked() {
    let plain = [
        (Add, Ok, "?C---", "?C---"),
        (Add, Failed, "?C---", "?C---"),
        (Export, Ok, "?C---", "?C---"),
        (Status, Ok, "?C---", "?C---"),
        (Withdraw, Ok, "?C---", "?C---"),
        (Withdraw, InDoubt, "uuuuu", "uuuuu"),
        (Resubmit, Ok, "?Cddd", "?Cddd"),
        (Resubmit, Failed, "?C---", "?C---"),
        (Resubmit, Pending, "?C---", "?C---"),
        (Resubmit, Sending, "SSSSS", "SSSSS"),
        (Resubmit, InDoubt, "SSSSS", "SSSSS"),
        (Update, InDoubt, "uuuuu", "uuuuu"),
        (Delete, Ok, "-----", "-----"),
        (Delete, InDoubt, "uuuuu", "uuuuu"),
    ];
    holds(&plain, |line| resubmit_step(line, false));
    let refused = [
        (Add, Ok, "?C--C", "?C--C"),
        (Withdraw, Ok, "?C--C", "?C--C"),
        (Resubmit, Ok, "?CddC", "?CddC"),
        (Resubmit, InDoubt, "SSSSS", "SSSSS"),
        (Delete, Ok, "-----", "-----"),
    ];
    holds(&refused, |line| resubmit_step(line, true));
}

#[test]
fn delete_leaves_goods_in_review_unless_they_are_withdrawn_first() {
    let plain = [
        (Add, Ok, "CCrCC", "CCrCC"),
        (Add, Failed, "CCrCC", "CCrCC"),
        (Export, Ok, "CCrCC", "CCrCC"),
        (Status, Ok, "CCrCC", "CCrCC"),
        (Withdraw, Ok, "CCrCC", "CCrCC"),
        (Withdraw, Sending, "uuuuu", "uuuuu"),
        (Resubmit, InDoubt, "uuuuu", "uuuuu"),
        (Update, InDoubt, "uuuuu", "uuuuu"),
        (Delete, Ok, "ddddd", "ddddd"),
        (Delete, Failed, "CCrCC", "CCrCC"),
        (Delete, Pending, "CCrCC", "CCrCC"),
        (Delete, Sending, "SSSSS", "SSSSS"),
        (Delete, InDoubt, "SSSSS", "SSSSS"),
    ];
    holds(&plain, |line| delete_step(line, false));
    let first = [
        (Add, Ok, "CCCCC", "CCaCC"),
        (Withdraw, Ok, "CCCCC", "CCaCC"),
        (Withdraw, Sending, "uuCuu", "uuuuu"),
        (Resubmit, InDoubt, "uuuuu", "uuuuu"),
        (Delete, Ok, "ddddd", "ddddd"),
        (Delete, InDoubt, "SSSSS", "SSSSS"),
    ];
    holds(&first, |line| delete_step(line, true));
}

#[test]
fn goods_that_are_gone_concern_nobody_but_a_delete_that_found_them_gone_says_so_again() {
    let gone =
        |action| Line { note: words::note(&Note::GoodsGone), ..line(action, Failed, "", "40000000001") };
    for action in [Add, Status, Withdraw, Resubmit, Update, Export] {
        assert_eq!(withdraw_step(&gone(action)), Step::Skip);
        assert_eq!(resubmit_step(&gone(action), true), Step::Skip);
        assert_eq!(delete_step(&gone(action), true), Step::Skip);
        assert_eq!(status_step(&gone(action)), Step::Skip);
    }
    assert_eq!(delete_step(&gone(Delete), false), Step::Refuse(Note::GoodsGone));
    assert_eq!(status_step(&line(Delete, Ok, "", "")), Step::Skip);
    assert_eq!(status_step(&line(Delete, InDoubt, "2", "")), Step::Call);
}

#[test]
fn a_lost_answer_is_judged_by_what_the_service_shows() {
    use AuditStatus::{Approved, InReview, NotSubmitted, Refused};
    use Verdict::{Done, Gone, NotDone};
    let seen = [None, Some(NotSubmitted), Some(InReview), Some(Approved), Some(Refused)];
    for (action, before, verdicts) in [
        (Withdraw, Some(InReview), [Gone, Done, NotDone, Done, Done]),
        (Withdraw, None, [Gone, Done, NotDone, Done, Done]),
        (Resubmit, Some(NotSubmitted), [Gone, NotDone, Done, Done, Done]),
        (Resubmit, Some(Refused), [Gone, NotDone, Done, Done, NotDone]),
        (Resubmit, None, [Gone, NotDone, Done, Done, NotDone]),
        (Delete, Some(Approved), [Done, NotDone, NotDone, NotDone, NotDone]),
    ] {
        for (now, expected) in seen.into_iter().zip(verdicts) {
            assert_eq!(verdict(action, before, now), expected, "{action:?} {before:?} {now:?}");
        }
    }
}

#[test]
fn a_refreshed_line_changes_only_when_the_status_does() {
    use AuditStatus::{Approved, InReview, NotSubmitted};
    let reviewed = line(Add, Ok, "1", "40000000001");
    assert_eq!(refreshed(&reviewed, Some(InReview), words::note), reviewed);
    let approved = refreshed(&reviewed, Some(Approved), words::note);
    assert_eq!((approved.action, approved.audit_status.as_str()), (Some(Status), "2"));
    assert_eq!(approved.audit_id, "40000000001");
    let gone = refreshed(&reviewed, None, words::note);
    assert_eq!((gone.outcome, gone.note_code()), (Some(Failed), "goods-gone"));
    let not_submitted = Line {
        errcode: "300021".into(),
        note: words::note(&Note::AddedNotSubmitted),
        ..line(Add, Failed, "0", "")
    };
    assert_eq!(refreshed(&not_submitted, Some(NotSubmitted), words::note), not_submitted);
}

#[test]
fn goods_that_somebody_else_submitted_lose_an_audit_id_that_is_worth_nothing_now() {
    let withdrawn = line(Withdraw, Ok, "0", "40000000001");
    let found = refreshed(&withdrawn, Some(AuditStatus::InReview), words::note);
    assert_eq!((found.audit_id.as_str(), found.note_code()), ("", "audit-id-unknown"));
    let listed = line(Export, Ok, "", "40000000001");
    let found = refreshed(&listed, Some(AuditStatus::InReview), words::note);
    assert_eq!(found.audit_id, "40000000001");
}

#[test]
fn a_refresh_settles_what_other_verbs_left_in_doubt() {
    use AuditStatus::{Approved, InReview, NotSubmitted};
    let lost = |action, before| line(action, InDoubt, before, "40000000001");
    let settled = |action, before, now| {
        let line = refreshed(&lost(action, before), now, words::note);
        let code = line.note_code().to_owned();
        (line.action.expect("an action"), line.outcome.expect("an outcome"), line.audit_id, code)
    };
    let (kept, none) = ("40000000001".to_owned(), String::new());
    assert_eq!(settled(Withdraw, "1", Some(NotSubmitted)), (Withdraw, Ok, kept.clone(), none.clone()));
    assert_eq!(settled(Withdraw, "1", Some(InReview)), (Status, Ok, kept.clone(), none.clone()));
    assert_eq!(
        settled(Resubmit, "0", Some(InReview)),
        (Resubmit, Ok, none.clone(), "audit-id-unknown".to_owned())
    );
    assert_eq!(settled(Resubmit, "0", Some(NotSubmitted)), (Status, Ok, kept.clone(), none.clone()));
    assert_eq!(settled(Delete, "2", None), (Delete, Ok, kept.clone(), none.clone()));
    assert_eq!(settled(Delete, "2", Some(Approved)), (Status, Ok, kept.clone(), none));
    assert_eq!(settled(Withdraw, "1", None), (Status, Failed, kept.clone(), "goods-gone".to_owned()));
    let update = lost(Update, "2");
    assert_eq!(
        refreshed(&update, Some(Approved), words::note),
        update,
        "an update is settled by its content"
    );
}
