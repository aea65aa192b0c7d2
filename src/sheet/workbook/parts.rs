//! An archive into the parts of a workbook, found by the relations between them and never by their names.

use std::fs::File;
use std::io::BufReader;

use quick_xml::events::Event;
use zip::ZipArchive;

use super::super::{Limits, Problem};
use super::xml::{Bounds, Source, Xml, attribute, is};

/// More relations than any part of a real workbook has.
const MOST_RELATIONS: usize = 1 << 17;

/// An open archive.
pub(super) struct Parts {
    archive: ZipArchive<Source>,
    limits: Limits,
}

/// One way from a part to another.
#[derive(Debug)]
pub(super) struct Relation {
    pub id: String,
    /// The last word of its type, such as `worksheet`.
    pub kind: String,
    /// The name of the part it leads to.
    pub target: String,
}

impl Parts {
    pub fn open(file: File, limits: Limits) -> Result<Self, Problem> {
        Ok(Self { archive: ZipArchive::new(BufReader::new(file))?, limits })
    }

    /// The workbook's own part, and where it leads.
    pub fn workbook(&mut self) -> Result<(String, Vec<Relation>), Problem> {
        let start = self.relations("")?;
        let found = start.into_iter().find(|relation| relation.kind == "officeDocument");
        let workbook = found.map(|relation| relation.target).ok_or_else(|| missing("workbook"))?;
        let relations = self.relations(&workbook)?;
        Ok((workbook, relations))
    }

    /// Where a part leads within the archive; the archive itself is the part without a name.
    fn relations(&mut self, part: &str) -> Result<Vec<Relation>, Problem> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let beside = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut relations = Vec::new();
        let Some(mut xml) = self.xml_if_any(&format!("{beside}_rels/{name}.rels"))? else {
            return Ok(relations);
        };
        loop {
            let event = xml.next_event()?;
            let Event::Start(tag) = &event else {
                if matches!(event, Event::Eof) {
                    return Ok(relations);
                }
                continue;
            };
            let outside = || Ok::<_, Problem>(attribute(tag, "TargetMode")?.as_deref() == Some("External"));
            if is(tag, "Relationship")
                && let (Some(id), Some(target)) = (attribute(tag, "Id")?, attribute(tag, "Target")?)
                && !outside()?
            {
                let kind = attribute(tag, "Type")?.unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                relations.push(Relation { id, kind, target: resolved(folder, &target) });
                if relations.len() > MOST_RELATIONS {
                    return Err(Problem::Damaged { detail: format!("more than {MOST_RELATIONS} relations") });
                }
            }
        }
    }

    /// The events of a part that is held in memory once it is read.
    pub fn xml(&mut self, part: &str) -> Result<Xml<'_>, Problem> {
        self.xml_if_any(part)?.ok_or_else(|| missing(part))
    }

    /// The same, `None` when there is no such part.
    pub fn xml_if_any(&mut self, part: &str) -> Result<Option<Xml<'_>>, Problem> {
        let bounds = Bounds { bytes: self.limits.held, text: self.limits.record as u64 };
        let Some(index) = self.index_of(part) else { return Ok(None) };
        Xml::open(&mut self.archive, index, bounds).map(Some)
    }

    /// The events of a worksheet's part, of which at most `bytes` are unpacked.
    pub fn worksheet(&mut self, part: &str, bytes: u64) -> Result<Xml<'_>, Problem> {
        let index = self.index_of(part).ok_or_else(|| missing(part))?;
        Xml::open(&mut self.archive, index, Bounds { bytes, text: self.limits.record as u64 })
    }

    /// The archive, and the place of a part in it.
    pub fn raw(&mut self, part: &str) -> Result<(&mut ZipArchive<Source>, usize), Problem> {
        let index = self.index_of(part).ok_or_else(|| missing(part))?;
        Ok((&mut self.archive, index))
    }

    /// Names are compared without their case, as spreadsheet programs do.
    fn index_of(&self, part: &str) -> Option<usize> {
        self.archive.index_for_name(part).or_else(|| {
            let named = |name: &str| name.eq_ignore_ascii_case(part);
            self.archive.file_names().position(|name| name.is_ok_and(|name| named(&name)))
        })
    }
}

/// The part that the relation called `id` leads to.
pub(super) fn target<'r>(relations: &'r [Relation], id: &str) -> Option<&'r Relation> {
    relations.iter().find(|relation| relation.id == id)
}

/// The part of this kind.
pub(super) fn of_kind<'r>(relations: &'r [Relation], kind: &str) -> Option<&'r str> {
    relations.iter().find(|relation| relation.kind == kind).map(|relation| relation.target.as_str())
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
