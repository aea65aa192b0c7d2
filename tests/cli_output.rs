//! How a run speaks: to a person, to a program, to a log, and when it is told to be quiet.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use assert_cmd::Command;
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, is_empty, starts_with};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a sheet of three rows, the last without a name.
fn folder() -> TempDir {
    let work = TempDir::new().expect("a directory");
    let row = |name: &str, id: u8| format!("{name},SANDBOX-COVER-IMAGE-01,9.9,pages/goods?id={id}\n");
    let rows = [row("春季连衣裙", 1), row("夏季连衣裙", 2), row("", 3)].concat();
    fs::write(work.path().join("goods.csv"), format!("name,cover,price,url\n{rows}")).expect("a sheet");
    work
}

fn import(work: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
    command.env_clear().env("HOME", work).current_dir(work);
    command.args(["import", "goods.csv", "--sandbox"]).args(words);
    command
}

#[test]
fn a_person_gets_progress_on_stderr_and_the_summary_on_stdout() {
    let work = folder();
    let assert = import(work.path(), &[]).assert().code(1);
    let stdout = contains("import goods.csv: 3 rows: 2 ok, 1 invalid\n")
        .and(contains("read as csv, encoding UTF-8, delimiter comma\n"))
        .and(contains("1 × name-missing: row 4\n"))
        .and(contains("results: reports/goods.sandbox.results.csv\n"))
        .and(contains("next: livegoods "));
    assert.stdout(stdout).stderr(starts_with("import: 2 of 3 rows to do\n").and(contains("\u{1b}").not()));
}

#[test]
fn a_program_gets_one_object_whose_counts_add_up() {
    let work = folder();
    let assert = import(work.path(), &["--json"]).assert().code(1);
    let told: Value = serde_json::from_slice(&assert.get_output().stdout).expect("one JSON object");
    let parts = ["ok", "failed", "invalid", "in-doubt", "pending", "skipped"];
    let sum: u64 = parts.iter().filter_map(|part| told[part].as_u64()).sum();
    assert_eq!(told["rows"].as_u64(), Some(sum));
    assert_eq!((told["rows"].as_u64(), told["exit"].as_u64()), (Some(3), Some(1)));
    assert_eq!(told["input"], "goods.csv");
}

#[test]
fn a_program_gets_one_object_even_for_words_that_make_no_sense() {
    let work = folder();
    for (words, complaint) in [(["--json", "--jobs=0"], "--jobs"), (["--json", "--job"], "--job")] {
        let assert = import(work.path(), &words).assert().code(2).stderr(starts_with("error: "));
        let told: Value = serde_json::from_slice(&assert.get_output().stdout).expect("one JSON object");
        assert_eq!((&told["exit"], &told["next_command"]), (&2.into(), &"livegoods import --help".into()));
        assert!(told["error"].as_str().is_some_and(|error| error.contains(complaint)), "{told}");
    }
    import(work.path(), &["--jobs=0"]).assert().code(2).stdout(is_empty());
}

#[test]
fn next_commands_work_when_they_are_pasted() {
    let work = folder();
    let row = "春季连衣裙,SANDBOX-COVER-IMAGE-01,9.9,pages/goods?id=1\n夏季连衣裙,SANDBOX-COVER-IMAGE-01,9,pages/goods?id=2\n";
    fs::write(work.path().join("good.csv"), format!("品名,cover,price,url\n{row}")).expect("a sheet");
    let next = |words: &[&str], code: i32| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
        command.env_clear().env("HOME", work.path()).current_dir(work.path());
        let output =
            command.args(words).args(["--map", "品名=name"]).assert().code(code).get_output().clone();
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8(told).expect("text");
        let next = told.lines().find_map(|line| line.strip_prefix("next: livegoods ")).unwrap_or_default();
        next.to_owned()
    };
    // Never into another shop, and never with a flag that the next verb does not know.
    assert_eq!(
        next(&["update", "good.csv", "--sandbox", "-r", "none.csv"], 66),
        "import --results none.csv --sandbox --map 品名=name good.csv"
    );
    assert_eq!(next(&["check", "good.csv", "--fetch"], 0), "import --map 品名=name good.csv");
    // Rows are left, and then the columns of the results are read as those of the sheet were.
    assert_eq!(
        next(&["import", "good.csv", "--sandbox", "--limit", "1"], 0),
        "import good.csv --sandbox --limit 1 --map 品名=name"
    );
    let status = next(&["import", "good.csv", "--sandbox"], 0);
    assert_eq!(status, "status --sandbox --map 品名=name reports/good.sandbox.results.csv");
    assert_eq!(next(&["status", "--sandbox", "reports/good.sandbox.results.csv"], 0), "");
    // A workbook's name would promise what is not in the file.
    import(work.path(), &["-r", "reports/y.xlsx"]).assert().code(2).stderr(contains(".csv"));
}

#[test]
fn quiet_says_nothing_but_why_the_end_is_not_0_and_what_to_type() {
    let work = folder();
    let assert = import(work.path(), &["-q"]).assert().code(1).stdout(is_empty());
    assert.stderr(starts_with("import goods.csv: 2 ok, 1 invalid\nnext: livegoods "));
}

#[test]
fn no_progress_leaves_the_summary() {
    let work = folder();
    import(work.path(), &["--no-progress"]).assert().code(1).stdout(contains("2 ok")).stderr(is_empty());
}

#[test]
fn verbose_tells_every_row() {
    let work = folder();
    import(work.path(), &["-v"])
        .assert()
        .code(1)
        .stderr(contains("row 2: ok\n").and(contains("row 3: ok\n")));
}

#[test]
fn colors_come_only_where_they_are_asked_for() {
    let work = folder();
    let next = "\u{1b}[1mnext:\u{1b}[0m";
    import(work.path(), &["--color", "always"]).assert().code(1).stdout(contains(next));
    import(work.path(), &["--color", "auto"])
        .env("TERM", "xterm")
        .assert()
        .code(1)
        .stdout(contains("\u{1b}").not());
}

#[test]
fn a_log_has_a_line_an_event_and_is_its_owners_alone() {
    let work = folder();
    let log = work.path().join("run.log");
    import(work.path(), &["--log-file", "run.log", "--log-format", "json", "-q"]).assert().code(1);
    let text = fs::read_to_string(&log).expect("a log");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let rows = lines.iter().filter(|line| line["event"] == "row" && line["outcome"] == "ok").count();
    assert_eq!(rows, 2);
    assert!(lines.iter().all(|line| line["time"].is_string()));
    let ended = lines.last().expect("a last line");
    assert_eq!((&ended["event"], &ended["exit"]), (&"ended".into(), &1.into()), "{ended}");
    assert_eq!(ended["text"], "import goods.csv: 2 ok, 1 invalid");
    assert!(!text.contains("secret"));
    assert_eq!(fs::metadata(&log).expect("a log").permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_log_tells_of_a_run_that_could_not_begin() {
    let work = folder();
    fs::remove_file(work.path().join("goods.csv")).expect("removed");
    import(work.path(), &["--log-file", "run.log"]).assert().code(66);
    let text = fs::read_to_string(work.path().join("run.log")).expect("a log");
    assert!(text.contains(" ended with 66: goods.csv"), "{text}");
}

#[test]
fn a_log_that_cannot_be_written_is_73_before_anything_is_sent() {
    let work = folder();
    let assert = import(work.path(), &["--log-file", "no/such/run.log"]).assert().code(73);
    assert.stderr(
        contains("no/such/run.log: the log cannot be written").and(contains("next: livegoods import")),
    );
    let results = fs::read_to_string(work.path().join("reports/goods.sandbox.results.csv")).expect("results");
    assert!(!results.contains(",ok,") && results.contains(",pending,"), "{results}");
}

#[test]
fn no_library_has_a_word_of_its_own_on_stderr() {
    let work = folder();
    let (book, path) = (work.path().join("book.xlsx"), work.path().join("goods.xlsx"));
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, ["name", "cover", "price", "url"]).expect("headings");
    sheet.write_row(1, 0, ["春季连衣裙", "SANDBOX-COVER-IMAGE-01", "9.9", "pages/goods"]).expect("a row");
    workbook.save(&book).expect("saved");
    // The reader of workbooks would complain of such a theme.
    let mut parts = zip::ZipArchive::new(fs::File::open(&book).expect("a book")).expect("an archive");
    let mut written = zip::ZipWriter::new(fs::File::create(&path).expect("a file"));
    for number in 0..parts.len() {
        let part = parts.by_index_raw(number).expect("a part");
        let name = part.name().expect("a name").into_owned();
        if name.contains("theme") {
            written.start_file(name, zip::write::SimpleFileOptions::default()).expect("begun");
            written.write_all(b"<a:clrScheme><").expect("written");
        } else {
            written.raw_copy_file(part).expect("copied");
        }
    }
    written.finish().expect("finished");
    let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
    command.env_clear().env("HOME", work.path()).current_dir(work.path());
    command.args(["check", "goods.xlsx"]).assert().success().stderr(contains("theme").not());
}
