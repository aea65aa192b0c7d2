//! `livegoods check` as a person uses it.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use assert_cmd::Command as Assert;
use serde_json::Value;
use tempfile::TempDir;

const HEADINGS: &str = "商品名称,商品图片,价格类型,价格,现价,商品链接,货号";
const SOUND: &str = "正山小种 100g,SANDBOX-COVER-IMAGE-01,,99.5,,pages/tea?id=1,T-1";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, rows) in files {
        fs::write(folder.path().join(name), format!("{HEADINGS}\n{rows}\n")).expect("a sheet");
    }
    folder
}

fn check(folder: &TempDir, words: &[&str]) -> (i32, String, String) {
    let output = Assert::cargo_bin("livegoods")
        .expect("the binary")
        .env_clear()
        .current_dir(folder.path())
        .arg("check")
        .args(words)
        .output()
        .expect("a run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("an exit code"), text(output.stdout), text(output.stderr))
}

fn json(folder: &TempDir, words: &[&str]) -> (i32, Value) {
    let words: Vec<&str> = words.iter().copied().chain(["--json"]).collect();
    let (code, out, _) = check(folder, &words);
    (code, serde_json::from_str(&out).expect("one JSON object"))
}

#[test]
fn every_issue_is_one_line_with_file_row_heading_code_and_remedy() {
    let rows = format!("{SOUND}\n\n\"坏\n\u{1b}[2J名字\",img/a.png,,9.999,\"1\n2\",pages/tea?id=2,T-1");
    let (code, out, _) = check(&folder(&[("茶.csv", &rows)]), &["茶.csv"]);
    let lines: Vec<&str> = out.lines().filter(|line| line.starts_with("茶.csv:")).collect();
    let heads: Vec<String> =
        lines.iter().map(|line| line.split(": ").take(3).collect::<Vec<_>>().join(": ")).collect();
    assert_eq!(code, 1);
    assert_eq!(
        heads,
        [
            "茶.csv:4: 商品名称: name-control-character",
            "茶.csv:4: 商品图片: cover-file-missing",
            "茶.csv:4: 价格类型: price-type-missing",
            "茶.csv:4: 价格: price-decimals",
            "茶.csv:4: 现价: price-not-number",
            "茶.csv:4: 货号: repeat",
        ]
    );
    assert!(!out.contains('\u{1b}'), "no cell steers the terminal");
    assert!(out.contains("(csv, UTF-8, comma): 2 rows, 1 ok, 1 invalid"), "{out}");
    assert!(out.ends_with("next: livegoods check 茶.csv\n"), "{out}");
}

#[test]
fn warnings_leave_a_sheet_fine_and_the_next_command_imports_it() {
    let rows = "茶,SANDBOX-COVER-IMAGE-01,1,9,,/pages/a b,";
    let folder = folder(&[("a.csv", rows)]);
    let (code, out, err) = check(&folder, &["a.csv"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(
        out.contains("name-short: warning: ") && out.contains("1 row, 1 ok, 0 invalid, 3 warnings"),
        "{out}"
    );
    assert!(out.ends_with("next: livegoods import a.csv\n"), "{out}");
}

#[test]
fn quiet_says_nothing_but_the_exit_code() {
    let folder = folder(&[("a.csv", ",,,,,,")]);
    assert_eq!(check(&folder, &["-q", "a.csv"]), (0, String::new(), String::new()));
    fs::write(folder.path().join("b.csv"), format!("{HEADINGS}\nx,,,,,,\n")).expect("a sheet");
    assert_eq!(check(&folder, &["-q", "b.csv"]), (1, String::new(), String::new()));
}

#[test]
fn json_is_one_object_whose_counts_add_up() {
    let rows = format!("{SOUND}\n{SOUND}\n茶,x,9,x,x,#,");
    let folder = folder(&[("a.csv", &rows), ("b.csv", SOUND)]);
    let (code, told) = json(&folder, &["a.csv", "b.csv"]);
    assert_eq!(code, 1);
    let file = &told["files"][0];
    assert_eq!((&file["rows"], &file["ok"], &file["invalid"]), (&3.into(), &1.into(), &2.into()));
    assert_eq!(
        (&file["format"], &file["encoding"], &file["delimiter"]),
        (&"csv".into(), &"UTF-8".into(), &",".into())
    );
    let issues = file["issues"].as_array().expect("issues");
    let codes: u64 = file["codes"].as_object().expect("codes").values().filter_map(Value::as_u64).sum();
    assert_eq!(issues.len() as u64, codes);
    assert_eq!(
        (&issues[0]["row"], &issues[0]["code"], &issues[0]["field"]),
        (&3.into(), &"repeat".into(), &"sku".into())
    );
    assert_eq!(
        (&told["rows"], &told["ok"], &told["invalid"], &told["exit"]),
        (&4.into(), &2.into(), &2.into(), &1.into())
    );
    assert_eq!(told["files"][1]["issues"], Value::Array(Vec::new()));
}

#[test]
fn a_sheet_that_cannot_be_read_does_not_hide_the_others() {
    let folder = folder(&[("a.csv", SOUND)]);
    fs::write(folder.path().join("none.csv"), "a,b\n1,2\n").expect("a file");
    let before = fs::read_dir(folder.path()).expect("a folder").count();
    let (code, out, err) = check(&folder, &["none.csv", "a.csv"]);
    assert_eq!(code, 65);
    assert!(
        err.contains("none.csv: no heading row") && err.contains("next: livegoods check none.csv a.csv"),
        "{err}"
    );
    assert!(out.contains("a.csv (csv, UTF-8, comma): 1 row, 1 ok"), "{out}");
    let (code, told) = json(&folder, &["a.csv", "gone.csv", "none.csv"]);
    assert_eq!((code, &told["exit"]), (66, &66.into()));
    assert_eq!((&told["files"][1]["exit"], &told["files"][2]["exit"]), (&66.into(), &65.into()));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), before, "nothing is written");
}

fn many_rows() -> String {
    (0..30_000).fold(String::new(), |mut rows, row| {
        let sku = row * 7919 % 20_011;
        let price = if row % 97 == 0 { "9.999" } else { "9.9" };
        let _ = writeln!(rows, "正山小种 {row},SANDBOX-COVER-IMAGE-01,,{price},,pages/tea?id={row},T-{sku}");
        rows
    })
}

#[test]
fn the_same_is_found_with_any_number_of_threads() {
    let folder = folder(&[("a.csv", &many_rows())]);
    let run = |threads: &str| {
        let mut command = Assert::cargo_bin("livegoods").expect("the binary");
        command
            .env_clear()
            .env("RAYON_NUM_THREADS", threads)
            .current_dir(folder.path())
            .args(["check", "a.csv"]);
        command.output().expect("a run").stdout
    };
    let one = run("1");
    assert!(String::from_utf8_lossy(&one).contains("     9989  repeat\n"), "30000 rows share 20011 codes");
    assert_eq!(one, run("2"));
    assert_eq!(one, run("7"));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let folder = folder(&[("a.csv", &many_rows())]);
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("livegoods"))
        .env_clear()
        .current_dir(folder.path())
        .args(["check", "a.csv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut line = String::new();
    let mut out = BufReader::with_capacity(64, child.stdout.take().expect("stdout"));
    out.read_line(&mut line).expect("a line");
    drop(out);
    let output = child.wait_with_output().expect("an end");
    assert!(line.starts_with("a.csv:2: 价格: price-decimals: "), "{line}");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]));
}
