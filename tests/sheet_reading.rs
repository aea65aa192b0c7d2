//! Sheets of every kind, as people have them, into rows.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use livegoods::exit::Exit;
use livegoods::sheet::{self, Field, HeadingMap, Limits, Look, Problem, RawRow, ReadOptions, SheetError};
use rust_xlsxwriter::{Format, Formula, Workbook, XlsxError};
use tempfile::TempDir;

struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).expect("written");
        path
    }

    fn workbook(&self, name: &str, fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>) -> PathBuf {
        let path = self.path(name);
        let mut book = Workbook::new();
        fill(&mut book).expect("filled");
        book.save(&path).expect("saved");
        path
    }
}

fn read(path: &Path) -> Result<Vec<RawRow>, SheetError> {
    sheet::open(path, &ReadOptions::default())?.rows()
}

fn texts(rows: &[RawRow]) -> Vec<(u32, Vec<&str>)> {
    rows.iter().map(|row| (row.number, row.cells.iter().collect())).collect()
}

fn refusal(path: &Path) -> SheetError {
    read(path).expect_err("refused")
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_program_shows_them() {
    let desk = Desk::new();
    for newline in ["\n", "\r\n"] {
        let text =
            ["直播商品,,", "", "名称,价格,备注", "", "杯子,9.9,\"一\n二\"", ",,", "盘子,8", ""].join(newline);
        let rows = read(&desk.file("a.csv", text)).expect("read");
        assert_eq!(texts(&rows), [(5, vec!["杯子", "9.9", "一\n二"]), (7, vec!["盘子", "8"])]);
    }
}

#[test]
fn a_workbook_reads_like_the_same_text() {
    let desk = Desk::new();
    let path = desk.workbook("a.xlsx", |book| {
        let sheet = book.add_worksheet();
        sheet.merge_range(0, 0, 0, 3, "直播商品", &Format::new())?;
        sheet.write_row(2, 0, ["商品名称", "价格", "货号"])?;
        sheet.write(3, 0, "杯子")?.write(3, 1, 76_251.039_999_999_98)?.write(3, 2, 69_012_345_678.0)?;
        sheet
            .write(6, 0, "盘子")?
            .write_formula(6, 1, Formula::new("=1+2").set_result("3"))?
            .write(6, 2, true)?;
        Ok(())
    });
    let sheet = sheet::open(&path, &ReadOptions::default()).expect("opened");
    assert_eq!(sheet.heading_row(), 3);
    assert_eq!(sheet.columns().of(Field::Sku), Some(2));
    let rows = sheet.rows().expect("read");
    assert_eq!(texts(&rows), [(4, vec!["杯子", "76251.04", "69012345678"]), (7, vec!["盘子", "3", "TRUE"])]);
}

#[test]
fn every_encoding_and_delimiter_is_recognised_and_named() {
    let desk = Desk::new();
    let text = "名称\t价格\n杯子\t9.9\n";
    let utf16 = |order: fn(u16) -> [u8; 2]| {
        [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(order).collect::<Vec<u8>>()
    };
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    let marked = ["\u{FEFF}", text].concat().into_bytes();
    for (bytes, name) in [
        (text.as_bytes().to_vec(), "UTF-8"),
        (marked, "UTF-8"),
        (gbk, "gb18030"),
        (utf16(u16::to_le_bytes), "UTF-16LE"),
        (utf16(u16::to_be_bytes), "UTF-16BE"),
    ] {
        let sheet = sheet::open(&desk.file("a.txt", bytes), &ReadOptions::default()).expect(name);
        assert_eq!(sheet.format().to_string(), format!("csv, {name}, tab"));
        assert_eq!(sheet.columns().headings, ["名称", "价格"]);
        assert_eq!(texts(&sheet.rows().expect(name)), [(2, vec!["杯子", "9.9"])]);
    }
    let sheet =
        sheet::open(&desk.file("a.csv", "name;price\na,b;1,5\n"), &ReadOptions::default()).expect("opened");
    assert_eq!(sheet.format().delimiter, Some(b';'));
}

#[test]
fn gbk_that_begins_after_megabytes_of_ascii_is_recognised() {
    let desk = Desk::new();
    let mut bytes = b"name,price\n".to_vec();
    for number in 0..200_000 {
        bytes.extend_from_slice(format!("cup {number},1\n").as_bytes());
    }
    bytes.extend_from_slice(&encoding_rs::GBK.encode("杯子,2\n").0);
    let rows = read(&desk.file("a.csv", bytes)).expect("read");
    assert_eq!(rows.len(), 200_001);
    assert_eq!(rows.last().map(|row| (row.number, &row.cells[0])), Some((200_002, "杯子")));
}

#[test]
fn each_bad_text_names_its_row_and_ends_with_65() {
    let desk = Desk::new();
    let head = "name,price,备注\na,1,x\n";
    let cases: [(&str, Vec<u8>, &[&str]); 8] = [
        ("empty", vec![], &["empty"]),
        ("nul", [head.as_bytes(), b"b\0,2\n"].concat(), &["row 3", "NUL"]),
        ("quote", format!("{head}b,\"2,y\nc,3,z\n").into_bytes(), &["row 3", "column B", "price", "quote"]),
        (
            "long",
            format!("{head}b,2,{}\n", "x".repeat(17 << 20)).into_bytes(),
            &["row 3", "column C", "备注"],
        ),
        ("bytes", [head.as_bytes(), b"b\xFF\xFF,2\n"].concat(), &["row 3", "UTF-8"]),
        ("no heading", b"apples,pears\n1,2\n".to_vec(), &["row 1", "apples", "商品名称"]),
        (
            "twice",
            b"name,price,\xE5\x8E\x9F\xE4\xBB\xB7\n".to_vec(),
            &["row 1", "column B", "column C", "price"],
        ),
        ("picture", b"\x89PNG\r\n\x1A\n....".to_vec(), &["picture", "csv"]),
    ];
    for (name, bytes, parts) in cases {
        let error = refusal(&desk.file(&format!("{name}.csv"), bytes));
        let text = error.to_string();
        assert_eq!(error.exit(), Exit::BadInput, "{text}");
        for part in parts.iter().chain(&[name]) {
            assert!(text.contains(part), "{part:?} in {text}");
        }
    }
}

#[test]
fn what_is_not_there_ends_with_66() {
    let desk = Desk::new();
    assert_eq!(refusal(&desk.path("none.csv")).exit(), Exit::NoInput);
    assert_eq!(refusal(desk.folder.path()).exit(), Exit::NoInput);
}

#[test]
fn only_headings_are_a_sheet_without_rows() {
    let desk = Desk::new();
    for text in ["name,price", "name,price\n", "name,price\r\n\r\n"] {
        assert_eq!(read(&desk.file("a.csv", text)).expect("read"), []);
    }
}

#[test]
fn a_record_longer_than_a_block_is_one_row() {
    let desk = Desk::new();
    let note = "长".repeat(300_000);
    let rows = read(&desk.file("a.csv", format!("name,price,note\na,1,{note}\nb,2,\n"))).expect("read");
    assert_eq!(rows[0].cells.get(2), Some(note.as_str()));
    assert_eq!(rows[1].number, 3);
}

#[test]
fn blocks_of_any_size_give_the_same_rows() {
    let desk = Desk::new();
    let mut text = "name,price\r\n".to_owned();
    for number in 0..3000 {
        let more = ["\r\n", "\"5\\\" x\" , \"1\"\r\n", "\"C:\\\",2\r\n\"b\"c,3,4\r\n", "", "", "", ""];
        text += &format!("\"a\n{number}\",{number}\r\n{}", more[number % more.len()]);
    }
    let path = desk.file("a.csv", text);
    let whole = read(&path).expect("read");
    for block in [1, 64, 1000, 10_000] {
        let limits = Limits { block, ..Limits::default() };
        let options = ReadOptions { limits, ..ReadOptions::default() };
        assert_eq!(sheet::open(&path, &options).expect("opened").rows().expect("read"), whole, "{block}");
    }
}

#[test]
fn a_reading_may_be_broken_off() {
    let desk = Desk::new();
    let text = format!("name,price\n{}", "a,1\n".repeat(500_000));
    let mut blocks = 0;
    let sheet = sheet::open(&desk.file("a.csv", text), &ReadOptions::default()).expect("opened");
    let totals = sheet.read(
        |rows| rows.next_row().is_some(),
        |_, any| {
            assert!(any);
            blocks += 1;
            ControlFlow::Break(())
        },
    );
    assert_eq!(blocks, 1);
    assert!(totals.expect("fine").rows > 0);
}

#[test]
fn the_first_sheet_with_a_heading_row_is_taken() {
    let desk = Desk::new();
    let path = desk.workbook("a.xlsx", |book| {
        book.add_worksheet().set_name("说明")?.write(0, 0, "怎么填")?;
        let hidden = book.add_worksheet().set_name("旧")?.set_hidden(true);
        hidden.write_row(0, 0, ["name", "price"])?;
        book.add_worksheet().set_name("WpsReserved_CellImgList")?.write_row(0, 0, ["name", "price"])?;
        book.add_worksheet().set_name("十一月")?.write_row(0, 0, ["name", "price"])?.write_row(
            1,
            0,
            ["a", "1"],
        )?;
        Ok(())
    });
    let sheet = sheet::open(&path, &ReadOptions::default()).expect("opened");
    assert_eq!(sheet.format().to_string(), "xlsx, sheet \"十一月\"");
    let named = |name: &str| {
        let options = ReadOptions { sheet: Some(name.to_owned()), ..ReadOptions::default() };
        sheet::open(&path, &options)
    };
    assert!(named("旧").is_ok());
    let error = named("没有").err().expect("no such sheet");
    assert!(error.to_string().contains("说明, 旧, 十一月"), "{error}");
    assert!(matches!(named("说明").err().expect("no heading").problem, Problem::NoHeadingRow { .. }));
}

#[test]
fn what_the_person_says_about_the_file_overrides_what_is_recognised() {
    let desk = Desk::new();
    let path = desk.file("a.csv", encoding_rs::BIG5.encode("商品|標價\n杯子|9,9\n").0);
    let mut options = ReadOptions {
        encoding: Some("big5".to_owned()),
        delimiter: Some(b'|'),
        maps: vec![HeadingMap::new("商品", Field::Name), HeadingMap::new("標價", Field::Price)],
        ..ReadOptions::default()
    };
    let rows = sheet::open(&path, &options).expect("opened").rows().expect("read");
    assert_eq!(texts(&rows), [(2, vec!["杯子", "9,9"])]);
    options.encoding = Some("utf-99".to_owned());
    let error = sheet::open(&path, &options).err().expect("no such encoding");
    assert_eq!(error.exit(), Exit::Usage);
    options.encoding = Some("utf-8".to_owned());
    let error = sheet::open(&path, &options).err().expect("not UTF-8");
    assert!(matches!(error.problem, Problem::Undecodable { row: 1, byte: 0, .. }), "{error}");
}

#[test]
fn utf8_with_one_bad_byte_is_not_taken_for_gb18030() {
    let desk = Desk::new();
    let mut bytes = "name,price\n保温杯,1\n陶瓷盘子,2\n".as_bytes().to_vec();
    bytes.remove(12);
    let error = refusal(&desk.file("a.csv", bytes));
    assert!(matches!(error.problem, Problem::Undecodable { encoding: "UTF-8", row: 2, byte: 11 }), "{error}");
}

#[test]
fn a_bad_byte_far_into_a_long_file_is_named_by_its_row_and_its_place() {
    let desk = Desk::new();
    let (headings, row_of_two_lines) = ("name,price\n", "保温杯,\"1\n\"\n");
    let text = [headings, &row_of_two_lines.repeat(50_000)].concat();
    let row = 2 + 40_000;
    let byte = headings.len() + row_of_two_lines.len() * 40_000 + "保".len();
    for (bad, kind) in [(0xFF, "not UTF-8"), (0, "NUL")] {
        let mut bytes = text.clone().into_bytes();
        bytes[byte] = bad;
        let sheet = sheet::open(&desk.file("a.csv", bytes), &ReadOptions::default()).expect("well so far");
        let error = sheet.rows().expect_err("a bad byte");
        let place = match error.problem {
            Problem::Undecodable { row, byte, encoding: "UTF-8" } if bad == 0xFF => (row, byte),
            Problem::Nul { row, byte } if bad == 0 => (row, byte),
            other => panic!("{kind}: {other}"),
        };
        assert_eq!(place, (row, byte as u64), "{kind}");
    }
}

#[test]
fn the_encoding_shows_wherever_the_first_word_that_is_not_ascii_stands() {
    let desk = Desk::new();
    let plain = "cup,1\n".repeat(100_000);
    let path = desk.file("a.csv", encoding_rs::GB18030.encode(&format!("name,price\n{plain}保温杯,2\n")).0);
    let sheet = sheet::open(&path, &ReadOptions::default()).expect("opened");
    assert_eq!(sheet.format().encoding, Some("gb18030"));
    assert_eq!(texts(&sheet.rows().expect("read")[100_000..]), [(100_002, vec!["保温杯", "2"])]);
}

#[test]
fn a_row_with_another_number_of_cells_is_marked_and_the_next_is_read() {
    let desk = Desk::new();
    let text = "name,price,备注\na,1,299,x\nb,2,y\nc,3\n,,,beside\n,\nd,4,,,\ne,1,299.00\n";
    let rows = read(&desk.file("a.csv", text)).expect("read");
    let ragged: Vec<_> = rows.iter().map(|row| (row.number, row.cells.len(), row.ragged)).collect();
    assert_eq!(
        ragged,
        [(2, 3, Some(4)), (3, 3, None), (4, 2, Some(2)), (5, 3, Some(4)), (7, 3, None), (8, 3, Some(3)),]
    );
    let tabs = text.replace(',', "\t");
    let rows = read(&desk.file("a.tsv", tabs)).expect("read");
    assert_eq!(rows.last().map(|row| row.ragged), Some(None), "a comma alone tears amounts apart");
}

#[test]
fn text_behind_a_closing_quote_is_marked_at_its_cell_alone() {
    let desk = Desk::new();
    let text = "name,price\n\"a\" ,1\n\"b\"c,2\nd, \"3\" \n\"5\\\" pipe\",4\n";
    let rows = read(&desk.file("a.csv", text)).expect("read");
    let cells = ["a|1", "bc|2", "d|3", "5\" pipe|4"];
    assert_eq!(
        rows.iter().map(|row| row.cells.iter().collect::<Vec<_>>().join("|")).collect::<Vec<_>>(),
        cells
    );
    let looks: Vec<_> = rows.iter().map(|row| row.looks.clone()).collect();
    assert_eq!(looks, [vec![], vec![(0, Look::BehindQuote)], vec![], vec![]]);
}

#[test]
fn what_is_no_text_is_never_called_text() {
    let desk = Desk::new();
    let encrypted = b"%TSD-Header-###%\x00\x01\x02\x8F".repeat(40);
    let cases: [(&str, &[u8], &[&str]); 4] = [
        ("a.xlsx", &encrypted, &["unknown kind", "encrypts documents"]),
        ("a.csv", b"\x8F\x00\x01\x02\x03\x99\x04name", &["named like csv", "unknown kind"]),
        ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00", &["Excel 4 or older", "save it as .xlsx"]),
        ("b.csv", b"n\0a\0m\0e\0,\0p\0r\0i\0c\0e\0\n\0", &["UTF-16 without its mark"]),
    ];
    for (name, bytes, parts) in cases {
        let error = refusal(&desk.file(name, bytes));
        assert_eq!(error.exit(), Exit::BadInput, "{error}");
        for part in parts {
            assert!(error.to_string().contains(part), "{part:?} in {error}");
        }
    }
}

#[test]
fn an_encoding_that_does_not_read_as_chinese_is_asked_for_and_then_read() {
    let desk = Desk::new();
    for (label, headings, name) in [
        ("big5", "商品名稱,圖片,價格", "高山烏龍茶禮盒"),
        ("big5", "name,image,price", "高山烏龍茶禮盒"),
        ("shift_jis", "商品名,画像,価格", "抹茶セット"),
        ("shift_jis", "name,image,price", "抹茶セット"),
        ("shift_jis", "name,image,price", "ﾐﾙｸ"),
        ("euc-kr", "상품명,그림,가격", "녹차 선물세트"),
        ("euc-kr", "name,image,price", "녹차 선물세트"),
        ("windows-1252", "name,image,price", "Café crème"),
    ] {
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("a label");
        let ascii = "cup,a.png,1\n".repeat(20_000);
        for rows in [1, 3000] {
            for before in ["", &ascii] {
                let text = format!("{headings}\n{before}{}", format!("{name},a.png,9.5\n").repeat(rows));
                let path = desk.file("a.csv", encoding.encode(&text).0);
                let error = sheet::open(&path, &ReadOptions::default()).err().expect(name);
                assert_eq!(error.exit(), Exit::BadInput);
                let remedy = format!("--encoding {label}");
                assert!(error.to_string().contains(&remedy), "{name} below {headings}: {error}");
                let maps = headings.split(',').zip([Field::Name, Field::Cover, Field::Price]);
                let maps = maps.map(|(heading, field)| HeadingMap::new(heading, field)).collect();
                let options =
                    ReadOptions { encoding: Some(label.to_owned()), maps, ..ReadOptions::default() };
                let all = sheet::open(&path, &options).expect(name).rows().expect(name);
                assert_eq!(all.last().map(|row| &row.cells[0]), Some(name));
            }
        }
    }
}

#[test]
fn gb18030_is_believed_when_it_is_asked_for() {
    let desk = Desk::new();
    let path = desk.file("a.csv", encoding_rs::BIG5.encode("name,price\n高山烏龍茶禮盒,1\n").0);
    let options = ReadOptions { encoding: Some("gb18030".to_owned()), ..ReadOptions::default() };
    assert!(sheet::open(&path, &options).is_ok());
    let text = refusal(&path).to_string();
    assert!(text.contains("\"高山烏龍茶禮盒\"") && text.contains("or gb18030, if that is right"), "{text}");
}
