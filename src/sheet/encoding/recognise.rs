//! The bytes of a text file into the encoding they are in.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::ControlFlow;

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

use super::super::Problem;
use super::super::buffers::Buffers;
use super::super::in_order::in_order;
use super::super::row_of::row_after;
use super::plausible::{self, STRETCH, Verdict};
use super::transcode::as_utf8;

/// How many bytes are looked at in one go.
const CHUNK: usize = 256 << 10;

/// A text file's encoding, and how long its byte order mark is.
#[derive(Clone, Copy, Debug)]
pub(in crate::sheet) struct Recognised {
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

/// So many sequences of three or four bytes, without one that is not UTF-8 among them, are UTF-8: in GB18030 every
/// one of them would have to come about by chance.
const PLENTY: usize = 16;

/// Finds the encoding: the one asked for, the one its mark names, UTF-8, or GB18030 where it reads like Chinese, in
/// this order, in bounded memory.
///
/// UTF-8 is looked at until it is beyond doubt, the rest as it is read (see [`plain_text`]); any other encoding is
/// proven over the whole file.
pub(in crate::sheet) fn recognise(file: &mut File, wanted: Option<&str>) -> Result<Recognised, Problem> {
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
    match prove_utf8(file, utf8.mark, PLENTY) {
        Ok(()) => Ok(utf8),
        Err(Flaw::Undecodable { likely_meant: false, byte }) => {
            expect_chinese(file, byte)?;
            proven(file, Recognised { encoding: GB18030, mark: 0 })
        }
        Err(flaw) => Err(explain(file, utf8, flaw)),
    }
}

/// Looks at the rows around the first byte that is not UTF-8, whether they read as GB18030.
fn expect_chinese(file: &mut File, byte: u64) -> Result<(), Problem> {
    // Whatever the encoding, a newline is no part of a character.
    let from = if byte < STRETCH as u64 { 0 } else { byte - STRETCH as u64 / 2 };
    let mut bytes = Vec::with_capacity(STRETCH);
    file.seek(SeekFrom::Start(from))?;
    file.by_ref().take(STRETCH as u64).read_to_end(&mut bytes)?;
    let begin = memchr(b'\n', &bytes).filter(|_| from > 0).map_or(0, |newline| newline + 1);
    let rows = &bytes[begin..];
    let likely = match plausible::judge(rows) {
        Verdict::Plausible => return Ok(()),
        Verdict::Likely(encoding) => Some(encoding),
        Verdict::Nothing => None,
    };
    Err(Problem::EncodingDoubtful {
        reads: plausible::specimen(rows, GB18030),
        likely: likely.map(|encoding| (encoding.name(), plausible::specimen(rows, encoding))),
    })
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
    if recognised.encoding == UTF_8 {
        prove_utf8(file, recognised.mark, 0)
    } else {
        prove_decodable(file, recognised)
    }
}

/// Reads stretch by stretch until one shows `enough` long sequences, on all threads: in a file of plain ASCII none does.
fn prove_utf8(file: &mut File, at: u64, enough: usize) -> Result<(), Flaw> {
    file.seek(SeekFrom::Start(at))?;
    let buffers = Buffers::new(CHUNK * 2);
    let mut stretches = Stretches { file, at, torn: Vec::new(), ended: false };
    let (mut flaw, mut unreadable) = (None, None);
    in_order(
        || {
            let next = stretches.next(buffers.take());
            next.unwrap_or_else(|error| {
                unreadable = Some(Flaw::Unreadable(error));
                None
            })
        },
        |stretch| {
            let proof = stretch.prove();
            buffers.give_back(stretch.bytes);
            proof
        },
        |proof| match proof {
            Ok(long) if long < enough => ControlFlow::Continue(()),
            Ok(_) => ControlFlow::Break(()),
            Err(found) => {
                flaw = Some(found);
                ControlFlow::Break(())
            }
        },
    );
    flaw.or(unreadable).map_or(Ok(()), Err)
}

/// Cuts a file of UTF-8 where no character is torn.
struct Stretches<'f> {
    file: &'f mut File,
    at: u64,
    torn: Vec<u8>,
    ended: bool,
}

/// Some of a file's bytes, and where they stand.
struct Stretch {
    at: u64,
    bytes: Vec<u8>,
}

impl Stretches<'_> {
    /// The next stretch, in `bytes`, which is empty; `None` after the last.
    fn next(&mut self, mut bytes: Vec<u8>) -> io::Result<Option<Stretch>> {
        if self.ended {
            return Ok(None);
        }
        bytes.append(&mut self.torn);
        self.ended = self.file.take(CHUNK as u64).read_to_end(&mut bytes)? < CHUNK;
        if !self.ended {
            // The last character may lack up to three of its four bytes.
            let tail = &bytes[bytes.len().saturating_sub(3)..];
            let torn = tail.iter().rposition(|&byte| byte >= 0xC0).map_or(0, |lead| tail.len() - lead);
            self.torn.extend(bytes.drain(bytes.len() - torn..));
        }
        let at = self.at;
        self.at += bytes.len() as u64;
        Ok(Some(Stretch { at, bytes }))
    }
}

impl Stretch {
    /// How many sequences of three or four bytes it holds, if it is UTF-8.
    fn prove(&self) -> Result<usize, Flaw> {
        let Self { at, bytes } = self;
        match plain_text(bytes) {
            Ok(text) => Ok(text.bytes().filter(|byte| *byte >= 0xE0).count()),
            Err(BadByte::Nul(offset)) => Err(Flaw::Nul { byte: at + offset as u64 }),
            Err(BadByte::Undecodable(offset)) => {
                Err(Flaw::Undecodable { byte: at + offset as u64, likely_meant: mostly_utf8(bytes) })
            }
        }
    }
}

/// The first byte, by its offset, that does not belong in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sheet) enum BadByte {
    /// Begins what is not UTF-8.
    Undecodable(usize),
    Nul(usize),
}

/// Bytes as the UTF-8 they are, with no NUL among them.
pub(in crate::sheet) fn plain_text(bytes: &[u8]) -> Result<&str, BadByte> {
    if let Some(offset) = memchr(0, bytes) {
        return Err(BadByte::Nul(offset));
    }
    simdutf8::compat::from_utf8(bytes).map_err(|error| BadByte::Undecodable(error.valid_up_to()))
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
    file.seek(SeekFrom::Start(recognised.mark))?;
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
        row_after(as_utf8(file.take(byte.saturating_sub(mark)), encoding), None)
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
