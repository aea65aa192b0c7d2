//! Pictures over cells: the row each belongs to, and what the sheet shows of it.

use std::path::Path;

use image::ImageFormat;
use livegoods::cover::Preparer;
use livegoods::goods::{Cover, judge};
use livegoods::sheet::{self, Problem, ReadOptions};

use super::book::{Book, corner, goods, pic, two_cells, ways};
use super::make::{BLUE, GREEN, RED, YELLOW, alike, file, quarters, seen};
use super::pictures::{assert_colours, fixture};

/// The prepared cover of each row that has one.
fn covers(path: &Path) -> Vec<(u32, Vec<u8>)> {
    let sheet = sheet::open(path, &ReadOptions::default()).expect("a sheet");
    let pictures = sheet.pictures().expect("pictures");
    let columns = sheet.columns().clone();
    let rows = sheet.rows().expect("rows");
    let cover = |row: &sheet::RawRow| match judge(row, &columns).cover? {
        Cover::InRow(part, view) => {
            let bytes = pictures.read(&part, 1 << 24).expect("readable").expect("a picture");
            let prepared = Preparer::new().prepare_view(&bytes, &view).expect("a cover");
            Some((row.number, prepared.bytes.into_owned()))
        }
        other => panic!("no picture: {other:?}"),
    };
    rows.iter().filter_map(cover).collect()
}

/// The rows that got a picture, each with the picture's number, when all are of one colour.
fn rows(book: &Book) -> Vec<(u32, usize)> {
    let colours = [RED, GREEN, BLUE, YELLOW];
    let number = |bytes: &[u8]| {
        let (_, [colour, ..]) = seen(bytes);
        colours.iter().position(|known| alike(*known, colour)).expect("a colour") + 1
    };
    covers(&book.save()).iter().map(|(row, bytes)| (*row, number(bytes))).collect()
}

#[test]
fn pictures_that_start_two_points_above_their_rows_belong_to_their_rows() {
    let astray = assert_colours(
        &fixture("pictures-2pt-above.xlsx"),
        &[(2, [255, 0, 0]), (3, [0, 255, 0]), (4, [0, 0, 255]), (5, [255, 255, 0])],
    );
    assert_eq!(astray, []);
}

#[test]
fn a_crop_and_a_quarter_turn_are_what_the_cover_shows() {
    let covers = covers(&fixture("cropped-picture.xlsx"));
    let (red, green) = ([255, 0, 0], [0, 255, 0]);
    assert_eq!(seen(&covers[0].1), ((60, 60), [green; 4]));
    assert_eq!(seen(&covers[1].1), ((60, 120), [red, red, green, green]));
}

#[test]
fn the_row_that_holds_most_of_a_picture_has_it_however_it_is_anchored() {
    let one = |row, points, high: u32, number| {
        let size = format!("<xdr:ext cx=\"381000\" cy=\"{}\"/>", high * 12_700);
        let from = corner("from", row, points);
        format!("<xdr:oneCellAnchor>{from}{size}{}</xdr:oneCellAnchor>", pic(number, "", ""))
    };
    let absolute = |points: u32, high: u32, number| {
        format!(
            "<a:absoluteAnchor><a:pos x=\"700000\" y=\"{}\"/><a:ext cx=\"381000\" cy=\"{}\"/>{}</a:absoluteAnchor>",
            points * 12_700,
            high * 12_700,
            pic(number, "", "")
        )
    };
    // Rows begin at 20, 60, 100, 140 and 180 points.
    let book = Book::of_rows(5, 40)
        .with_colours(&[RED, GREEN, BLUE, YELLOW])
        .drawing(&one(0, 15.0, 30, 1))
        .drawing(&two_cells((2, 20.0), (3, 20.0), &pic(2, "", "")))
        .drawing(&absolute(115, 60, 3))
        // The offset ends where its row does, as it does in the program.
        .drawing(&two_cells((4, 900.0), (5, 30.0), &pic(4, "", "")));
    assert_eq!(rows(&book), [(2, 1), (3, 2), (5, 3), (6, 4)]);
}

#[test]
fn hidden_rows_hold_nothing_but_what_is_hidden_with_them() {
    let heights = ["", "hidden=\"1\"", "hidden=\"1\"", ""];
    let rows_of: Vec<String> = (2..).zip(heights).map(|(number, hidden)| goods(number, 40, hidden)).collect();
    let mut book = Book::of_rows(0, 40);
    book.sheet = book.sheet.replace("</sheetData>", &format!("{}</sheetData>", rows_of.concat()));
    let book = book
        .with_colours(&[RED, GREEN, BLUE])
        .drawing(&two_cells((1, 35.0), (4, 30.0), &pic(1, "", "")))
        .drawing(&two_cells((2, 38.0), (3, 38.0), &pic(2, "", "")));
    assert_eq!(rows(&book), [(4, 2), (5, 1)]);
}

#[test]
fn the_default_height_is_the_sheets_own() {
    let mut book = Book::of_rows(3, 40).with_colours(&[RED]);
    book.sheet = format!(
        "<sheetFormatPr defaultRowHeight=\"90\" customHeight=\"1\"/>{}",
        book.sheet.replace(" ht=\"40\" customHeight=\"1\"", "")
    );
    // Headings of 20 points and rows of 90 begin at 20, 110 and 200: the picture is from 190 to 230.
    let size = "<xdr:pos x=\"0\" y=\"2413000\"/><xdr:ext cx=\"1\" cy=\"508000\"/>";
    let book = book.drawing(&format!("<xdr:absoluteAnchor>{size}{}</xdr:absoluteAnchor>", pic(1, "", "")));
    assert_eq!(rows(&book), [(4, 1)]);
}

#[test]
fn each_picture_of_a_group_has_its_own_place() {
    let frame = |x: u32, y: u32, cx: u32, cy: u32| {
        format!("<a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{cx}\" cy=\"{cy}\"/></a:xfrm>")
    };
    let group = |frame: &str, inside: &str| {
        format!(
            "<xdr:grpSp><xdr:nvGrpSpPr><xdr:cNvPr id=\"9\" name=\"g\"/></xdr:nvGrpSpPr><xdr:grpSpPr>{frame}\
             </xdr:grpSpPr>{inside}</xdr:grpSp>"
        )
    };
    // Over three rows of 40 points: 300 units of the group's own.
    let inner = group(
        "<a:xfrm><a:off x=\"0\" y=\"1100\"/><a:ext cx=\"50\" cy=\"200\"/><a:chOff x=\"0\" y=\"0\"/>\
         <a:chExt cx=\"10\" cy=\"20\"/></a:xfrm>",
        &[pic(2, &frame(0, 0, 5, 9), ""), pic(3, &frame(0, 11, 5, 8), "")].concat(),
    );
    let outer = group(
        "<a:xfrm><a:off x=\"7\" y=\"7\"/><a:ext cx=\"381000\" cy=\"1524000\"/><a:chOff x=\"0\" y=\"1000\"/>\
         <a:chExt cx=\"100\" cy=\"300\"/></a:xfrm>",
        &[pic(1, &frame(0, 1000, 50, 90), ""), inner].concat(),
    );
    let book = Book::of_rows(3, 40).with_colours(&[RED, GREEN, BLUE]).drawing(&two_cells(
        (1, 0.0),
        (4, 0.0),
        &outer,
    ));
    assert_eq!(rows(&book), [(2, 1), (3, 2), (4, 3)]);
}

#[test]
fn a_picture_on_its_side_lies_where_it_is_seen() {
    // 20 points wide and 100 high before it was turned, around the middle of row 3 (80 points): seen, it is in row 3
    // alone; its anchor is of the box before the turn, or of the box that is seen.
    let frame =
        "<a:xfrm rot=\"5400000\"><a:off x=\"0\" y=\"0\"/><a:ext cx=\"254000\" cy=\"1270000\"/></a:xfrm>";
    let before = two_cells((1, 10.0), (3, 30.0), &pic(1, frame, "")).replace(
        "<xdr:to><xdr:col>1</xdr:col><xdr:colOff>0<",
        "<xdr:to><xdr:col>1</xdr:col><xdr:colOff>254000<",
    );
    let seen = two_cells((2, 10.0), (2, 30.0), &pic(1, frame, ""));
    for drawing in [before, seen] {
        assert_eq!(rows(&Book::of_rows(3, 40).with_colours(&[RED]).drawing(&drawing)), [(3, 1)]);
    }
}

#[test]
fn hidden_pictures_and_those_only_linked_to_are_none() {
    let hidden = pic(1, "", "").replace("name=\"p\"", "name=\"p\" hidden=\"1\"");
    let linked = pic(1, "", "").replace("r:embed", "r:link");
    let shape = "<xdr:sp><xdr:spPr><a:blipFill><a:blip r:embed=\"rId1\"/></a:blipFill></xdr:spPr></xdr:sp>";
    let book = [hidden.as_str(), &linked, shape]
        .iter()
        .fold(Book::of_rows(2, 40).with_colours(&[RED, GREEN]), |book, inside| {
            book.drawing(&two_cells((1, 0.0), (1, 39.0), inside))
        });
    assert_eq!(rows(&book.drawing(&two_cells((2, 0.0), (2, 39.0), &pic(2, "", "")))), [(3, 2)]);
}

#[test]
fn crops_flips_and_turns_are_applied_in_this_order() {
    let picture = || file(&quarters(2400, 1200), ImageFormat::Jpeg);
    for (frame, fill, size, corners) in [
        ("<a:xfrm/>", "<a:srcRect r=\"50000\" b=\"50%\"/>", (300, 150), [RED; 4]),
        ("<a:xfrm/>", "<a:srcRect l=\"-50000\" t=\"50000\"/>", (300, 75), [BLUE, YELLOW, BLUE, YELLOW]),
        ("<a:xfrm flipH=\"1\"/>", "", (300, 150), [GREEN, RED, YELLOW, BLUE]),
        ("<a:xfrm flipV=\"true\"/>", "", (300, 150), [BLUE, YELLOW, RED, GREEN]),
        ("<a:xfrm rot=\"5400000\"/>", "", (150, 300), [BLUE, RED, YELLOW, GREEN]),
        ("<a:xfrm rot=\"10790000\"/>", "", (300, 150), [YELLOW, BLUE, GREEN, RED]),
        ("<a:xfrm rot=\"-5400000\"/>", "", (150, 300), [GREEN, YELLOW, RED, BLUE]),
        ("<a:xfrm rot=\"5400000\" flipH=\"1\"/>", "", (150, 300), [YELLOW, GREEN, BLUE, RED]),
        ("<a:xfrm rot=\"5400000\"/>", "<a:srcRect r=\"50000\"/>", (300, 300), [BLUE, RED, BLUE, RED]),
    ] {
        let book = Book::of_rows(1, 40).with(picture());
        let covers = covers(&book.drawing(&two_cells((1, 0.0), (1, 39.0), &pic(1, frame, fill))).save());
        let (seen_size, seen_corners) = seen(&covers[0].1);
        assert_eq!(seen_size, size, "{frame} {fill}");
        let all_alike = seen_corners.iter().zip(corners).all(|(seen, corner)| alike(*seen, corner));
        assert!(all_alike, "{frame} {fill}: {seen_corners:?}");
    }
}

#[test]
fn a_small_part_of_a_large_photo_has_the_pixels_that_are_there() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png] {
        let book = Book::of_rows(1, 40).with(file(&quarters(3000, 3000), format));
        // 300 pixels around the middle, where all four colours meet.
        let fill = "<a:srcRect l=\"45000\" t=\"45000\" r=\"45000\" b=\"45000\"/>";
        let covers = covers(&book.drawing(&two_cells((1, 0.0), (1, 39.0), &pic(1, "", fill))).save());
        let (size, corners) = seen(&covers[0].1);
        assert_eq!(size, (300, 300), "{format:?}");
        let expected = [RED, GREEN, BLUE, YELLOW];
        assert!(corners.iter().zip(expected).all(|(seen, corner)| alike(*seen, corner)), "{corners:?}");
    }
}

#[test]
fn a_picture_turned_by_an_angle_is_a_warning_and_goes_upright() {
    let book = Book::of_rows(1, 40).with_colours(&[RED]).drawing(&two_cells(
        (1, 0.0),
        (1, 39.0),
        &pic(1, "<a:xfrm rot=\"900000\"/>", ""),
    ));
    let sheet = sheet::open(&book.save(), &ReadOptions::default()).expect("a sheet");
    let columns = sheet.columns().clone();
    let judged = judge(&sheet.rows().expect("rows")[0], &columns);
    let codes: Vec<&str> = judged.issues.iter().map(|issue| issue.fault.code()).collect();
    assert_eq!(codes, ["cover-rotated"]);
    assert!(matches!(judged.goods.expect("goods").cover, Cover::InRow(_, view) if view.is_whole()));
}

#[test]
fn parts_are_found_by_what_leads_to_them_and_numbers_in_any_spelling_of_xml() {
    let mut book = Book::of_rows(2, 40).with_colours(&[RED, GREEN]);
    book.workbook = "xl/sub/wb2.xml";
    book.ways = vec![("http://www.wps.cn/officeDocument/2020/cellImage", "/odd/in&#99;ells.xml")];
    let images = ["<a:srcRect l=\"50000\"/>", ""]
        .map(|fill| pic(1, "", fill).replace("name=\"p\"", "name=\"ID&#95;1\""));
    book.parts = vec![
        (
            "odd/incells.xml",
            format!("<etc:cellImages><etc:cellImage>{}</etc:cellImage></etc:cellImages>", images[1]),
        ),
        ("odd/_rels/incells.xml.rels", ways(&[("image", "../xl/media/image1.png")])),
    ];
    book.sheet = book.sheet.replace(
        "<c r=\"B2\"></c>",
        "<c r=\"B2\" t=\"str\"><f><![CDATA[DISPIMG(\"ID]]>&#95;1&quot;,1)</f><v>=DISPIMG(\"ID_1\",1)</v></c>",
    );
    let anchor = two_cells((2, 0.0), (2, 39.0), &pic(2, "", ""))
        .replace("<xdr:row>2</xdr:row>", "<xdr:row><![CDATA[ ]]>&#50;</xdr:row>");
    assert_eq!(rows(&book.drawing(&anchor)), [(2, 1), (3, 2)]);
}

#[test]
fn a_drawing_of_more_pictures_than_can_be_held_is_refused() {
    let from = "<from><col>1</col><row>1</row></from>";
    let one = format!("<oneCellAnchor>{from}<pic><blip embed=\"rId1\"/></pic></oneCellAnchor>");
    let book = Book::of_rows(1, 40).with_colours(&[RED]).drawing(&one.repeat(100_001));
    let Err(error) = sheet::open(&book.save(), &ReadOptions::default()) else { panic!("too many") };
    assert!(matches!(error.problem, Problem::TooManyEntries { limit: 100_000, .. }), "{error}");
    let deep = Book::of_rows(1, 40).with_colours(&[RED]).drawing(&"<grpSp>".repeat(65));
    assert!(sheet::open(&deep.save(), &ReadOptions::default()).is_err());
}
