//! WPS Office's pictures in cells, by the ID that a cell's `DISPIMG` names, into the parts that hold them.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::events::Event;

use super::super::Problem;
use super::package::{Package, attribute, opened};

const PICTURES: &str = "xl/cellimages.xml";

/// The ID in a formula or in the value it left: `=DISPIMG("ID_…",1)`, with or without `_xlfn.` and `@`.
pub fn picture_id(text: &str) -> Option<&str> {
    const CALL: &str = "DISPIMG(";
    let text = text.trim_start_matches(['=', '@', ' ']);
    let text = match text.get(..6) {
        Some(prefix) if prefix.eq_ignore_ascii_case("_xlfn.") => &text[6..],
        _ => text,
    };
    let text = text.trim_start_matches('@');
    let arguments =
        text.get(..CALL.len()).filter(|head| head.eq_ignore_ascii_case(CALL)).map(|_| &text[CALL.len()..])?;
    let id = arguments.split([',', ')']).next()?.trim_matches([' ', '"', '\u{201C}', '\u{201D}']);
    (!id.is_empty()).then_some(id)
}

/// The pictures by their IDs.
pub(super) fn read(package: &mut Package) -> Result<HashMap<String, Arc<str>>, Problem> {
    let relations = package.relations(PICTURES)?;
    let mut pictures = HashMap::new();
    let (mut name, mut relation) = (None, None);
    package.read_small(PICTURES, |event| {
        if let Some(tag) = opened(&event, "cNvPr") {
            name = attribute(tag, "name")?;
        } else if let Some(tag) = opened(&event, "blip") {
            relation = attribute(tag, "embed")?;
        } else if let Event::End(tag) = &event
            && tag.local_name().as_ref() == "cellImage"
            && let (Some(name), Some(id)) = (name.take(), relation.take())
            && let Some(to) = relations.iter().find(|relation| relation.id == id)
        {
            pictures.insert(name, Arc::from(to.target.as_str()));
        }
        Ok(())
    })?;
    Ok(pictures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_found_in_every_spelling_of_the_formula() {
        for text in [
            "=DISPIMG(\"ID_1\",1)",
            "_xlfn.DISPIMG(\"ID_1\",1)",
            "=_xlfn.DISPIMG(\"ID_1\",1)",
            "=@DISPIMG(\"ID_1\",1)",
            "=@_xlfn.DISPIMG(\"ID_1\", 1)",
            "=_xlfn.@DISPIMG(\"ID_1\",1)",
            "dispimg( \"ID_1\" ,1)",
            "=DispImg(\"ID_1\")",
            "=DISPIMG(“ID_1”,1)",
        ] {
            assert_eq!(picture_id(text), Some("ID_1"), "{text}");
        }
        for text in
            ["", "=DISPIMG(", "=DISPIMG(\"\",1)", "DISPIMG", "=SUM(1,2)", "茶茶茶茶茶茶", "=IMAGE(\"ID_1\")"]
        {
            assert_eq!(picture_id(text), None, "{text}");
        }
    }
}
