//! Which lines a verb gets to see: believed, chosen, one for each of the goods, as far as the limit goes.

use std::collections::HashMap;
use std::fs;

use livegoods::goods::{AuditStatus, Keys};
use livegoods::plan::{
    Method, Pile, Scope, Step, Steps, Sweep, calls_by_ids, delete_step, expected, method, withdraw_step,
};
use livegoods::results::{Action, Held, Layout, Line, Note, Outcome};
use livegoods::sheet::Columns;
use livegoods::terminal::words;

use crate::shop::{Ended, RESULTS, Shop};

const APPID: &str = "wx1";

fn held(row: u32, goods_id: &str, seconds: i64) -> Held {
    let keys = Keys { sku: None, page: format!("tea {row}") };
    let mut line = Line {
        row,
        action: Some(Action::Add),
        outcome: Some(Outcome::Ok),
        goods_id: goods_id.into(),
        audit_id: "7".into(),
        audit_status: "1".into(),
        updated_at: jiff::Timestamp::from_second(seconds).ok(),
        ..Line::default()
    };
    line.seal(APPID, &keys, None);
    Held { line, keys }
}

fn pile(lines: Vec<Held>) -> Pile {
    let mut pile = Pile::default();
    let given = lines.len();
    pile.add(lines, given, &Layout { columns: Columns::default(), source: Vec::new() });
    pile
}

fn plan(pile: &Pile, trust_ids: bool, limit: Option<usize>) -> Vec<Option<Step>> {
    let scope = Scope { appid: APPID, trust_ids, selected: &|row| row < 100, limit };
    let steps = Steps::plan(pile, &scope, |_, line| withdraw_step(line));
    (0..pile.lines.len()).map(|line| steps.of_line(line).cloned()).collect()
}

fn one(held: Held, trust_ids: bool) -> Step {
    plan(&pile(vec![held]), trust_ids, None).remove(0).expect("a step")
}

#[test]
fn a_line_is_called_for_only_when_its_ids_can_be_believed() {
    let own = || held(2, "5000000001", 1);
    let changed = |change: fn(&mut Line)| {
        let mut held = own();
        change(&mut held.line);
        held
    };
    for trust_ids in [false, true] {
        assert_eq!(one(own(), trust_ids), Step::Call);
        let mismatch = Step::Refuse(Note::CheckMismatch);
        assert_eq!(one(changed(|line| line.goods_id = "5000000002".into()), trust_ids), mismatch);
        assert_eq!(one(changed(|line| line.audit_id = "8".into()), trust_ids), mismatch);
        assert_eq!(one(changed(|line| line.check = "lg1.x".into()), trust_ids), mismatch);
        let mangled = Step::Refuse(Note::GoodsIdMangled);
        for id in ["5.25E+08", "5000000001.0", "+5000000001", "-5", "0", "５０"] {
            let mut held = own();
            held.line.goods_id = id.into();
            assert_eq!(one(held, trust_ids), mangled, "{id}");
        }
        assert_eq!(one(changed(|line| line.goods_id.clear()), trust_ids), mangled, "ok, without an id");
    }
    let mut renamed = own();
    renamed.keys.page = "coffee".into();
    assert_eq!(one(renamed, true), Step::Refuse(Note::CheckMismatch));
    let by_hand = || changed(|line| line.check.clear());
    assert_eq!(one(by_hand(), false), Step::Refuse(Note::CheckMissing));
    assert_eq!(one(by_hand(), true), Step::Call);
}

#[test]
fn rows_that_were_never_added_are_skipped_whatever_became_of_their_cells() {
    for (outcome, errcode) in [(Outcome::Pending, ""), (Outcome::Invalid, ""), (Outcome::Failed, "300002")] {
        let mut held = held(2, "", 1);
        held.line.outcome = Some(outcome);
        held.line.errcode = errcode.into();
        held.keys.page = "mended since".into();
        assert_eq!(one(held, true), Step::Skip, "{outcome:?}");
    }
}

#[test]
fn an_add_in_doubt_is_left_in_doubt_whatever_became_of_its_cells() {
    for outcome in [Outcome::Sending, Outcome::InDoubt] {
        let open = |change: fn(&mut Held)| {
            let mut held = held(2, "", 1);
            held.line.outcome = Some(outcome);
            change(&mut held);
            held
        };
        // A refusal would be written in the place of the only word that the goods may exist.
        for held in [
            open(|held| held.keys.page = "mended since".into()),
            open(|held| held.line.goods_id = "5".into()),
            open(|held| held.line.goods_id = "5.2E+10".into()),
            open(|held| held.line.check.clear()),
        ] {
            assert_eq!(one(held, false), Step::Unsettled, "{outcome:?}");
        }
    }
}

#[test]
fn goods_of_the_console_are_skipped() {
    for (tag, step) in
        [("0", Step::Skip), ("3", Step::Skip), ("1", Step::Call), (" 2 ", Step::Call), ("", Step::Call)]
    {
        let mut held = held(2, "5", 1);
        held.line.user = std::iter::once(tag).collect();
        let columns = Columns { headings: vec!["thirdPartyTag".into()], ..Columns::default() };
        let mut pile = Pile::default();
        pile.add(vec![held], 1, &Layout { columns, source: vec![Some(0)] });
        assert_eq!(plan(&pile, false, None), [Some(step)], "{tag}");
    }
}

#[test]
fn of_several_lines_of_the_same_goods_the_newest_leads() {
    let mut pile = pile(vec![held(2, "5", 1), held(3, "6", 1)]);
    let mut newest = held(2, "5", 9);
    newest.line.audit_status = "2".into();
    pile.add(vec![newest], 1, &Layout { columns: Columns::default(), source: Vec::new() });
    assert_eq!(plan(&pile, false, None), [Some(Step::Follow(2)), Some(Step::Call), Some(Step::Skip)]);
    assert_eq!(pile.lines[2].line.file, 1);
}

#[test]
fn a_line_says_what_came_of_the_newer_one_of_its_goods_and_keeps_its_own_names() {
    let mut pile = pile(vec![held(2, "5", 1), held(7, "5", 9)]);
    let scope = Scope { appid: APPID, trust_ids: false, selected: &|_| true, limit: None };
    let steps = Steps::plan(&pile, &scope, |_, line| withdraw_step(line));
    pile.lines[1].line.audit_status = "0".into();
    pile.lines[1].line.action = Some(Action::Withdraw);
    let reached = HashMap::from([(1, Outcome::Ok)]);
    pile.echo(&steps, &reached, APPID);
    let echo = &pile.lines[0];
    assert_eq!((echo.line.row, echo.line.audit_status.as_str()), (2, "0"));
    assert_eq!(livegoods::plan::trust(echo, APPID), livegoods::plan::Trust::Own);
    assert_eq!(steps.counts(&reached).ok, 2);
}

#[test]
fn the_limit_counts_rows_that_are_worked_on() {
    let mut refused = held(3, "6", 1);
    refused.line.check.pop();
    let lines = vec![held(2, "5", 1), refused, held(4, "7", 1), held(5, "8", 1), held(200, "9", 1)];
    let pile = pile(lines);
    let steps = plan(&pile, false, Some(2));
    let mismatch = Step::Refuse(Note::CheckMismatch);
    assert_eq!(
        steps,
        [Some(Step::Call), Some(mismatch), Some(Step::Call), Some(Step::Later), Some(Step::Skip)]
    );
    let scope = Scope { appid: APPID, trust_ids: false, selected: &|row| row < 100, limit: Some(2) };
    let counts = Steps::plan(&pile, &scope, |_, line| withdraw_step(line)).counts(&HashMap::new());
    assert_eq!((counts.pending, counts.failed, counts.skipped, counts.rows()), (3, 1, 1, 5));
}

#[test]
fn lines_that_nobody_gave_are_left_out_of_every_count() {
    let mut pile = Pile::default();
    let lines = vec![held(2, "5", 1), held(3, "6", 1)];
    pile.add(lines, 1, &Layout { columns: Columns::default(), source: Vec::new() });
    assert_eq!(plan(&pile, false, None), [Some(Step::Call), None]);
}

#[test]
fn expect_counts_what_will_be_deleted_is_in_doubt_or_was_deleted_before() {
    let with = |row, action, outcome, status: &str, note: &str| {
        let mut held = held(row, &format!("50{row}"), 1);
        held.line.action = Some(action);
        held.line.outcome = Some(outcome);
        held.line.audit_status = status.into();
        held.line.note = note.into();
        held
    };
    use Action::{Add, Delete, Status, Withdraw};
    use Outcome::{Failed, InDoubt, Ok, Sending};
    let gone = words::note(&Note::GoodsGone);
    let mut dragged = with(9, Add, Ok, "2", "");
    dragged.line.goods_id = "5010".into();
    let mut never = held(10, "", 1);
    never.line.outcome = Some(Outcome::Pending);
    let pile = pile(vec![
        with(2, Add, Ok, "2", ""),
        with(3, Add, Ok, "1", ""),
        with(4, Delete, Sending, "2", ""),
        with(5, Delete, InDoubt, "2", ""),
        with(6, Delete, Ok, "", ""),
        with(7, Delete, Failed, "", &gone),
        with(8, Status, Failed, "", &gone),
        dragged,
        never,
        with(11, Withdraw, InDoubt, "1", ""),
        with(200, Add, Ok, "2", ""),
    ]);
    let count = |withdraw_first, limit| {
        let scope = Scope { appid: APPID, trust_ids: false, selected: &|row| row < 100, limit };
        expected(&pile, &Steps::plan(&pile, &scope, |_, line| delete_step(line, withdraw_first)))
    };
    assert_eq!(count(false, None), 5, "rows 2, 4, 5, 6 and 7");
    assert_eq!(count(true, None), 7, "rows 3 and 11 too");
    assert_eq!(count(false, Some(1)), 5, "row 2, and the doubts and deletions beyond the limit");
}

#[test]
fn the_status_is_asked_by_whichever_way_costs_fewer_calls() {
    use AuditStatus::{Approved, InReview};
    let all = |status, goods: usize| std::iter::repeat_n(Some(status), goods);
    assert_eq!(method(0, all(InReview, 0)), Method::ByIds { calls: 0 });
    assert_eq!(method(1, all(InReview, 1)), Method::ByIds { calls: 1 });
    assert_eq!(method(80, all(InReview, 80)), Method::ByIds { calls: 4 }, "as many as four empty pages");
    assert_eq!(method(81, all(InReview, 81)), Method::Sweep { calls: 4 });
    assert_eq!(method(300, all(Approved, 300)), Method::Sweep { calls: 6 });
    assert_eq!(method(90, all(InReview, 450).chain(all(Approved, 101))), Method::ByIds { calls: 5 });
    assert_eq!(method(300, std::iter::repeat_n(None, 300)), Method::Sweep { calls: 6 });
    assert_eq!((calls_by_ids(0), calls_by_ids(20), calls_by_ids(21)), (0, 1, 2));
}

#[test]
fn a_sweep_is_given_up_once_asking_by_ids_is_cheaper_than_the_rest_of_it() {
    let sweep = Sweep { asked: 100, missing: 100, made: 1, ahead: 4 };
    assert!(!sweep.is_too_dear(), "as dear as by ids all in all");
    assert!(Sweep { ahead: 6, ..sweep }.is_too_dear(), "a library much larger than the results");
    assert!(!Sweep { made: 9, ahead: 5, ..sweep }.is_too_dear(), "walking on is still the cheaper rest");
    assert!(Sweep { made: 9, ahead: 2, missing: 20, ..sweep }.is_too_dear());
}

#[test]
fn what_to_type_next_is_what_settles_or_trusts_the_lines() {
    let shop = Shop::new(0, &["add:lost-after=1x"]);
    let row = "T-1,手冲咖啡壶 1 号,SANDBOX-COVER-IMAGE-01,1.5,pages/tea?id=1\n";
    fs::write(shop.path("tea.csv"), format!("货号,商品名称,商品图片,价格,链接\n{row}")).expect("a sheet");
    assert_eq!(shop.run(&["import", "tea.csv", "--quota", "list=0"]).code, 75);
    // Only an import looks for an add in the library.
    let status = shop.run(&["status", RESULTS]);
    let next = |ended: &Ended| ended.summary["next_command"].as_str().unwrap_or_default().to_owned();
    assert_eq!((status.code, status.counts()), (4, [0, 0, 0, 1, 0, 0]), "{status:?}");
    assert!(next(&status).starts_with("livegoods import ") && next(&status).ends_with(RESULTS), "{status:?}");
    fs::write(shop.path("hand.csv"), "outcome,goodsId,name,url,price\n,5,茶,pages/a,1\n").expect("a list");
    let hand = shop.run(&["status", "hand.csv"]);
    assert!(hand.code == 1 && next(&hand).contains("--trust-ids"), "{hand:?}");
}
