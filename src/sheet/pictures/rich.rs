//! Excel's pictures in cells into the parts that hold them: a cell's `vm` leads there through four other parts.

use std::sync::Arc;

use quick_xml::events::Event;

use super::super::Problem;
use super::super::zipped::{Parts, Relations, attribute, bounded, opened, text_of};

/// What leads to each part from the workbook, and where programs usually put it.
const METADATA: (&str, &str) = ("sheetMetadata", "xl/metadata.xml");
const VALUES: (&str, &str) = ("rdRichValue", "xl/richData/rdrichvalue.xml");
const STRUCTURES: (&str, &str) = ("rdRichValueStructure", "xl/richData/rdrichvaluestructure.xml");
const PICTURES: (&str, &str) = ("richValueRel", "xl/richData/richValueRel.xml");

/// The most values of a workbook that are no mere numbers and texts.
const MOST_VALUES: usize = 1_000_000;

/// The key under which a rich value keeps which of the workbook's pictures it is.
const PICTURE_KEY: &str = "_rvRel:LocalImageIdentifier";

/// For each `vm` from 1 on, the part of its picture; `None` where the value is something else. `from` are the ways
/// from the workbook to its parts.
pub(super) fn read(package: &mut Parts, from: &Relations) -> Result<Vec<Option<Arc<str>>>, Problem> {
    let part = |(kind, usual)| from.part(kind, usual);
    let pictures = pictures(package, &part(PICTURES))?;
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    let places = places(package, &part(STRUCTURES))?;
    let values = values(package, &part(VALUES), &places)?;
    let metadata = metadata(package, &part(METADATA))?;
    let picture = |value: usize| pictures.get(values.get(value).copied().flatten()?)?.clone();
    Ok(metadata.into_iter().map(|value| value.and_then(picture)).collect())
}

/// The parts in the order in which rich values count them.
fn pictures(package: &mut Parts, part: &str) -> Result<Vec<Option<Arc<str>>>, Problem> {
    let relations = package.relations(part)?;
    let mut pictures = Vec::new();
    package.read_small(part, |event| {
        if let Some(tag) = opened(&event, "rel") {
            let id = attribute(tag, "id")?;
            pictures.push(id.and_then(|id| relations.target(&id).cloned()));
        }
        bounded(pictures.len(), MOST_VALUES, part)
    })?;
    Ok(pictures)
}

/// For each rich value, which picture it is.
fn values(package: &mut Parts, part: &str, places: &[Option<usize>]) -> Result<Vec<Option<usize>>, Problem> {
    let mut values = Vec::new();
    let (mut wanted, mut place, mut text) = (None, 0, None::<String>);
    package.read_small(part, |event| {
        if let Some(tag) = opened(&event, "rv") {
            let structure = attribute(tag, "s")?.and_then(|number| number.parse::<usize>().ok());
            wanted = structure.and_then(|structure| places.get(structure).copied().flatten());
            place = 0;
            values.push(None);
        }
        if let (Some(text), Some(more)) = (&mut text, text_of(&event)?) {
            text.push_str(&more);
        }
        match &event {
            Event::Start(tag) if tag.local_name().as_ref() == "v" => {
                text = (wanted == Some(place)).then(String::new);
            }
            Event::End(tag) if tag.local_name().as_ref() == "v" => {
                place += 1;
                if let (Some(text), Some(value)) = (text.take(), values.last_mut()) {
                    *value = text.trim().parse().ok();
                }
            }
            _ => {}
        }
        bounded(values.len(), MOST_VALUES, part)
    })?;
    Ok(values)
}

/// For each structure of a rich value, which of its values says which picture it is.
fn places(package: &mut Parts, part: &str) -> Result<Vec<Option<usize>>, Problem> {
    let mut places: Vec<Option<usize>> = Vec::new();
    let mut place = 0;
    package.read_small(part, |event| {
        if opened(&event, "s").is_some() {
            places.push(None);
            place = 0;
        }
        if let Some(key) = opened(&event, "k") {
            if attribute(key, "n")?.as_deref() == Some(PICTURE_KEY)
                && let Some(last) = places.last_mut()
            {
                *last = Some(place);
            }
            place += 1;
        }
        bounded(places.len(), MOST_VALUES, part)
    })?;
    Ok(places)
}

/// For each `vm` from 1 on, which rich value it is.
fn metadata(package: &mut Parts, part: &str) -> Result<Vec<Option<usize>>, Problem> {
    let (mut kinds, mut rich_values, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let (mut in_rich, mut in_values) = (false, false);
    package.read_small(part, |event| {
        let number = |tag, name| -> Result<Option<usize>, Problem> {
            Ok(attribute(tag, name)?.and_then(|number| number.parse().ok()))
        };
        if let Some(tag) = opened(&event, "metadataType") {
            kinds.push(attribute(tag, "name")?.unwrap_or_default());
        } else if let Some(tag) = opened(&event, "futureMetadata") {
            in_rich = attribute(tag, "name")?.as_deref() == Some("XLRICHVALUE");
        } else if opened(&event, "valueMetadata").is_some() {
            in_values = true;
        } else if let Some(tag) = opened(&event, "rvb").filter(|_| in_rich) {
            rich_values.push(number(tag, "i")?);
        } else if let Some(tag) = opened(&event, "rc").filter(|_| in_values) {
            records.push((number(tag, "t")?, number(tag, "v")?));
        } else if let Event::End(tag) = &event {
            match tag.local_name().as_ref() {
                "futureMetadata" => in_rich = false,
                "valueMetadata" => in_values = false,
                _ => {}
            }
        }
        bounded(kinds.len().max(rich_values.len()).max(records.len()), MOST_VALUES, part)
    })?;
    let is_rich = |kind: Option<usize>| {
        kind.and_then(|kind| kinds.get(kind.checked_sub(1)?)).is_some_and(|kind| kind == "XLRICHVALUE")
    };
    let value = |(kind, value): (Option<usize>, Option<usize>)| {
        value.filter(|_| is_rich(kind)).and_then(|value| rich_values.get(value).copied().flatten())
    };
    Ok(records.into_iter().map(value).collect())
}
