//! A zip archive into the kind of workbook in it, and the proof that it does not unpack too far.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use memchr::{memchr, memrchr};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{Content, Limits, Problem};

/// No byte of a deflated stream unpacks to more bytes than this.
const MOST_PER_BYTE: u64 = 1032;

/// Parts that cannot unpack to more than this are not looked into.
const HARMLESS: u64 = 32 << 20;

type Archive<'f> = ZipArchive<BufReader<&'f File>>;

/// Finds out which kind of workbook the archive holds, and unpacks into nothing whatever may be read later and could
/// be large: sizes in an archive's directory may lie, and a reader that trusts them would fill the memory.
///
/// # Errors
/// [`Problem::UnpacksTooFar`] and [`Problem::TextTooLong`] beyond the limits, [`Problem::Encrypted`], and
/// [`Problem::Damaged`].
pub(super) fn inspect(mut file: &File, limits: Limits) -> Result<Content, Problem> {
    file.rewind()?;
    let mut archive = ZipArchive::new(BufReader::new(file))?;
    let content = content_of(&mut archive);
    if content != Content::Zip {
        let mut held = 0;
        for index in 0..archive.len() {
            prove(&mut archive, index, limits, &mut held)?;
        }
    }
    file.rewind()?;
    Ok(content)
}

fn content_of(archive: &mut Archive<'_>) -> Content {
    let mut kind = Vec::new();
    if let Ok(part) = archive.by_name("mimetype")
        && part.take(128).read_to_end(&mut kind).is_ok()
        && kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet")
    {
        return Content::Ods;
    }
    let any = |holds: fn(&str) -> bool| {
        archive.file_names().flatten().any(|name| holds(&name.to_ascii_lowercase()))
    };
    if any(|name| name.ends_with("xl/workbook.bin")) {
        Content::Xlsb
    } else if any(|name| name == "[content_types].xml")
        && !any(|name| name.starts_with("word/") || name.starts_with("ppt/"))
    {
        Content::Xlsx
    } else {
        Content::Zip
    }
}

fn prove(archive: &mut Archive<'_>, index: usize, limits: Limits, held: &mut u64) -> Result<(), Problem> {
    let (name, most) = {
        let part = archive.by_index_raw(index)?;
        if part.encrypted() {
            return Err(Problem::Encrypted);
        }
        let per_byte = if part.compression() == zip::CompressionMethod::Stored { 1 } else { MOST_PER_BYTE };
        (part.name()?.into_owned(), part.compressed_size().saturating_mul(per_byte))
    };
    if !is_read(&name) || most <= HARMLESS {
        return Ok(());
    }
    let streamed = name.contains("worksheets/") || name == "content.xml";
    let limit = if streamed { limits.worksheet } else { limits.held - *held };
    let longest = if name.ends_with(".bin") { u64::MAX } else { limits.record as u64 };
    let size = unpacked(archive, index, &Bounds { name: &name, limit, longest })?;
    if !streamed {
        *held += size;
    }
    Ok(())
}

/// Whether a reader of workbooks looks into a part of this name; pictures it leaves alone.
fn is_read(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.contains("media/") && [".xml", ".rels", ".bin"].iter().any(|ending| name.ends_with(ending))
}

/// What a part may unpack to.
struct Bounds<'n> {
    name: &'n str,
    /// Bytes in all.
    limit: u64,
    /// Bytes without a tag.
    longest: u64,
}

fn unpacked(archive: &mut Archive<'_>, index: usize, bounds: &Bounds<'_>) -> Result<u64, Problem> {
    let mut part = archive.by_index(index)?;
    let mut buffer = vec![0; 64 << 10];
    let (mut size, mut tagless) = (0_u64, 0_u64);
    loop {
        let count = part.read(&mut buffer).map_err(|error| damaged(&error))?;
        if count == 0 {
            return Ok(size);
        }
        let bytes = &buffer[..count];
        size += count as u64;
        if size > bounds.limit {
            return Err(Problem::UnpacksTooFar { part: bounds.name.to_owned(), limit: bounds.limit });
        }
        match (memchr(b'<', bytes), memrchr(b'<', bytes)) {
            (Some(first), Some(last)) if tagless + first as u64 <= bounds.longest => {
                tagless = (count - last) as u64
            }
            _ => tagless += count as u64,
        }
        if tagless > bounds.longest {
            return Err(Problem::TextTooLong { part: bounds.name.to_owned(), limit: bounds.longest });
        }
    }
}

fn damaged(error: &dyn std::fmt::Display) -> Problem {
    Problem::Damaged { detail: error.to_string() }
}

impl From<ZipError> for Problem {
    fn from(error: ZipError) -> Self {
        damaged(&error)
    }
}
