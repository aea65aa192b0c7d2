//! An `OpenDocument` workbook's styles into what each shows of a number, and which sheets nobody sees.

use std::collections::{HashMap, HashSet};

use quick_xml::events::{BytesStart, Event};

use super::super::super::Problem;
use super::super::super::zipped::{Xml, attribute, is, number, push_text};
use super::super::shown::Shown;

/// More styles than any spreadsheet program writes.
const MOST: usize = 1 << 17;

/// Styles that follow each other further than this follow each other in a circle.
const PARENTS: usize = 16;

/// The most signs that a style of digits shows: no number has more digits.
const MOST_DIGITS: usize = 20;

/// The styles of a workbook, by their names.
#[derive(Debug, Default)]
pub(super) struct Styles {
    formats: HashMap<String, Shown>,
    cells: HashMap<String, CellStyle>,
    hidden: HashSet<String>,
}

#[derive(Debug, Default)]
struct CellStyle {
    format: Option<String>,
    parent: Option<String>,
}

impl Styles {
    /// Reads a whole part.
    pub fn read(&mut self, mut xml: Xml<'_>) -> Result<(), Problem> {
        while self.read_next(&mut xml, "")? {}
        Ok(())
    }

    /// Reads what is in the element of automatic styles that was opened last.
    pub fn read_element(&mut self, xml: &mut Xml<'_>) -> Result<(), Problem> {
        while self.read_next(xml, "automatic-styles")? {}
        Ok(())
    }

    /// Reads on to the end of the next style; false at the end of the element called `until`, and of the part.
    fn read_next(&mut self, xml: &mut Xml<'_>, until: &str) -> Result<bool, Problem> {
        match xml.next_event()? {
            Event::Start(tag) => {
                let kind = tag.local_name().as_ref().to_owned();
                let name = attribute(&tag, "name")?.unwrap_or_default();
                match kind.as_str() {
                    "style" => {
                        let format = attribute(&tag, "data-style-name")?;
                        let parent = attribute(&tag, "parent-style-name")?;
                        if read_hidden(xml)? {
                            self.hidden.insert(name.clone());
                        }
                        self.cells.insert(name, CellStyle { format, parent });
                    }
                    "percentage-style" => {
                        xml.skip_element()?;
                        self.formats.insert(name, Shown::Percent);
                    }
                    "number-style" | "currency-style" | "date-style" | "time-style" => {
                        let code = read_code(xml, &kind)?;
                        let shown = if matches!(kind.as_str(), "date-style" | "time-style") {
                            Shown::Number
                        } else {
                            Shown::of(&code)
                        };
                        self.formats.insert(name, shown);
                    }
                    _ => {}
                }
                if self.cells.len().max(self.formats.len()).max(self.hidden.len()) > MOST {
                    return Err(Problem::Damaged { detail: format!("more than {MOST} styles") });
                }
                Ok(true)
            }
            Event::End(tag) => Ok(tag.local_name().as_ref() != until),
            Event::Eof => Ok(false),
            _ => Ok(true),
        }
    }

    /// What a cell of this style shows of a number.
    pub fn shown(&self, style: &str) -> &Shown {
        let mut name = Some(style);
        for _ in 0..PARENTS {
            let Some(style) = name.and_then(|name| self.cells.get(name)) else { break };
            if let Some(shown) = style.format.as_ref().and_then(|format| self.formats.get(format)) {
                return shown;
            }
            name = style.parent.as_deref();
        }
        &Shown::Number
    }

    /// Whether nobody sees a sheet of this style.
    pub fn is_hidden(&self, style: &str) -> bool {
        self.hidden.contains(style)
    }
}

/// Reads up to the end of a style; whether it hides a sheet.
fn read_hidden(xml: &mut Xml<'_>) -> Result<bool, Problem> {
    let mut hidden = false;
    loop {
        match xml.next_event()? {
            Event::Start(tag) if is(&tag, "table-properties") => {
                hidden = attribute(&tag, "display")?.as_deref() == Some("false");
            }
            Event::End(tag) if tag.local_name().as_ref() == "style" => return Ok(hidden),
            Event::Eof => return Ok(hidden),
            _ => {}
        }
    }
}

/// Reads up to the end of a style of numbers, as the code that other spreadsheet programs write for it.
fn read_code(xml: &mut Xml<'_>, until: &str) -> Result<String, Problem> {
    let mut code = String::new();
    // What text is being read, and the locale of a currency's sign.
    let (mut text, mut locale, mut behind) = (None::<String>, None::<&str>, 0);
    loop {
        match xml.next_event()? {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "number" => push_digits(&mut code, &tag)?,
                "scientific-number" | "fraction" => code.push('#'),
                "text" => text = Some(String::new()),
                "embedded-text" => {
                    text = Some(String::new());
                    behind = number::<usize>(&tag, "position")?.unwrap_or(0);
                }
                "currency-symbol" => {
                    text = Some(String::new());
                    let yen = attribute(&tag, "country")?.as_deref() == Some("JP");
                    locale = Some(if yen { "411" } else { "" });
                }
                _ => {}
            },
            Event::End(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                if name == until {
                    return Ok(code);
                }
                if name == "embedded-text"
                    && let Some(text) = text.take()
                    && code.is_char_boundary(code.len().saturating_sub(behind))
                {
                    // It stands before so many of the digits.
                    let at = code.len().saturating_sub(behind);
                    code.insert_str(at, &format!("\"{}\"", text.replace('"', "")));
                } else if matches!(name.as_str(), "text" | "currency-symbol")
                    && let Some(text) = text.take()
                {
                    match locale.take() {
                        Some(locale) => code.push_str(&format!("[${text}-{locale}]")),
                        None => code.push_str(&format!("\"{}\"", text.replace('"', ""))),
                    }
                }
            }
            Event::Eof => return Ok(code),
            event => {
                if let Some(text) = &mut text {
                    push_text(text, &event)?;
                }
            }
        }
    }
}

fn push_digits(code: &mut String, tag: &BytesStart<'_>) -> Result<(), Problem> {
    let grouped = attribute(tag, "grouping")?.as_deref() == Some("true");
    let digits = number::<usize>(tag, "min-integer-digits")?.unwrap_or(1).min(MOST_DIGITS);
    let decimals = number::<u32>(tag, "decimal-places")?.unwrap_or(0);
    if grouped {
        code.push_str("#,");
    }
    code.push_str(&"0".repeat(digits));
    if decimals > 0 {
        code.push_str(".0");
    }
    Ok(())
}
