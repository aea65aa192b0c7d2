//! A part of a workbook's archive into XML events, within bounds on its bytes, its texts and its depth.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufReader, Read};

use memchr::{memchr, memrchr};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::read::ZipFile;

use super::super::Problem;

/// Where a workbook's archive is read from.
pub(in crate::sheet) type Source = BufReader<File>;

/// Elements within elements: no workbook has more than a few dozen.
const DEEPEST: usize = 256;

/// What a part may unpack to, whatever its directory entry says. Both in bytes.
#[derive(Clone, Copy, Debug)]
pub(in crate::sheet) struct Bounds {
    /// In all.
    pub bytes: u64,
    /// Without a tag among them: a reader holds as much at once.
    pub text: u64,
}

/// Events of a part; an empty element is opened and closed.
pub(in crate::sheet) struct Xml<'a> {
    reader: Reader<BufReader<Bounded<ZipFile<'a, Source>>>>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<'a> Xml<'a> {
    /// The events of the part at `index`.
    pub fn open(archive: &'a mut ZipArchive<Source>, index: usize, bounds: Bounds) -> Result<Self, Problem> {
        let part = archive.by_index(index)?;
        if part.encrypted() {
            return Err(Problem::Encrypted);
        }
        let name = part.name()?.into_owned();
        let mut reader =
            Reader::from_reader(BufReader::with_capacity(64 << 10, Bounded::new(part, name, bounds)));
        reader.config_mut().expand_empty_elements = true;
        Ok(Self { reader, buffer: Vec::with_capacity(1024), depth: 0 })
    }

    /// The next event; [`Event::Eof`] after the last.
    pub fn next_event(&mut self) -> Result<Event<'_>, Problem> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer)?;
        match &event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    let name = &self.reader.get_ref().get_ref().name;
                    return Err(Problem::Damaged { detail: format!("{name:?} has elements without end") });
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        Ok(event)
    }

    /// How many bytes were unpacked so far.
    pub fn unpacked(&self) -> u64 {
        self.reader.get_ref().get_ref().unpacked()
    }

    /// Passes over the rest of the element that was opened last.
    pub fn skip_element(&mut self) -> Result<(), Problem> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if matches!(self.next_event()?, Event::Eof) {
                return Err(Problem::Damaged { detail: "a part ends too early".to_owned() });
            }
        }
        Ok(())
    }
}

/// What an event says as text: plain, CDATA, or a reference to a sign. Other events say nothing.
pub(in crate::sheet) fn text_of<'t>(event: &'t Event<'_>) -> Result<Option<Cow<'t, str>>, Problem> {
    Ok(match event {
        Event::Text(part) => Some(part.xml10_content()),
        Event::CData(part) => Some(part.xml10_content()),
        Event::GeneralRef(part) => {
            let named = || quick_xml::escape::resolve_predefined_entity(part.as_ref());
            match (part.resolve_char_ref()?, named()) {
                (Some(sign), _) => Some(Cow::Owned(sign.to_string())),
                (None, Some(sign)) => Some(Cow::Borrowed(sign)),
                (None, None) => return Err(Problem::Damaged { detail: "an unknown entity".to_owned() }),
            }
        }
        _ => None,
    })
}

/// Appends what an event says as text.
pub(in crate::sheet) fn push_text(text: &mut String, event: &Event<'_>) -> Result<(), Problem> {
    text_of(event)?.iter().for_each(|part| text.push_str(part));
    Ok(())
}

/// The element an event opens, when its name without prefix is `name`.
pub(in crate::sheet) fn opened<'t, 'e>(event: &'t Event<'e>, name: &str) -> Option<&'t BytesStart<'e>> {
    match event {
        Event::Start(tag) if is(tag, name) => Some(tag),
        _ => None,
    }
}

/// Whether the element's name, its prefix left out, is `name`.
pub(in crate::sheet) fn is(tag: &BytesStart<'_>, name: &str) -> bool {
    tag.local_name().as_ref() == name
}

/// The value of the attribute whose name without prefix is `name`.
pub(in crate::sheet) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    for found in tag.attributes().with_checks(false) {
        let found = found.map_err(quick_xml::Error::from)?;
        if found.key.local_name().as_ref() == name {
            return Ok(Some(found.normalized_value(XmlVersion::Implicit1_0)?.into_owned()));
        }
    }
    Ok(None)
}

/// The number an attribute holds, if it is there and holds one.
pub(in crate::sheet) fn number<N: std::str::FromStr>(
    tag: &BytesStart<'_>,
    name: &str,
) -> Result<Option<N>, Problem> {
    Ok(attribute(tag, name)?.and_then(|value| value.trim().parse().ok()))
}

/// Whether an attribute that is true or false is true, in either spelling.
pub(in crate::sheet) fn truth(tag: &BytesStart<'_>, name: &str) -> Result<bool, Problem> {
    Ok(attribute(tag, name)?.is_some_and(|value| matches!(value.trim(), "1" | "true" | "on")))
}

/// Counts what is unpacked, and breaks off beyond the bounds.
pub(in crate::sheet) struct Bounded<R> {
    input: R,
    name: String,
    bounds: Bounds,
    read: u64,
    tagless: u64,
}

impl<R: Read> Bounded<R> {
    /// The bytes of the part called `name`.
    pub fn new(input: R, name: String, bounds: Bounds) -> Self {
        Self { input, name, bounds, read: 0, tagless: 0 }
    }

    /// How many bytes were unpacked so far.
    pub fn unpacked(&self) -> u64 {
        self.read
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let bytes = &buffer[..count];
        self.read += count as u64;
        let longest = match (memchr(b'<', bytes), memrchr(b'<', bytes)) {
            (Some(first), Some(last)) => {
                let before = self.tagless + first as u64;
                self.tagless = (count - last) as u64;
                before.max(self.tagless)
            }
            _ => {
                self.tagless += count as u64;
                self.tagless
            }
        };
        let part = || self.name.clone();
        let excess = if self.read > self.bounds.bytes {
            Some(Problem::UnpacksTooFar { part: part(), limit: self.bounds.bytes })
        } else if longest > self.bounds.text {
            Some(Problem::TextTooLong { part: part(), limit: self.bounds.text })
        } else {
            None
        };
        excess.map_or(Ok(count), |problem| Err(io::Error::other(Excess(problem))))
    }
}

/// A bound that was passed, on its way through readers that know of input errors only.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Excess(Problem);

impl Problem {
    /// What kept a part from being unpacked: damage, unless it was a bound.
    pub(in crate::sheet) fn unpacking(error: &io::Error) -> Self {
        let excess = error.get_ref().and_then(|inner| inner.downcast_ref::<Excess>());
        match excess.map(|Excess(problem)| problem) {
            Some(Self::UnpacksTooFar { part, limit }) => {
                Self::UnpacksTooFar { part: part.clone(), limit: *limit }
            }
            Some(Self::TextTooLong { part, limit }) => {
                Self::TextTooLong { part: part.clone(), limit: *limit }
            }
            _ => Self::Damaged { detail: error.to_string() },
        }
    }
}

impl From<quick_xml::Error> for Problem {
    fn from(error: quick_xml::Error) -> Self {
        match error {
            quick_xml::Error::Io(error) => Self::unpacking(&error),
            other => Self::Damaged { detail: other.to_string() },
        }
    }
}
