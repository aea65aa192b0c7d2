//! A zip archive into the kind of workbook in it.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::super::zipped::Parts;
use super::super::{Content, Limits, Problem};

/// More parts than this no workbook has; the directory of an archive is held in memory.
const MOST_PARTS: usize = 1 << 16;

/// What every entry of an archive's directory begins with.
const ENTRY: &[u8] = b"PK\x01\x02";

type Archive<'f> = ZipArchive<BufReader<&'f File>>;

/// Finds out which kind of workbook the archive holds.
///
/// # Errors
/// [`Problem::Encrypted`], and [`Problem::Damaged`].
pub(in crate::sheet) fn inspect(mut file: &File, limits: Limits) -> Result<Content, Problem> {
    refuse_crowds(file)?;
    file.rewind()?;
    let mut archive = ZipArchive::new(BufReader::new(file))?;
    for index in 0..archive.len() {
        if archive.by_index_raw(index)?.encrypted() {
            return Err(Problem::Encrypted);
        }
    }
    let content =
        if is_ods(&mut archive) { Content::Ods } else { content_of(Parts::open(file.try_clone()?, limits)?) };
    file.rewind()?;
    Ok(content)
}

/// Counts what may be an entry of the directory, before a reader makes room for each.
fn refuse_crowds(mut file: &File) -> Result<(), Problem> {
    file.rewind()?;
    let mut bytes = Vec::with_capacity(260 << 10);
    let mut parts = 0;
    loop {
        let read = file.take(256 << 10).read_to_end(&mut bytes)?;
        parts += memmem::find_iter(&bytes, ENTRY).count();
        if parts > MOST_PARTS {
            return Err(Problem::Damaged { detail: format!("more than {MOST_PARTS} parts") });
        }
        if read == 0 {
            return Ok(());
        }
        // An entry may begin at the end of one stretch and go on in the next.
        bytes.drain(..bytes.len().saturating_sub(ENTRY.len() - 1));
    }
}

fn is_ods(archive: &mut Archive<'_>) -> bool {
    let mut kind = Vec::new();
    archive.by_name("mimetype").is_ok_and(|part| part.take(128).read_to_end(&mut kind).is_ok())
        && kind.starts_with(b"application/vnd.oasis.opendocument.spreadsheet")
}

/// What the archive's own relations lead to; a workbook may stand anywhere in it.
fn content_of(mut parts: Parts) -> Content {
    let Ok((document, relations)) = parts.workbook() else { return Content::Zip };
    let has_sheets = !relations.of_kind("worksheet").is_empty();
    match document.rsplit_once('.') {
        Some((_, "bin")) if has_sheets => Content::Xlsb,
        Some((_, "xml")) if has_sheets => Content::Xlsx,
        _ => Content::Zip,
    }
}

impl From<ZipError> for Problem {
    fn from(error: ZipError) -> Self {
        Self::Damaged { detail: error.to_string() }
    }
}
