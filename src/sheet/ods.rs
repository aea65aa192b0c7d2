//! An `OpenDocument` sheet into cells, streamed: a row said to be repeated a million times costs nothing to hold.

use std::fs::File;
use std::io::BufReader;

use calamine::{Cell, DataRef, Sheet as SheetEntry, SheetType, SheetVisible};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::Problem;
use super::error::Place;

type Source = BufReader<File>;
type Xml<'b> = Reader<BufReader<ZipFile<'b, Source>>>;

/// The most columns and rows a spreadsheet program shows.
pub(super) const COLUMNS: u32 = 16_384;
pub(super) const ROWS: u32 = 1 << 20;

/// The most cells that repetitions may stand for.
const REPEATED: u64 = 20_000_000;

/// An `.ods` workbook and its sheets.
pub(super) struct OdsBook {
    archive: ZipArchive<Source>,
    pub sheets: Vec<SheetEntry>,
}

impl OdsBook {
    /// Opens the archive and lists its sheets.
    pub fn open(source: Source) -> Result<Self, Problem> {
        let mut archive = ZipArchive::new(source)?;
        if is_encrypted(&mut archive)? {
            return Err(Problem::Encrypted);
        }
        let sheets = list(&mut xml_of(&mut archive, "content.xml")?)?;
        Ok(Self { archive, sheets })
    }

    /// The cells of the sheet called `name`.
    pub fn cells(&mut self, name: &str) -> Result<OdsCells<'_>, Problem> {
        let mut xml = xml_of(&mut self.archive, "content.xml")?;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer)? {
                Event::Start(tag)
                    if is(&tag, "table:table") && attribute(&tag, "table:name")?.as_deref() == Some(name) =>
                {
                    return Ok(OdsCells::new(xml));
                }
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
    }
}

fn xml_of<'b>(archive: &'b mut ZipArchive<Source>, part: &str) -> Result<Xml<'b>, Problem> {
    let mut xml = Reader::from_reader(BufReader::new(archive.by_name(part)?));
    xml.config_mut().expand_empty_elements = true;
    Ok(xml)
}

fn is_encrypted(archive: &mut ZipArchive<Source>) -> Result<bool, Problem> {
    const MANIFEST: &str = "META-INF/manifest.xml";
    if archive.index_for_name(MANIFEST).is_none() {
        return Ok(false);
    }
    let mut xml = xml_of(archive, MANIFEST)?;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(tag) if is(&tag, "manifest:encryption-data") => return Ok(true),
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

fn list(xml: &mut Xml<'_>) -> Result<Vec<SheetEntry>, Problem> {
    let (mut sheets, mut hidden, mut style) = (Vec::new(), Vec::new(), None);
    let mut buffer = Vec::new();
    let mut depth = 0_u32;
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Start(tag) if is(&tag, "style:style") => style = attribute(&tag, "style:name")?,
            Event::Start(tag)
                if is(&tag, "style:table-properties")
                    && attribute(&tag, "table:display")?.as_deref() == Some("false") =>
            {
                hidden.extend(style.take());
            }
            Event::Start(tag) if is(&tag, "table:table") => {
                depth += 1;
                if depth == 1
                    && let Some(name) = attribute(&tag, "table:name")?
                {
                    let style = attribute(&tag, "table:style-name")?;
                    let shown = style.is_none_or(|style| !hidden.contains(&style));
                    let visible = if shown { SheetVisible::Visible } else { SheetVisible::Hidden };
                    sheets.push(SheetEntry { name, typ: SheetType::WorkSheet, visible });
                }
            }
            Event::End(tag) if tag.name().as_ref() == "table:table" => depth = depth.saturating_sub(1),
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

/// Reads the cells of one sheet, row by row.
pub(super) struct OdsCells<'b> {
    xml: Xml<'b>,
    buffer: Vec<u8>,
    /// The cells of the row at hand, with their columns counted from 0.
    cells: Vec<(u32, DataRef<'static>)>,
    given: usize,
    row: u32,
    /// How many more rows are the same as the one at hand.
    repeats: u32,
    next_row: u32,
    repeated: u64,
}

impl<'b> OdsCells<'b> {
    fn new(xml: Xml<'b>) -> Self {
        let (row, next_row) = (0, 0);
        Self { xml, buffer: Vec::new(), cells: Vec::new(), given: 0, row, repeats: 0, next_row, repeated: 0 }
    }

    /// The next cell that is not empty; `None` after the last.
    pub fn next_cell(&mut self) -> Result<Option<Cell<DataRef<'b>>>, Problem> {
        loop {
            if let Some((column, value)) = self.cells.get(self.given) {
                self.given += 1;
                return Ok(Some(Cell::new((self.row, *column), value.clone())));
            }
            if self.repeats > 0 && !self.cells.is_empty() {
                self.repeats -= 1;
                self.row += 1;
                self.given = 0;
            } else if !self.read_row()? {
                return Ok(None);
            }
        }
    }

    /// Reads the next row of the sheet; false at its end.
    fn read_row(&mut self) -> Result<bool, Problem> {
        let mut inner_tables = 0_u32;
        loop {
            self.buffer.clear();
            let repeats = match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(tag) if is(&tag, "table:table") => {
                    inner_tables += 1;
                    continue;
                }
                Event::End(tag) if tag.name().as_ref() == "table:table" => {
                    if inner_tables == 0 {
                        return Ok(false);
                    }
                    inner_tables -= 1;
                    continue;
                }
                Event::Start(tag) if inner_tables == 0 && is(&tag, "table:table-row") => {
                    count(&tag, "table:number-rows-repeated")?.min(ROWS.saturating_sub(self.next_row))
                }
                Event::Eof => return Err(cut_short()),
                _ => continue,
            };
            self.row = self.next_row;
            self.next_row += repeats;
            self.repeats = repeats.saturating_sub(1);
            self.given = 0;
            self.read_cells()?;
            return self.bear_repeating().map(|()| true);
        }
    }

    fn bear_repeating(&mut self) -> Result<(), Problem> {
        self.repeated += u64::from(self.repeats) * self.cells.len() as u64;
        if self.repeated <= REPEATED {
            return Ok(());
        }
        let column = self.cells.last().map_or(1, |(column, _)| *column as usize + 1);
        let place = Place { row: self.next_row, column, heading: String::new() };
        Err(Problem::AreaTooLarge { place, cells: self.repeated })
    }

    /// Reads the cells up to the end of the row.
    fn read_cells(&mut self) -> Result<(), Problem> {
        self.cells.clear();
        let mut column = 0_u32;
        loop {
            self.buffer.clear();
            match self.xml.read_event_into(&mut self.buffer)? {
                Event::Start(tag) if is(&tag, "table:table-cell") || is(&tag, "table:covered-table-cell") => {
                    let repeats =
                        count(&tag, "table:number-columns-repeated")?.min(COLUMNS.saturating_sub(column));
                    let stored = stored_value(&tag)?;
                    let covered = is(&tag, "table:covered-table-cell");
                    let shown = read_text(&mut self.xml, tag.name().as_ref().to_owned())?;
                    let value = stored.unwrap_or(DataRef::String(shown));
                    let empty = covered || matches!(&value, DataRef::String(text) if text.is_empty());
                    if !empty {
                        self.cells.extend((column..column + repeats).map(|column| (column, value.clone())));
                    }
                    column += repeats;
                }
                Event::End(tag) if tag.name().as_ref() == "table:table-row" => return Ok(()),
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
    }
}

/// A cell's value as stored beside its text; `None` when the text is the value.
fn stored_value(tag: &BytesStart<'_>) -> Result<Option<DataRef<'static>>, Problem> {
    if attribute(tag, "calcext:value-type")?.as_deref() == Some("error") {
        return Ok(None);
    }
    let kind = attribute(tag, "office:value-type")?;
    let value = match kind.as_deref() {
        Some("float" | "percentage" | "currency") => {
            attribute(tag, "office:value")?.and_then(|value| value.parse().ok()).map(DataRef::Float)
        }
        Some("boolean") => attribute(tag, "office:boolean-value")?
            .map(|value| DataRef::Bool(value.eq_ignore_ascii_case("true"))),
        Some("date") => attribute(tag, "office:date-value")?.map(DataRef::String),
        Some("time") => attribute(tag, "office:time-value")?.map(|value| DataRef::String(clock_time(&value))),
        Some("string") => attribute(tag, "office:string-value")?.map(DataRef::String),
        _ => None,
    };
    Ok(value)
}

/// `PT36H05M00S` as `36:05:00`; what is spelled otherwise stays as it is.
fn clock_time(duration: &str) -> String {
    let parts = || {
        let (hours, rest) = duration.strip_prefix("PT")?.split_once('H')?;
        let (minutes, rest) = rest.split_once('M')?;
        let seconds = rest.strip_suffix('S')?.split('.').next()?;
        let two = |part: &str| part.parse::<u32>().ok();
        Some(format!("{:02}:{:02}:{:02}", two(hours)?, two(minutes)?, two(seconds)?))
    };
    parts().unwrap_or_else(|| duration.to_owned())
}

/// The text a cell shows, up to the end of the tag called `until`; notes and drawings are passed over.
fn read_text(xml: &mut Xml<'_>, until: String) -> Result<String, Problem> {
    let mut text = String::new();
    let mut paragraphs = 0;
    let mut buffer = Vec::new();
    let mut inner = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Text(part) if paragraphs > 0 => text.push_str(&part.xml10_content()),
            Event::GeneralRef(part) if paragraphs > 0 => {
                match (part.resolve_char_ref()?, quick_xml::escape::resolve_predefined_entity(part.as_ref()))
                {
                    (Some(sign), _) => text.push(sign),
                    (None, Some(sign)) => text.push_str(sign),
                    (None, None) => return Err(Problem::Damaged { detail: "an unknown entity".to_owned() }),
                }
            }
            Event::Start(tag) if is(&tag, "text:p") => {
                if paragraphs > 0 {
                    text.push('\n');
                }
                paragraphs += 1;
            }
            Event::Start(tag) if is(&tag, "text:s") => {
                let blanks = count(&tag, "text:c")?.min(1024);
                text.extend(std::iter::repeat_n(' ', blanks as usize));
            }
            Event::Start(tag) if is(&tag, "text:tab") => text.push('\t'),
            Event::Start(tag) if is(&tag, "text:line-break") => text.push('\n'),
            Event::Start(tag)
                if is(&tag, "office:annotation") || tag.name().as_ref().starts_with("draw:") =>
            {
                let name = tag.name().as_ref().to_owned();
                inner.clear();
                xml.read_to_end_into(quick_xml::name::QName(&name), &mut inner)?;
            }
            Event::End(tag) if tag.name().as_ref() == until => return Ok(text),
            Event::Eof => return Err(cut_short()),
            _ => {}
        }
    }
}

fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.name().as_ref() == name
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    let Some(found) = tag.try_get_attribute(name).map_err(quick_xml::Error::from)? else { return Ok(None) };
    Ok(Some(found.normalized_value(XmlVersion::Implicit1_0)?.into_owned()))
}

/// How often something is repeated; once when nothing is said.
fn count(tag: &BytesStart<'_>, name: &str) -> Result<u32, Problem> {
    match attribute(tag, name)? {
        None => Ok(1),
        Some(number) => {
            number.parse().map_err(|_| Problem::Damaged { detail: format!("{name} is {number:?}") })
        }
    }
}

fn cut_short() -> Problem {
    Problem::Damaged { detail: "content.xml ends too early".to_owned() }
}

impl From<quick_xml::Error> for Problem {
    fn from(error: quick_xml::Error) -> Self {
        Self::Damaged { detail: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_shown_as_on_a_clock() {
        assert_eq!(clock_time("PT36H05M00S"), "36:05:00");
        assert_eq!(clock_time("PT09H30M15.5S"), "09:30:15");
        assert_eq!(clock_time("soon"), "soon");
    }
}
