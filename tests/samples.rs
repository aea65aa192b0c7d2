//! The sheets in `samples/`, each taken the way its owner would run it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// What `check` finds: file, the way it was recognised, rows, invalid ones.
const CHECKED: [(&str, &str, u64, u64); 12] = [
    ("broken.xlsx", "xlsx/待修改", 38, 30),
    ("english.csv", "csv/UTF-8/,", 12, 0),
    ("formulas.xlsx", "xlsx/定价", 10, 0),
    ("gbk.csv", "csv/gb18030/,", 20, 0),
    ("semicolon.csv", "csv/UTF-8/;", 12, 0),
    ("tea.ods", "ods/周六专场", 24, 0),
    ("tea.xls", "xls/周六专场", 24, 0),
    ("tea.xlsb", "xlsb/周六专场", 24, 0),
    ("tea.xlsx", "xlsx/周六专场", 80, 0),
    ("two-sheets.xlsx", "xlsx/商品清单", 15, 0),
    ("utf16.txt", "csv/UTF-16LE/\t", 12, 0),
    ("with-ids.csv", "csv/UTF-8/,", 10, 0),
];

/// What is wrong in `broken.xlsx`, each code with its rows.
const BROKEN: [(&str, &[u64]); 35] = [
    ("appid-malformed", &[28]),
    ("audit-id-mangled", &[30]),
    ("cell-error", &[31]),
    ("cover-missing", &[8, 33]),
    ("cover-unknown", &[9]),
    ("discount-dearer", &[22]),
    ("discount-equal", &[35]),
    ("goods-id-mangled", &[29]),
    ("name-control-character", &[7]),
    ("name-missing", &[5]),
    ("name-short", &[33, 34]),
    ("name-too-long", &[6]),
    ("price-decimals", &[17, 33]),
    ("price-missing", &[12]),
    ("price-not-number", &[15]),
    ("price-not-positive", &[18]),
    ("price-range-equal", &[20]),
    ("price-range-reversed", &[21]),
    ("price-scientific", &[16]),
    ("price-too-large", &[19]),
    ("price-type-missing", &[10]),
    ("price-type-unknown", &[11]),
    ("price2-missing", &[13]),
    ("price2-unwanted", &[14]),
    ("repeat", &[32]),
    ("sku-scientific", &[40]),
    ("url-address", &[24]),
    ("url-address-ambiguous", &[39]),
    ("url-address-encoded", &[38]),
    ("url-backslash", &[26]),
    ("url-control-character", &[27]),
    ("url-encoded", &[37]),
    ("url-fragment", &[25]),
    ("url-leading-slash", &[36]),
    ("url-missing", &[23]),
];

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// A sample alone in a folder, which is also the home of whoever runs it.
fn beside(sample: &str) -> TempDir {
    let work = TempDir::new().expect("a directory");
    fs::copy(samples().join(sample), work.path().join(sample)).expect("a sample");
    work
}

fn run(work: &TempDir, words: &[&str], exit: i32) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
    command.env_clear().env("HOME", work.path()).current_dir(work.path());
    let assert = command.args(words).arg("--json").assert().code(exit);
    serde_json::from_slice(&assert.get_output().stdout).expect("one JSON object")
}

fn import(work: &TempDir, sheet: &str, exit: i32) -> Value {
    run(work, &["import", sheet, "--sandbox"], exit)
}

fn results(work: &TempDir, stem: &str) -> String {
    let path = work.path().join(format!("reports/{stem}.sandbox.results.csv"));
    fs::read_to_string(path).expect("results")
}

/// `[ok, failed, invalid]` of a summary.
fn counts(summary: &Value) -> [u64; 3] {
    ["ok", "failed", "invalid"].map(|name| summary[name].as_u64().expect("a count"))
}

#[test]
fn every_sample_is_checked_here() {
    let there: BTreeSet<String> = fs::read_dir(samples())
        .expect("the samples")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .filter(|name| name != "README.md")
        .collect();
    let here: BTreeSet<String> = CHECKED.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(there, here);
}

#[test]
fn every_sample_is_told_of_in_their_readme() {
    let readme = fs::read_to_string(samples().join("README.md")).expect("a text");
    for (name, ..) in CHECKED {
        assert!(readme.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn each_sample_is_recognised_and_counted() {
    for (name, recognised, rows, invalid) in CHECKED {
        let told = run(&beside(name), &["check", name], i32::from(invalid > 0));
        let file = &told["files"][0];
        let format = ["format", "encoding", "sheet", "delimiter"].iter().filter_map(|key| file[key].as_str());
        assert_eq!(format.collect::<Vec<_>>().join("/"), recognised, "{name}");
        assert_eq!((&told["rows"], &told["invalid"]), (&rows.into(), &invalid.into()), "{name}");
    }
}

#[test]
fn broken_has_each_mistake_where_its_last_column_says() {
    let told = run(&beside("broken.xlsx"), &["check", "broken.xlsx"], 1);
    let mut found: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for issue in told["files"][0]["issues"].as_array().expect("issues") {
        let code = issue["code"].as_str().expect("a code");
        found.entry(code).or_default().push(issue["row"].as_u64().expect("a row"));
    }
    let expected: BTreeMap<&str, Vec<u64>> =
        BROKEN.iter().map(|(code, rows)| (*code, rows.to_vec())).collect();
    assert_eq!(found, expected);
}

#[test]
fn tea_imports_whole_and_a_second_run_sends_nothing() {
    let work = beside("tea.xlsx");
    assert_eq!(counts(&import(&work, "tea.xlsx", 0)), [80, 0, 0]);
    let first = results(&work, "tea");
    let second = import(&work, "tea.xlsx", 0);
    assert_eq!(counts(&second), [80, 0, 0]);
    assert_eq!(second["quota"].as_array().expect("buckets").len(), 0, "nothing was called: {second}");
    assert_eq!(results(&work, "tea"), first);
}

#[test]
fn broken_sends_what_is_right_and_keeps_the_rest_for_mending() {
    let work = beside("broken.xlsx");
    // The sandbox, like the service, refuses the name of four columns that check warns of.
    assert_eq!(counts(&import(&work, "broken.xlsx", 1)), [7, 1, 30]);
    let results = results(&work, "broken");
    assert_eq!(results.matches(",add,invalid,").count(), 30);
    assert!(results.contains(",34,add,failed,,,,300002,"), "{results}");
}

#[test]
fn every_other_kind_of_sheet_imports_whole() {
    let apart = ["tea.xlsx", "broken.xlsx", "with-ids.csv"];
    let whole = CHECKED.iter().filter(|(name, ..)| !apart.contains(name));
    for (name, _, rows, _) in whole {
        assert_eq!(counts(&import(&beside(name), name, 0)), [*rows, 0, 0], "{name}");
    }
}

#[test]
fn rows_with_ids_are_left_and_only_the_others_added() {
    let work = beside("with-ids.csv");
    // The ids are a colleague's notes: no results know them.
    assert_eq!(counts(&import(&work, "with-ids.csv", 1)), [3, 0, 7]);
    run(&work, &["import", "with-ids.csv", "--sandbox", "--trust-ids"], 0);
    let results = results(&work, "with-ids");
    assert_eq!(results.matches("already-there").count(), 7);
    assert!(results.contains(",2,add,ok,52000001001,40000002001,"), "{results}");
    let told = run(&work, &["quota", "--sandbox"], 0);
    let submit = told["buckets"].as_array().and_then(|all| all.iter().find(|one| one["bucket"] == "submit"));
    assert_eq!(submit.map(|one| &one["spent"]), Some(&3.into()), "{told}");
}

#[test]
fn cached_values_of_formulas_are_read_and_a_near_heading_is_named() {
    let work = beside("formulas.xlsx");
    let told = run(&work, &["check", "formulas.xlsx"], 0);
    let warnings = told["files"][0]["heading_warnings"].to_string();
    assert!(warnings.contains("商品编号"), "{warnings}");
    import(&work, "formulas.xlsx", 0);
    assert!(results(&work, "formulas").contains("DJ001,龙井茶叶,250g,龙井茶叶 250g,SANDBOX-COVER-IMAGE-01,212.4,折扣价,456.66,0.8,365.33,9001,pages/goods/detail?id=9001,2,add,ok,"));
}
