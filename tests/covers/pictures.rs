//! Pictures in every place a sheet can hold them, in workbooks made by different programs.

use std::path::{Path, PathBuf};

use image::ImageFormat;
use livegoods::cover::Preparer;
use livegoods::goods::{Cover, CoverFault, Fault, judge};
use livegoods::sheet::{self, Astray, RawRow, ReadOptions, RowPicture, SheetPicture};
use rust_xlsxwriter::{Image, Workbook};

use super::make::{BLUE, GREEN, RED, alike, file, quarters};

pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/covers").join(name)
}

/// The colour of a picture's middle, or the code of what is wrong with the row's cover.
type Seen = Result<[u8; 3], &'static str>;

/// What is seen of each row, by its number, and the pictures in no row.
fn seen(path: &Path) -> (Vec<(u32, Seen)>, Vec<Astray>) {
    let sheet = sheet::open(path, &ReadOptions::default()).expect("a sheet");
    let pictures = sheet.pictures().expect("pictures");
    let columns = sheet.columns().clone();
    let rows = sheet.rows().expect("rows");
    let colour = |row: &RawRow| {
        let judged = judge(row, &columns);
        match judged.goods.map(|goods| goods.cover) {
            Some(Cover::InRow(part, view)) => {
                let bytes = pictures.read(&part, 1 << 20).expect("readable").expect("a picture");
                let prepared = Preparer::new().prepare_view(&bytes, &view).expect("a cover");
                let picture = image::load_from_memory(&prepared.bytes).expect("a picture").to_rgb8();
                Ok(picture[(picture.width() / 2, picture.height() / 2)].0)
            }
            Some(other) => panic!("no picture: {other:?}"),
            None => Err(judged.issues[0].fault.code()),
        }
    };
    (rows.iter().map(|row| (row.number, colour(row))).collect(), pictures.astray())
}

pub fn assert_colours(path: &Path, expected: &[(u32, [u8; 3])]) -> Vec<Astray> {
    let (rows, astray) = seen(path);
    assert_eq!(rows.len(), expected.len(), "{rows:?}");
    for ((row, colour), (number, expected)) in rows.iter().zip(expected) {
        assert_eq!(row, number);
        assert!(colour.is_ok_and(|colour| alike(colour, *expected)), "row {row}: {colour:?}");
    }
    astray
}

#[test]
fn pictures_over_cells_by_openpyxl_belong_to_the_rows_they_start_in() {
    let astray = assert_colours(&fixture("openpyxl-over-cells.xlsx"), &[(2, RED), (3, GREEN), (4, BLUE)]);
    assert_eq!(astray, [Astray { row: 8, column: 3 }], "the one in no goods row is named");
}

#[test]
fn pictures_over_cells_by_xlsxwriter_belong_to_the_rows_they_start_in() {
    let astray = assert_colours(&fixture("xlsxwriter-over-cells.xlsx"), &[(2, RED), (3, GREEN), (4, BLUE)]);
    assert_eq!(astray, []);
}

#[test]
fn pictures_in_cells_by_xlsxwriter_are_found_under_their_title_and_beside_another_sheets() {
    let expected = [(3, RED), (4, GREEN), (5, BLUE), (6, RED)];
    assert_eq!(assert_colours(&fixture("xlsxwriter-in-cells.xlsx"), &expected), []);
}

#[test]
fn pictures_in_cells_by_wps_are_found_in_every_spelling_and_one_that_is_not_there_is_a_fault() {
    let (rows, astray) = seen(&fixture("wps-in-cells.xlsx"));
    let expected =
        [(2, Ok(RED)), (3, Ok(GREEN)), (4, Ok(BLUE)), (5, Ok(RED)), (6, Err("cover-picture-missing"))];
    for ((row, colour), (number, expected)) in rows.iter().zip(expected) {
        assert_eq!(*row, number);
        match (colour, expected) {
            (Ok(colour), Ok(expected)) => assert!(alike(*colour, expected), "row {row}: {colour:?}"),
            (colour, expected) => assert_eq!(*colour, expected, "row {row}"),
        }
    }
    assert_eq!((rows.len(), astray.len()), (5, 0));
}

fn one_colour(colour: [u8; 3], format: ImageFormat) -> Image {
    let picture = image::RgbImage::from_pixel(40, 40, image::Rgb(colour));
    Image::new_from_buffer(&file(&picture.into(), format)).expect("a picture")
}

/// A workbook of as many rows as there are texts in the column of covers.
fn workbook(covers: &[&str], place: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> tempfile::TempPath {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["name", "cover", "price", "url"]).expect("headings");
    for (row, cover) in (1_u32..).zip(covers) {
        let cells = ["正山小种 100g", cover, "99.5", &format!("pages/tea?id={row}")];
        for (column, cell) in (0_u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, column, cell).expect("a cell");
        }
    }
    place(sheet);
    let path = tempfile::Builder::new().suffix(".xlsx").tempfile().expect("a file").into_temp_path();
    book.save(&path).expect("saved");
    path
}

#[test]
fn pictures_by_rust_xlsxwriter_are_found_over_cells_and_in_cells() {
    let path = workbook(&["", "", ""], |sheet| {
        sheet.insert_image(1, 1, &one_colour(RED, ImageFormat::Png)).expect("a picture");
        sheet.embed_image(2, 1, &one_colour(GREEN, ImageFormat::Jpeg)).expect("a picture");
        sheet.insert_image_with_offset(3, 1, &one_colour(BLUE, ImageFormat::Png), 4, 2).expect("a picture");
    });
    assert_eq!(assert_colours(&path, &[(2, RED), (3, GREEN), (4, BLUE)]), []);
}

#[test]
fn a_cell_that_names_a_cover_goes_before_a_picture_and_a_remark_does_not() {
    let path = workbook(&["SANDBOX-COVER-IMAGE-01", "见图", "img/a.png"], |sheet| {
        for row in 1..=3 {
            sheet.insert_image(row, 1, &one_colour(RED, ImageFormat::Png)).expect("a picture");
        }
    });
    let sheet = sheet::open(&path, &ReadOptions::default()).expect("a sheet");
    let columns = sheet.columns().clone();
    let rows = sheet.rows().expect("rows");
    let covers: Vec<Cover> = rows.iter().filter_map(|row| judge(row, &columns).cover).collect();
    assert!(
        matches!(&covers[..], [Cover::MediaId(_), Cover::InRow(..), Cover::File(path)] if path == "img/a.png"),
        "{covers:?}"
    );
}

#[test]
fn of_several_pictures_in_a_row_the_one_in_the_covers_column_is_meant() {
    let red = || one_colour(RED, ImageFormat::Png);
    let green = || one_colour(GREEN, ImageFormat::Png);
    let path = workbook(&["", "", "", ""], |sheet| {
        sheet.insert_image(1, 1, &red()).expect("a picture");
        sheet.insert_image(1, 4, &green()).expect("a picture");
        sheet.insert_image(2, 5, &green()).expect("a picture");
        sheet.insert_image(3, 0, &red()).expect("a picture");
        sheet.insert_image(3, 4, &green()).expect("a picture");
        sheet.insert_image(3, 1, &red()).expect("a picture");
        sheet.insert_image(4, 4, &red()).expect("a picture");
        sheet.insert_image(4, 5, &green()).expect("a picture");
    });
    let (rows, _) = seen(&path);
    let expected = [Ok(RED), Ok(GREEN), Ok(RED), Err("cover-picture-ambiguous")];
    assert_eq!(rows.into_iter().map(|(_, seen)| seen).collect::<Vec<_>>(), expected);
}

#[test]
fn a_picture_above_the_headings_and_one_in_a_blank_row_are_named() {
    let path = workbook(&["", "x"], |sheet| {
        sheet.insert_image(0, 6, &one_colour(RED, ImageFormat::Png)).expect("a picture");
        sheet.insert_image(1, 1, &one_colour(GREEN, ImageFormat::Png)).expect("a picture");
        sheet.insert_image(30, 1, &one_colour(BLUE, ImageFormat::Png)).expect("a picture");
    });
    let (_, astray) = seen(&path);
    assert_eq!(astray, [Astray { row: 1, column: 7 }, Astray { row: 31, column: 2 }]);
}

#[test]
fn a_formulas_error_without_a_picture_stays_one() {
    let row = RawRow {
        number: 2,
        cells: vec!["正山小种 100g", "#VALUE!", "9", "pages/a"].into(),
        picture: RowPicture::None,
        ..RawRow::default()
    };
    let csv = tempfile::Builder::new().suffix(".csv").tempfile().expect("a file").into_temp_path();
    std::fs::write(&csv, "name,cover,price,url\n").expect("written");
    let sheet = sheet::open(&csv, &ReadOptions::default()).expect("a sheet");
    assert!(sheet.pictures().is_none());
    let faults = |row: &RawRow| judge(row, sheet.columns()).issues.remove(0).fault;
    assert_eq!(faults(&row), Fault::CellError { text: "#VALUE!".to_owned() });
    let several = RawRow { picture: RowPicture::Several(3), ..row };
    assert_eq!(faults(&several), Fault::Cover(CoverFault::PictureAmbiguous { pictures: 3 }));
}

#[test]
fn a_large_photo_in_a_sheet_is_read_when_it_is_asked_for() {
    let photo = file(&quarters(900, 600), ImageFormat::Jpeg);
    let path = workbook(&[""], |sheet| {
        sheet.insert_image(1, 1, &Image::new_from_buffer(&photo).expect("a picture")).expect("a picture");
    });
    let sheet = sheet::open(&path, &ReadOptions::default()).expect("a sheet");
    let pictures = sheet.pictures().expect("pictures");
    let RowPicture::One(SheetPicture { part, .. }) = sheet.rows().expect("rows").remove(0).picture else {
        panic!("a picture")
    };
    assert_eq!(pictures.read(&part, 1 << 20).expect("readable").expect("there"), photo);
    assert_eq!(pictures.read("xl/media/none.png", 10).expect("readable"), None);
}
