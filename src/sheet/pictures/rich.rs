//! Excel's pictures in cells into the parts that hold them: a cell's `vm` leads there through four other parts.

use quick_xml::events::Event;

use super::super::Problem;
use super::package::{Package, attribute, opened};

const METADATA: &str = "xl/metadata.xml";
const VALUES: &str = "xl/richData/rdrichvalue.xml";
const STRUCTURES: &str = "xl/richData/rdrichvaluestructure.xml";
const PICTURES: &str = "xl/richData/richValueRel.xml";

/// The key under which a rich value keeps which of the workbook's pictures it is.
const PICTURE_KEY: &str = "_rvRel:LocalImageIdentifier";

/// For each `vm` from 1 on, the part of its picture; `None` where the value is something else.
pub(super) fn read(package: &mut Package) -> Result<Vec<Option<String>>, Problem> {
    let pictures = pictures(package)?;
    if pictures.is_empty() {
        return Ok(Vec::new());
    }
    let values = values(package)?;
    let metadata = metadata(package)?;
    let picture = |value: usize| pictures.get(values.get(value).copied().flatten()?)?.clone();
    Ok(metadata.into_iter().map(|value| value.and_then(picture)).collect())
}

/// The parts in the order in which rich values count them.
fn pictures(package: &mut Package) -> Result<Vec<Option<String>>, Problem> {
    let relations = package.relations(PICTURES)?;
    let mut pictures = Vec::new();
    package.read_small(PICTURES, |event| {
        if let Some(tag) = opened(&event, "rel") {
            let id = attribute(tag, "id")?;
            let to = relations.iter().find(|relation| Some(&relation.id) == id.as_ref());
            pictures.push(to.map(|relation| relation.target.clone()));
        }
        Ok(())
    })?;
    Ok(pictures)
}

/// For each rich value, which picture it is.
fn values(package: &mut Package) -> Result<Vec<Option<usize>>, Problem> {
    let places = places(package)?;
    let mut values = Vec::new();
    let (mut wanted, mut place, mut in_value) = (None, 0, false);
    package.read_small(VALUES, |event| {
        if let Some(tag) = opened(&event, "rv") {
            let structure = attribute(tag, "s")?.and_then(|number| number.parse::<usize>().ok());
            wanted = structure.and_then(|structure| places.get(structure).copied().flatten());
            place = 0;
            values.push(None);
        }
        match &event {
            Event::Start(tag) => in_value = tag.local_name().as_ref() == "v",
            Event::Text(text) if in_value && wanted == Some(place) => {
                if let Some(value) = values.last_mut() {
                    *value = text.trim().parse().ok();
                }
            }
            Event::Empty(tag) if tag.local_name().as_ref() == "v" => place += 1,
            Event::End(tag) if tag.local_name().as_ref() == "v" => (place, in_value) = (place + 1, false),
            _ => {}
        }
        Ok(())
    })?;
    Ok(values)
}

/// For each structure of a rich value, which of its values says which picture it is.
fn places(package: &mut Package) -> Result<Vec<Option<usize>>, Problem> {
    let mut places: Vec<Option<usize>> = Vec::new();
    let mut place = 0;
    package.read_small(STRUCTURES, |event| {
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
        Ok(())
    })?;
    Ok(places)
}

/// For each `vm` from 1 on, which rich value it is.
fn metadata(package: &mut Package) -> Result<Vec<Option<usize>>, Problem> {
    let (mut kinds, mut rich_values, mut records) = (Vec::new(), Vec::new(), Vec::new());
    let (mut in_rich, mut in_values) = (false, false);
    package.read_small(METADATA, |event| {
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
        Ok(())
    })?;
    let is_rich = |kind: Option<usize>| {
        kind.and_then(|kind| kinds.get(kind.checked_sub(1)?)).is_some_and(|kind| kind == "XLRICHVALUE")
    };
    let value = |(kind, value): (Option<usize>, Option<usize>)| {
        value.filter(|_| is_rich(kind)).and_then(|value| rich_values.get(value).copied().flatten())
    };
    Ok(records.into_iter().map(value).collect())
}
