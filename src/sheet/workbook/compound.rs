//! A compound file into the streams it holds, and a stream into a compound file of its own ([MS-CFB]).

use std::fs::File;
use std::io::{Read, Seek};

use super::super::Problem;
use super::records::{u16_at, u32_at};

/// The largest sector number that is one.
const LAST_SECTOR: u32 = 0xFFFF_FFF9;

/// What stands for the follower of a table's sector, of the last sector of a stream, and of an unused one.
const TABLE: u32 = 0xFFFF_FFFD;
const LAST: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;

/// The bytes of a sector of the larger kind.
const LARGE: usize = 4096;

/// Whether the file is a workbook of a newer kind, encrypted under a password.
pub(in crate::sheet) fn is_encrypted_package(file: &mut File, limit: u64) -> Result<bool, Problem> {
    let bytes = bytes_of(file, limit)?;
    Ok(Compound::read(&bytes).is_some_and(|compound| compound.entry("EncryptedPackage").is_some()))
}

/// The bytes of the first of these streams that there is, of a file of at most `limit` bytes.
pub(super) fn stream(file: &mut File, names: &[&str], limit: u64) -> Result<Vec<u8>, Problem> {
    let bytes = bytes_of(file, limit)?;
    let compound = Compound::read(&bytes).ok_or_else(damaged)?;
    names.iter().find_map(|name| compound.stream(name)).ok_or_else(damaged)
}

/// A compound file that holds one stream, called Workbook, and where that begins, to the file's end; the stream may
/// grow by a few zeros.
pub(super) fn alone(mut stream: Vec<u8>) -> Result<(Vec<u8>, usize), Problem> {
    // Shorter streams would be kept in a table of their own.
    let sectors = stream.len().div_ceil(LARGE).max(1);
    stream.resize(sectors * LARGE, 0);
    // Each table says of 1024 sectors which one follows: of the tables themselves, of the directory, of the stream.
    let tables = (1..=109).find(|tables| tables * (LARGE / 4) > sectors + tables).ok_or_else(damaged)?;
    let number = |at: usize| u32::try_from(at).map_err(|_| damaged());
    let (directory, first) = (number(tables)?, number(tables + 1)?);
    let mut head = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    head.extend([0; 16]);
    head.extend(b"\x3E\0\x04\0\xFE\xFF\x0C\0\x06\0\0\0\0\0\0\0");
    let sizes = [1, number(tables)?, directory, 0, 4096, LAST, 0, LAST, 0];
    let listed = (0..109).map(|at| if at < directory { at } else { FREE });
    head.extend(sizes.into_iter().chain(listed).flat_map(u32::to_le_bytes));
    head.resize(LARGE, 0);
    let of_stream = (first + 1..first + number(sectors)?).chain([LAST]);
    let mut next: Vec<u32> = vec![TABLE; tables];
    next.extend([LAST].into_iter().chain(of_stream));
    next.resize(tables * LARGE / 4, FREE);
    head.extend(next.into_iter().flat_map(u32::to_le_bytes));
    let start = head.len();
    // calamine takes an end of a stream here for a directory without a root.
    push_entry(&mut head, "Root Entry", 5, [FREE, FREE, 1], [FREE, 0]);
    push_entry(&mut head, "Workbook", 2, [FREE; 3], [first, number(stream.len())?]);
    head.resize(start + LARGE, 0);
    head.append(&mut stream);
    Ok((head, start + LARGE))
}

/// Appends an entry of a directory: its name, its kind, the entries beside and below it, where it starts and its length.
fn push_entry(bytes: &mut Vec<u8>, name: &str, kind: u8, others: [u32; 3], place: [u32; 2]) {
    let start = bytes.len();
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(start + 64, 0);
    bytes.extend([name.len() as u8 * 2 + 2, 0, kind, 1]);
    bytes.extend(others.into_iter().flat_map(u32::to_le_bytes));
    bytes.resize(start + 116, 0);
    bytes.extend(place.into_iter().flat_map(u32::to_le_bytes));
    bytes.resize(start + 128, 0);
}

fn bytes_of(file: &mut File, limit: u64) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    file.rewind()?;
    if file.by_ref().take(limit + 1).read_to_end(&mut bytes)? as u64 > limit {
        return Err(Problem::UnpacksTooFar { part: "Workbook".to_owned(), limit });
    }
    file.rewind()?;
    Ok(bytes)
}

fn damaged() -> Problem {
    Problem::Damaged { detail: "its sectors do not add up".to_owned() }
}

/// A compound file: a small file system of sectors, each naming its follower in a table.
struct Compound<'f> {
    bytes: &'f [u8],
    sector: usize,
    next: Vec<u32>,
    directory: Vec<u8>,
}

impl<'f> Compound<'f> {
    fn read(bytes: &'f [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut compound = Self { bytes, sector, next: Vec::new(), directory: Vec::new() };
        let mut tables: Vec<u32> = (0..109).filter_map(|index| u32_at(bytes, 76 + index * 4)).collect();
        let mut more = u32_at(bytes, 68)?;
        let mut left = bytes.len() / sector;
        while more <= LAST_SECTOR && left > 0 {
            let listed = words(compound.sector_at(more)?);
            let (last, here) = listed.split_last()?;
            tables.extend(here);
            more = *last;
            left -= 1;
        }
        tables.retain(|table| *table <= LAST_SECTOR);
        // Each stands in a sector of its own.
        if tables.len() > bytes.len() / sector {
            return None;
        }
        for table in tables {
            let followers = words(compound.sector_at(table)?);
            compound.next.extend(followers);
        }
        compound.directory = compound.chain(u32_at(bytes, 48)?, &compound.next)?;
        Some(compound)
    }

    fn sector_at(&self, number: u32) -> Option<&'f [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        self.bytes.get(start..(start + self.sector).min(self.bytes.len()))
    }

    fn chain(&self, start: u32, next: &[u32]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut at = start;
        while at <= LAST_SECTOR {
            bytes.extend_from_slice(self.sector_at(at)?);
            if bytes.len() > self.bytes.len() {
                return None;
            }
            at = *next.get(at as usize)?;
        }
        Some(bytes)
    }

    fn entry(&self, name: &str) -> Option<(u32, usize)> {
        let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let entry = self.directory.chunks_exact(128).find(|entry| entry[..64].starts_with(&wide))?;
        Some((u32_at(entry, 116)?, u32_at(entry, 120)? as usize))
    }

    /// The bytes of a stream; short ones are kept in small sectors inside a stream of their own.
    fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let (start, length) = self.entry(name)?;
        if length >= 4096 {
            let mut bytes = self.chain(start, &self.next)?;
            bytes.truncate(length);
            return Some(bytes);
        }
        let small = self.chain(u32_at(&self.directory, 116)?, &self.next)?;
        let next = words(&self.chain(u32_at(self.bytes, 60)?, &self.next)?);
        let mut bytes = Vec::new();
        let mut at = start;
        while at <= LAST_SECTOR && bytes.len() < length {
            bytes.extend_from_slice(small.get(at as usize * 64..at as usize * 64 + 64)?);
            at = *next.get(at as usize)?;
        }
        Some(bytes)
    }
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).filter_map(|word| u32_at(word, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_alone_in_a_file_is_found_again() {
        for length in [0, 1, 4096, 5000, 4096 * 3000] {
            let stream: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let (file, start) = alone(stream.clone()).expect("a file");
            let found = Compound::read(&file).expect("whole").stream("Workbook").expect("the stream");
            assert_eq!(found[..length], stream);
            assert!(found[length..].iter().all(|byte| *byte == 0));
            assert_eq!(file[start..], found);
        }
    }

    #[test]
    fn a_file_whose_sectors_follow_each_other_in_a_circle_is_damaged() {
        let (mut file, _) = alone(vec![7; 10_000]).expect("a file");
        let table = LARGE;
        let directory = u32_at(&file, 48).expect("a number");
        file[table + directory as usize * 4..][..4].copy_from_slice(&directory.to_le_bytes());
        assert!(Compound::read(&file).is_none());
    }
}
