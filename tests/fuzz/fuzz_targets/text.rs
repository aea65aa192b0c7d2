//! Any bytes as a CSV file: its rows judged, and the same bytes taken for results. The first byte chooses which.
#![no_main]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use livegoods::goods::judge;
use livegoods::results::Book;
use livegoods::sheet::{self, ReadOptions};
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a folder"));

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let path = FOLDER.path().join("goods.csv");
    fs::write(&path, bytes).expect("a file");
    if choice % 2 == 0 { as_sheet(&path) } else { as_results(&path, bytes) }
});

/// Whatever is read is judged; a row is never wider than the headings, and rows are in order.
fn as_sheet(path: &Path) {
    let Ok(sheet) = sheet::open(path, &ReadOptions::default()) else { return };
    let columns = sheet.columns().clone();
    let Ok(rows) = sheet.rows() else { return };
    assert!(rows.is_sorted_by(|one, other| one.number < other.number));
    for row in rows {
        assert!(row.cells.len() <= columns.headings.len());
        let judged = judge(&row, &columns);
        assert!(judged.goods.is_some() || !judged.issues.is_empty());
    }
}

/// Reading changes nothing on disk that is refused, and no id is lost by writing what was read.
fn as_results(path: &Path, bytes: &[u8]) {
    let Ok(Some(book)) = Book::read(path, &ReadOptions::default()) else {
        assert_eq!(fs::read(path).expect("the file"), bytes);
        return;
    };
    let mut written = Vec::new();
    book.write_to(&mut written).expect("in memory");
    fs::write(path, &written).expect("a file");
    let again = Book::read(path, &ReadOptions::default()).expect("as it was written").expect("not empty");
    let ids = |book: &Book| book.lines.iter().map(|held| held.line.goods_id.clone()).collect::<BTreeSet<_>>();
    assert_eq!(ids(&again), ids(&book));
}
