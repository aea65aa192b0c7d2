//! A cover cell's text into the kind of picture it points to.

use super::text::{any_byte, clip};
use super::{Cover, Fault};
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
        let starts = |prefix| starts_with(text, prefix);
        if address_starts(text) {
            return (addresses(text) == 1).then_some(Self::Address);
        }
        if picture_id(text).is_some() {
            return Some(Self::InRow);
        }
        let schemed = text.contains("://") || starts("data:") || text.starts_with("//");
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

/// How many addresses a text holds, each beginning anew behind a blank or a sign that separates.
pub(super) fn addresses(text: &str) -> usize {
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '，' | '；' | '、');
    let begins = |at: usize| {
        let (before, rest) = text.split_at(at);
        address_starts(rest) && before.chars().next_back().is_none_or(separates)
    };
    memchr::memchr2_iter(b'h', b'H', text.as_bytes()).filter(|at| begins(*at)).count()
}

/// What is wrong with a trimmed text that is no kind of cover.
pub(super) fn fault(text: &str) -> Fault {
    match addresses(text) {
        _ if text.is_empty() => Fault::CoverMissing,
        _ if text.starts_with("//") => Fault::CoverAddressSchemeless { text: clip(text) },
        0 | 1 => Fault::CoverUnknown { text: clip(text) },
        addresses => Fault::CoverSeveralAddresses { addresses },
    }
}

fn address_starts(text: &str) -> bool {
    starts_with(text, "http://") || starts_with(text, "https://")
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
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
            ("//cdn.example.com/a.png", None),
            ("https://a.example.com/a.png,https://b.example.com/b.png", None),
            ("https://a.example.com/a,b;c.png", Some(CoverKind::Address)),
            ("https://a.example.com/get?u=https://b.example.com/b.png", Some(CoverKind::Address)),
            ("", None),
        ] {
            assert_eq!(CoverKind::of(text), kind, "{text}");
        }
    }

    #[test]
    fn several_addresses_and_one_without_its_scheme_are_named() {
        for separator in [" ", "\n", "\r\n", ",", ", ", ";", "，", "；", "、", "\u{3000}", " | "] {
            let text = format!("https://a.example.com/a.png{separator}HTTP://b.example.com/b.png");
            assert_eq!(fault(&text), Fault::CoverSeveralAddresses { addresses: 2 }, "{separator:?}");
        }
        for (text, code) in [
            ("//cdn.example.com/a.png", "cover-address-schemeless"),
            ("a.png https://b.example.com/b.png", "cover-unknown"),
            ("有图", "cover-unknown"),
            ("", "cover-missing"),
        ] {
            assert_eq!(fault(text).code(), code, "{text}");
        }
    }
}
