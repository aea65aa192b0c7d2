//! Workbooks by many programs, each read to what a person sees in it: `fixtures/writers`, held against a table.

mod books;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use books::{
    BOOKS, Book, ERRORS, FILTERED, FORMATS, FORMATS_BY_GNUMERIC, FORMULAS, HIDDEN_ROWS, LAYOUT, MERGED,
    MERGED_ACROSS, MERGED_OVER_OLD_VALUES, MERGED_PAIRS, NEVER_CALCULATED, NEWER_ERRORS,
    NEWER_ERRORS_AS_NUMBERS, PLAIN, PLAIN_IN_OTHER_ODS, SKUS, TEXTS, TEXTS_OF_ODS, TOTALS,
};
use serde_json::Value;
use tempfile::TempDir;

const LOCKED: [&str; 4] = ["password.xlsx", "password.xlsb", "password.ods", "password.xls"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/writers")
}

/// A fixture alone in a folder, under a name of the test's choice.
fn alone(fixture: &str, name: &str) -> TempDir {
    let work = TempDir::new().expect("a directory");
    fs::copy(folder().join(fixture), work.path().join(name)).expect(fixture);
    work
}

fn run(work: &TempDir, words: &[&str]) -> (Option<i32>, Value, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livegoods"));
    command.env_clear().env("HOME", work.path()).current_dir(work.path());
    let output = command.args(words).arg("--json").output().expect("a run");
    let told = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code(), told, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The results' lines by row, each heading with its cell.
fn results(work: &TempDir, stem: &str) -> BTreeMap<u64, BTreeMap<String, String>> {
    let path = work.path().join(format!("reports/{stem}.sandbox.results.csv"));
    let Ok(text) = fs::read_to_string(path) else { return BTreeMap::new() };
    let mut lines = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headings = lines.headers().expect("headings").clone();
    let line = |line: csv::StringRecord| {
        let cells = headings.iter().zip(&line);
        let cells: BTreeMap<String, String> =
            cells.map(|(heading, cell)| (heading.to_owned(), cell.to_owned())).collect();
        (cells["row"].parse().expect("a row number"), cells)
    };
    lines.records().map(|read| line(read.expect("a line"))).collect()
}

/// What is wrong with how `check` reads `sheet`, one text a difference.
fn wrong_in_check(book: &Book, work: &TempDir, words: &[&str]) -> Vec<String> {
    let (code, told, error) = run(work, words);
    let file = &told["files"][0];
    let counts = (code, file["rows"].as_u64(), file["invalid"].as_u64());
    let wanted = (Some(i32::from(book.invalid > 0)), Some(book.rows.len() as u64), Some(book.invalid));
    let mut wrong = Vec::new();
    if counts != wanted {
        wrong.push(format!("exit, rows, invalid are {counts:?}, not {wanted:?} {error}{}", file["error"]));
    }
    let any_field: Vec<(u64, &str)> = book
        .issues
        .iter()
        .filter(|(_, field, _)| *field == "*")
        .map(|(row, _, code)| (*row, *code))
        .collect();
    let issue = |issue: &Value| {
        let row = issue["row"].as_u64().unwrap_or(0);
        let [field, code] = ["field", "code"].map(|key| issue[key].as_str().unwrap_or_default().to_owned());
        let field = if any_field.contains(&(row, &code)) { "*".to_owned() } else { field };
        (row, field, code)
    };
    let found: BTreeSet<(u64, String, String)> =
        file["issues"].as_array().into_iter().flatten().map(issue).collect();
    let asked = book.issues.iter().map(|(row, field, code)| (*row, (*field).to_owned(), (*code).to_owned()));
    let asked: BTreeSet<(u64, String, String)> = asked.collect();
    // A row whose cells reach over one another has said enough; what else it lacks follows from that.
    let follows = |(row, ..): &&(u64, String, String)| any_field.iter().any(|(at, _)| at == row);
    wrong.extend(asked.difference(&found).map(|issue| format!("missing: {issue:?}")));
    wrong.extend(
        found
            .difference(&asked)
            .filter(|issue| !follows(issue))
            .map(|issue| format!("unexpected: {issue:?}")),
    );
    wrong
}

/// What is wrong with the values an import wrote into its results.
fn wrong_in_results(book: &Book, work: &TempDir, sheet: &str, stem: &str) -> Vec<String> {
    let (code, told, error) = run(work, &["import", sheet, "--sandbox"]);
    let lines = results(work, stem);
    let rows: Vec<u64> = lines.keys().copied().collect();
    let mut wrong = Vec::new();
    if rows != book.rows {
        wrong.push(format!("lines of rows {rows:?}, exit {code:?} {error}"));
    }
    if told["ok"].as_u64() != Some(book.rows.len() as u64 - book.invalid) {
        wrong.push(format!("{} sent", told["ok"]));
    }
    for (heading, cells) in book.cells.iter().filter(|_| !lines.is_empty()) {
        assert_eq!(cells.len(), book.rows.len(), "{}: {heading}", book.name);
        for (row, asked) in book.rows.iter().zip(*cells).filter(|(_, asked)| **asked != "?") {
            let cell = lines.get(row).and_then(|line| line.get(*heading));
            let found = cell.map(|cell| cell.trim().replace("\r\n", "\n"));
            if found.as_deref() != Some(*asked) {
                wrong.push(format!("row {row}, {heading}: {found:?}, not {asked:?}"));
            }
        }
    }
    wrong
}

/// Reads the book as every program wrote it.
fn holds(book: &Book) {
    let mut wrong = Vec::new();
    for writer in book.by {
        let name = format!("{}-{writer}", book.name);
        let stem = name.rsplit_once('.').expect("an extension").0;
        let work = alone(&name, &name);
        let mut found = wrong_in_check(book, &work, &["check", &name]);
        found.extend(wrong_in_results(book, &work, &name, stem));
        wrong.extend(found.into_iter().map(|text| format!("{name}: {text}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_workbook_of_the_folder_is_in_the_table() {
    let there: BTreeSet<String> = fs::read_dir(folder())
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a plain name"))
        .filter(|name| !name.ends_with(".py") && !name.ends_with(".md") && name != "__pycache__")
        .collect();
    let names =
        |book: &Book| book.by.iter().map(|writer| format!("{}-{writer}", book.name)).collect::<Vec<_>>();
    let mut here: BTreeSet<String> = BOOKS.iter().flat_map(names).collect();
    here.extend(LOCKED.map(str::to_owned));
    assert_eq!(there, here);
}

#[test]
fn the_same_goods_read_alike_from_every_program() {
    holds(&PLAIN);
    holds(&PLAIN_IN_OTHER_ODS);
}

#[test]
fn an_et_file_is_read_as_the_workbook_it_is() {
    for fixture in ["plain-libreoffice.xls", "plain-libreoffice.xlsx"] {
        let work = alone(fixture, "plain.et");
        let mut wrong = wrong_in_check(&PLAIN, &work, &["check", "plain.et"]);
        wrong.extend(wrong_in_results(&PLAIN, &work, "plain.et", "plain"));
        assert!(wrong.is_empty(), "{fixture}: {wrong:#?}");
    }
}

#[test]
fn a_merge_over_rows_stands_for_each_of_them() {
    holds(&MERGED);
}

#[test]
fn what_lies_covered_under_a_merge_is_not_read() {
    holds(&MERGED_OVER_OLD_VALUES);
}

#[test]
fn goods_whose_every_cell_is_merged_over_two_rows_are_one_row() {
    holds(&MERGED_PAIRS);
}

#[test]
fn a_merge_over_the_columns_of_two_fields_is_a_fault() {
    holds(&MERGED_ACROSS);
}

#[test]
fn the_stored_values_of_formulas_are_read() {
    holds(&FORMULAS);
}

#[test]
fn a_formula_that_was_never_calculated_is_named() {
    holds(&NEVER_CALCULATED);
}

#[test]
fn error_values_are_named() {
    holds(&ERRORS);
}

#[test]
fn error_values_of_newer_programs_are_named() {
    holds(&NEWER_ERRORS);
    holds(&NEWER_ERRORS_AS_NUMBERS);
}

#[test]
fn prices_shown_in_percent_or_other_money_are_named_and_yuan_is_read() {
    holds(&FORMATS);
    holds(&FORMATS_BY_GNUMERIC);
}

#[test]
fn codes_are_read_as_they_are_shown_or_named() {
    holds(&SKUS);
}

#[test]
fn hidden_and_filtered_rows_are_read() {
    holds(&HIDDEN_ROWS);
    holds(&FILTERED);
}

#[test]
fn visible_only_leaves_hidden_and_filtered_rows_out() {
    let mut wrong = Vec::new();
    for book in [HIDDEN_ROWS, FILTERED] {
        let shown = Book { rows: &[2, 4], ..book };
        for writer in shown.by {
            let name = format!("{}-{writer}", shown.name);
            let found = wrong_in_check(&shown, &alone(&name, &name), &["check", "--visible-only", &name]);
            wrong.extend(found.into_iter().map(|text| format!("{name}: {text}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn totals_and_remarks_are_passed_over() {
    holds(&TOTALS);
}

/// The codes of what is said of a book's rows and sheets as a whole.
fn notes(fixture: &str, words: &[&str]) -> Vec<String> {
    let work = alone(fixture, fixture);
    let (_, told, _) = run(&work, &[&["check", fixture][..], words].concat());
    let file = &told["files"][0];
    let notes =
        [&file["notes"], &file["row_notes"]].into_iter().flat_map(|notes| notes.as_array().expect("a list"));
    notes.map(|note| note["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn hidden_rows_totals_and_other_sheets_are_told_of() {
    assert_eq!(notes("hidden-rows-openpyxl.xlsx", &[]), ["rows-hidden"]);
    assert_eq!(notes("hidden-rows-openpyxl.xlsx", &["--visible-only"]), [""; 0]);
    assert_eq!(notes("totals-xlwt.xls", &[]), ["rows-passed-over"]);
    assert_eq!(notes("layout-openpyxl.xlsx", &[]), ["other-sheets"]);
    assert_eq!(notes("plain-openpyxl.xlsx", &[]), [""; 0]);
    let work = alone("totals-xlwt.xls", "totals.xls");
    let (_, _, stderr) = run(&work, &["import", "totals.xls", "--sandbox"]);
    assert!(stderr.contains("passed over"), "{stderr}");
}

#[test]
fn titles_blank_rows_and_hidden_sheets_do_no_harm() {
    holds(&LAYOUT);
}

#[test]
fn texts_are_read_in_every_spelling_of_xlsx() {
    holds(&TEXTS);
}

#[test]
fn texts_are_read_in_every_spelling_of_ods() {
    holds(&TEXTS_OF_ODS);
}

#[test]
fn a_password_is_named_and_nothing_else() {
    for name in LOCKED {
        let work = alone(name, name);
        let (code, told, _) = run(&work, &["check", name]);
        let error = told["files"][0]["error"].as_str().unwrap_or_default();
        assert_eq!(code, Some(65), "{name}: {told}");
        assert!(error.contains("password") && !error.contains("damaged"), "{name}: {error}");
    }
}
