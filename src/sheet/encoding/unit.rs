//! A character in some encoding into what it costs there: the less usual, the more.
//!
//! The figures are tenths of the negative natural logarithm of how often a character of that kind is met where the
//! encoding is the right one, shared out among all of the kind.

use encoding_rs::{BIG5, DecoderResult, EUC_KR, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};

use super::usual::Usual;

/// What a byte costs that is no text at all.
const MALFORMED: u32 = 250;

/// What no writer of the encoding is expected to use.
const HARDLY: u32 = 155;

/// A character: its bytes, and what they mean; none when they mean nothing.
#[derive(Clone, Copy)]
pub(super) struct Unit<'b> {
    pub bytes: &'b [u8],
    pub character: Option<char>,
}

impl<'b> Unit<'b> {
    /// The first character of `rest`, which is not empty.
    pub fn first_of(rest: &'b [u8], encoding: &'static Encoding) -> Self {
        let length = length_of(rest, encoding).min(rest.len());
        let bytes = &rest[..length];
        let mut text = [0; 16];
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let (result, _, written) = decoder.decode_to_utf8_without_replacement(bytes, &mut text, true);
        let text = std::str::from_utf8(&text[..written]).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => Self { bytes, character: text.chars().next() },
            _ => Self { bytes: &rest[..1], character: None },
        }
    }

    fn lead_and_trail(&self) -> (u8, u8) {
        match *self.bytes {
            [lead, trail, ..] => (lead, trail),
            [lead] => (lead, 0),
            [] => (0, 0),
        }
    }

    /// What it costs between the character `before` and the `rest`; it is not of ASCII.
    pub fn cost(self, before: Self, rest: &[u8], encoding: &'static Encoding, common: &Usual) -> u32 {
        let Some(character) = self.character else { return MALFORMED };
        let is_common = common.has(character);
        match encoding {
            _ if encoding == GB18030 => self.cost_in_gb18030(character, is_common),
            _ if encoding == BIG5 => self.cost_in_big5(is_common),
            _ if encoding == SHIFT_JIS => self.cost_in_shift_jis(before, rest, character, is_common),
            _ if encoding == EUC_KR => self.cost_in_euc_kr(is_common),
            _ => cost_in_windows_1252(character, before, rest.first().copied()),
        }
    }

    /// By frequency in simplified Chinese; the first level of GB2312 holds the 3755 most frequent characters.
    fn cost_in_gb18030(self, character: char, is_common: bool) -> u32 {
        match self.lead_and_trail() {
            _ if is_common => 73,
            (0x80, _) => 70,
            (0xA1 | 0xA3, 0xA1..) => 80,
            (0xA2, 0xA1..) => 105,
            // Kana, among Chinese.
            (0xA4 | 0xA5, 0xA1..) => 104,
            // Letters of Greek and Russian, and pieces of frames.
            (0xA6..=0xA9, 0xA1..) => 120,
            (0xB0..=0xD7, 0xA1..) => 100,
            (0xD8..=0xF7, 0xA1..) => 122,
            (_, 0x30..=0x39) => 190,
            _ if ('\u{E000}'..='\u{F8FF}').contains(&character) => 190,
            _ => 149,
        }
    }

    /// Its first level holds 5401 characters.
    fn cost_in_big5(self, is_common: bool) -> u32 {
        match self.lead_and_trail() {
            _ if is_common => 73,
            (0xA1..=0xA3, _) => 90,
            (0xA4..=0xC6, _) => 107,
            (0xC9..=0xF9, _) => 135,
            _ => HARDLY,
        }
    }

    fn cost_in_shift_jis(self, before: Self, rest: &[u8], character: char, is_common: bool) -> u32 {
        match self.lead_and_trail() {
            (0xA1..=0xDF, _) => cost_of_narrow_kana(character, before, rest.first().copied()),
            (0x82, 0x9F..=0xF1) | (0x83, 0x40..=0x96) => 58,
            _ if character == 'ー' => 58,
            _ if is_common => 81,
            (0x81 | 0x82, _) => 85,
            (0x88..=0x97, _) | (0x98, ..=0x72) => 108,
            (0x98..=0x9F | 0xE0..=0xEA, _) => 136,
            _ => HARDLY,
        }
    }

    fn cost_in_euc_kr(self, is_common: bool) -> u32 {
        match self.lead_and_trail() {
            (0xB0..=0xC8, 0xA1..) => {
                if is_common {
                    56
                } else {
                    93
                }
            }
            (0xA1..=0xAC, 0xA1..) => 90,
            // Chinese characters, which Koreans seldom use.
            (0xCA..=0xFD, 0xA1..) => 131,
            _ => 144,
        }
    }
}

fn length_of(rest: &[u8], encoding: &'static Encoding) -> usize {
    let (lead, trail) = (rest[0], rest.get(1).copied().unwrap_or(0));
    let single = match encoding {
        _ if lead < 0x80 || encoding == WINDOWS_1252 => true,
        _ if encoding == SHIFT_JIS => matches!(lead, 0x80 | 0xA0..=0xDF),
        _ => lead == 0x80,
    };
    match trail {
        _ if single => 1,
        0x30..=0x39 if encoding == GB18030 => 4,
        0x40.. => 2,
        _ => 1,
    }
}

/// The half-width kana that make up most of such texts.
const FREQUENT_KANA: &str = "ﾝｰﾞｽﾄﾙｲﾘﾗｸｼﾌｱｯﾀｶｺﾊﾟﾁﾃﾌﾚﾛ";

/// They come in words of their own kind, and the marks behind certain ones only.
fn cost_of_narrow_kana(kana: char, before: Unit<'_>, next: Option<u8>) -> u32 {
    let carries_mark = before.character.is_some_and(|c| matches!(c, 'ｳ' | 'ｶ'..='ﾄ' | 'ﾊ'..='ﾎ'));
    let misplaced = matches!(kana, 'ﾞ' | 'ﾟ') && !carries_mark;
    let beside_letter = before.character.is_some_and(|c| c.is_ascii_alphabetic())
        || next.is_some_and(|byte| byte.is_ascii_alphabetic());
    let cost = if FREQUENT_KANA.contains(kana) { 36 } else { 52 };
    cost + if misplaced { 60 } else { 0 } + if beside_letter { 30 } else { 0 }
}

/// Letters with accents stand alone among plain ones.
fn cost_in_windows_1252(character: char, before: Unit<'_>, next: Option<u8>) -> u32 {
    let beside = |c: Option<char>| c.is_some_and(|c| !c.is_ascii());
    let cost = match character {
        'é' | 'è' | 'ê' | 'ë' | 'à' | 'â' | 'ä' | 'á' | 'ã' | 'å' | 'ç' | 'ñ' | 'ó' | 'ö' | 'ô' | 'ò'
        | 'ú' | 'ü' | 'û' | 'ù' | 'í' | 'ï' | 'î' | 'ì' | 'ß' | 'ø' | 'æ' | 'œ' | 'É' | 'È' | 'À' | 'Ä'
        | 'Å' | 'Ö' | 'Ø' | 'Ü' | 'Ç' | 'Ñ' => 35,
        '’' | '‘' | '“' | '”' | '–' | '—' | '…' | '•' | '™' | '®' | '©' | '°' | '½' | '¼' | '£' | '€'
        | '×' | '·' | '«' | '»' | '²' | '³' | 'µ' | '\u{A0}' => 45,
        other if other.is_alphabetic() => 60,
        other if other.is_control() => 150,
        _ => 80,
    };
    let lonely = character.is_alphabetic() && !next.is_some_and(|byte| byte.is_ascii_alphabetic());
    let amid_capitals = before.character.is_none_or(|c| !c.is_lowercase());
    let odd_case = character.is_uppercase() && !amid_capitals;
    cost + if beside(before.character) { 40 } else { 0 }
        + if lonely && !before.character.is_some_and(char::is_alphabetic) { 15 } else { 0 }
        + if odd_case { 30 } else { 0 }
}
