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
    /// A workbook of Excel 4 or older.
    OldWorkbook,
    /// No text, and nothing we know; a company's document protection leaves such files.
    Unknown,
    /// None of these: text, as far as the first bytes show.
    Text,
}

/// How many bytes [`Content::of`] wants to see.
pub(super) const GLANCE: usize = 1024;

const SIGNATURES: [(&[u8], Content); 23] = [
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
    (b"\x09\x00\x04\x00", Content::OldWorkbook),
    (b"\x09\x02\x06\x00", Content::OldWorkbook),
    (b"\x09\x04\x06\x00", Content::OldWorkbook),
    // Document protection: its files begin with words, and go on encrypted.
    (b"%TSD-Header-###%", Content::Unknown),
    (b"b\x14#e", Content::Unknown),
    (b"DRMONE", Content::Unknown),
    (b"<DOCUMENT SAFER", Content::Unknown),
    (b"SCDSA00", Content::Unknown),
];

/// A head is binary with so many control characters, if they are a part of it that is worth mention: a text may hold
/// one or two by accident.
const BINARY: usize = 4;

/// In what is encrypted, one byte of ten is a control character.
const BINARY_SHARE: usize = 50;

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
        if text.starts_with(b"<") && mentions_html(text) {
            Self::Html
        } else if is_binary(head) {
            Self::Unknown
        } else {
            Self::Text
        }
    }
}

fn is_binary(head: &[u8]) -> bool {
    let controls = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    controls >= BINARY && controls * BINARY_SHARE > head.len() && !is_utf16(head)
}

/// Whether the bytes are UTF-16 of either order, with or without its mark: then NULs are halves of letters. Bytes
/// of any kind may look like rare characters; a sheet has plain ones, too.
fn is_utf16(head: &[u8]) -> bool {
    let (units, _) = head.as_chunks::<2>();
    // The last character may be torn.
    let whole = units.len().saturating_sub(usize::from(head.len() >= GLANCE - 1));
    [u16::from_le_bytes, u16::from_be_bytes].into_iter().any(|order| {
        let units = || units[..whole].iter().map(|unit| order(*unit));
        let is_text = |c: char| match c {
            '\t' | '\n' | '\r' => true,
            '\u{E000}'..='\u{F8FF}' => false,
            other => !other.is_control(),
        };
        units().any(|unit| unit < 0x80) && char::decode_utf16(units()).all(|c| c.is_ok_and(is_text))
    })
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
            Self::OldWorkbook => "a workbook of Excel 4 or older",
            Self::Unknown => "a file of an unknown kind, or an encrypted one",
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
            (b"name,price\na\0,1\n", Content::Text),
            (b"\x09\x00\x04\x00\x02\x00\x10\x00", Content::OldWorkbook),
            (b"\x09\x02\x06\x00\x00\x00", Content::OldWorkbook),
            (b"\x09\x04\x06\x00\x00\x00", Content::OldWorkbook),
            (b"%TSD-Header-###%and so on", Content::Unknown),
            (b"b\x14#e\x01\x02", Content::Unknown),
            (b"DRMONE  This Document is encrypted", Content::Unknown),
            (b"<DOCUMENT SAFER V1>", Content::Unknown),
            (b"SCDSA004", Content::Unknown),
            (b"#!@\x01\x8F\x12\x00\x00\x07\x9A", Content::Unknown),
        ] {
            assert_eq!(Content::of(head), content, "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn what_is_encrypted_is_no_text_and_utf16_is() {
        // Bytes as even as those of a cipher.
        let mut state = 1_u32;
        let cipher: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(GLANCE)
        .collect();
        assert_eq!(Content::of(&cipher), Content::Unknown);
        assert_eq!(Content::of(&cipher[..100]), Content::Unknown);
        let text = "商品名称,价格\r\n高山乌龙茶👍,99.5\r\n".repeat(60);
        for order in [u16::to_le_bytes, u16::to_be_bytes] {
            for mark in ["", "\u{FEFF}"] {
                let bytes: Vec<u8> = [mark, &text].concat().encode_utf16().flat_map(order).collect();
                for length in [20, 31, GLANCE - 1, GLANCE] {
                    assert_eq!(Content::of(&bytes[..length]), Content::Text, "{length}");
                }
            }
        }
        for encoding in [encoding_rs::GB18030, encoding_rs::SHIFT_JIS, encoding_rs::BIG5, encoding_rs::UTF_8]
        {
            let bytes = encoding.encode(&text).0;
            assert_eq!(Content::of(&bytes[..GLANCE]), Content::Text, "{}", encoding.name());
        }
    }
}
