//! WPS Office's pictures in cells, by the ID that a cell's `DISPIMG` names, into the parts that hold them.

use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};

use super::super::Problem;
use super::super::zipped::{MOST, Parts, Relations, bounded};
use super::SheetPicture;
use super::drawn::Drawn;

/// What leads to the pictures from the workbook, and where WPS Office puts them.
const PICTURES: (&str, &str) = ("cellImage", "xl/cellimages.xml");

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

/// The pictures by their IDs; `from` are the ways from the workbook to its parts.
pub(super) fn read(package: &mut Parts, from: &Relations) -> Result<HashMap<String, SheetPicture>, Problem> {
    let part = from.part(PICTURES.0, PICTURES.1);
    let relations = package.relations(&part)?;
    let mut pictures = HashMap::new();
    let mut drawn = Drawn::default();
    package.read_small(&part, |event| {
        let mut open = |tag: &BytesStart<'_>| match tag.local_name().as_ref() {
            "cellImage" => {
                drawn = Drawn::default();
                Ok(())
            }
            name => drawn.open(name, tag),
        };
        match &event {
            Event::Start(tag) => open(tag)?,
            Event::End(tag) if tag.local_name().as_ref() == "cellImage" => {
                let drawn = std::mem::take(&mut drawn);
                let (view, tilted) = drawn.view(&drawn.frame);
                let part = drawn.embedded.and_then(|id| relations.target(&id).cloned());
                if let (Some(name), Some(part)) = (drawn.name, part) {
                    pictures.insert(name, SheetPicture { part, view, tilted });
                }
            }
            Event::End(tag) => drawn.close(tag.local_name().as_ref()),
            _ => {}
        }
        bounded(pictures.len(), MOST, &part)
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
