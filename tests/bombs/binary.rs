//! The kinds that are written in records: what a record claims of lengths and counts is no reason to reserve it.

use super::measure::none_harms;
use super::pieces::Part;
use super::pieces::Piece::{self, Times};
use super::xlsx::{link, links};

/// A record of an .xlsb, which says it is `claimed` bytes long.
fn claiming(kind: u16, claimed: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = if kind < 128 {
        vec![kind.to_le_bytes()[0]]
    } else {
        vec![(kind & 127 | 128) as u8, (kind >> 7) as u8]
    };
    let mut rest = claimed;
    loop {
        bytes.push((rest & 127) as u8 | if rest > 127 { 128 } else { 0 });
        rest >>= 7;
        if rest == 0 {
            break;
        }
    }
    bytes.extend(data);
    bytes
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    claiming(kind, u32::try_from(data.len()).expect("short"), data)
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [numbers(&[u32::try_from(units.len() / 2).expect("short")]), units].concat()
}

fn row(number: u32, cells: &[&str]) -> Vec<u8> {
    let mut bytes = record(0, &[numbers(&[number, 0]), vec![0; 5], numbers(&[0])].concat());
    for (column, cell) in (0..).zip(cells) {
        bytes.extend(record(6, &[numbers(&[column, 0]), wide(cell)].concat()));
    }
    bytes
}

/// The shared strings; where there are any, they claim to be as many as a number can say.
fn around_strings(inside: Vec<Piece>) -> Vec<Piece> {
    let claimed = if inside.is_empty() { 0 } else { u32::MAX };
    let mut pieces = vec![Times(1, record(0x9F, &numbers(&[claimed, claimed])))];
    pieces.extend(inside);
    pieces.push(Times(1, record(0xA0, &[])));
    pieces
}

/// An .xlsb of one sheet with one goods, followed by `behind`; the sheet and the strings begin as said.
fn xlsb(area: Vec<u8>, behind: Vec<Piece>, strings: Vec<Piece>) -> Vec<Part> {
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"bin\" ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/></Types>";
    let book = [
        record(0x83, &[]),
        record(0x99, &[0; 12]),
        record(0x8F, &[]),
        record(0x9C, &[numbers(&[0, 1]), wide("rId1"), wide("S")].concat()),
        record(0x90, &[]),
        record(0x84, &[]),
    ];
    let usual = link("rId1", "worksheet", "worksheets/sheet1.bin")
        + &link("rId2", "sharedStrings", "sharedStrings.bin");
    let begin = [record(0x81, &[]), area, record(0x91, &[])].concat();
    let mut sheet =
        vec![Times(1, [begin, row(0, &["name", "price"]), row(1, &["白茶饼测试", "9.9"])].concat())];
    sheet.extend(behind);
    sheet.push(Times(1, [record(0x92, &[]), record(0x82, &[])].concat()));
    vec![
        ("[Content_Types].xml".into(), vec![Times(1, types.into())]),
        links("_rels/.rels", vec![Times(1, link("rId1", "officeDocument", "xl/workbook.bin").into())]),
        links("xl/_rels/workbook.bin.rels", vec![Times(1, usual.into())]),
        ("xl/workbook.bin".into(), vec![Times(1, book.concat())]),
        ("xl/worksheets/sheet1.bin".into(), sheet),
        ("xl/sharedStrings.bin".into(), around_strings(strings)),
    ]
}

fn small_area() -> Vec<u8> {
    record(0x94, &numbers(&[0, 1, 0, 1]))
}

pub fn xlsb_of_goods() -> Vec<Part> {
    xlsb(small_area(), vec![], vec![])
}

#[test]
fn what_records_of_xlsb_claim() {
    let vast = || record(0x94, &numbers(&[0, u32::MAX, 0, u32::MAX]));
    let none = || vec![];
    let most = (1 << 28) - 1;
    let merge = record(0xB0, &numbers(&[1, 1_048_575, 0, 16_383]));
    none_harms(vec![
        ("area.xlsb", xlsb(vast(), none(), none())),
        ("record.xlsb", xlsb(small_area(), vec![Times(1, claiming(6, most, b"short"))], none())),
        ("text.xlsb", xlsb(small_area(), vec![Times(1, record(6, &numbers(&[2, 0, u32::MAX])))], none())),
        ("far-row.xlsb", xlsb(small_area(), vec![Times(1, row(u32::MAX, &["a"]))], none())),
        ("rows.xlsb", xlsb(small_area(), vec![Times(5_000_000, row(5, &[]))], none())),
        ("merges.xlsb", xlsb(small_area(), vec![Times(2_000_000, merge)], none())),
        ("strings.xlsb", xlsb(small_area(), none(), vec![Times(1, record(0x13, &[0, 255, 255, 255, 255]))])),
        (
            "many-strings.xlsb",
            xlsb(small_area(), none(), vec![Times(15_000_000, record(0x13, &[vec![0], wide("a")].concat()))]),
        ),
    ]);
}

/// A record of an .xls.
fn biff(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short");
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
}

/// A compound file that holds one stream, the book.
fn compound(mut book: Vec<u8>) -> Vec<Part> {
    const LAST: u32 = 0xFFFF_FFFE;
    book.resize(book.len().next_multiple_of(512).max(4096), 0);
    let length = u32::try_from(book.len()).expect("short");
    let sectors = length / 512;
    let tables = (sectors + 1).div_ceil(127);
    assert!(tables <= 109, "as many as the header has room for");
    let (directory, first) = (tables, tables + 1);
    let mut head = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    head.extend([0; 16]);
    head.extend(b"\x3E\0\x03\0\xFE\xFF\x09\0\x06\0\0\0\0\0\0\0");
    head.extend(numbers(&[0, tables, directory, 0, 4096, LAST, 0, LAST, 0]));
    head.extend(numbers(&(0..109).map(|at| if at < tables { at } else { u32::MAX }).collect::<Vec<u32>>()));
    let mut follows: Vec<u32> = vec![0xFFFF_FFFD; tables as usize];
    follows.push(LAST);
    follows.extend((1..sectors).map(|at| first + at));
    follows.push(LAST);
    follows.resize(tables as usize * 128, u32::MAX);
    let entry = |name: &str, kind: u8, child: u32, start: u32, length: u32| {
        let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let named = u8::try_from(bytes.len()).expect("short") + 2;
        bytes.resize(64, 0);
        bytes.extend([named, 0, kind, 1]);
        bytes.extend(numbers(&[u32::MAX, u32::MAX, child]));
        bytes.resize(116, 0);
        bytes.extend(numbers(&[start, length, 0]));
        bytes
    };
    let mut entries =
        [entry("Root Entry", 5, 1, LAST, 0), entry("Workbook", 2, u32::MAX, first, length)].concat();
    entries.resize(512, 0);
    vec![(String::new(), vec![Times(1, [head, numbers(&follows), entries, book].concat())])]
}

/// An .xls of so many sheets, all of them the same one, which holds these records.
fn xls(sheets: u32, inside: &[u8]) -> Vec<Part> {
    let begin = |kind: u8| biff(0x809, &[0, 6, kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let end = biff(0x0A, &[]);
    let listed = |start: u32| biff(0x85, &[&start.to_le_bytes()[..], &[0, 0, 1, 0, b'S']].concat());
    let start = begin(5).len() + listed(0).len() * sheets as usize + end.len();
    let start = u32::try_from(start).expect("short");
    let list = listed(start).repeat(sheets as usize);
    compound([begin(5), list, end.clone(), begin(16), inside.to_vec(), end].concat())
}

fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    let length = u16::try_from(text.len()).expect("short").to_le_bytes();
    biff(0x204, &[&place, &length[..], &[0], text.as_bytes()].concat())
}

fn goods() -> Vec<u8> {
    [label(0, 0, "name"), label(0, 1, "price"), label(1, 0, "teacup"), label(1, 1, "9.9")].concat()
}

pub fn xls_of_goods(sheets: u32) -> Vec<Part> {
    xls(sheets, &goods())
}

#[test]
fn what_records_of_xls_claim() {
    let goods =
        [label(0, 0, "name"), label(0, 1, "price"), label(1, 0, "teacup"), label(1, 1, "9.9")].concat();
    let vast = biff(0x200, &[&numbers(&[0, u32::MAX])[..], &[0, 0, 0xFF, 0xFF, 0, 0]].concat());
    let corner = [goods.clone(), label(u16::MAX, 255, "x")].concat();
    let merges = biff(0xE5, &[&[0, 4][..], &[1, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0].repeat(1_024)].concat());
    let long = label(1, 2, &"x".repeat(8_000)).repeat(700);
    let strings = biff(0xFC, &numbers(&[u32::MAX, u32::MAX]));
    none_harms(vec![
        ("area.xls", xls(1, &[vast, goods.clone()].concat())),
        ("corner.xls", xls(1, &corner)),
        ("sheets.xls", xls_of_goods(60_000)),
        ("corners.xls", xls(60_000, &corner)),
        ("long-sheets.xls", xls(10_000, &[goods.clone(), long].concat())),
        ("merges.xls", xls(1, &[goods.clone(), merges.repeat(600)].concat())),
        ("strings.xls", xls(1, &[strings, goods].concat())),
    ]);
}
