//! The first bytes of a file into what it really is, whatever its name says.

use std::fmt;

/// What the first bytes show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Nothing at all.
    Empty,
    /// A zip archive, to be looked into: `.xlsx`, `.xlsb` and `.ods` are zip archives.
    Zip,
    /// A zip archive that holds an `.xlsx` workbook.
    Xlsx,
    /// A zip archive that holds an `.xlsb` workbook.
    Xlsb,
    /// A zip archive that holds an `.ods` workbook.
    Ods,
    /// Microsoft's compound file: an `.xls` workbook, or an encrypted workbook of any kind.
    CompoundFile,
    /// A web page, as shop systems like to call `.xls`.
    Html,
    /// XML outside an archive.
    Xml,
    /// A PDF document.
    Pdf,
    /// PNG, JPEG or GIF.
    Picture,
    /// gzip, rar, 7-Zip, bzip2, xz or zstd.
    Archive,
    /// None of these: text, as far as the first bytes show.
    Text,
}

/// How many bytes [`Content::of`] wants to see.
pub(super) const GLANCE: usize = 1024;

const SIGNATURES: [(&[u8], Content); 15] = [
    (b"PK\x03\x04", Content::Zip),
    (b"PK\x05\x06", Content::Zip),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Content::CompoundFile),
    (b"%PDF-", Content::Pdf),
    (b"\x89PNG\r\n\x1A\n", Content::Picture),
    (b"\xFF\xD8\xFF", Content::Picture),
    (b"GIF87a", Content::Picture),
    (b"GIF89a", Content::Picture),
    (b"\x1F\x8B", Content::Archive),
    (b"Rar!\x1A\x07", Content::Archive),
    (b"7z\xBC\xAF\x27\x1C", Content::Archive),
    (b"BZh", Content::Archive),
    (b"\xFD7zXZ\0", Content::Archive),
    (b"\x28\xB5\x2F\xFD", Content::Archive),
    (b"<?xml", Content::Xml),
];

impl Content {
    /// What a file that begins with `head` is.
    pub fn of(head: &[u8]) -> Self {
        if head.is_empty() {
            return Self::Empty;
        }
        if let Some((_, content)) = SIGNATURES.iter().find(|(signature, _)| head.starts_with(signature)) {
            return if *content == Self::Xml && mentions_html(head) { Self::Html } else { *content };
        }
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        if text.starts_with(b"<?xml") {
            return if mentions_html(text) { Self::Html } else { Self::Xml };
        }
        if text.starts_with(b"<") && mentions_html(text) { Self::Html } else { Self::Text }
    }
}

fn mentions_html(head: &[u8]) -> bool {
    let lower = head.to_ascii_lowercase();
    [&b"<html"[..], b"<!doctype html", b"<table", b"<meta", b"<head", b"<body"]
        .iter()
        .any(|tag| memchr::memmem::find(&lower, tag).is_some())
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "an empty file",
            Self::Zip => "a zip archive that is no workbook",
            Self::Xlsx => "an .xlsx workbook",
            Self::Xlsb => "an .xlsb workbook",
            Self::Ods => "an .ods workbook",
            Self::CompoundFile => "an old .xls workbook or another compound file",
            Self::Html => "a web page",
            Self::Xml => "an XML file",
            Self::Pdf => "a PDF document",
            Self::Picture => "a picture",
            Self::Archive => "a compressed archive",
            Self::Text => "plain text",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        for (head, content) in [
            (&b""[..], Content::Empty),
            (b"PK\x03\x04rest", Content::Zip),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Content::CompoundFile),
            (b"\xEF\xBB\xBF <HTML>", Content::Html),
            (b"<?xml version=\"1.0\"?><html>", Content::Html),
            (b"<?xml version=\"1.0\"?><Workbook>", Content::Xml),
            (b"<5kg,price", Content::Text),
            (b"name,price\n", Content::Text),
        ] {
            assert_eq!(Content::of(head), content, "{}", String::from_utf8_lossy(head));
        }
    }
}
