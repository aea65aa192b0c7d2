//! The parts of a workbook's archive, and how they point to each other, into names and bytes.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

use super::super::Problem;

/// The most that any part about pictures may unpack to, but for the sheet itself, in bytes.
const LARGEST_PART: u64 = 64 << 20;

/// An open workbook.
pub(super) struct Package {
    archive: ZipArchive<BufReader<File>>,
}

/// One way from a part to another.
#[derive(Debug)]
pub(super) struct Relation {
    pub id: String,
    /// The last word of its type, such as `drawing`.
    pub kind: String,
    /// The name of the part it leads to.
    pub target: String,
}

impl Package {
    pub fn open(path: &Path) -> Result<Self, Problem> {
        let file = File::open(path).map_err(Problem::opening)?;
        Ok(Self { archive: ZipArchive::new(BufReader::new(file))? })
    }

    /// Reads at most `limit` bytes of a part, and one more; `None` when there is no such part.
    pub fn bytes(&mut self, part: &str, limit: u64) -> Result<Option<Vec<u8>>, Problem> {
        let Some(index) = self.index_of(part) else { return Ok(None) };
        let mut bytes = Vec::new();
        self.archive.by_index(index)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Hands every event of a part to `see`; nothing when there is no such part.
    pub fn read(
        &mut self,
        part: &str,
        limit: u64,
        mut see: impl FnMut(Event<'_>) -> Result<(), Problem>,
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

    /// Where a part points to, but for what is outside of the workbook.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Problem> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let beside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut relations = Vec::new();
        self.read_small(&format!("{beside}_rels/{name}.rels"), |event| {
            let Some(tag) = opened(&event, "Relationship") else { return Ok(()) };
            let outside = attribute(tag, "TargetMode")?.is_some_and(|mode| mode == "External");
            if let (Some(id), Some(target)) = (attribute(tag, "Id")?, attribute(tag, "Target")?)
                && !outside
            {
                let kind = attribute(tag, "Type")?.unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id, kind, target: resolved(folder, &target) });
            }
            Ok(())
        })?;
        Ok(relations)
    }

    /// Names are compared without their case, as spreadsheet programs do.
    fn index_of(&self, part: &str) -> Option<usize> {
        self.archive.index_for_name(part).or_else(|| {
            let named = |name: &str| name.eq_ignore_ascii_case(part);
            self.archive.file_names().position(|name| name.is_ok_and(|name| named(&name)))
        })
    }
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

fn read_xml(
    bytes: impl BufRead,
    see: &mut dyn FnMut(Event<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut xml = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer)? {
            Event::Eof => return Ok(()),
            event => see(event)?,
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
