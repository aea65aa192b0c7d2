//! A worksheet's part into its cells, streamed.

use calamine::DataRef;
use quick_xml::events::{BytesStart, Event};

use super::super::super::Problem;
use super::super::super::area::place_of;
use super::super::super::zipped::{Xml, is, number, push_text, truth};
use super::super::found::Found;
use super::strings::{Strings, read_rich, unescaped};
use super::styles::Styles;

/// What cells refer to.
#[derive(Clone, Copy)]
pub(in crate::sheet::workbook) struct Shared<'b> {
    pub strings: &'b Strings,
    pub styles: &'b Styles,
    pub is_1904: bool,
    /// The program that wrote the workbook left its formulas to be calculated when it is opened: a 0 it stored beside
    /// one means nothing.
    pub calculates_on_load: bool,
}

/// Reads the cells of one worksheet, row by row.
pub(in crate::sheet::workbook) struct XlsxCells<'b> {
    xml: Xml<'b>,
    shared: Shared<'b>,
    /// Where the next cell is that does not say where, counted from 0.
    row: u32,
    column: u32,
    hidden: bool,
    ended: bool,
    text: String,
}

/// How a cell's value is written.
#[derive(Clone, Copy, Default, PartialEq)]
enum Kind {
    #[default]
    Number,
    Shared,
    Text,
    Truth,
    Date,
}

/// What a cell's tag says.
#[derive(Default)]
struct Head {
    place: Option<(u32, u32)>,
    style: usize,
    kind: Kind,
}

impl<'b> XlsxCells<'b> {
    /// Reads from the beginning of the part.
    pub fn new(xml: Xml<'b>, shared: Shared<'b>) -> Self {
        Self { xml, shared, row: 0, column: 0, hidden: false, ended: false, text: String::new() }
    }

    /// How many bytes were unpacked so far.
    pub fn unpacked(&self) -> u64 {
        self.xml.unpacked()
    }

    /// The next cell that has a value or a formula; `None` after the last.
    pub fn next_cell(&mut self) -> Result<Option<Found<'b>>, Problem> {
        while !self.ended {
            match self.xml.next_event()? {
                Event::Start(tag) if is(&tag, "c") => {
                    let head = Head::of(&tag)?;
                    if let Some(found) = self.read_cell(head)? {
                        return Ok(Some(found));
                    }
                }
                Event::Start(tag) if is(&tag, "row") => {
                    let row = number::<u32>(&tag, "r")?;
                    self.row = row.and_then(|row| row.checked_sub(1)).unwrap_or(self.row);
                    self.hidden = truth(&tag, "hidden")?;
                    self.column = 0;
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" => self.row += 1,
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => self.ended = true,
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Reads up to the end of a cell.
    fn read_cell(&mut self, head: Head) -> Result<Option<Found<'b>>, Problem> {
        if let Some(place) = head.place {
            (self.row, self.column) = place;
        }
        let (row, column) = (self.row, self.column);
        self.column += 1;
        self.text.clear();
        let (mut in_value, mut formula, mut inline) = (false, false, false);
        loop {
            match self.xml.next_event()? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "v" => in_value = true,
                    "f" => formula = true,
                    "is" => {
                        read_rich(&mut self.xml, "is", &mut self.text)?;
                        inline = true;
                    }
                    _ => {}
                },
                Event::End(tag) => match tag.local_name().as_ref() {
                    "v" => in_value = false,
                    "c" => break,
                    _ => {}
                },
                Event::Eof => return Err(cut_short()),
                event if in_value => push_text(&mut self.text, &event)?,
                _ => {}
            }
        }
        let value = self.value(if inline { Kind::Text } else { head.kind })?;
        let mut found = Found::at(row, column, value)?;
        found.hidden = self.hidden;
        found.show(self.shared.styles.shown(head.style), self.shared.is_1904);
        if formula && self.is_uncalculated(&found.value, head.kind) {
            found.not_calculated();
        }
        Ok(Some(found).filter(|found| !found.is_blank()))
    }

    /// A formula that was calculated to an empty text says that it is a text.
    fn is_uncalculated(&self, value: &DataRef<'_>, kind: Kind) -> bool {
        match value {
            DataRef::Empty => kind == Kind::Number,
            DataRef::Float(number) => self.shared.calculates_on_load && *number == 0.0,
            _ => false,
        }
    }

    fn value(&mut self, kind: Kind) -> Result<DataRef<'b>, Problem> {
        let text = &self.text;
        Ok(match kind {
            Kind::Text => DataRef::String(unescaped(text).unwrap_or_else(|| text.clone())),
            _ if text.trim().is_empty() => DataRef::Empty,
            Kind::Shared => {
                let shared = text.trim().parse().ok().and_then(|number| self.shared.strings.get(number));
                DataRef::SharedString(shared.ok_or_else(|| Problem::Damaged {
                    detail: format!("a cell names text {text:?}, which is not there"),
                })?)
            }
            Kind::Truth => DataRef::Bool(matches!(text.trim(), "1" | "true")),
            Kind::Date => DataRef::DateTimeIso(text.clone()),
            Kind::Number => match text.trim().parse() {
                Ok(number) => DataRef::Float(number),
                Err(_) => DataRef::String(text.clone()),
            },
        })
    }
}

impl Head {
    fn of(tag: &BytesStart<'_>) -> Result<Self, Problem> {
        let mut head = Self::default();
        for found in tag.attributes().with_checks(false) {
            let found = found.map_err(quick_xml::Error::from)?;
            let value = found.value.as_ref();
            match found.key.as_ref() {
                "r" => head.place = place_of(value),
                "s" => head.style = value.parse().unwrap_or(0),
                "t" => {
                    head.kind = match value {
                        "s" => Kind::Shared,
                        "str" | "inlineStr" | "e" => Kind::Text,
                        "b" => Kind::Truth,
                        "d" => Kind::Date,
                        _ => Kind::Number,
                    };
                }
                _ => {}
            }
        }
        Ok(head)
    }
}

fn cut_short() -> Problem {
    Problem::Damaged { detail: "a worksheet ends too early".to_owned() }
}
