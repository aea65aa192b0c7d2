//! Workbooks by many programs, each read to what a person sees in it: `fixtures/writers`, held against a table.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// One content that several programs wrote, and what must be read of it.
struct Book {
    /// The word in front of the programs' in the files' names.
    name: &'static str,
    /// The programs, each with its extension.
    by: &'static [&'static str],
    /// The rows that are read, by the number a spreadsheet program shows.
    rows: &'static [u64],
    /// Every issue: row, field, code. `*` is any field, for what is wrong with a row rather than with one cell.
    issues: &'static [(u64, &'static str, &'static str)],
    /// How many of the rows are invalid.
    invalid: u64,
    /// What stands under a heading in each of the rows; `?` is not asserted.
    cells: &'static [(&'static str, &'static [&'static str])],
}

const PLAIN: Book = Book {
    name: "plain",
    by: &[
        "openpyxl.xlsx",
        "openpyxl.xltx",
        "xlsxwriter.xlsx",
        "xlsxwriter.xlsm",
        "xlwt.xls",
        "odfpy.ods",
        "script.xlsb",
        "sheetjs.xlsx",
        "sheetjs.xlsb",
        "sheetjs.xls",
        "libreoffice.xlsx",
        "libreoffice.xls",
        "libreoffice.csv",
        "gnumeric.xlsx",
        "gnumeric.xls",
        "strict.xlsx",
        "prefixed.xlsx",
        "unnumbered.xlsx",
        "named-otherwise.xlsx",
        "from-the-root.xlsx",
        "1904.xlsx",
        "grouped.ods",
    ],
    rows: &[2, 3, 4, 5],
    issues: &[],
    invalid: 0,
    cells: &[
        ("商品名称", &["真丝围巾 红色", "保温杯 500ml", "盘子 & 碗 <小>", "白茶饼测试4号"]),
        ("商品图片", &[COVER, COVER, COVER, COVER]),
        ("价格类型", &["折扣价", "价格区间", "1", ""]),
        ("原价", &["299", "76251.04", "3.3", "19.9"]),
        ("现价", &["199", "88000.5", "", ""]),
        (
            "链接",
            &[
                "pages/goods/detail?id=1",
                "pages/goods/detail?id=2",
                "pages/goods/detail?id=3",
                "pages/goods/detail?id=4",
            ],
        ),
        ("货号", &["T-1", "000123", "A-7", "69012345678901"]),
        ("备注", &["首发", "", "", "第一行\n第二行"]),
        ("上架", &["2026-11-21", "2026-11-21", "", ""]),
        ("在售", &["TRUE", "FALSE", "", ""]),
    ],
};

/// The same by programs whose `.ods` loses something: SheetJS the date's format, Gnumeric (as LibreOffice shows it)
/// the line break, LibreOffice that truth is no number.
const PLAIN_IN_OTHER_ODS: Book = Book {
    by: &["sheetjs.ods", "gnumeric.ods", "libreoffice.ods"],
    cells: &[PLAIN.cells[0], PLAIN.cells[2], PLAIN.cells[3], PLAIN.cells[4], PLAIN.cells[5], PLAIN.cells[6]],
    ..PLAIN
};

const MERGED: Book = Book {
    name: "merged",
    by: &[
        "openpyxl.xlsx",
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "odfpy.ods",
        "script.xlsb",
        "sheetjs.xlsb",
        "libreoffice.xlsx",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.ods",
    ],
    rows: &[2, 3, 4, 5],
    issues: &[
        (3, "priceType", "merged-filled"),
        (3, "price2", "merged-filled"),
        (4, "priceType", "merged-filled"),
        (4, "price2", "merged-filled"),
    ],
    invalid: 0,
    cells: &[
        ("价格类型", &["折扣价", "折扣价", "折扣价", "1"]),
        ("原价", &["299", "299", "329", "99.5"]),
        ("现价", &["199", "199", "199", ""]),
    ],
};

const MERGED_OVER_OLD_VALUES: Book = Book {
    name: "merged-over-old-values",
    by: &["xlsxwriter.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb"],
    cells: &[("价格类型", &["折扣价", "折扣价", "折扣价", ""]), ("现价", &["199", "199", "199", ""])],
    ..MERGED
};

const MERGED_PAIRS: Book = Book {
    name: "merged-pairs",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.ods"],
    rows: &[2, 4, 6],
    issues: &[],
    invalid: 0,
    cells: &[
        ("商品名称", &["白茶饼测试1号", "白茶饼测试2号", "白茶饼测试3号"]),
        ("现价", &["199", "", "199"]),
        ("货号", &["T-1", "T-2", "T-3"]),
    ],
};

const MERGED_ACROSS: Book = Book {
    name: "merged-across",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.ods"],
    rows: &[2, 3, 4],
    issues: &[(3, "*", "merged-columns")],
    invalid: 1,
    cells: &[("现价", &["199", "?", "199"])],
};

const FORMULAS: Book = Book {
    name: "formulas",
    by: &[
        "xlsxwriter.xlsx",
        "script.xlsb",
        "sheetjs.xlsb",
        "libreoffice.xlsx",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.ods",
        "gnumeric.xls",
    ],
    rows: &[2, 3, 4, 5, 6],
    issues: &[],
    invalid: 0,
    cells: &[
        ("商品名称", &["白茶饼测试1号", "白茶饼测试2号", "白茶饼测试3号", "白茶饼测试4号", "白茶饼测试5号"]),
        ("现价", &["80.8", "82", "199", "199", "199"]),
        ("链接", &["?", "?", "?", "?", "pages/goods/detail?id=5"]),
        ("货号", &["T-1", "T-2", "T-3", "T-4", "T-5"]),
    ],
};

const NEVER_CALCULATED: Book = Book {
    name: "never-calculated",
    by: &["openpyxl.xlsx", "xlsxwriter.xlsx", "xlwt.xls", "odfpy.ods"],
    rows: &[2, 3, 4, 5, 6, 7],
    issues: &[
        (2, "price2", "formula-not-calculated"),
        (3, "price", "formula-not-calculated"),
        (4, "name", "formula-not-calculated"),
        (5, "sku", "formula-not-calculated"),
        (6, "url", "formula-not-calculated"),
    ],
    invalid: 5,
    cells: &[("现价", &["?", "199", "199", "199", "199", "199"])],
};

const ERRORS: Book = Book {
    name: "errors",
    by: &[
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "script.xlsb",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.xlsx",
        "gnumeric.ods",
    ],
    rows: &[2, 3, 4, 5, 6, 7, 8],
    issues: &[
        (2, "price2", "cell-error"),
        (3, "price", "cell-error"),
        (4, "url", "cell-error"),
        (5, "sku", "cell-error"),
        (6, "name", "cell-error"),
        (7, "priceType", "cell-error"),
    ],
    invalid: 6,
    cells: &[("现价", &["?", "199", "199", "199", "199", "199", "199"])],
};

/// Beside those of Excel 2007 to 2016: `#SPILL!`, `#CALC!`, `#BUSY!` and their like, as words or as bare numbers.
const NEWER_ERRORS: Book = Book {
    name: "newer",
    by: &["errors.xlsx"],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10],
    issues: &[
        (2, "price2", "cell-error"),
        (3, "price2", "cell-error"),
        (4, "price2", "cell-error"),
        (5, "price2", "cell-error"),
        (6, "price2", "cell-error"),
        (7, "price2", "cell-error"),
        (8, "price2", "cell-error"),
        (9, "price2", "cell-error"),
        (10, "price2", "cell-error"),
    ],
    invalid: 9,
    cells: &[],
};

const NEWER_ERRORS_AS_NUMBERS: Book = Book {
    by: &["errors.xlsb"],
    rows: &[2, 3, 4, 5, 6],
    issues: &[
        NEWER_ERRORS.issues[0],
        NEWER_ERRORS.issues[1],
        NEWER_ERRORS.issues[2],
        NEWER_ERRORS.issues[3],
        NEWER_ERRORS.issues[4],
    ],
    invalid: 5,
    ..NEWER_ERRORS
};

const FORMATS: Book = Book {
    name: "formats",
    by: &[
        "openpyxl.xlsx",
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "script.xlsb",
        "sheetjs.xlsb",
        "libreoffice.xlsx",
        "libreoffice.ods",
        "libreoffice.xls",
    ],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27],
    issues: &[
        // The yen, by the locale of its sign.
        (16, "price", "price-currency"),
        (14, "price", "price-currency"),
        (15, "price", "price-currency"),
        (17, "price", "price-currency"),
        (18, "price", "price-currency"),
        (19, "price", "price-currency"),
        (20, "price", "price-currency"),
        (21, "price", "price-currency"),
        (22, "price", "price-currency"),
        (23, "price", "price-currency"),
        (24, "price", "price-currency"),
        (25, "price", "price-percent"),
        (26, "price", "price-percent"),
        (27, "price2", "price-percent"),
    ],
    invalid: 14,
    cells: &[(
        "原价",
        &[
            "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5", "99.5",
            "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?",
        ],
    )],
};

/// Gnumeric writes into an .ods how a price looks, and nothing of the country that its sign is of: the yen's is the
/// yuan's then, for whoever looks at it.
const FORMATS_BY_GNUMERIC: Book = Book {
    by: &["gnumeric.ods"],
    issues: match FORMATS.issues {
        [_yen, others @ ..] => others,
        [] => &[],
    },
    invalid: FORMATS.invalid - 1,
    ..FORMATS
};

const SKUS: Book = Book {
    name: "skus",
    by: &[
        "openpyxl.xlsx",
        "xlsxwriter.xlsx",
        "xlwt.xls",
        "script.xlsb",
        "libreoffice.ods",
        "libreoffice.xls",
        "gnumeric.ods",
    ],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    issues: &[
        (4, "sku", "sku-digits-lost"),
        (5, "sku", "sku-digits-lost"),
        (6, "sku", "sku-date"),
        (10, "sku", "sku-date"),
    ],
    invalid: 4,
    cells: &[(
        "货号",
        &["000012", "100001", "?", "?", "?", "000123", "123456789012345", "0012", "?", "20261121"],
    )],
};

const HIDDEN_ROWS: Book = Book {
    name: "hidden-rows",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.xls"],
    rows: &[2, 3, 4, 5],
    issues: &[],
    invalid: 0,
    cells: &[("货号", &["T-1", "T-2", "T-3", "T-4"])],
};

const FILTERED: Book =
    Book { name: "filtered", by: &["xlsxwriter.xlsx", "libreoffice.ods", "libreoffice.xls"], ..HIDDEN_ROWS };

const TOTALS: Book = Book {
    name: "totals",
    by: &["xlsxwriter.xlsx", "xlwt.xls", "script.xlsb", "libreoffice.ods"],
    rows: &[2, 3, 4],
    issues: &[],
    invalid: 0,
    cells: &[("货号", &["T-1", "T-2", "T-3"])],
};

/// A title over merged cells, a blank row inside, a hidden sheet of old goods before, and more goods behind.
const LAYOUT: Book = Book {
    name: "layout",
    by: &["openpyxl.xlsx", "xlwt.xls", "odfpy.ods", "script.xlsb", "libreoffice.ods", "libreoffice.xls"],
    rows: &[4, 6],
    issues: &[],
    invalid: 0,
    cells: &[("货号", &["T-1", "T-2"])],
};

/// Rich runs, phonetic ones, CDATA, `_x…_` escapes, blanks that are kept, comments and entities.
const TEXTS: Book = Book {
    name: "texts",
    by: &["shared.xlsx", "inline.xlsx"],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    issues: &[(7, "name", "name-control-character"), (10, "name", "text-entity")],
    invalid: 1,
    cells: &[(
        "商品名称",
        &[
            "红茶 礼盒装",
            "抹茶生巧克力",
            "红茶 & 礼盒装",
            "红茶 & 绿茶礼盒",
            "A款白茶饼",
            "?",
            "白茶饼测试",
            "_x0041_饼测试",
            "红茶 &amp; 礼盒",
            "白茶饼测试",
            "白茶饼测试",
        ],
    )],
};

/// CDATA, spans, counted blanks, a link, ruby, a comment and a text box on the cell, two paragraphs, an entity.
const TEXTS_OF_ODS: Book = Book {
    by: &["odfpy.ods"],
    rows: &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    issues: &[(9, "name", "name-control-character"), (11, "name", "text-entity")],
    cells: &[(
        "商品名称",
        &[
            "红茶 & 礼盒装",
            "红茶 & 绿茶礼盒",
            "红茶  礼盒装",
            "白茶饼测试",
            "抹茶生巧克力",
            "白茶饼测试",
            "白茶饼测试",
            "?",
            "白茶饼测试",
            "红茶 &amp; 礼盒",
        ],
    )],
    ..TEXTS
};

const BOOKS: [Book; 20] = [
    PLAIN,
    PLAIN_IN_OTHER_ODS,
    MERGED,
    MERGED_OVER_OLD_VALUES,
    MERGED_PAIRS,
    MERGED_ACROSS,
    FORMULAS,
    NEVER_CALCULATED,
    ERRORS,
    NEWER_ERRORS,
    NEWER_ERRORS_AS_NUMBERS,
    FORMATS,
    FORMATS_BY_GNUMERIC,
    SKUS,
    HIDDEN_ROWS,
    FILTERED,
    TOTALS,
    LAYOUT,
    TEXTS,
    TEXTS_OF_ODS,
];

const COVER: &str = "SANDBOX-COVER-IMAGE-01";
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
