//! A zip archive into the parts of a workbook, found by the relations between them, and a part into XML events.

mod parts;
mod xml;

pub(super) use parts::{MOST, Parts, Relations, bounded};
pub(super) use xml::{
    Bounded, Bounds, Source, Xml, attribute, is, number, opened, push_text, text_of, truth,
};
