//! Workbooks that are not what they seem: of other kinds, damaged, encrypted, or made to fill the memory.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use livegoods::exit::Exit;
use livegoods::sheet::{self, Field, Limits, Problem, RawRow, ReadOptions, SheetError};
use rust_xlsxwriter::{Workbook, XlsxError};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sheets").join(name)
}

fn read(path: &Path) -> Result<Vec<RawRow>, SheetError> {
    sheet::open(path, &ReadOptions::default())?.rows()
}

fn texts(rows: &[RawRow]) -> Vec<(u32, Vec<&str>)> {
    rows.iter().map(|row| (row.number, row.cells.iter().collect())).collect()
}

fn xlsx(folder: &TempDir, fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>) -> PathBuf {
    let path = folder.path().join("a.xlsx");
    let mut book = Workbook::new();
    fill(&mut book).expect("filled");
    book.save(&path).expect("saved");
    path
}

fn small(book: &mut Workbook) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["name", "price"])?.write_row(1, 0, ["cup", "9.9"])?;
    Ok(())
}

/// Writes `to` as `from` with one part exchanged.
fn exchange(from: &Path, to: &Path, part: &str, content: impl Iterator<Item = Vec<u8>>) {
    let mut old = ZipArchive::new(File::open(from).expect("opened")).expect("an archive");
    let mut new = ZipWriter::new(File::create(to).expect("created"));
    let options = SimpleFileOptions::default();
    let names: Vec<String> = old.file_names().map(|name| name.expect("a name").into_owned()).collect();
    for name in names.iter().filter(|name| *name != part) {
        let mut bytes = Vec::new();
        old.by_name(name).expect("there").read_to_end(&mut bytes).expect("read");
        new.start_file(name, options).expect("started");
        new.write_all(&bytes).expect("written");
    }
    new.start_file(part, options).expect("started");
    for bytes in content {
        new.write_all(&bytes).expect("written");
    }
    new.finish().expect("finished");
}

#[test]
fn every_kind_of_workbook_reads_alike() {
    for name in ["goods.xls", "goods.xlsb", "goods.ods"] {
        let sheet = sheet::open(&fixture(name), &ReadOptions::default()).expect(name);
        assert_eq!(sheet.format().sheet.as_deref(), Some("商品"), "{name}");
        assert_eq!(sheet.heading_row(), 3, "{name}");
        assert_eq!(sheet.columns().of(Field::Sku), Some(2), "{name}");
        let rows = sheet.rows().expect(name);
        let expected = [
            (4, vec!["保温杯", "76251.04", "69012345678", "2026-11-21", "TRUE"]),
            (6, vec!["盘子 & 碗", "3.3", "A-7", "2026-11-21", "FALSE"]),
        ];
        assert_eq!(texts(&rows), expected, "{name}");
    }
}

#[test]
fn a_workbook_under_another_kinds_name_is_named_for_what_it_is() {
    let folder = TempDir::new().expect("a folder");
    let book = xlsx(&folder, small);
    let cases: [(&Path, &str, &str); 8] = [
        (&book, "a.xls", ".xlsx workbook"),
        (&book, "a.csv", ".xlsx workbook"),
        (&book, "a.ods", "rename it to .xlsx"),
        (&fixture("goods.ods"), "a2.xlsx", ".ods workbook"),
        (&fixture("goods.xlsb"), "a2.xlsx", ".xlsb workbook"),
        (&fixture("goods.xls"), "a2.xlsx", ".xls"),
        (&fixture("goods.xls"), "a.txt", ".xls"),
        (&fixture("README.md"), "a2.xlsx", "plain text"),
    ];
    for (from, name, part) in cases {
        let path = folder.path().join(name);
        fs::copy(from, &path).expect("copied");
        let error = read(&path).expect_err(name);
        assert_eq!(error.exit(), Exit::BadInput, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_web_page_called_xls_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("orders.xls");
    fs::write(&path, "<html><table><tr><td>name</td></tr></table></html>").expect("written");
    let text = read(&path).expect_err("a web page").to_string();
    assert!(text.contains("web page") && text.contains("save it as .xlsx"), "{text}");
}

#[test]
fn a_part_that_unpacks_too_far_is_refused_before_it_is_read() {
    let folder = TempDir::new().expect("a folder");
    let book = xlsx(&folder, small);
    let bomb = folder.path().join("bomb.xlsx");
    let limits = Limits { worksheet: 40 << 20, held: 40 << 20, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    for part in ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"] {
        exchange(&book, &bomb, part, std::iter::repeat_n(b"<a/>".repeat(1 << 20), 20));
        let error = sheet::open(&bomb, &options).err().expect("refused");
        assert!(
            matches!(&error.problem, Problem::UnpacksTooFar { part: named, .. } if named == part),
            "{error}"
        );
        exchange(&book, &bomb, part, std::iter::once(b"<a>".repeat(1 << 20)));
        let error = sheet::open(&bomb, &options).err().expect("refused");
        assert!(
            matches!(&error.problem, Problem::Damaged { detail } if detail.contains("without end")),
            "{error}"
        );
    }
}

#[test]
fn a_single_text_without_end_is_refused_before_it_is_read() {
    let folder = TempDir::new().expect("a folder");
    let book = xlsx(&folder, small);
    let bomb = folder.path().join("bomb.xlsx");
    exchange(&book, &bomb, "xl/sharedStrings.xml", std::iter::repeat_n(vec![b' '; 1 << 20], 64));
    let error = read(&bomb).expect_err("refused");
    assert!(matches!(error.problem, Problem::TextTooLong { .. }), "{error}");
}

#[test]
fn a_far_cell_costs_nothing_and_one_beside_the_table_is_kept() {
    let folder = TempDir::new().expect("a folder");
    let book = xlsx(&folder, |book| {
        small(book)?;
        let sheet = book.worksheet_from_index(0)?;
        sheet.write(1_048_575, 16_383, "far")?.write(1, 3, "beside")?.write(1, 16_383, "far too")?;
        Ok(())
    });
    let sheet = sheet::open(&book, &ReadOptions::default()).expect("opened");
    assert_eq!(sheet.columns().headings, ["name", "price", "", ""]);
    let rows = sheet.rows().expect("read");
    assert_eq!(rows[0].cells.iter().collect::<Vec<_>>(), ["cup", "9.9", "", "beside"]);
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2]);
}

#[test]
fn an_ods_row_repeated_beyond_reason_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let bomb = folder.path().join("bomb.ods");
    let row = |cells: &str, repeats: u32| {
        format!(r#"<table:table-row table:number-rows-repeated="{repeats}">{cells}</table:table-row>"#)
    };
    let cell = |text: &str, repeats: u32| {
        format!(
            r#"<table:table-cell office:value-type="string" table:number-columns-repeated="{repeats}"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let content = format!(
        r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><table:table table:name="a">{}{}</table:table></office:document-content>"#,
        row(&(cell("name", 1) + &cell("price", 1)), 1),
        row(&cell("x", 16_384), 1_048_575)
    );
    exchange(&fixture("goods.ods"), &bomb, "content.xml", std::iter::once(content.into_bytes()));
    let error = read(&bomb).expect_err("refused");
    assert!(matches!(error.problem, Problem::AreaTooLarge { .. }), "{error}");
}

#[test]
fn an_xls_whose_cells_lie_far_apart_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let mut bytes = fs::read(fixture("goods.xls")).expect("read");
    let claim = [0x00, 0x02, 0x0E, 0x00];
    let at = bytes.windows(4).rposition(|window| window == claim).expect("a dimensions record") + 4;
    bytes[at..at + 8].copy_from_slice(&[0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F]);
    let path = folder.path().join("bomb.xls");
    fs::write(&path, bytes).expect("written");
    let error = read(&path).expect_err("refused");
    assert!(matches!(error.problem, Problem::AreaTooLarge { .. }), "{error}");
}

/// The smallest compound file that holds a stream of this name: a header, a table of sectors, a directory.
fn compound_file(stream: &str) -> Vec<u8> {
    const END: u32 = 0xFFFF_FFFE;
    let mut bytes = vec![0xFF; 512 * 3];
    let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
    put(0, &[0; 76]);
    put(0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    put(26, &[3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    for (at, number) in
        [(44, 1), (48, 1), (56, 4096), (60, END), (68, END), (76, 0), (512, END - 1), (516, END)]
    {
        put(at, &u32::to_le_bytes(number));
    }
    for (index, name) in ["Root Entry", stream].into_iter().enumerate() {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        put(1024 + index * 128, &[0; 128]);
        put(1024 + index * 128, &wide);
    }
    bytes
}

#[test]
fn an_encrypted_workbook_asks_for_its_password_to_be_removed() {
    let folder = TempDir::new().expect("a folder");
    for name in ["a.xlsx", "a.xlsb", "a.xls"] {
        let path = folder.path().join(name);
        fs::write(&path, compound_file("EncryptedPackage")).expect("written");
        let error = read(&path).expect_err("encrypted");
        assert!(error.to_string().contains("remove the password"), "{error}");
        fs::write(&path, compound_file("WordDocument")).expect("written");
        assert!(!matches!(read(&path).expect_err("no workbook").problem, Problem::Encrypted), "{name}");
    }
}

/// A small generator, so that a failure can be repeated.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).expect("31 bits")
}

#[test]
fn a_damaged_workbook_is_an_error_or_a_sheet_but_never_a_fall() {
    let folder = TempDir::new().expect("a folder");
    let book = xlsx(&folder, small);
    let mut seed = 7;
    for from in [book, fixture("goods.xls"), fixture("goods.xlsb"), fixture("goods.ods")] {
        let whole = fs::read(&from).expect("read");
        let path = folder.path().join("damaged").with_extension(from.extension().expect("an extension"));
        for round in 0..400 {
            let mut bytes = whole.clone();
            if round % 4 == 0 {
                bytes.truncate(next(&mut seed) % bytes.len());
            }
            for _ in 0..next(&mut seed) % 6 {
                let count = bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(next(&mut seed) % count) {
                    *byte = u8::try_from(next(&mut seed) % 256).expect("a byte");
                }
            }
            fs::write(&path, bytes).expect("written");
            if let Err(error) = read(&path) {
                assert_eq!(error.exit(), Exit::BadInput, "{error}");
            }
        }
    }
}

#[test]
fn parts_damaged_inside_a_sound_archive_are_errors_too() {
    let folder = TempDir::new().expect("a folder");
    let book = xlsx(&folder, small);
    let mut seed = 11;
    for (from, parts) in [
        (book, &["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"][..]),
        (fixture("goods.xlsb"), &["xl/worksheets/sheet2.bin", "xl/workbook.bin", "xl/styles.bin"]),
        (fixture("goods.ods"), &["content.xml"]),
    ] {
        let path = folder.path().join("damaged").with_extension(from.extension().expect("an extension"));
        for part in parts {
            let mut archive = ZipArchive::new(File::open(&from).expect("opened")).expect("an archive");
            let mut whole = Vec::new();
            archive.by_name(part).expect("there").read_to_end(&mut whole).expect("read");
            for round in 0..100 {
                let mut bytes = whole.clone();
                if round % 3 == 0 {
                    bytes.truncate(next(&mut seed) % bytes.len());
                } else {
                    let at = next(&mut seed) % bytes.len();
                    bytes[at] = b"<>\"/&=0 9\0\xFF"[next(&mut seed) % 11];
                }
                exchange(&from, &path, part, std::iter::once(bytes));
                if let Err(error) = read(&path) {
                    assert_eq!(error.exit(), Exit::BadInput, "{part}: {error}");
                }
            }
        }
    }
}
