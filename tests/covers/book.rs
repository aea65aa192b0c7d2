//! Workbooks written part by part, for what no library writes.

use std::io::Write;
use std::path::Path;

use image::ImageFormat;
use zip::write::SimpleFileOptions;

use super::make::file;

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A workbook of one sheet: its rows in full, what its drawing holds, and its pictures.
pub struct Book {
    /// Everything inside `<worksheet>`, but for the drawing's own element.
    pub sheet: String,
    /// Everything inside the drawing, whose pictures are `rId1` and so on.
    pub drawing: String,
    /// The pictures' files.
    pub pictures: Vec<Vec<u8>>,
    /// Further parts, by their names.
    pub parts: Vec<(&'static str, String)>,
    /// Further ways from the workbook to its parts: kind and target.
    pub ways: Vec<(&'static str, &'static str)>,
    /// Where the workbook itself is.
    pub workbook: &'static str,
}

impl Book {
    /// `count` goods from row 2 on, of this many points each.
    pub fn of_rows(count: usize, points: u32) -> Self {
        let heading = row(1, 20, "", ["name", "cover", "price", "url"].map(text));
        let rows: Vec<String> = (2..count + 2).map(|number| goods(number, points, "")).collect();
        Self {
            sheet: format!("<sheetData>{heading}{}</sheetData>", rows.concat()),
            drawing: String::new(),
            pictures: Vec::new(),
            parts: Vec::new(),
            ways: Vec::new(),
            workbook: "xl/workbook.xml",
        }
    }

    pub fn with(mut self, picture: Vec<u8>) -> Self {
        self.pictures.push(picture);
        self
    }

    pub fn with_colours(self, colours: &[[u8; 3]]) -> Self {
        let picture = |colour: &[u8; 3]| {
            let pixels = image::RgbImage::from_pixel(40, 40, image::Rgb(*colour));
            file(&pixels.into(), ImageFormat::Png)
        };
        colours.iter().fold(self, |book, colour| book.with(picture(colour)))
    }

    pub fn drawing(mut self, drawing: &str) -> Self {
        self.drawing.push_str(drawing);
        self
    }

    pub fn save(&self) -> tempfile::TempPath {
        let path = tempfile::Builder::new().suffix(".xlsx").tempfile().expect("a file").into_temp_path();
        self.save_at(&path);
        path
    }

    pub fn save_at(&self, path: &Path) {
        let mut zip = zip::ZipWriter::new(std::fs::File::create(path).expect("a file"));
        let mut put = |name: &str, bytes: &[u8]| {
            zip.start_file(name, SimpleFileOptions::default()).expect("a part");
            zip.write_all(bytes).expect("written");
        };
        let (folder, name) = self.workbook.rsplit_once('/').expect("a folder");
        put("[Content_Types].xml", self.types().as_bytes());
        put("_rels/.rels", ways(&[("officeDocument", &format!("/{}", self.workbook))]).as_bytes());
        put(self.workbook, workbook().as_bytes());
        let own = [("worksheet", "/xl/worksheets/sheet1.xml")];
        let all: Vec<(&str, &str)> = own.into_iter().chain(self.ways.iter().copied()).collect();
        put(&format!("{folder}/_rels/{name}.rels"), ways(&all).as_bytes());
        let names = concat!(
            "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" ",
            "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
        );
        let sheet = format!("<worksheet {names}>{}<drawing r:id=\"rId1\"/></worksheet>", self.sheet);
        put("xl/worksheets/sheet1.xml", sheet.as_bytes());
        let drawing = ways(&[("drawing", "../drawings/drawing1.xml")]);
        put("xl/worksheets/_rels/sheet1.xml.rels", drawing.as_bytes());
        put("xl/drawings/drawing1.xml", format!("<xdr:wsDr>{}</xdr:wsDr>", self.drawing).as_bytes());
        let media: Vec<String> =
            (1..=self.pictures.len()).map(|number| format!("/xl/media/image{number}.png")).collect();
        let images: Vec<(&str, &str)> = media.iter().map(|name| ("image", name.as_str())).collect();
        put("xl/drawings/_rels/drawing1.xml.rels", ways(&images).as_bytes());
        for (name, bytes) in media.iter().zip(&self.pictures) {
            put(&name[1..], bytes);
        }
        for (name, text) in &self.parts {
            put(name, text.as_bytes());
        }
        zip.finish().expect("a workbook");
    }

    fn types(&self) -> String {
        let main = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
        format!(
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Override PartName=\"/{}\" ContentType=\"{main}\"/></Types>",
            self.workbook
        )
    }
}

fn workbook() -> String {
    format!(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{OFFICE}\">\
         <sheets><sheet name=\"&#x5546;品\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    )
}

/// Ways to parts, as `rId1` and so on: kind, or a whole type, and target.
pub fn ways(targets: &[(&str, &str)]) -> String {
    let way = |(number, (kind, target)): (usize, &(&str, &str))| {
        let kind = if kind.contains('/') { (*kind).to_owned() } else { format!("{OFFICE}/{kind}") };
        format!("<Relationship Id=\"rId{number}\" Type=\"{kind}\" Target=\"{target}\"/>")
    };
    let all: Vec<String> = (1..).zip(targets).map(way).collect();
    format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{}</Relationships>",
        all.concat()
    )
}

/// A row of goods without a cover.
pub fn goods(number: usize, points: u32, more: &str) -> String {
    let url = format!("pages/tea?id={number}");
    row(number, points, more, [text("正山小种 100g"), String::new(), text("9.5"), text(&url)])
}

fn row(number: usize, points: u32, more: &str, cells: [String; 4]) -> String {
    let cell = |(column, content): (char, &String)| {
        let kind = if content.is_empty() { "" } else { " t=\"inlineStr\"" };
        format!("<c r=\"{column}{number}\"{kind}>{content}</c>")
    };
    let cells: Vec<String> = ('A'..).zip(&cells).map(cell).collect();
    format!("<row r=\"{number}\" ht=\"{points}\" customHeight=\"1\" {more}>{}</row>", cells.concat())
}

fn text(text: &str) -> String {
    format!("<is><t>{text}</t></is>")
}

/// A corner of an anchor in column B: row counted from 0, and points into it.
pub fn corner(name: &str, row: u32, points: f64) -> String {
    format!(
        "<xdr:{name}><xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>\
         <xdr:rowOff>{}</xdr:rowOff></xdr:{name}>",
        points * 12_700.0
    )
}

/// A picture with this frame (`xfrm`, with its children) and what its `blipFill` holds beside the picture.
pub fn pic(number: usize, frame: &str, fill: &str) -> String {
    format!(
        "<xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"{number}\" name=\"p\"/></xdr:nvPicPr><xdr:blipFill>\
         <a:blip r:embed=\"rId{number}\"/>{fill}</xdr:blipFill><xdr:spPr>{frame}</xdr:spPr></xdr:pic>"
    )
}

/// A picture over a stretch of column B, from and to a row counted from 0 and points into it.
pub fn two_cells(from: (u32, f64), to: (u32, f64), inside: &str) -> String {
    let (from, to) = (corner("from", from.0, from.1), corner("to", to.0, to.1));
    format!("<xdr:twoCellAnchor>{from}{to}{inside}<xdr:clientData/></xdr:twoCellAnchor>")
}
