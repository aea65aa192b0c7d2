//! The texts that cells share into one long text, so that millions of small ones cost no allocation each.

use quick_xml::events::Event;

use super::super::super::Problem;
use super::super::super::zipped::{Xml, is, push_text};

/// What texts and their ends may take together, in bytes.
const MOST: usize = 160 << 20;

/// More texts than this no sheet that a spreadsheet program saved has: it has no more cells in a few columns.
const MOST_TEXTS: usize = 8 << 20;

/// The shared texts of a workbook, by their numbers.
#[derive(Debug, Default)]
pub(in crate::sheet::workbook) struct Strings {
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Strings {
    /// Reads a workbook's part of shared texts.
    pub fn read(mut xml: Xml<'_>) -> Result<Self, Problem> {
        let mut strings = Self::default();
        let mut text = String::new();
        loop {
            match xml.next_event()? {
                Event::Start(tag) if is(&tag, "si") => {
                    text.clear();
                    read_rich(&mut xml, "si", &mut text)?;
                    strings.push(unescaped(&text).as_deref().unwrap_or(&text))?;
                }
                Event::Eof => return Ok(strings),
                _ => {}
            }
        }
    }

    /// Adds the next text.
    pub fn push(&mut self, text: &str) -> Result<(), Problem> {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let bytes = self.text.len() + self.ends.len() * size_of::<u32>();
        if bytes > MOST || self.ends.len() > MOST_TEXTS {
            return Err(Problem::TooMuchText { texts: MOST_TEXTS, bytes: MOST });
        }
        Ok(())
    }

    /// The text of that number.
    pub fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)? as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        Some(&self.text[start..end])
    }
}

/// Reads text, rich or plain, up to the end of the element called `until`; how it is pronounced is passed over.
pub(super) fn read_rich(xml: &mut Xml<'_>, until: &str, text: &mut String) -> Result<(), Problem> {
    let mut in_text = false;
    loop {
        match xml.next_event()? {
            Event::Start(tag) if is(&tag, "t") => in_text = true,
            Event::Start(tag) if is(&tag, "rPh") => xml.skip_element()?,
            Event::End(tag) if tag.local_name().as_ref() == "t" => in_text = false,
            Event::End(tag) if tag.local_name().as_ref() == until => return Ok(()),
            Event::Eof => return Err(Problem::Damaged { detail: "a text ends too early".to_owned() }),
            event if in_text => push_text(text, &event)?,
            _ => {}
        }
    }
}

/// A text with its `_x000D_` as the signs they stand for (ECMA-376, 22.9.2.19); `None` when there are none.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = text;
    let mut from = 0;
    while let Some(at) = rest[from..].find("_x").map(|at| from + at) {
        let sign = rest.as_bytes()[at..]
            .get(2..7)
            .filter(|hex| hex[4] == b'_' && hex[..4].iter().all(u8::is_ascii_hexdigit))
            .and_then(|hex| u32::from_str_radix(std::str::from_utf8(&hex[..4]).ok()?, 16).ok())
            .and_then(char::from_u32);
        match sign {
            Some(sign) => {
                plain.push_str(&rest[..at]);
                plain.push(sign);
                (rest, from) = (&rest[at + 7..], 0);
            }
            None => from = at + 2,
        }
    }
    (rest.len() < text.len()).then(|| plain + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_again_by_their_numbers() {
        let mut strings = Strings::default();
        for text in ["茶", "", "a"] {
            strings.push(text).expect("little");
        }
        assert_eq!([0, 1, 2, 3].map(|number| strings.get(number)), [Some("茶"), Some(""), Some("a"), None]);
    }

    #[test]
    fn an_escaped_sign_is_the_sign() {
        for (text, plain) in [
            ("a_x000D_b", Some("a\rb")),
            ("_x8336__x005F_x", Some("茶_x")),
            ("a_x00", None),
            ("_xyz_ _x_", None),
            ("plain", None),
            ("_xD800_", None),
        ] {
            assert_eq!(unescaped(text).as_deref(), plain, "{text}");
        }
    }
}
