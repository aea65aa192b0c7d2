//! The small verbs and the manners of the program, as a person meets them.

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command as Process, Stdio};

use assert_cmd::Command;
use calamine::{Reader, Xlsx};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_livegoods");

fn livegoods(work: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command.env_clear().env("HOME", work).current_dir(work);
    command
}

fn folder() -> TempDir {
    TempDir::new().expect("a directory")
}

#[test]
fn help_fits_forty_columns() {
    let work = folder();
    for words in
        [&["--help"][..], &["quota", "-h"], &["quota", "--help"], &["template", "--help"], &["man", "-h"]]
    {
        let assert = livegoods(work.path()).args(words).env("COLUMNS", "40").assert().success();
        let help = String::from_utf8(assert.get_output().stdout.clone()).expect("text");
        let too_wide = help.lines().filter(|line| {
            // Usage is never broken, and a single long word has nowhere to break.
            line.chars().count() > 40
                && !line.starts_with("Usage:")
                && line.split_whitespace().all(|word| word.len() < 30)
        });
        assert_eq!(too_wide.collect::<Vec<_>>(), Vec::<&str>::new(), "{words:?}");
    }
}

#[test]
fn every_verb_says_what_it_is_and_gives_an_example() {
    let work = folder();
    let assert = livegoods(work.path()).arg("-h").assert().success();
    let help = String::from_utf8(assert.get_output().stdout.clone()).expect("text");
    let verbs =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let verbs: Vec<String> = verbs
        .filter(|line| line.starts_with("  ") && !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    assert!(verbs.len() >= 5, "{verbs:?}");
    for verb in verbs {
        livegoods(work.path()).args([&verb, "--help"]).assert().success().stdout(contains("Example"));
    }
}

#[test]
fn a_command_line_that_says_nothing_is_2_with_the_command_that_helps() {
    let work = folder();
    livegoods(work.path()).assert().code(2).stderr(contains("next: livegoods --help\n"));
    let unknown = livegoods(work.path()).args(["quota", "--job", "4"]).assert().code(2);
    unknown.stderr(contains("--job").and(contains("next: livegoods quota --help\n")));
    livegoods(work.path()).args(["quota", "--jobs", "257"]).assert().code(2).stdout(is_empty());
    livegoods(work.path()).args(["quota", "--timeout", "0"]).assert().code(2);
    livegoods(work.path()).args(["quota", "--utc-offset", "-05:00"]).assert().success();
    livegoods(work.path()).args(["quota", "--api-base", "http://u:hunter2@h"]).assert().code(2);
}

#[test]
fn no_home_and_no_locale_are_no_trouble() {
    let work = folder();
    let bare = || {
        let mut command = Command::new(BINARY);
        command.env_clear().current_dir(work.path());
        command
    };
    bare().args(["template", "-o", "商品.xlsx"]).assert().success();
    bare().args(["quota", "--state", "state"]).env("LC_ALL", "POSIX").assert().success();
    bare()
        .args(["quota", "--state", "state"])
        .env("HOME", "")
        .env("XDG_CONFIG_HOME", "relative")
        .assert()
        .success();
}

#[test]
fn packagers_get_completions_and_manual_pages() {
    let work = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = livegoods(work.path()).args(["completions", shell]).assert().success();
        script.stdout(contains("livegoods").and(contains("quota")));
    }
    livegoods(work.path()).arg("man").assert().success().stdout(contains(".TH livegoods 1"));
    livegoods(work.path())
        .args(["man", "quota"])
        .assert()
        .success()
        .stdout(contains(".TH livegoods-quota 1"));
    livegoods(work.path())
        .args(["man", "nothing"])
        .assert()
        .code(2)
        .stderr(contains("no command \"nothing\""));
}

#[test]
fn a_template_opens_and_has_the_headings_the_list_and_the_rules() {
    let work = folder();
    livegoods(work.path())
        .args(["template", "-o", "goods.xlsx"])
        .assert()
        .success()
        .stdout(contains("next: livegoods check goods.xlsx"));
    let bytes = fs::read(work.path().join("goods.xlsx")).expect("a file");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(book.sheet_names(), ["商品", "说明"]);
    let goods = book.worksheet_range("商品").expect("a sheet");
    let headings: Vec<String> = goods.rows().next().expect("a row").iter().map(ToString::to_string).collect();
    let expected =
        ["商品编码", "商品名称", "商品图片", "价格类型", "价格", "现价", "商品链接", "第三方appid"];
    assert_eq!(headings, expected);
    assert_eq!(goods.height(), 1);
    let rules = book.worksheet_range("说明").expect("a sheet");
    for heading in expected {
        let told = rules
            .rows()
            .any(|row| row.first().is_some_and(|cell| cell.to_string().trim_end_matches(" *") == heading));
        assert!(told, "no rule for {heading}");
    }
}

#[test]
fn the_reader_takes_a_filled_template() {
    let work = folder();
    livegoods(work.path()).args(["template", "-o", "goods.xlsx"]).assert().success();
    let path = work.path().join("goods.xlsx");
    let sheet = livegoods::sheet::open(&path, &livegoods::sheet::ReadOptions::default()).expect("a sheet");
    assert!(sheet.warnings().is_empty());
    let found = livegoods::sheet::Field::ALL.into_iter().filter(|field| sheet.columns().of(*field).is_some());
    assert_eq!(found.count(), 8);
}

#[test]
fn a_program_is_told_of_a_template_in_one_object() {
    let work = tempfile::tempdir().expect("a directory");
    let told = livegoods(work.path()).args(["template", "-o", "b.xlsx", "--json"]).assert().success();
    let told: serde_json::Value = serde_json::from_slice(&told.get_output().stdout).expect("one JSON object");
    assert_eq!((&told["exit"], &told["next_command"]), (&0.into(), &"livegoods check b.xlsx".into()));
}

#[test]
fn a_template_overwrites_only_what_it_may() {
    let work = folder();
    let path = work.path().join("goods.xlsx");
    fs::write(&path, "mine").expect("a file");
    let refused = livegoods(work.path()).args(["template", "-o", "goods.xlsx"]).assert().code(73);
    refused.stderr(
        contains("goods.xlsx").and(contains("next: livegoods template --output goods.xlsx --force\n")),
    );
    assert_eq!(fs::read(&path).expect("a file"), b"mine");
    livegoods(work.path()).args(["template", "-o", "goods.xlsx", "--force"]).assert().success();
    assert_ne!(fs::read(&path).expect("a file"), b"mine");
    livegoods(work.path()).args(["template", "-o", "no/such/folder.xlsx"]).assert().code(73);
    livegoods(work.path()).args(["template", "-o", "goods.csv"]).assert().code(2);
    livegoods(work.path()).arg("template").assert().code(2);
    let left: Vec<_> = fs::read_dir(work.path()).expect("a directory").collect();
    assert_eq!(left.len(), 1, "no temporary file stays behind");
    let mode = fs::metadata(&path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o644);
}

#[test]
fn quota_says_how_far_a_sheet_goes() {
    let work = folder();
    let rows = (1..=7).map(|n| format!("商品名称{n},SANDBOX-COVER-IMAGE-01,9.9,pages/a?id={n}\n"));
    let sheet =
        format!("name,cover,price,url\n{}无链接,SANDBOX-COVER-IMAGE-01,9.9,\n", rows.collect::<String>());
    fs::write(work.path().join("goods.csv"), sheet).expect("a sheet");
    let quota = |words: &[&str]| {
        let mut command = livegoods(work.path());
        let assert = command.args(["quota", "--sandbox", "--json"]).args(words).assert().success();
        serde_json::from_slice::<serde_json::Value>(&assert.get_output().stdout).expect("one JSON object")
    };
    let told = quota(&["goods.csv", "--quota", "submit=3"]);
    assert_eq!(told["import"]["rows"], 8);
    assert_eq!(told["import"]["calls"], 7);
    assert_eq!(told["import"]["days"], 3);
    assert_eq!(told["source"], "service");
    assert_eq!(told["appid"], "wxsandbox000000001");
    assert_eq!(quota(&[])["import"], serde_json::Value::Null);
    assert!(!work.path().join("reports").exists(), "quota writes no results");
}

#[test]
fn quota_of_no_such_sheet_is_66_and_of_a_sheet_without_headings_65() {
    let work = folder();
    fs::write(work.path().join("bad.csv"), "1,2\n3,4\n").expect("a sheet");
    let missing = livegoods(work.path()).args(["quota", "no.csv", "--sandbox"]).assert().code(66);
    missing.stderr(contains("no.csv").and(contains("next: livegoods quota no.csv --sandbox\n")));
    livegoods(work.path())
        .args(["quota", "bad.csv", "--sandbox"])
        .assert()
        .code(65)
        .stderr(contains("bad.csv"));
}

#[test]
fn an_error_with_json_is_one_object_on_stdout() {
    let work = folder();
    let assert = livegoods(work.path()).args(["--json", "quota", "no such.csv"]).assert().code(66);
    let told: serde_json::Value =
        serde_json::from_slice(&assert.get_output().stdout).expect("one JSON object");
    assert_eq!(told["exit"], 66);
    assert_eq!(told["next_command"], "livegoods quota 'no such.csv' --json");
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let work = folder();
    let mut child = Process::new(BINARY)
        .args(["man"])
        .env_clear()
        .current_dir(work.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("an end");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn a_full_disk_behind_stdout_is_73() {
    let work = folder();
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("the full device");
    let output = Process::new(BINARY)
        .args(["completions", "bash"])
        .env_clear()
        .current_dir(work.path())
        .stdout(full)
        .output()
        .expect("an end");
    assert_eq!(output.status.code(), Some(73));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stdout cannot be written"));
}
