//! The parts of a workbook's archive, and how they point to each other, into names and bytes.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::super::Problem;

/// The most that any part about pictures may unpack to, but for the sheet itself, in bytes.
const LARGEST_PART: u64 = 64 << 20;

/// The most pictures of a sheet, and ways from a part to others: beyond any real workbook, and few enough to be held.
pub(super) const MOST: usize = 100_000;

/// Where the workbook itself is when nothing leads to it.
const WORKBOOK: &str = "xl/workbook.xml";

/// An open workbook.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
    /// The parts by their names in lower case, once a name was spelled in another case.
    lowercase: Option<HashMap<String, usize>>,
}

/// Where a part points to, by the ids it uses for that.
#[derive(Debug, Default)]
pub(super) struct Relations(HashMap<String, Relation>);

/// One way from a part to another.
#[derive(Debug)]
pub(super) struct Relation {
    /// The last word of its type, such as `drawing`.
    kind: String,
    /// The name of the part it leads to.
    target: Arc<str>,
}

impl Relations {
    /// The part that this id leads to.
    pub fn target(&self, id: &str) -> Option<&Arc<str>> {
        self.0.get(id).map(|relation| &relation.target)
    }

    /// The parts of this kind, each once.
    pub fn of_kind(&self, kind: &str) -> BTreeSet<Arc<str>> {
        let alike = |relation: &&Relation| relation.kind.eq_ignore_ascii_case(kind);
        self.0.values().filter(alike).map(|relation| Arc::clone(&relation.target)).collect()
    }

    /// The part of this kind, else the one that programs usually put there.
    pub fn part(&self, kind: &str, usual: &str) -> Arc<str> {
        self.of_kind(kind).pop_first().unwrap_or_else(|| Arc::from(usual))
    }
}

impl Package {
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let file = File::open(path).map_err(Problem::opening)?;
        Ok(Self { archive: ZipArchive::new(BufReader::new(file))?, lowercase: None })
    }

    /// The name of the part that is the workbook itself.
    pub fn workbook(&mut self) -> Result<Arc<str>, Problem> {
        Ok(self.relations("")?.part("officeDocument", WORKBOOK))
    }

    /// How many bytes a part says it has; `None` when there is no such part.
    pub fn size(&mut self, part: &str) -> Result<Option<u64>, Problem> {
        let Some(index) = self.index_of(part) else { return Ok(None) };
        Ok(Some(self.archive.by_index_raw(index)?.size()))
    }

    /// Reads at most `limit` bytes of a part, and one more; `None` when there is no such part.
    pub fn bytes(&mut self, part: &str, limit: u64) -> Result<Option<Vec<u8>>, Problem> {
        let Some(index) = self.index_of(part) else { return Ok(None) };
        let part = self.archive.by_index(index)?;
        // Room for all of it at once: a list that grows is held twice while it moves.
        let mut bytes = Vec::with_capacity(usize::try_from(part.size().min(limit)).unwrap_or_default() + 1);
        part.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Hands every event of a part to `see`; nothing when there is no such part.
    pub fn read(
        &mut self,
        part: &str,
        limit: u64,
        mut see: impl FnMut(Event<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.read_until(part, limit, |event| see(event).map(ControlFlow::Continue))
    }

    /// As [`Package::read`], until `see` has seen enough.
    pub fn read_until(
        &mut self,
        part: &str,
        limit: u64,
        mut see: impl FnMut(Event<'_>) -> Result<ControlFlow<()>, Problem>,
    ) -> Result<(), Problem> {
        let Some(index) = self.index_of(part) else { return Ok(()) };
        let bytes = BufReader::new(self.archive.by_index(index)?.take(limit));
        read_xml(bytes, &mut see)
    }

    /// As [`Package::read`], for parts that are small in any real workbook.
    pub fn read_small(
        &mut self,
        part: &str,
        see: impl FnMut(Event<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.read(part, LARGEST_PART, see)
    }

    /// Where a part points to, but for what is outside of the workbook; the archive itself is the part without a
    /// name.
    pub fn relations(&mut self, part: &str) -> Result<Relations, Problem> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let beside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let own = format!("{beside}_rels/{name}.rels");
        let mut relations = HashMap::new();
        self.read_small(&own, |event| {
            let Some(tag) = opened(&event, "Relationship") else { return Ok(()) };
            let outside = attribute(tag, "TargetMode")?.is_some_and(|mode| mode == "External");
            if let (Some(id), Some(target)) = (attribute(tag, "Id")?, attribute(tag, "Target")?)
                && !outside
            {
                let kind = attribute(tag, "Type")?.unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.insert(id, Relation { kind, target: resolved(folder, &target).into() });
            }
            bounded(relations.len(), MOST, &own)
        })?;
        Ok(Relations(relations))
    }

    /// Names are compared without their case, as spreadsheet programs do.
    fn index_of(&mut self, part: &str) -> Option<usize> {
        let Self { archive, lowercase } = self;
        archive.index_for_name(part).or_else(|| {
            let names = || (0..).zip(archive.file_names());
            let all =
                || names().filter_map(|(at, name)| Some((name.ok()?.to_ascii_lowercase(), at))).collect();
            lowercase.get_or_insert_with(all).get(&part.to_ascii_lowercase()).copied()
        })
    }
}

/// Refuses a part that names more than can be held.
pub(super) fn bounded(count: usize, limit: usize, part: &str) -> Result<(), Problem> {
    if count <= limit { Ok(()) } else { Err(Problem::TooManyEntries { part: part.to_owned(), limit }) }
}

/// What an event adds to the text of the element it stands in; references are what they stand for.
pub(super) fn text_of<'t>(event: &'t Event<'_>) -> Result<Option<Cow<'t, str>>, Problem> {
    Ok(match event {
        Event::Text(text) => Some(Cow::Borrowed(text)),
        Event::CData(text) => Some(Cow::Borrowed(text)),
        Event::GeneralRef(name) => match name.resolve_char_ref()? {
            Some(sign) => Some(Cow::Owned(sign.to_string())),
            None => resolve_predefined_entity(name).map(Cow::Borrowed),
        },
        _ => None,
    })
}

/// The element an event opens, when its name without prefix is `name`.
pub(super) fn opened<'t, 'e>(event: &'t Event<'e>, name: &str) -> Option<&'t BytesStart<'e>> {
    match event {
        Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == name => Some(tag),
        _ => None,
    }
}

/// The value of the attribute whose name without prefix is `name`.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Problem> {
    for found in tag.attributes().with_checks(false) {
        let found = found.map_err(quick_xml::Error::from)?;
        if found.key.local_name().as_ref() == name {
            return Ok(Some(found.normalized_value(XmlVersion::Implicit1_0)?.into_owned()));
        }
    }
    Ok(None)
}

/// The number in an attribute; what is none, or too large for any place or size, is not there.
pub(super) fn number(tag: &BytesStart<'_>, name: &str) -> Result<Option<f64>, Problem> {
    let number = attribute(tag, name)?.and_then(|number| number.trim().parse::<f64>().ok());
    Ok(number.filter(|number| number.abs() < 1e15))
}

/// Whether a yes-or-no attribute says yes.
pub(super) fn is_set(tag: &BytesStart<'_>, name: &str) -> Result<bool, Problem> {
    Ok(attribute(tag, name)?.is_some_and(|value| matches!(value.trim(), "1" | "true" | "on")))
}

fn read_xml(
    bytes: impl BufRead,
    see: &mut dyn FnMut(Event<'_>) -> Result<ControlFlow<()>, Problem>,
) -> Result<(), Problem> {
    let mut xml = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer)?;
        if matches!(event, Event::Eof) || see(event)?.is_break() {
            return Ok(());
        }
    }
}

/// A target, which is relative to the folder of the part that names it unless it begins with a slash.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            ".." => drop(steps.pop()),
            "." | "" => {}
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_relative_to_its_folder_or_to_the_workbook() {
        for (folder, target, part) in [
            ("xl/worksheets", "../drawings/drawing1.xml", "xl/drawings/drawing1.xml"),
            ("xl", "media/image1.png", "xl/media/image1.png"),
            ("xl", "/xl/media/image1.png", "xl/media/image1.png"),
            ("xl", "./media//image1.png", "xl/media/image1.png"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../xl/a", "xl/a"),
        ] {
            assert_eq!(resolved(folder, target), part);
        }
    }
}
