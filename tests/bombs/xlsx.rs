//! The parts of an .xlsx, so that a bomb writes only the part that is one.

use super::pieces::Piece::{Counted, Once, Times};
use super::pieces::{Part, Piece, element};

pub const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
pub const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
pub const GOODS: &str = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>name</t></is></c>\
    <c r=\"B1\" t=\"inlineStr\"><is><t>price</t></is></c></row>\
    <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>白茶饼测试</t></is></c><c r=\"B2\"><v>9.9</v></c></row>";

/// A worksheet of rows, then of what follows them.
pub fn worksheet(rows: Vec<Piece>, behind: Vec<Piece>) -> Part {
    let mut inside = vec![Once("<sheetData>")];
    inside.extend(rows);
    inside.push(Once("</sheetData>"));
    inside.extend(behind);
    let open = format!("<worksheet {MAIN} xmlns:r=\"{LINKS}\">");
    ("xl/worksheets/sheet1.xml".into(), element(open, inside, "</worksheet>"))
}

pub fn strings(inside: Vec<Piece>) -> Part {
    ("xl/sharedStrings.xml".into(), element(format!("<sst {MAIN}>"), inside, "</sst>"))
}

pub fn styles(inside: Vec<Piece>) -> Part {
    ("xl/styles.xml".into(), element(format!("<styleSheet {MAIN}>"), inside, "</styleSheet>"))
}

pub fn workbook(sheets: Vec<Piece>) -> Part {
    let open = format!("<workbook {MAIN} xmlns:r=\"{LINKS}\"><sheets>");
    ("xl/workbook.xml".into(), element(open, sheets, "</sheets></workbook>"))
}

pub fn link(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{LINKS}/{kind}\" Target=\"{target}\"/>")
}

pub fn links(part: &str, inside: Vec<Piece>) -> Part {
    let open = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
    (part.into(), element(open.into(), inside, "</Relationships>"))
}

/// An .xlsx of one sheet with one goods, in which these parts stand for the usual ones.
pub fn xlsx(other: Vec<Part>) -> Vec<Part> {
    let usual = link("rId1", "worksheet", "worksheets/sheet1.xml")
        + &link("rId2", "styles", "styles.xml")
        + &link("rId3", "sharedStrings", "sharedStrings.xml");
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let mut parts = vec![
        ("[Content_Types].xml".into(), vec![Once(types)]),
        links("_rels/.rels", vec![Times(1, link("rId1", "officeDocument", "xl/workbook.xml").into())]),
        links("xl/_rels/workbook.xml.rels", vec![Times(1, usual.into())]),
        workbook(vec![Once("<sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/>")]),
        styles(vec![]),
        strings(vec![]),
        worksheet(vec![Once(GOODS)], vec![]),
    ];
    parts.retain(|(name, _)| other.iter().all(|(own, _)| own != name));
    parts.extend(other);
    parts
}

pub fn attributes() -> Vec<Piece> {
    vec![Counted(1_000_000, |at| format!(" a{at}=\"\""))]
}

pub fn nested() -> Vec<Piece> {
    vec![Times(1_000_000, "<a>".into()), Times(1_000_000, "</a>".into())]
}
