//! Any bytes as the parts of a workbook: the first byte chooses the kind, a mark separates the parts. A fuzzer that
//! had to keep a zip archive whole would never get to them.
#![no_main]

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use livegoods::goods::judge;
use livegoods::sheet::{self, Problem, ReadOptions};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().expect("a folder"));

/// Separates the parts of an input.
const MARK: &[u8] = b"\n====\n";

/// The parts of an `.xlsx` archive that are the input's, and what leads to them.
const XLSX: [&str; 6] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/drawings/drawing1.xml",
    "xl/cellimages.xml",
    "xl/workbook.xml",
];
const XLSB: [&str; 4] =
    ["xl/worksheets/sheet1.bin", "xl/sharedStrings.bin", "xl/styles.bin", "xl/workbook.bin"];
const ODS: [&str; 2] = ["content.xml", "styles.xml"];

const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let (name, archive) = match kind % 5 {
        0 => ("goods.xlsx", excel(&XLSX, "xml", rest)),
        1 => ("goods.xlsb", excel(&XLSB, "bin", rest)),
        2 => ("goods.ods", ods(rest)),
        3 => ("goods.xls", rest.to_vec()),
        _ => ("goods.et", rest.to_vec()),
    };
    let path = FOLDER.path().join(name);
    fs::write(&path, archive).expect("a file");
    read(&path, kind % 5 < 3);
});

/// Reads and judges every row. Readers of our own never fall over what they read.
fn read(path: &Path, our_own: bool) {
    let problem = match sheet::open(path, &ReadOptions::default()) {
        Ok(sheet) => {
            let columns = sheet.columns().clone();
            match sheet.rows() {
                Ok(rows) => {
                    for row in rows {
                        assert!(row.cells.len() <= columns.headings.len());
                        judge(&row, &columns);
                    }
                    return;
                }
                Err(error) => error.problem,
            }
        }
        Err(error) => error.problem,
    };
    if let Problem::Damaged { detail } = &problem
        && our_own
    {
        assert!(!detail.contains("contradict"), "a reader fell");
    }
}

/// The pieces between the marks.
fn pieces(bytes: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut rest = bytes;
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) {
        pieces.push(&rest[..at]);
        rest = &rest[at + MARK.len()..];
    }
    pieces.push(rest);
    pieces
}

fn excel(names: &[&str], ending: &str, bytes: &[u8]) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATIONS}/{kind}\" Target=\"{target}\"/>")
    };
    let part = |name: &str| format!("{name}.{ending}");
    let relations = |lines: &[String]| format!("<Relationships>{}</Relationships>", lines.concat()).into_bytes();
    let start = relations(&[relation("rId1", "officeDocument", &part("xl/workbook"))]);
    let of_book = relations(&[
        relation("rId1", "worksheet", &part("worksheets/sheet1")),
        relation("rId2", "sharedStrings", &part("sharedStrings")),
        relation("rId3", "styles", &part("styles")),
        relation("rId4", "cellImage", "cellimages.xml"),
    ]);
    let of_sheet = relations(&[relation("rId1", "drawing", "../drawings/drawing1.xml")]);
    let of_drawing = relations(&[relation("rId1", "image", "../media/image1.png")]);
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), b"<Types/>".to_vec()),
        ("_rels/.rels".to_owned(), start),
        (format!("xl/_rels/workbook.{ending}.rels"), of_book),
        (format!("xl/worksheets/_rels/sheet1.{ending}.rels"), of_sheet),
        ("xl/drawings/_rels/drawing1.xml.rels".to_owned(), of_drawing.clone()),
        ("xl/_rels/cellimages.xml.rels".to_owned(), of_drawing),
        ("xl/media/image1.png".to_owned(), b"\x89PNG".to_vec()),
    ];
    let pieces = pieces(bytes);
    parts.extend(names.iter().zip(&pieces).map(|(name, piece)| ((*name).to_owned(), piece.to_vec())));
    if ending == "xml" && pieces.len() < names.len() {
        let book = "<workbook><sheets><sheet name=\"a\" r:id=\"rId1\"/></sheets></workbook>";
        parts.push(("xl/workbook.xml".to_owned(), book.into()));
    }
    zipped(&parts)
}

fn ods(bytes: &[u8]) -> Vec<u8> {
    let kind = b"application/vnd.oasis.opendocument.spreadsheet".to_vec();
    let mut parts = vec![("mimetype".to_owned(), kind)];
    parts.extend(ODS.iter().zip(pieces(bytes)).map(|(name, piece)| ((*name).to_owned(), piece.to_vec())));
    zipped(&parts)
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), stored).expect("a part");
        archive.write_all(bytes).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}
