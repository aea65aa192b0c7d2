//! A zip archive into the kind of workbook in it, and the proof that it does not unpack too far.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use memchr::{memchr, memrchr};
use zip::ZipArchive;
use zip::result::ZipError;

use super::{Content, Limits, Problem};

/// No byte of a deflated stream unpacks to more bytes than this.
const MOST_PER_BYTE: u64 = 1032;

/// Parts that cannot unpack to more than this are not looked into.
const HARMLESS: u64 = 32 << 20;

type Archive<'f> = ZipArchive<BufReader<&'f File>>;

/// What an archive holds.
pub(super) struct Inspected {
    /// The kind of workbook.
    pub content: Content,
    /// The worksheets that may be large.
    pub worksheets: Worksheets,
}

/// Worksheets, by their places in the archive, that have to be proven before one of them is read.
#[derive(Default)]
pub(super) struct Worksheets {
    archive: PathBuf,
    parts: Vec<usize>,
}

/// Finds out which kind of workbook the archive at `path` holds, and unpacks into nothing whatever is read when it is
/// opened and could be large: sizes in an archive's directory may lie, and a reader that trusts them would fill the
/// memory. Worksheets are left to [`Worksheets::prove`], which can run while the workbook is being opened.
///
/// # Errors
/// [`Problem::UnpacksTooFar`] and [`Problem::TextTooLong`] beyond the limits, [`Problem::Encrypted`], and
/// [`Problem::Damaged`].
pub(super) fn inspect(mut file: &File, path: &Path, limits: Limits) -> Result<Inspected, Problem> {
    file.rewind()?;
    let mut archive = ZipArchive::new(BufReader::new(file))?;
    let content = content_of(&mut archive);
    let mut parts = Vec::new();
    if content != Content::Zip {
        let mut held = 0;
        for index in 0..archive.len() {
            match size_of(&mut archive, index)? {
                Size::Harmless => {}
                Size::Worksheet => parts.push(index),
                Size::Held(name) => {
                    let limit = if name == "content.xml" { limits.worksheet } else { limits.held - held };
                    let size = unpacked(&mut archive, index, &Bounds::of(&name, limit, limits))?;
                    held += if name == "content.xml" { 0 } else { size };
                }
            }
        }
    }
    file.rewind()?;
    Ok(Inspected { content, worksheets: Worksheets { archive: path.to_owned(), parts } })
}

impl Worksheets {
    /// Whether none has to be proven.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Unpacks them into nothing.
    ///
    /// # Errors
    /// As [`inspect`].
    pub fn prove(&self, limits: Limits) -> Result<(), Problem> {
        let file = File::open(&self.archive)?;
        let mut archive = ZipArchive::new(BufReader::new(&file))?;
        self.parts.iter().try_for_each(|&index| {
            let name = archive.by_index_raw(index)?.name()?.into_owned();
            unpacked(&mut archive, index, &Bounds::of(&name, limits.worksheet, limits)).map(drop)
        })
    }
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

/// What unpacking a part may come to.
enum Size {
    /// It is not read, or cannot unpack to much.
    Harmless,
    /// It is streamed.
    Worksheet,
    /// The part of this name is read when the workbook is opened, and mostly held in memory.
    Held(String),
}

fn size_of(archive: &mut Archive<'_>, index: usize) -> Result<Size, Problem> {
    let part = archive.by_index_raw(index)?;
    if part.encrypted() {
        return Err(Problem::Encrypted);
    }
    let per_byte = if part.compression() == zip::CompressionMethod::Stored { 1 } else { MOST_PER_BYTE };
    let name = part.name()?.into_owned();
    if !is_read(&name) || part.compressed_size().saturating_mul(per_byte) <= HARMLESS {
        return Ok(Size::Harmless);
    }
    Ok(if name.contains("worksheets/") { Size::Worksheet } else { Size::Held(name) })
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

impl<'n> Bounds<'n> {
    fn of(name: &'n str, limit: u64, limits: Limits) -> Self {
        let longest = if name.ends_with(".bin") { u64::MAX } else { limits.record as u64 };
        Self { name, limit, longest }
    }
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
