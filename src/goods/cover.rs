//! A cover cell's text into the kind of picture it points to.

use super::Cover;
use super::text::any_byte;
use crate::sheet::{View, picture_id};

/// The kinds of picture a cell can point to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CoverKind {
    /// A media id of the same mini-program.
    MediaId,
    /// A path relative to the sheet.
    File,
    /// An http or https address.
    Address,
    /// A picture that sits in the row, by a formula that names it.
    InRow,
}

impl CoverKind {
    /// The kind a trimmed text spells, `None` when it is none of them.
    pub fn of(text: &str) -> Option<Self> {
        let strange = |byte: u8| !(byte.is_ascii_alphanumeric() | (byte == b'_') | (byte == b'-'));
        if text.len() >= 20 && !any_byte(text, strange) {
            return Some(Self::MediaId);
        }
        let starts =
            |prefix: &str| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        if starts("http://") || starts("https://") {
            return Some(Self::Address);
        }
        if picture_id(text).is_some() {
            return Some(Self::InRow);
        }
        let schemed = text.contains("://") || starts("data:");
        (!schemed && !text.starts_with('=') && is_path(text)).then_some(Self::File)
    }
}

impl Cover {
    /// Recognises a trimmed text as one of the kinds of cover.
    pub fn recognise(text: &str) -> Option<Self> {
        CoverKind::of(text).map(|kind| Self::new(kind, text, View::default()))
    }

    /// Whether it is a picture that has to be uploaded: all but a media id.
    pub fn is_picture(&self) -> bool {
        !matches!(self, Self::MediaId(_))
    }

    pub(super) fn new(kind: CoverKind, text: &str, view: View) -> Self {
        match kind {
            CoverKind::MediaId => Self::MediaId(text.to_owned()),
            CoverKind::File => Self::File(text.to_owned()),
            CoverKind::Address => Self::Address(text.to_owned()),
            CoverKind::InRow => Self::InRow(text.to_owned(), view),
        }
    }
}

/// A folder in it, or an extension at its end.
fn is_path(text: &str) -> bool {
    let extension = text.rsplit_once('.').filter(|(stem, extension)| {
        !stem.is_empty()
            && matches!(extension.len(), 2..=5)
            && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    extension.is_some() || text.contains(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_cover_is_told_from_the_others() {
        for (text, kind) in [
            ("SANDBOX-COVER-IMAGE-01", Some(CoverKind::MediaId)),
            ("hw7zsntcr0rE-RBfBAaF_553DqBk-J02UtWsP8VqrUh3tKu3jO_JwEO8n1cWTJ5Y", Some(CoverKind::MediaId)),
            ("images/tea.png", Some(CoverKind::File)),
            ("tea.jpeg", Some(CoverKind::File)),
            ("图片\\白茶.jpg", Some(CoverKind::File)),
            ("https://cdn.example.com/a.png", Some(CoverKind::Address)),
            ("HTTP://cdn.example.com/a", Some(CoverKind::Address)),
            ("=DISPIMG(\"ID_0A1B\",1)", Some(CoverKind::InRow)),
            ("=@_xlfn.dispimg(\"ID_0A1B\",1)", Some(CoverKind::InRow)),
            ("_xlfn.DISPIMG(\"ID\",1)", Some(CoverKind::InRow)),
            ("#VALUE!", None),
            ("short-id", None),
            ("有图", None),
            ("3.5", None),
            ("=A1/B2", None),
            ("cloud://bucket/a.png", None),
            ("data:image/png;base64,AAAA", None),
            ("", None),
        ] {
            assert_eq!(CoverKind::of(text), kind, "{text}");
        }
    }
}
