//! The sheets in `samples/`, each taken the way its owner would run it.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// A sample alone in a folder, whose home is empty.
fn beside(sample: &str) -> TempDir {
    let work = TempDir::new().expect("a directory");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    fs::copy(samples.join(sample), work.path().join(sample)).expect("a sample");
    work
}

fn run(work: &TempDir, words: &[&str], exit: i32) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
    command.env_clear().env("HOME", work.path()).current_dir(work.path());
    let assert = command.args(words).arg("--json").assert().code(exit);
    serde_json::from_slice(&assert.get_output().stdout).expect("one JSON object")
}

#[test]
fn tea_imports_whole_and_a_second_run_sends_nothing() {
    let work = beside("tea.xlsx");
    let first = run(&work, &["import", "tea.xlsx", "--sandbox"], 0);
    assert_eq!(first["ok"], 80, "{first}");
    let results = fs::read(work.path().join("reports/tea.sandbox.results.csv")).expect("results");
    let second = run(&work, &["import", "tea.xlsx", "--sandbox"], 0);
    assert_eq!(second["ok"], 80, "{second}");
    assert_eq!(fs::read(work.path().join("reports/tea.sandbox.results.csv")).expect("results"), results);
}
