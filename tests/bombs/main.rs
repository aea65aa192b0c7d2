//! Small files that unpack into very many objects: each is read or refused in little time and little memory.
#![cfg(target_os = "linux")]

mod binary;
mod measure;
mod ods;
mod pieces;
mod xlsx;

use measure::none_harms;
use pieces::Piece::{self, Counted, Once, Times};
use pieces::{Part, around};
use xlsx::{GOODS, MAIN, attributes, link, links, nested, strings, styles, workbook, worksheet, xlsx};

#[test]
fn what_the_bombs_are_made_around_is_read() {
    let bases = [
        ("a.xlsx", xlsx(vec![])),
        ("a.ods", ods::ods(vec![])),
        ("a.xlsb", binary::xlsb_of_goods()),
        ("a.xls", binary::xls_of_goods(1)),
    ];
    for (name, parts) in bases {
        assert_eq!(measure::is_read(name, &parts), Ok(()));
    }
}

/// A string of 32,000 letters, the first of the shared ones.
fn long_string() -> Part {
    strings(around("<si><t>", vec![Times(32_000, "x".into())], "</t></si>"))
}

fn wide_row(cells: usize) -> String {
    format!("<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(cells))
}

#[test]
fn many_or_long_shared_strings() {
    none_harms(vec![
        ("empty-strings.xlsx", xlsx(vec![strings(vec![Times(50_000_000, "<si/>".into())])])),
        ("tiny-strings.xlsx", xlsx(vec![strings(vec![Times(14_000_000, "<si><t>a</t></si>".into())])])),
        (
            "one-string.xlsx",
            xlsx(vec![strings(around("<si><t>", vec![Times(200_000_000, "a".into())], "</t></si>"))]),
        ),
        (
            "one-string-in-runs.xlsx",
            xlsx(vec![strings(around(
                "<si>",
                vec![Times(4_000_000, "<r><t>aaaaaaaaaaaaaaaaaaaa</t></r>".into())],
                "</si>",
            ))]),
        ),
    ]);
}

#[test]
fn a_long_string_shared_by_very_many_cells() {
    let headings =
        "<row><c t=\"inlineStr\"><is><t>name</t></is></c><c t=\"inlineStr\"><is><t>price</t></is></c>";
    let all = || vec![Once(headings), Times(1, wide_row(16_382).replacen("<row>", "", 1).into())];
    let short = || {
        let more = vec![Counted(16_382, |at| format!("<c t=\"inlineStr\"><is><t>h{at}</t></is></c>"))];
        around(headings, more, "</row>")
    };
    let with = |mut first: Vec<Piece>, rows: Piece| {
        first.push(rows);
        worksheet(first, vec![])
    };
    none_harms(vec![
        ("headings.xlsx", xlsx(vec![long_string(), worksheet(all(), vec![])])),
        ("one-row.xlsx", xlsx(vec![long_string(), with(short(), Times(1, wide_row(16_384).into()))])),
        ("rows.xlsx", xlsx(vec![long_string(), with(short(), Times(10_000, wide_row(300).into()))])),
    ]);
}

#[test]
fn elements_that_nest_without_end() {
    none_harms(vec![
        ("sheet.xlsx", xlsx(vec![worksheet(nested(), vec![])])),
        ("strings.xlsx", xlsx(vec![strings(nested())])),
        ("styles.xlsx", xlsx(vec![styles(nested())])),
        ("workbook.xlsx", xlsx(vec![workbook(nested())])),
        ("content.ods", ods::ods(nested())),
    ]);
}

#[test]
fn elements_of_a_million_attributes() {
    none_harms(vec![
        (
            "cell.xlsx",
            xlsx(vec![worksheet(
                around("<row r=\"1\"><c", attributes(), " t=\"n\"><v>1</v></c></row>"),
                vec![],
            )]),
        ),
        ("row.xlsx", xlsx(vec![worksheet(around("<row", attributes(), "/>"), vec![])])),
        (
            "workbook.xlsx",
            xlsx(vec![workbook(around("<sheet name=\"S\" r:id=\"rId1\"", attributes(), "/>"))]),
        ),
        ("format.xlsx", xlsx(vec![styles(around("<cellXfs><xf", attributes(), "/></cellXfs>"))])),
        (
            "cell.ods",
            ods::ods(around("<table:table-row><table:table-cell", attributes(), "/></table:table-row>")),
        ),
    ]);
}

#[test]
fn very_many_of_what_a_workbook_lists() {
    let drawing = around(
        "<xdr:wsDr xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">",
        vec![Times(
            1_000_000,
            "<xdr:oneCellAnchor><xdr:from><xdr:col>0</xdr:col><xdr:row>1</xdr:row></xdr:from><xdr:pic><xdr:blipFill>\
             <a:blip r:embed=\"rId1\"/></xdr:blipFill></xdr:pic></xdr:oneCellAnchor>"
                .into(),
        )],
        "</xdr:wsDr>",
    );
    none_harms(vec![
        (
            "merges.xlsx",
            xlsx(vec![worksheet(
                vec![Once(GOODS)],
                around(
                    "<mergeCells>",
                    vec![Counted(1_000_000, |at| format!("<mergeCell ref=\"A{0}:B{0}\"/>", at + 3))],
                    "</mergeCells>",
                ),
            )]),
        ),
        (
            "one-merge.xlsx",
            xlsx(vec![worksheet(
                vec![Once(GOODS)],
                vec![Once("<mergeCells><mergeCell ref=\"A2:XFD1048576\"/></mergeCells>")],
            )]),
        ),
        (
            "formats.xlsx",
            xlsx(vec![styles(vec![
                Once("<numFmts>"),
                Counted(1_000_000, |at| {
                    format!("<numFmt numFmtId=\"{at}\" formatCode=\"0.00&quot;{at}&quot;\"/>")
                }),
                Once("</numFmts><cellXfs>"),
                Counted(1_000_000, |at| format!("<xf numFmtId=\"{at}\"/>")),
                Once("</cellXfs>"),
            ])]),
        ),
        (
            "relationships.xlsx",
            xlsx(vec![links(
                "xl/_rels/workbook.xml.rels",
                vec![Counted(1_000_000, |at| {
                    link(&format!("rId{at}"), "worksheet", "worksheets/sheet1.xml")
                })],
            )]),
        ),
        (
            "anchors.xlsx",
            xlsx(vec![
                worksheet(vec![Once(GOODS)], vec![Once("<drawing r:id=\"rId1\"/>")]),
                links(
                    "xl/worksheets/_rels/sheet1.xml.rels",
                    vec![Times(1, link("rId1", "drawing", "../drawings/drawing1.xml").into())],
                ),
                ("xl/drawings/drawing1.xml".into(), drawing),
            ]),
        ),
        (
            "counts.xlsx",
            xlsx(vec![
                (
                    "xl/sharedStrings.xml".into(),
                    vec![Times(
                        1,
                        format!("<sst {MAIN} count=\"4294967295\" uniqueCount=\"4294967295\"/>").into(),
                    )],
                ),
                styles(vec![Once("<numFmts count=\"4294967295\"/><cellXfs count=\"4294967295\"/>")]),
                worksheet(
                    vec![
                        Once(GOODS),
                        Once("<row r=\"4294967295\"><c r=\"XFD4294967295\"><v>1</v></c></row>"),
                    ],
                    vec![Once(
                        "<mergeCells count=\"4294967295\"><mergeCell ref=\"A1:ZZZZZZ4294967295\"/></mergeCells>",
                    )],
                ),
            ]),
        ),
    ]);
}

#[test]
fn very_many_sheets() {
    let many = |sheets, rows| {
        xlsx(vec![
            workbook(vec![Counted(sheets, |at| {
                format!("<sheet name=\"S{at}\" sheetId=\"{at}\" r:id=\"rId{at}\"/>")
            })]),
            links(
                "xl/_rels/workbook.xml.rels",
                vec![Counted(sheets, |at| link(&format!("rId{at}"), "worksheet", "worksheets/sheet1.xml"))],
            ),
            worksheet(vec![Times(rows, "<row/>".into())], vec![]),
        ])
    };
    none_harms(vec![("large-sheets.xlsx", many(1_440, 10_000_000)), ("sheets.xlsx", many(100_000, 1))]);
}

#[test]
fn very_many_parts_in_the_archive() {
    let mut parts = xlsx(vec![]);
    let names = (0..60_000).map(|at| format!("xl/media/image{at}.png"));
    parts.extend(names.map(|name| (name, Vec::new())));
    none_harms(vec![("parts.xlsx", parts)]);
}

#[test]
fn lines_and_headings_of_csv_without_end() {
    let csv = |pieces: Vec<Piece>| vec![(String::new(), pieces)];
    none_harms(vec![
        ("one-line.csv", csv(vec![Times(50_000_000, "a".into())])),
        ("one-quoted.csv", csv(vec![Once("name,price\n\""), Times(10_000_000, "a\n\"\",".into())])),
        ("headings.csv", csv(vec![Once("name,price"), Times(15_000_000, ",".into()), Once("\n茶,1\n")])),
        (
            "named-headings.csv",
            csv(vec![Once("name,price"), Counted(1_500_000, |at| format!(",h{at}")), Once("\n茶,1\n")]),
        ),
        (
            "wide-rows.csv",
            csv(vec![Once("name,price\n"), Times(6, format!("茶,1{}\n", ",".repeat(8_000_000)).into())]),
        ),
    ]);
}
