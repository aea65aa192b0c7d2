//! OpenDocument sheets, whose rows and cells may be repeated by a mere number.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::measure::{harm, none_harms};
use super::pieces::Piece::{Once, Times};
use super::pieces::{Part, Piece, around, element};

/// An .ods of one sheet whose rows, behind one of headings and one of goods, are these.
pub fn ods(rows: Vec<Piece>) -> Vec<Part> {
    let space = "urn:oasis:names:tc:opendocument:xmlns";
    let open = format!(
        "<office:document-content xmlns:office=\"{space}:office:1.0\" xmlns:table=\"{space}:table:1.0\" \
         xmlns:text=\"{space}:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"S\">"
    );
    let text = |word| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{word}</text:p></table:table-cell>")
    };
    let row = |first, second| format!("<table:table-row>{}{}</table:table-row>", text(first), text(second));
    let mut inside = vec![Times(1, (row("name", "price") + &row("白茶饼测试", "9.9")).into())];
    inside.extend(rows);
    let close = "</table:table></office:spreadsheet></office:body></office:document-content>";
    let manifest =
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>";
    vec![
        ("mimetype".into(), vec![Once("application/vnd.oasis.opendocument.spreadsheet")]),
        ("META-INF/manifest.xml".into(), vec![Once(manifest)]),
        ("content.xml".into(), element(open, inside, close)),
    ]
}

#[test]
fn repeats_of_ods_without_end() {
    let long = |row: &'static str, cell: &'static str| {
        ods(vec![
            Once(row),
            Once(cell),
            Times(30_000, "x".into()),
            Once("</text:p></table:table-cell></table:table-row>"),
        ])
    };
    let columns =
        "<table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"string\"><text:p>";
    let one = "<table:table-cell office:value-type=\"string\"><text:p>";
    none_harms(vec![
        ("columns.ods", long("<table:table-row>", columns)),
        ("rows.ods", long("<table:table-row table:number-rows-repeated=\"1048570\">", one)),
        ("both.ods", long("<table:table-row table:number-rows-repeated=\"1048570\">", columns)),
        (
            "absurd.ods",
            long(
                "<table:table-row table:number-rows-repeated=\"18446744073709551615\">",
                "<table:table-cell table:number-columns-repeated=\"18446744073709551615\"><text:p>",
            ),
        ),
        (
            "blanks.ods",
            ods(around(
                "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>",
                vec![Times(1_000, "<text:s text:c=\"4294967295\"/>".into())],
                "</text:p></table:table-cell></table:table-row>",
            )),
        ),
        (
            "merges.ods",
            ods(vec![Times(
                1_000,
                "<table:table-row><table:table-cell table:number-rows-spanned=\"1048570\" \
                 table:number-columns-spanned=\"16384\" office:value-type=\"string\"><text:p>x</text:p>\
                 </table:table-cell><table:covered-table-cell table:number-columns-repeated=\"16383\"/></table:table-row>"
                    .into(),
            )]),
        ),
        ("tables.ods", ods(vec![Times(1_000_000, "</table:table><table:table>".into())])),
    ]);
    let work = TempDir::new().expect("a folder");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sheets/bomb-headings.ods");
    fs::copy(fixture, work.path().join("bomb-headings.ods")).expect("copied");
    assert_eq!(harm(&work, "bomb-headings.ods"), None);
}
