//! Bytes in any encoding into a stream of UTF-8.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, UTF_8};

/// How many bytes are decoded at a time.
const CHUNK: usize = 64 << 10;

/// Reads `input` as UTF-8; UTF-8 itself passes through untouched. `input` stands after a byte order mark, if there
/// was one.
pub(in crate::sheet) fn as_utf8<'r>(
    input: impl Read + 'r,
    encoding: &'static Encoding,
) -> Box<dyn Read + 'r> {
    if encoding == UTF_8 { Box::new(input) } else { Box::new(Transcoder::new(input, encoding)) }
}

struct Transcoder<R> {
    input: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcoder<R> {
    fn new(input: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { input, decoder, raw: Vec::new(), text: Vec::new(), given: 0, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.raw.clear();
        self.ended = self.input.by_ref().take(CHUNK as u64).read_to_end(&mut self.raw)? < CHUNK;
        let room = self.decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(CHUNK * 4);
        self.text.resize(room, 0);
        // The file was found to be free of errors before; one that changed meanwhile shows U+FFFD.
        let (_, _, written, _) = self.decoder.decode_to_utf8(&self.raw, &mut self.text, self.ended);
        self.text.truncate(written);
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}
