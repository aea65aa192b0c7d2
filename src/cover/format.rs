//! A file's first bytes into the kind of picture it is.

use super::CoverFault;

/// The kinds of picture that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// Windows bitmap.
    Bmp,
}

impl Format {
    /// The kind of picture that `bytes` begin as; names and extensions are not believed.
    ///
    /// # Errors
    /// [`CoverFault::NotPicture`], naming what it is instead where that can be told.
    pub fn of(bytes: &[u8]) -> Result<Self, CoverFault> {
        let riff = bytes.starts_with(b"RIFF");
        match bytes {
            [0xFF, 0xD8, 0xFF, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Ok(Self::Gif),
            [_, _, _, _, _, _, _, _, b'W', b'E', b'B', b'P', ..] if riff => Ok(Self::WebP),
            // A size and four reserved zeros follow: two letters alone are found in many a text.
            [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => Ok(Self::Bmp),
            _ => Err(CoverFault::NotPicture { found: named(bytes) }),
        }
    }

    /// Whether the service takes it as it is: PNG, JPEG and GIF by its documents.
    pub fn is_taken(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif)
    }

    /// What the file is called, for the upload must name one.
    pub fn filename(self) -> &'static str {
        match self {
            Self::Jpeg => "cover.jpg",
            Self::Png => "cover.png",
            Self::Gif => "cover.gif",
            Self::WebP => "cover.webp",
            Self::Bmp => "cover.bmp",
        }
    }
}

/// What people take for a picture of goods, and cannot be read as one.
fn named(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.trim_ascii_start();
    let begins =
        |prefix: &[u8]| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    Some(match bytes {
        [] => "an empty file",
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand.get(..4) {
            Some(b"avif" | b"avis") => "an AVIF picture",
            Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1") => "a HEIC picture",
            _ => "a video",
        },
        [b'I', b'I', 0x2A, 0, ..] | [b'M', b'M', 0, 0x2A, ..] => "a TIFF picture",
        [b'8', b'B', b'P', b'S', ..] => "a Photoshop file",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [b'P', b'K', 3, 4, ..] => "an archive or office document",
        [0xD7, 0xCD, 0xC6, 0x9A, ..] => "a WMF drawing",
        [1, 0, 0, 0, ..] if bytes.get(40..44) == Some(b" EMF") => "an EMF drawing",
        _ if begins(b"<svg") => "an SVG drawing",
        _ if begins(b"<!doctype html") || begins(b"<html") => "a web page",
        _ if begins(b"<?xml") && text.windows(4).take(1024).any(|part| part == b"<svg") => "an SVG drawing",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_known_by_its_first_bytes_alone() {
        for (bytes, format) in [
            (&b"\xFF\xD8\xFF\xE0"[..], Format::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Format::Png),
            (b"GIF89a", Format::Gif),
            (b"RIFF\0\0\0\0WEBPVP8 ", Format::WebP),
            (b"BM\x36\0\0\0\0\0\0\0", Format::Bmp),
        ] {
            assert_eq!(Format::of(bytes), Ok(format));
        }
    }

    #[test]
    fn what_is_no_picture_is_named_where_it_can_be() {
        for (bytes, found) in [
            (&b""[..], Some("an empty file")),
            (b"\0\0\0\x18ftypheic", Some("a HEIC picture")),
            (b"\0\0\0\x18ftypavif", Some("an AVIF picture")),
            (b"\0\0\0\x18ftypmp42", Some("a video")),
            (b" <!DOCTYPE html><html>", Some("a web page")),
            (b"<?xml version=\"1.0\"?><svg>", Some("an SVG drawing")),
            (b"BMW is a maker of cars", None),
            (b"RIFF\0\0\0\0WAVE", None),
            (b"\xFF\xD8", None),
        ] {
            assert_eq!(Format::of(bytes), Err(CoverFault::NotPicture { found }));
        }
    }
}
