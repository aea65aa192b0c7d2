//! An `OpenDocument` sheet into cells, streamed: a row said to be repeated a million times costs nothing to hold.

use std::sync::Arc;

use calamine::DataRef;
use quick_xml::events::{BytesStart, Event};

use super::super::super::currency::{is_foreign_currency, is_home};
use super::super::super::error::Place;
use super::super::super::zipped::{Xml, attribute, is, push_text};
use super::super::super::{Look, Problem};
use super::super::found::{COLUMNS, Found, ROWS};
use super::super::shown::Shown;
use super::styles::Styles;

/// The most cells that repetitions may stand for, and the most bytes of text that they may.
const REPEATED: u64 = 20_000_000;
const REPEATED_TEXT: u64 = 256 << 20;

/// Reads the cells of one sheet, row by row.
pub(in crate::sheet::workbook) struct OdsCells<'b> {
    xml: Xml<'b>,
    styles: Arc<Styles>,
    /// What the columns show where neither cell nor row says so: up to which column, and the style.
    columns: Vec<(u32, String)>,
    /// The cells of the row at hand.
    cells: Vec<Found<'static>>,
    given: usize,
    row: u32,
    /// How many more rows are the same as the one at hand.
    repeats: u32,
    next_row: u32,
    repeated: u64,
    repeated_text: u64,
    /// The most bytes of text that a row's repeated cells may have.
    longest: usize,
}

/// What the tag of a row says for its cells.
struct RowHead {
    repeats: u32,
    hidden: bool,
    style: Option<String>,
}

impl<'b> OdsCells<'b> {
    /// Reads on from the tag that opened the sheet.
    pub(super) fn new(xml: Xml<'b>, styles: Arc<Styles>, longest: usize) -> Self {
        Self {
            xml,
            styles,
            columns: Vec::new(),
            cells: Vec::new(),
            given: 0,
            row: 0,
            repeats: 0,
            next_row: 0,
            repeated: 0,
            repeated_text: 0,
            longest,
        }
    }

    /// How many bytes were unpacked so far.
    pub fn unpacked(&self) -> u64 {
        self.xml.unpacked()
    }

    /// The next cell that has a value or a formula; `None` after the last.
    pub fn next_cell(&mut self) -> Result<Option<Found<'b>>, Problem> {
        loop {
            if let Some(found) = self.cells.get(self.given) {
                self.given += 1;
                return Ok(Some(Found { row: self.row + 1, ..found.clone() }));
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
            let head = match self.xml.next_event()? {
                Event::Start(tag) if is(&tag, "table") => {
                    inner_tables += 1;
                    continue;
                }
                Event::End(tag) if tag.local_name().as_ref() == "table" => {
                    if inner_tables == 0 {
                        return Ok(false);
                    }
                    inner_tables -= 1;
                    continue;
                }
                Event::Start(tag) if inner_tables == 0 && is(&tag, "table-column") => {
                    let repeats = count(&tag, "number-columns-repeated")?;
                    let style = attribute(&tag, "default-cell-style-name")?.unwrap_or_default();
                    let before = self.columns.last().map_or(0, |(end, _)| *end);
                    if before < COLUMNS {
                        self.columns.push((before.saturating_add(repeats).min(COLUMNS), style));
                    }
                    continue;
                }
                Event::Start(tag) if inner_tables == 0 && is(&tag, "table-row") => RowHead {
                    repeats: count(&tag, "number-rows-repeated")?.min(ROWS.saturating_sub(self.next_row)),
                    hidden: matches!(attribute(&tag, "visibility")?.as_deref(), Some("collapse" | "filter")),
                    style: attribute(&tag, "default-cell-style-name")?,
                },
                Event::Eof => return Err(cut_short()),
                _ => continue,
            };
            self.row = self.next_row;
            self.next_row += head.repeats;
            self.repeats = head.repeats.saturating_sub(1);
            self.given = 0;
            self.read_cells(&head)?;
            return self.bear_repeating().map(|()| true);
        }
    }

    fn bear_repeating(&mut self) -> Result<(), Problem> {
        let text: usize = self.cells.iter().map(text_of).sum();
        self.repeated += u64::from(self.repeats) * self.cells.len() as u64;
        self.repeated_text += u64::from(self.repeats) * text as u64;
        if self.repeated <= REPEATED && self.repeated_text <= REPEATED_TEXT {
            return Ok(());
        }
        let column = self.cells.last().map_or(1, |found| found.column + 1);
        let place = Place { row: self.next_row, column, heading: String::new() };
        Err(Problem::AreaTooLarge { place, cells: self.repeated })
    }

    /// Reads the cells up to the end of the row.
    fn read_cells(&mut self, head: &RowHead) -> Result<(), Problem> {
        self.cells.clear();
        let (mut column, mut text) = (0_u32, 0_usize);
        loop {
            match self.xml.next_event()? {
                Event::Start(tag) if is(&tag, "table-cell") || is(&tag, "covered-table-cell") => {
                    let mut cell = CellHead::of(&tag)?;
                    let repeats = cell.repeats.min(COLUMNS.saturating_sub(column));
                    let name = tag.local_name().as_ref().to_owned();
                    let (shown, paragraphs) = read_text(&mut self.xml, &name)?;
                    let style = cell.style.take();
                    let style = style.as_deref().or(head.style.as_deref());
                    let style = style.unwrap_or_else(|| self.style_of_column(column));
                    let mut found = Found::at(self.row, column.min(COLUMNS - 1), DataRef::Empty)?;
                    found.hidden = head.hidden;
                    // A formula that came to nothing has a paragraph with nothing in it.
                    cell.typed |= paragraphs > 0;
                    cell.fill(&mut found, shown, self.styles.shown(style));
                    column += repeats;
                    if found.is_blank() || name == "covered-table-cell" {
                        continue;
                    }
                    text += text_of(&found) * repeats as usize;
                    if repeats > 1 && text > self.longest {
                        let place =
                            Place { row: self.row + 1, column: column as usize, heading: String::new() };
                        return Err(Problem::TooLong { place, limit: self.longest });
                    }
                    let first = found.column;
                    let columns = first..first + repeats as usize;
                    self.cells.extend(columns.map(|column| Found { column, ..found.clone() }));
                }
                Event::End(tag) if tag.local_name().as_ref() == "table-row" => return Ok(()),
                Event::Eof => return Err(cut_short()),
                _ => {}
            }
        }
    }

    fn style_of_column(&self, column: u32) -> &str {
        let after = self.columns.partition_point(|(end, _)| *end <= column);
        self.columns.get(after).map_or("", |(_, style)| style)
    }
}

fn text_of(found: &Found<'_>) -> usize {
    if let DataRef::String(text) = &found.value { text.len() } else { 0 }
}

/// What the tag of a cell says.
struct CellHead {
    repeats: u32,
    style: Option<String>,
    /// The value as stored beside the text; `None` when the text is the value.
    stored: Option<DataRef<'static>>,
    look: Option<Look>,
    formula: bool,
    typed: bool,
    span: Option<(u32, u32)>,
}

impl CellHead {
    fn of(tag: &BytesStart<'_>) -> Result<Self, Problem> {
        let span = (count(tag, "number-rows-spanned")?, count(tag, "number-columns-spanned")?);
        let kind = attribute_of(tag, "office:value-type")?;
        let is_error = attribute_of(tag, "calcext:value-type")?.as_deref() == Some("error");
        let currency = attribute(tag, "currency")?.filter(|currency| !is_home(currency));
        let look = match kind.as_deref() {
            Some("percentage") => Some(Look::Percent),
            Some("currency") => currency.map(|currency| Look::Currency(currency.into())),
            Some("date" | "time") => Some(Look::Date),
            _ => None,
        };
        Ok(Self {
            repeats: count(tag, "number-columns-repeated")?,
            style: attribute(tag, "style-name")?,
            stored: if is_error { None } else { stored_value(tag, kind.as_deref())? },
            look,
            formula: attribute(tag, "formula")?.is_some(),
            typed: is_error || kind.is_some(),
            span: Some(span).filter(|span| *span != (1, 1)),
        })
    }

    fn fill(self, found: &mut Found<'_>, text: String, shown: &Shown) {
        found.span = self.span;
        if self.formula && !self.typed && text.is_empty() {
            return found.not_calculated();
        }
        // Excel stores a formula's error as a 0 that shows it, LibreOffice what is true as a 1 that does.
        let is_number = matches!(self.stored, Some(DataRef::Float(_)));
        found.value = match self.stored {
            Some(stored) if !(is_number && (text.starts_with('#') || is_truth(&text))) => stored,
            _ => DataRef::String(text.clone()),
        };
        found.look = self.look.or_else(|| is_number.then(|| look_of(&text)).flatten());
        if !matches!(shown, Shown::Date | Shown::Duration) {
            found.show(shown, false);
        }
    }
}

fn is_truth(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// What the text that a number is shown as says beside its digits: some programs write no other word of its format.
fn look_of(text: &str) -> Option<Look> {
    let words = text.trim_matches(|sign: char| sign.is_ascii_digit() || " \u{A0}.,-+()".contains(sign));
    match words {
        "" => None,
        "%" => Some(Look::Percent),
        words => is_foreign_currency(words).then(|| Look::Currency(words.into())),
    }
}

fn stored_value(tag: &BytesStart<'_>, kind: Option<&str>) -> Result<Option<DataRef<'static>>, Problem> {
    Ok(match kind {
        Some("float" | "percentage" | "currency") => {
            attribute(tag, "value")?.and_then(|value| value.parse().ok()).map(DataRef::Float)
        }
        Some("boolean") => {
            attribute(tag, "boolean-value")?.map(|value| DataRef::Bool(value.eq_ignore_ascii_case("true")))
        }
        Some("date") => attribute(tag, "date-value")?.map(DataRef::String),
        Some("time") => attribute(tag, "time-value")?.map(|value| DataRef::String(clock_time(&value))),
        Some("string") => attribute(tag, "string-value")?.map(DataRef::String),
        _ => None,
    })
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

/// The text a cell shows and how many paragraphs it has, up to the end of the tag called `until`; notes and drawings are
/// passed over.
fn read_text(xml: &mut Xml<'_>, until: &str) -> Result<(String, usize), Problem> {
    let mut text = String::new();
    let mut paragraphs = 0;
    loop {
        match xml.next_event()? {
            Event::Start(tag) => match (tag.local_name().as_ref(), tag.name().as_ref()) {
                ("p", _) => {
                    if paragraphs > 0 {
                        text.push('\n');
                    }
                    paragraphs += 1;
                }
                ("s", _) => {
                    let blanks = count(&tag, "c")?.min(1024);
                    text.extend(std::iter::repeat_n(' ', blanks as usize));
                }
                ("tab", _) => text.push('\t'),
                ("line-break", _) => text.push('\n'),
                // Notes, and how a word is pronounced.
                ("annotation" | "ruby-text", _) => xml.skip_element()?,
                (_, name) if name.starts_with("draw:") => xml.skip_element()?,
                _ => {}
            },
            Event::End(tag) if tag.local_name().as_ref() == until => return Ok((text, paragraphs)),
            Event::Eof => return Err(cut_short()),
            event if paragraphs > 0 => push_text(&mut text, &event)?,
            _ => {}
        }
    }
}

/// The value of an attribute that has a twin of another prefix.
fn attribute_of(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    let found = tag.try_get_attribute(name).map_err(quick_xml::Error::from)?;
    found
        .map(|found| Ok(found.normalized_value(quick_xml::XmlVersion::Implicit1_0)?.into_owned()))
        .transpose()
}

/// How often something is repeated, or over how much it spans; once when nothing is said.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_number_is_shown_as_tells_its_currency() {
        let currency = |sign: &str| Some(Look::Currency(sign.into()));
        for (text, look) in [
            ("€99.50", currency("€")),
            ("NT$99.50", currency("NT$")),
            ("1,299.00 USD", currency("USD")),
            ("12.5%", Some(Look::Percent)),
            ("¥99.50", None),
            ("99.5", None),
            ("99件", None),
            ("", None),
        ] {
            assert_eq!(look_of(text), look, "{text}");
        }
    }

    #[test]
    fn a_time_is_shown_as_on_a_clock() {
        assert_eq!(clock_time("PT36H05M00S"), "36:05:00");
        assert_eq!(clock_time("PT09H30M15.5S"), "09:30:15");
        assert_eq!(clock_time("soon"), "soon");
    }
}
