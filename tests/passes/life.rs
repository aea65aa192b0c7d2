//! Goods driven only by files, with the exact calls of each step.

use std::fs;
use std::time::{Duration, Instant};

use livegoods::sandbox::Call;

use crate::shop::{RESULTS, Shop};

#[test]
fn goods_live_from_import_to_delete_driven_only_by_files() {
    let shop = Shop::with(3);
    let (ended, cost) = shop.cost(&["withdraw", RESULTS, "--rows", "2-3"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0]));
    assert_eq!(shop.results().cells("auditStatus"), ["0", "0", "1"]);
    let old = shop.results().cells("auditId")[0].to_owned();

    let (ended, cost) = shop.cost(&["resubmit", RESULTS, "--limit", "1"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [1, 0, 0, 0, 1, 1], [0, 1, 0, 0, 0]));
    assert_eq!(shop.results().cells("auditStatus"), ["1", "0", "1"]);
    assert_ne!(shop.results().cells("auditId")[0], old, "a new submission");

    shop.review_ends();
    let (ended, cost) = shop.cost(&["status", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [3, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0]));
    assert_eq!(shop.results().cells("auditStatus"), ["2", "0", "2"]);
    assert_eq!(shop.results().cells("action"), ["status", "withdraw", "status"], "unchanged lines stay");

    let (ended, cost) = shop.cost(&["delete", RESULTS, "--yes", "--expect", "3"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [3, 0, 0, 0, 0, 0], [0, 0, 3, 0, 0]));
    assert_eq!(shop.goods(), []);
    let (ended, cost) = shop.cost(&["delete", RESULTS, "--yes", "--expect", "3"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [3, 0, 0, 0, 0, 0], [0; 5]), "the same command again");
    let (ended, cost) = shop.cost(&["status", RESULTS]);
    assert_eq!(
        (ended.code, ended.counts(), cost),
        (0, [0, 0, 0, 0, 0, 3], [0; 5]),
        "nobody asks about those"
    );
}

#[test]
fn a_pass_that_is_run_again_calls_nothing_and_leaves_the_file_as_it_is() {
    let shop = Shop::with(3);
    for (words, again) in [(&["status", RESULTS][..], [0, 0, 0, 1, 0]), (&["withdraw", RESULTS], [0; 5])] {
        shop.run(words);
        let before = fs::read(shop.path(RESULTS)).expect("results");
        let (ended, cost) = shop.cost(words);
        assert_eq!((ended.code, ended.counts()[0], cost), (0, 3, again), "{words:?}");
        assert_eq!(fs::read(shop.path(RESULTS)).expect("results"), before, "{words:?}");
    }
}

#[test]
fn many_rows_are_refreshed_by_a_sweep_of_the_list() {
    let shop = Shop::with(81);
    let (ended, cost) = shop.cost(&["status", RESULTS]);
    assert_eq!((ended.counts()[0], cost), (81, [0, 0, 0, 0, 4]));
    shop.review_ends();
    let (ended, cost) = shop.cost(&["status", RESULTS, "--rows", "2-81"]);
    assert_eq!((ended.counts(), cost), ([80, 0, 0, 0, 0, 1], [0, 0, 0, 4, 0]), "as dear as a sweep: by ids");
    assert_eq!(shop.results().cells("auditStatus").iter().filter(|status| **status == "2").count(), 80);
}

#[test]
fn a_sweep_of_a_library_much_larger_than_the_results_is_given_up() {
    let shop = Shop::with(450);
    let mut results = shop.results();
    results.rows.truncate(86);
    fs::write(shop.path(RESULTS), results.text(b',')).expect("results");
    let (ended, cost) = shop.cost(&["status", RESULTS]);
    assert_eq!((ended.code, ended.counts()[0], cost), (0, 85, [0, 0, 0, 5, 2]));
}

#[test]
fn goods_that_vanished_are_said_to_be_gone_after_two_looks_and_never_asked_about_again() {
    let shop = Shop::with(2);
    shop.review_ends();
    fs::copy(shop.path(RESULTS), shop.path("copy.csv")).expect("a copy");
    shop.run(&["status", "copy.csv"]);
    assert_eq!(shop.run(&["delete", "copy.csv", "--rows", "2", "--yes", "--expect", "1"]).code, 0);
    let (ended, cost) = shop.cost(&["status", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (1, [1, 1, 0, 0, 0, 0], [0, 0, 0, 2, 0]));
    let results = shop.results();
    assert!(results.cells("note")[0].starts_with("goods-gone: "), "{results:?}");
    assert_eq!(results.cells("outcome"), ["failed", "ok"]);
    let (ended, cost) = shop.cost(&["status", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [1, 0, 0, 0, 0, 1], [0, 0, 0, 1, 0]));
}

#[test]
fn a_stated_failure_is_what_a_delete_of_vanished_goods_comes_to() {
    let shop = Shop::with(2);
    shop.review_ends();
    shop.run(&["status", RESULTS]);
    fs::copy(shop.path(RESULTS), shop.path("copy.csv")).expect("a copy");
    shop.run(&["delete", "copy.csv", "--rows", "2", "--yes", "--expect", "1"]);
    let words = ["delete", RESULTS, "--yes", "--expect", "2"];
    let (ended, cost) = shop.cost(&words);
    assert_eq!((ended.code, ended.counts(), cost), (1, [1, 1, 0, 0, 0, 0], [0, 0, 2, 0, 0]));
    assert_eq!(shop.results().cells("errcode"), ["1003", "0"]);
    let (ended, cost) = shop.cost(&words);
    assert_eq!((ended.code, ended.counts(), cost), (1, [1, 1, 0, 0, 0, 0], [0; 5]), "the same command again");
    assert_eq!(shop.results().cells("errcode"), ["1003", "0"]);
}

#[test]
fn goods_in_review_are_deleted_only_after_they_were_withdrawn() {
    let shop = Shop::with(3);
    let (ended, cost) = shop.cost(&["delete", RESULTS, "--yes", "--expect", "0"]);
    assert_eq!((ended.code, ended.counts(), cost), (1, [0, 3, 0, 0, 0, 0], [0; 5]));
    assert!(shop.results().cells("note").iter().all(|note| note.starts_with("in-review: ")));
    let (ended, cost) = shop.cost(&["delete", RESULTS, "--withdraw-first", "--yes", "--expect", "3"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [3, 0, 0, 0, 0, 0], [3, 0, 3, 0, 0]));
    assert_eq!(shop.goods(), []);
}

#[test]
fn a_delete_that_nobody_counted_calls_nothing() {
    let shop = Shop::with(2);
    shop.review_ends();
    shop.run(&["status", RESULTS]);
    let before = fs::read(shop.path(RESULTS)).expect("results");
    for words in [
        &["delete", RESULTS][..],
        &["delete", RESULTS, "--yes"],
        &["delete", RESULTS, "--expect", "2"],
        &["delete", RESULTS, "--yes", "--expect", "1"],
        &["delete", RESULTS, "--yes", "--expect", "3"],
    ] {
        let (ended, cost) = shop.cost(words);
        assert_eq!((ended.code, cost), (2, [0; 5]), "{words:?}");
        assert!(
            ended.stderr.contains(RESULTS) && ended.stderr.contains("next: livegoods delete"),
            "{ended:?}"
        );
    }
    assert_eq!(fs::read(shop.path(RESULTS)).expect("results"), before);
    let plan = shop.run(&["delete", RESULTS, "--dry-run"]);
    assert_eq!((plan.code, plan.summary["expect"].as_u64()), (0, Some(2)));
}

#[test]
fn a_dry_run_is_the_plan_that_a_run_carries_out() {
    let shop = Shop::with(5);
    shop.run(&["withdraw", RESULTS, "--rows", "2"]);
    let before = fs::read(shop.path(RESULTS)).expect("results");
    for (verb, bucket) in [("withdraw", "withdraw"), ("resubmit", "submit"), ("status", "status")] {
        let (plan, cost) = shop.cost(&[verb, RESULTS, "--dry-run"]);
        assert_eq!((plan.code, cost), (0, [0; 5]), "{verb}");
        assert_eq!(fs::read(shop.path(RESULTS)).expect("results"), before, "{verb}");
        let calls = plan.summary["calls"][bucket].as_u64().expect("calls");
        let tasks = plan.summary["tasks"].as_array().expect("tasks").len() as u64;
        let (ended, cost) = shop.cost(&[verb, RESULTS]);
        assert_eq!(cost.iter().sum::<u64>(), calls, "{verb}");
        assert_eq!(ended.counts()[0], if verb == "withdraw" { tasks + 1 } else { tasks }, "{verb}");
        fs::write(shop.path(RESULTS), &before).expect("the results as they were");
    }
}

#[test]
fn console_goods_in_the_results_are_skipped() {
    let shop = Shop::with(1);
    let mut results = shop.results();
    results.rows[0].insert(0, "thirdPartyTag".to_owned());
    results.rows[1].insert(0, "0".to_owned());
    fs::write(shop.path(RESULTS), results.text(b',')).expect("results");
    let (ended, cost) = shop.cost(&["withdraw", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [0, 0, 0, 0, 0, 1], [0; 5]));
}

#[test]
fn what_was_added_without_being_submitted_is_submitted_by_resubmit_alone() {
    let shop = Shop::new(3, &["add:300021=@2"]);
    assert_eq!(shop.results().cells("errcode").iter().filter(|code| **code == "300021").count(), 1);
    let ended = shop.run(&["status", RESULTS]);
    assert_eq!(ended.counts()[0], 3);
    assert_eq!(shop.results().cells("errcode").iter().filter(|code| **code == "300021").count(), 1);
    let (ended, cost) = shop.cost(&["resubmit", RESULTS]);
    assert_eq!((ended.counts(), cost), ([1, 0, 0, 0, 0, 2], [0, 1, 0, 0, 0]));
    assert_eq!(shop.results().cells("auditStatus"), ["1", "1", "1"]);
    assert_eq!(shop.run(&["import", "tea.csv"]).counts()[0], 3, "the import is whole now");
}

#[test]
fn a_spent_quota_leaves_rows_for_another_day() {
    let shop = Shop::with(5);
    let (ended, cost) = shop.cost(&["withdraw", RESULTS, "--quota", "withdraw=2"]);
    assert_eq!((ended.code, ended.counts(), cost), (75, [2, 0, 0, 0, 3, 0], [2, 0, 0, 0, 0]));
    assert_eq!(
        ended.summary["next_command"],
        format!("livegoods withdraw {RESULTS} --quota withdraw=2 --json")
    );
    let (ended, cost) = shop.cost(&["withdraw", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [5, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0]));
}

#[test]
fn lost_answers_do_not_keep_goods_from_being_withdrawn_and_deleted() {
    let shop = Shop::new(3, &["withdraw:lost-after=@1", "delete:lost-after=@2", "delete:-1=@4"]);
    let ended = shop.run(&["delete", RESULTS, "--withdraw-first", "--yes", "--expect", "3", "-j", "1"]);
    assert_eq!((ended.code, ended.counts()), (0, [3, 0, 0, 0, 0, 0]), "{ended:?}");
    assert_eq!(shop.goods(), []);
}

#[test]
fn a_delete_that_is_killed_again_and_again_goes_on_with_the_same_command() {
    const GOODS: usize = 8;
    let shop = Shop::with(GOODS);
    let words = ["delete", RESULTS, "--withdraw-first", "--yes", "--expect", "8", "-j", "2", "-q"];
    for kill in 1..=6 {
        let mut child = shop.command(&words).spawn().expect("started");
        let begun = Instant::now();
        while shop.spent().iter().sum::<u64>() < 2 * kill && begun.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().expect("killed");
        child.wait().expect("an end");
    }
    let ended = shop.run(&words);
    assert_eq!((ended.code, ended.counts()[0]), (0, GOODS as u64), "{ended:?}");
    assert_eq!(shop.goods(), []);
    let calls = shop.sandbox.calls();
    for call in [Call::Withdraw, Call::Delete] {
        let done = calls.log().filter(|asked| asked.call == call && asked.errcode == Some(0)).count();
        assert_eq!(done, GOODS, "{call:?}: each once");
    }
}

#[test]
fn a_resubmit_whose_answer_is_lost_says_what_that_costs() {
    let shop = Shop::new(2, &["resubmit:lost-after=@1"]);
    shop.run(&["withdraw", RESULTS]);
    let (ended, cost) = shop.cost(&["resubmit", RESULTS, "-j", "1"]);
    assert_eq!((ended.code, ended.counts(), cost), (0, [2, 0, 0, 0, 0, 0], [0, 2, 0, 1, 0]));
    let results = shop.results();
    assert_eq!((results.cells("auditId")[0], results.cells("auditStatus")[0]), ("", "1"));
    assert!(results.cells("note")[0].starts_with("audit-id-unknown: "), "{results:?}");
    let (ended, cost) = shop.cost(&["withdraw", RESULTS]);
    assert_eq!((ended.code, ended.counts(), cost), (1, [1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0]));
}

#[test]
fn refused_goods_are_submitted_again_only_when_asked() {
    let shop = Shop::with(2);
    let words = ["resubmit", RESULTS];
    let mut results = shop.results();
    for row in [1, 2] {
        results.set(row, "auditStatus", "3");
    }
    fs::write(shop.path(RESULTS), results.text(b',')).expect("results");
    let (ended, cost) = shop.cost(&words);
    assert_eq!((ended.code, ended.counts(), cost), (0, [0, 0, 0, 0, 0, 2], [0; 5]));
    // The service knows better: they are in review.
    let (ended, cost) = shop.cost(&["resubmit", RESULTS, "--refused"]);
    assert_eq!((ended.code, ended.counts(), cost), (1, [0, 2, 0, 0, 0, 0], [0, 2, 0, 0, 0]));
    assert_eq!(shop.results().cells("errcode"), ["300010", "300010"]);
}

#[test]
fn too_many_errors_stop_a_pass() {
    let shop = Shop::new(4, &["withdraw:300011=4x"]);
    let (ended, cost) = shop.cost(&["withdraw", RESULTS, "--max-errors", "1", "-j", "1"]);
    assert_eq!(ended.code, 3, "{ended:?}");
    // The second refusal is one too many, and nothing goes out after it.
    assert_eq!((cost[0], ended.counts()), (2, [0, 2, 0, 0, 2, 0]), "{ended:?}");
}

#[test]
fn a_second_run_is_told_who_holds_the_file() {
    let shop = Shop::with(1);
    let lock = livegoods::results::Lock::take(&shop.path(RESULTS), "the night shift").expect("the lock");
    let ended = shop.run(&["withdraw", RESULTS]);
    assert_eq!(ended.code, 75);
    assert!(ended.stderr.contains("the night shift"), "{ended:?}");
    drop(lock);
}

#[test]
fn codes_are_explained_and_unknown_ones_get_their_neighbours() {
    let shop = Shop::with(0);
    let known = shop.run(&["explain", "300014"]);
    assert_eq!((known.code, known.summary["kind"].as_str()), (0, Some("errcode")));
    assert_eq!(shop.run(&["explain", "-1"]).summary["code"], "-1");
    let unknown = shop.run(&["explain", "price-decimal"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("next: livegoods explain price-decimals"), "{unknown:?}");
}
