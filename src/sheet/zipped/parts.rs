//! An archive into the parts of a workbook, found by the relations between them and never by their names.

use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use quick_xml::events::Event;
use zip::ZipArchive;

use super::super::{Limits, Problem};
use super::xml::{Bounds, Source, Xml, attribute, opened};

/// The most that any part about pictures may unpack to, but for the sheet itself, in bytes.
const LARGEST_PART: u64 = 64 << 20;

/// The most pictures of a sheet, and ways from a part to others: beyond any real workbook, and few enough to be held.
pub(in crate::sheet) const MOST: usize = 100_000;

/// An open archive.
pub(in crate::sheet) struct Parts {
    archive: ZipArchive<Source>,
    limits: Limits,
    /// The parts by their names in lower case, once a name was spelled in another case.
    lowercase: Option<HashMap<String, usize>>,
}

/// Where a part points to, by the ids it uses for that.
#[derive(Debug, Default)]
pub(in crate::sheet) struct Relations(HashMap<String, Relation>);

/// One way from a part to another.
#[derive(Debug)]
struct Relation {
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

    /// The same, if it is of this kind.
    pub fn target_of_kind(&self, id: &str, kind: &str) -> Option<&Arc<str>> {
        let found = self.0.get(id).filter(|relation| relation.kind.eq_ignore_ascii_case(kind));
        found.map(|relation| &relation.target)
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

impl Parts {
    pub fn open(file: File, limits: Limits) -> Result<Self, Problem> {
        Ok(Self { archive: ZipArchive::new(BufReader::new(file))?, limits, lowercase: None })
    }

    /// The workbook's own part, and where it leads.
    pub fn workbook(&mut self) -> Result<(Arc<str>, Relations), Problem> {
        let found = self.relations("")?.of_kind("officeDocument").pop_first();
        let workbook = found.ok_or_else(|| missing("workbook"))?;
        let relations = self.relations(&workbook)?;
        Ok((workbook, relations))
    }

    /// Where a part leads within the archive; the archive itself is the part without a name.
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

    /// The events of a part that is held in memory once it is read.
    pub fn xml(&mut self, part: &str) -> Result<Xml<'_>, Problem> {
        self.xml_if_any(part)?.ok_or_else(|| missing(part))
    }

    /// The same, `None` when there is no such part.
    pub fn xml_if_any(&mut self, part: &str) -> Result<Option<Xml<'_>>, Problem> {
        self.xml_within(part, self.limits.held)
    }

    /// The events of a worksheet's part, of which at most `bytes` are unpacked.
    pub fn worksheet(&mut self, part: &str, bytes: u64) -> Result<Xml<'_>, Problem> {
        self.xml_within(part, bytes)?.ok_or_else(|| missing(part))
    }

    fn xml_within(&mut self, part: &str, bytes: u64) -> Result<Option<Xml<'_>>, Problem> {
        let bounds = Bounds { bytes, text: self.limits.record as u64 };
        let Some(index) = self.index_of(part) else { return Ok(None) };
        Xml::open(&mut self.archive, index, bounds).map(Some)
    }

    /// Hands every event of a part to `see`; nothing when there is no such part. At most `limit` bytes are unpacked.
    pub fn read(
        &mut self,
        part: &str,
        limit: u64,
        mut see: impl FnMut(Event<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.read_until(part, limit, |event| see(event).map(ControlFlow::Continue))
    }

    /// As [`Parts::read`], until `see` has seen enough.
    pub fn read_until(
        &mut self,
        part: &str,
        limit: u64,
        mut see: impl FnMut(Event<'_>) -> Result<ControlFlow<()>, Problem>,
    ) -> Result<(), Problem> {
        let Some(mut xml) = self.xml_within(part, limit)? else { return Ok(()) };
        loop {
            let event = xml.next_event()?;
            if matches!(event, Event::Eof) || see(event)?.is_break() {
                return Ok(());
            }
        }
    }

    /// As [`Parts::read`], for parts that are small in any real workbook.
    pub fn read_small(
        &mut self,
        part: &str,
        see: impl FnMut(Event<'_>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        self.read(part, LARGEST_PART, see)
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

    /// The archive, and the place of a part in it.
    pub fn raw(&mut self, part: &str) -> Result<(&mut ZipArchive<Source>, usize), Problem> {
        let index = self.index_of(part).ok_or_else(|| missing(part))?;
        Ok((&mut self.archive, index))
    }

    /// Names are compared without their case, as spreadsheet programs do.
    fn index_of(&mut self, part: &str) -> Option<usize> {
        let Self { archive, lowercase, .. } = self;
        archive.index_for_name(part).or_else(|| {
            let names = || (0..).zip(archive.file_names());
            let all =
                || names().filter_map(|(at, name)| Some((name.ok()?.to_ascii_lowercase(), at))).collect();
            lowercase.get_or_insert_with(all).get(&part.to_ascii_lowercase()).copied()
        })
    }
}

/// Refuses a part that names more than can be held.
pub(in crate::sheet) fn bounded(count: usize, limit: usize, part: &str) -> Result<(), Problem> {
    if count <= limit { Ok(()) } else { Err(Problem::TooManyEntries { part: part.to_owned(), limit }) }
}

fn missing(part: &str) -> Problem {
    Problem::Damaged { detail: format!("{part:?} is missing") }
}

/// A target, which is relative to the folder of the part that names it unless it begins with a slash.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    if target.starts_with('/') {
        steps.clear();
    }
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
