//! Results as the first version wrote them: whatever is changed, they are read as they were.

use std::fs;
use std::path::{Path, PathBuf};

use livegoods::plan::{Distrust, distrust};
use livegoods::results::{Book, Held, Lost};
use livegoods::sheet::ReadOptions;

use crate::support::APPID;

/// Every fixture, and what a torn last line of it took along.
const FIXTURES: [(&str, bool); 5] = [
    ("folded.csv", false),
    ("journal.csv", false),
    ("torn.csv", true),
    ("sorted-by-name.csv", false),
    ("gbk-semicolons.csv", false),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/results/v1")
}

fn read(name: &str) -> Book {
    Book::read(&folder().join(name), &ReadOptions::default()).expect("results").expect("a file")
}

/// A line as it was understood, in one line of text.
fn told(held: &Held) -> String {
    let line = &held.line;
    let word = |word: Option<&'static str>| word.unwrap_or("-").to_owned();
    [
        line.row.to_string(),
        word(line.action.map(|action| action.word())),
        word(line.outcome.map(|outcome| outcome.word())),
        line.goods_id.clone(),
        line.audit_id.clone(),
        line.audit_status.clone(),
        line.errcode.clone(),
        line.note_code().to_owned(),
        line.updated_at.map(|time| time.to_string()).unwrap_or_default(),
        format!("{:?}", line.presence()),
        held.keys.sku.clone().unwrap_or_default(),
        line.user.iter().collect::<Vec<_>>().join(" / "),
    ]
    .join(" | ")
}

#[test]
fn every_file_of_the_first_version_reads_as_it_did() {
    for (name, torn) in FIXTURES {
        let book = read(name);
        let expected = fs::read_to_string(folder().join(name).with_extension("txt")).expect("an expectation");
        let lines: Vec<String> = book.lines.iter().map(told).collect();
        assert_eq!(lines, expected.lines().collect::<Vec<_>>(), "{name}");
        assert_eq!(book.lost != Lost::Nothing, torn, "{name}");
    }
}

#[test]
fn every_check_of_the_first_version_still_fits_and_knows_its_mini_program() {
    for (name, _) in FIXTURES {
        let lines = read(name).lines;
        assert_eq!(distrust(&lines, APPID), None, "{name}");
        assert!(matches!(distrust(&lines, "wx2"), Some(Distrust::OtherAppid { .. })), "{name}");
    }
}

#[test]
fn a_folded_file_of_the_first_version_is_written_back_byte_for_byte() {
    let copy = tempfile::tempdir().expect("a directory");
    let path = copy.path().join("folded.csv");
    read("folded.csv").write(&path).expect("written");
    assert_eq!(fs::read(path).expect("a copy"), fs::read(folder().join("folded.csv")).expect("a fixture"));
}

#[test]
fn no_fixture_is_without_a_test() {
    let listed =
        FIXTURES.iter().flat_map(|(name, _)| [PathBuf::from(name), Path::new(name).with_extension("txt")]);
    let mut listed: Vec<PathBuf> = listed.collect();
    let mut found: Vec<PathBuf> = fs::read_dir(folder())
        .expect("fixtures")
        .flatten()
        .map(|entry| PathBuf::from(entry.file_name()))
        .collect();
    listed.sort();
    found.sort();
    assert_eq!(found, listed);
}
