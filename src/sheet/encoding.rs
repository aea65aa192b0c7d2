//! The bytes of a text file into the encoding they are in, proven over the whole file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

use super::Problem;
use super::row_of::row_after;
use super::transcode::Transcoder;

/// How many bytes are looked at in one go.
const CHUNK: usize = 256 << 10;

/// A text file's encoding, and how long its byte order mark is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recognised {
    pub encoding: &'static Encoding,
    pub mark: u64,
}

/// Why the bytes are not text in an encoding.
enum Flaw {
    Undecodable { byte: u64, likely_meant: bool },
    Nul { byte: u64 },
    Unreadable(io::Error),
}

impl From<io::Error> for Flaw {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

/// Finds the encoding: the one asked for, the one its mark names, UTF-8, or GB18030, in this order. Every byte of
/// the file is looked at, in bounded memory, so that what is read later holds no surprise.
pub(super) fn recognise(file: &mut File, wanted: Option<&str>) -> Result<Recognised, Problem> {
    let marked = read_mark(file)?;
    if let Some(label) = wanted {
        let encoding = Encoding::for_label(label.as_bytes())
            .ok_or_else(|| Problem::EncodingUnknown { label: label.to_owned() })?;
        let mark = marked.filter(|(found, _)| *found == encoding).map_or(0, |(_, length)| length);
        return proven(file, Recognised { encoding, mark });
    }
    if let Some((encoding, mark)) = marked {
        return proven(file, Recognised { encoding, mark });
    }
    let utf8 = Recognised { encoding: UTF_8, mark: 0 };
    match prove(file, utf8) {
        Ok(()) => Ok(utf8),
        Err(Flaw::Undecodable { likely_meant: false, .. }) => {
            proven(file, Recognised { encoding: GB18030, mark: 0 })
        }
        Err(flaw) => Err(explain(file, utf8, flaw)),
    }
}

fn read_mark(file: &mut File) -> Result<Option<(&'static Encoding, u64)>, Problem> {
    let mut head = Vec::with_capacity(3);
    file.rewind()?;
    file.by_ref().take(3).read_to_end(&mut head)?;
    Ok(Encoding::for_bom(&head).map(|(encoding, length)| (encoding, length as u64)))
}

fn proven(file: &mut File, recognised: Recognised) -> Result<Recognised, Problem> {
    prove(file, recognised).map(|()| recognised).map_err(|flaw| explain(file, recognised, flaw))
}

fn prove(file: &mut File, recognised: Recognised) -> Result<(), Flaw> {
    file.seek(SeekFrom::Start(recognised.mark))?;
    if recognised.encoding == UTF_8 {
        prove_utf8(file, recognised.mark)
    } else {
        prove_decodable(file, recognised)
    }
}

fn prove_utf8(file: &mut File, mut at: u64) -> Result<(), Flaw> {
    let mut bytes = Vec::with_capacity(CHUNK + 4);
    loop {
        let kept = bytes.len();
        let ended = file.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)? < CHUNK;
        no_nul(&bytes[kept..], at + kept as u64)?;
        // encoding_rs looks several times faster than the standard library at text that is not ASCII.
        let valid = Encoding::utf8_valid_up_to(&bytes);
        let torn = str::from_utf8(&bytes[valid..]).err().is_some_and(|error| error.error_len().is_none());
        if valid < bytes.len() && (ended || !torn) {
            return Err(Flaw::Undecodable { byte: at + valid as u64, likely_meant: mostly_utf8(&bytes) });
        }
        if ended {
            return Ok(());
        }
        bytes.drain(..valid);
        at += valid as u64;
    }
}

/// Whether damaged UTF-8 is likelier than another encoding: bytes of GB18030 rarely look like the long sequences
/// that Chinese text has in UTF-8, but UTF-8 with one bad byte may well decode as GB18030, into nonsense.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut long, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        long += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    long > bad
}

fn prove_decodable(file: &mut File, recognised: Recognised) -> Result<(), Flaw> {
    let wide = [UTF_16LE, UTF_16BE].contains(&recognised.encoding);
    let mut decoder = recognised.encoding.new_decoder_without_bom_handling();
    let mut bytes = Vec::with_capacity(CHUNK);
    let mut text = vec![0; CHUNK];
    let mut at = recognised.mark;
    loop {
        bytes.clear();
        let ended = file.by_ref().take(CHUNK as u64).read_to_end(&mut bytes)? < CHUNK;
        if !wide {
            no_nul(&bytes, at)?;
        }
        let mut rest = bytes.as_slice();
        loop {
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut text, ended);
            if wide {
                no_nul(&text[..written], at)?;
            }
            at += read as u64;
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(length, after) => {
                    let byte = at.saturating_sub(u64::from(length) + u64::from(after));
                    return Err(Flaw::Undecodable { byte, likely_meant: true });
                }
            }
        }
        if ended {
            return Ok(());
        }
    }
}

fn no_nul(bytes: &[u8], at: u64) -> Result<(), Flaw> {
    memchr(0, bytes).map_or(Ok(()), |offset| Err(Flaw::Nul { byte: at + offset as u64 }))
}

fn explain(file: &mut File, Recognised { encoding, mark }: Recognised, flaw: Flaw) -> Problem {
    let mut row_at = |byte: u64| {
        file.seek(SeekFrom::Start(mark))?;
        row_after(Transcoder::new(file.take(byte.saturating_sub(mark)), encoding))
    };
    let explained = match flaw {
        Flaw::Unreadable(error) => return Problem::Unreadable(error),
        Flaw::Nul { byte } => row_at(byte).map(|row| Problem::Nul { row, byte }),
        Flaw::Undecodable { byte, .. } => {
            row_at(byte).map(|row| Problem::Undecodable { encoding: encoding.name(), row, byte })
        }
    };
    explained.unwrap_or_else(Problem::Unreadable)
}
