//! A sheet's drawing into the pictures over its cells: each belongs to the cell it starts in.

use quick_xml::events::Event;

use super::super::Problem;
use super::package::{Package, attribute, opened};

/// A picture over the cells.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Anchored {
    /// The row it starts in, 1 for the first.
    pub row: u32,
    /// The column it starts in, counted from 0.
    pub column: usize,
    /// The part that holds the picture.
    pub part: String,
}

/// Which number of an anchor's `from` is being read.
#[derive(Clone, Copy, PartialEq)]
enum Reading {
    Row,
    Column,
}

/// Reads a drawing; shapes, charts and pictures that are only linked to are no pictures.
pub(super) fn read(package: &mut Package, drawing: &str) -> Result<Vec<Anchored>, Problem> {
    let relations = package.relations(drawing)?;
    let mut found = Vec::new();
    let (mut row, mut column, mut relation) = (None, None, None);
    let (mut in_from, mut reading) = (false, None);
    package.read_small(drawing, |event| {
        match &event {
            Event::Start(tag) => match tag.local_name().as_ref() {
                "oneCellAnchor" | "twoCellAnchor" => (row, column, relation) = (None, None, None),
                "from" => in_from = true,
                "row" if in_from => reading = Some(Reading::Row),
                "col" if in_from => reading = Some(Reading::Column),
                _ => {}
            },
            Event::Text(text) => match reading {
                Some(Reading::Row) => row = text.trim().parse::<u32>().ok(),
                Some(Reading::Column) => column = text.trim().parse::<usize>().ok(),
                None => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "from" => in_from = false,
                "row" | "col" => reading = None,
                "oneCellAnchor" | "twoCellAnchor" => {
                    if let (Some(row), Some(column), Some(id)) = (row, column, relation.take())
                        && let Some(to) = relations.iter().find(|relation| relation.id == id)
                    {
                        let row = row.saturating_add(1);
                        found.push(Anchored { row, column, part: to.target.clone() });
                    }
                }
                _ => {}
            },
            _ => {}
        }
        // What comes second is another spelling of the same picture, or a part of a group.
        if relation.is_none()
            && let Some(blip) = opened(&event, "blip")
        {
            relation = attribute(blip, "embed")?;
        }
        Ok(())
    })?;
    Ok(found)
}
