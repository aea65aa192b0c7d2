//! A sheet's drawing into the pictures over its cells, each with the place its anchor gives it.

use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::super::Problem;
use super::super::zipped::{MOST, Parts, Relations, bounded, text_of, truth};
use super::drawn::{Drawn, Frame, Pair, pair};
use super::view::View;

/// The most groups within groups.
const DEEPEST: usize = 64;

/// A picture over the cells.
#[derive(Debug)]
pub(super) struct Anchored {
    pub anchor: Anchor,
    /// The picture's own place, where its anchor is not all that says it.
    pub place: Place,
    /// The part that holds the picture.
    pub part: Arc<str>,
    pub view: View,
    /// Whether it is turned by no quarter.
    pub tilted: bool,
}

/// A place within what an anchor reaches over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Place {
    /// All of it; the picture's own size, when it is on its side, tells whether the anchor knows of that.
    Whole { on_its_side: Option<Pair> },
    /// A part of it, for a member of a group: origin and size, where 1 is a whole side.
    Part { origin: Pair, size: Pair },
}

/// Between which places a drawing's element lies.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Anchor {
    pub from: Option<Corner>,
    pub to: Option<Corner>,
    /// Its corner, where it is not tied to a cell, in EMU.
    pub position: Option<Pair>,
    /// Its size, where it has no second corner, in EMU.
    pub size: Option<Pair>,
}

/// A place in a cell: row and column counted from 0, offsets in EMU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Corner {
    pub row: u32,
    pub row_offset: i64,
    pub column: u32,
    pub column_offset: i64,
}

/// Reads a drawing; shapes, charts, and pictures that are hidden or only linked to are no pictures.
pub(super) fn read(package: &mut Parts, drawing: &str) -> Result<Vec<Anchored>, Problem> {
    let mut reader = Reader { relations: package.relations(drawing)?, ..Reader::default() };
    package.read_small(drawing, |event| {
        match &event {
            Event::Start(tag) => reader.open(tag)?,
            Event::End(tag) => reader.close(tag.local_name().as_ref()),
            event => {
                if let (Some(text), Some(more)) = (&mut reader.text, text_of(event)?) {
                    text.push_str(&more);
                }
            }
        }
        bounded(reader.groups.len(), DEEPEST, drawing)?;
        bounded(reader.found.len(), MOST, drawing)
    })?;
    Ok(reader.found)
}

#[derive(Default)]
struct Reader {
    relations: Relations,
    found: Vec<Anchored>,
    anchor: Anchor,
    /// The first picture of this anchor in `found`.
    first: usize,
    corner: Option<Corner>,
    /// The text of the number that is being read.
    text: Option<String>,
    groups: Vec<Group>,
    picture: Option<Drawn>,
    /// Within how many elements that other programs are to pass over, for they repeat what was there.
    repeats: usize,
}

/// A group as far as it was read.
#[derive(Default)]
struct Group {
    frame: Frame,
    hidden: bool,
    in_names: bool,
    in_frame: bool,
}

impl Reader {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), Problem> {
        let name = tag.local_name();
        let name = name.as_ref();
        if let Some(picture) = &mut self.picture {
            return picture.open(name, tag);
        }
        match name {
            "oneCellAnchor" | "twoCellAnchor" | "absoluteAnchor" => {
                self.anchor = Anchor::default();
                self.groups.clear();
                (self.first, self.repeats) = (self.found.len(), 0);
            }
            "from" | "to" => self.corner = Some(Corner::default()),
            "row" | "rowOff" | "col" | "colOff" if self.corner.is_some() => self.text = Some(String::new()),
            // Shapes have elements of these names too, further inside.
            "pos" if self.anchor.position.is_none() => self.anchor.position = pair(tag, "x", "y")?,
            "ext" if self.anchor.size.is_none() && self.groups.is_empty() => {
                self.anchor.size = pair(tag, "cx", "cy")?;
            }
            "Fallback" => self.repeats += 1,
            "grpSp" => self.groups.push(Group::default()),
            "pic" => self.picture = Some(Drawn::default()),
            name => {
                if let Some(group) = self.groups.last_mut() {
                    group.open(name, tag)?;
                }
            }
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        if name == "pic"
            && let Some(picture) = self.picture.take()
        {
            self.keep(&picture);
        }
        if let Some(picture) = &mut self.picture {
            picture.close(name);
            return;
        }
        match name {
            "row" | "rowOff" | "col" | "colOff" => self.number(name),
            "from" => self.anchor.from = self.corner.take(),
            "to" => self.anchor.to = self.corner.take(),
            "oneCellAnchor" | "twoCellAnchor" | "absoluteAnchor" => {
                let anchor = self.anchor;
                self.found[self.first..].iter_mut().for_each(|picture| picture.anchor = anchor);
                self.first = self.found.len();
            }
            "Fallback" => self.repeats = self.repeats.saturating_sub(1),
            "grpSp" => drop(self.groups.pop()),
            name => {
                if let Some(group) = self.groups.last_mut() {
                    group.close(name);
                }
            }
        }
    }

    fn number(&mut self, name: &str) {
        let (Some(corner), Some(text)) = (&mut self.corner, self.text.take()) else { return };
        let Ok(number) = text.trim().parse::<i64>() else { return };
        let index = || u32::try_from(number).unwrap_or_default();
        match name {
            "row" => corner.row = index(),
            "rowOff" => corner.row_offset = number,
            "col" => corner.column = index(),
            _ => corner.column_offset = number,
        }
    }

    /// Keeps a picture that was read to its end; of its anchor more may still follow.
    fn keep(&mut self, picture: &Drawn) {
        let is_repeat = self.repeats > 0 && self.found.len() > self.first;
        let is_hidden = picture.hidden || self.groups.iter().any(|group| group.hidden);
        let part = picture.embedded.as_ref().and_then(|id| self.relations.target(id));
        let Some(part) = part.filter(|_| !is_repeat && !is_hidden) else { return };
        let groups = self.groups.iter().rev().map(|group| &group.frame);
        let frame = groups.fold(picture.frame, |frame, group| frame.within(group));
        let place = match self.groups.first() {
            None => Place::Whole { on_its_side: frame.is_on_its_side().then_some(frame.size) },
            Some(outermost) => part_of(&outermost.frame, &frame.seen()),
        };
        let (view, tilted) = picture.view(&frame);
        let (part, anchor) = (Arc::clone(part), Anchor::default());
        self.found.push(Anchored { anchor, place, part, view, tilted });
    }
}

fn part_of(group: &Frame, member: &Frame) -> Place {
    if group.size.0 <= 0.0 || group.size.1 <= 0.0 {
        return Place::Whole { on_its_side: None };
    }
    let share = |pair: Pair| (pair.0 / group.size.0, pair.1 / group.size.1);
    let origin = (member.origin.0 - group.origin.0, member.origin.1 - group.origin.1);
    Place::Part { origin: share(origin), size: share(member.size) }
}

impl Group {
    fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> Result<(), Problem> {
        match name {
            "nvGrpSpPr" => self.in_names = true,
            "grpSpPr" => self.in_frame = true,
            "cNvPr" if self.in_names => self.hidden = truth(tag, "hidden")?,
            _ if self.in_frame => self.frame.see(name, tag)?,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        match name {
            "nvGrpSpPr" => self.in_names = false,
            "grpSpPr" => self.in_frame = false,
            _ => {}
        }
    }
}
