//! A binary part of a workbook into its records, and their bytes into numbers and texts.

use std::io::{self, BufRead, Read};

use super::super::Problem;

/// Lends the records of a part of an `.xlsb` archive one after the other.
pub(super) struct Records<R> {
    input: R,
    data: Vec<u8>,
    longest: usize,
}

impl<R: BufRead> Records<R> {
    /// Records of at most `longest` bytes each.
    pub fn new(input: R, longest: usize) -> Self {
        Self { input, data: Vec::new(), longest }
    }

    /// The next record's type and data; `None` after the last.
    pub fn next_record(&mut self) -> Result<Option<(u16, &[u8])>, Problem> {
        let Some(first) = self.byte()? else { return Ok(None) };
        let mut kind = u16::from(first);
        if first & 0x80 != 0 {
            kind = kind & 0x7F | u16::from(self.byte()?.ok_or_else(cut_short)?) << 7;
        }
        let mut length = 0_usize;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?.ok_or_else(cut_short)?;
            length |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        if length > self.longest {
            return Err(Problem::Damaged { detail: format!("a record of {length} bytes") });
        }
        self.data.clear();
        let wanted = length as u64;
        let read = self.input.by_ref().take(wanted).read_to_end(&mut self.data).map_err(failed)?;
        if read < length {
            return Err(cut_short());
        }
        Ok(Some((kind, &self.data)))
    }

    /// What the records are read from.
    pub fn input(&self) -> &R {
        &self.input
    }

    fn byte(&mut self) -> Result<Option<u8>, Problem> {
        let Some(&byte) = self.input.fill_buf().map_err(failed)?.first() else { return Ok(None) };
        self.input.consume(1);
        Ok(Some(byte))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn failed(error: io::Error) -> Problem {
    Problem::unpacking(&error)
}

fn cut_short() -> Problem {
    Problem::Damaged { detail: "a record ends too early".to_owned() }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

pub(super) fn f64_at(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// A number in the four bytes that most numbers fit in: a whole one or the upper half of a float, perhaps of hundredths.
pub(super) fn packed_number(packed: u32) -> f64 {
    let number = if packed & 2 == 0 {
        f64::from_bits(u64::from(packed & !3) << 32)
    } else {
        f64::from(packed.cast_signed() >> 2)
    };
    if packed & 1 == 0 { number } else { number / 100.0 }
}

/// A text of UTF-16 behind the number of its units, four bytes wide; what is no UTF-16 in it shows as U+FFFD.
pub(super) fn wide_text(bytes: &[u8], at: usize) -> Option<String> {
    let units = u32_at(bytes, at)? as usize;
    let start = at.checked_add(4)?;
    let text = bytes.get(start..start.checked_add(units.checked_mul(2)?)?)?;
    let units = text.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    Some(char::decode_utf16(units).map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// A formula's error by its code ([MS-XLS] 2.5.10); those that came later have codes nobody documents.
pub(super) fn error_text(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        0x2B => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_a_type_and_a_length_of_several_bytes() {
        let mut bytes = vec![0x05, 0x02, 1, 2, 0xB0, 0x01, 0x81, 0x01];
        bytes.extend([7; 129]);
        bytes.extend([0x00, 0x04, 1]);
        let mut records = Records::new(bytes.as_slice(), 1000);
        assert_eq!(records.next_record().expect("whole"), Some((5, &[1, 2][..])));
        assert_eq!(records.next_record().expect("whole"), Some((0xB0, &[7; 129][..])));
        assert!(records.next_record().is_err());
    }

    #[test]
    fn a_packed_number_is_whole_or_half_a_float() {
        assert!((packed_number(99 << 2 | 2) - 99.0).abs() < f64::EPSILON);
        assert!((packed_number(9950 << 2 | 3) - 99.5).abs() < f64::EPSILON);
        assert!((packed_number((99.5_f64.to_bits() >> 32) as u32) - 99.5).abs() < f64::EPSILON);
        assert!((packed_number((-1_i32 << 2 | 2).cast_unsigned()) + 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_text_beyond_its_record_is_none() {
        assert_eq!(wide_text(&[1, 0, 0, 0, 0x36, 0x83], 0).as_deref(), Some("茶"));
        assert_eq!(wide_text(&[2, 0, 0, 0, 0x36, 0x83], 0), None);
        assert_eq!(wide_text(&[0xFF; 8], 0), None);
    }
}
