//! A cell's text into the text that counts: trimmed, its width measured, its full-width forms folded.

use std::borrow::Cow;

/// Blanks of every script, and invisible characters, which copying leaves at the ends of a cell.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Characters nobody sees, as copying from a web page or a chat leaves them: zero-width spaces and joiners,
/// direction marks, soft hyphens, a stray BOM.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{61C}')
        || matches!(c, '\u{FEFF}' | '\u{180E}' | '\u{AD}')
}

/// The text without blanks and invisible characters at its ends.
pub(super) fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    if bytes.is_empty() || starts_solid(bytes) && ends_solid(bytes) {
        text
    } else {
        text.trim_matches(is_blank)
    }
}

/// Whether the first character is plainly none to trim: ASCII, or a Chinese one (U+4000 to U+9FFF).
fn starts_solid(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|first| first.is_ascii_graphic() || matches!(first, 0xE4..=0xE9))
}

fn ends_solid(bytes: &[u8]) -> bool {
    match bytes {
        [.., last] if last.is_ascii() => last.is_ascii_graphic(),
        [.., lead, _, _] => matches!(lead, 0xE4..=0xE9),
        _ => false,
    }
}

/// Whether `suspect` holds for any byte.
///
/// Sixteen or eight are looked at together, without branches, which the compiler turns into a few wide steps; so that
/// few are left to be looked at alone, the last ones overlap the ones before.
pub(super) fn any_byte(text: &str, suspect: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    if let Some(last) = bytes.last_chunk::<16>() {
        bytes.as_chunks().0.iter().any(|wide: &[u8; 16]| any_of(wide, &suspect)) || any_of(last, &suspect)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        any_of(first, &suspect) | any_of(last, &suspect)
    } else {
        bytes.iter().any(|&byte| suspect(byte))
    }
}

fn any_of<const WIDE: usize>(bytes: &[u8; WIDE], suspect: &impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(false, |found, &byte| found | suspect(byte))
}

/// Whether `suspect` holds for any two bytes, one behind the other; looked at as in [`any_byte`].
pub(super) fn any_pair(text: &str, suspect: impl Fn(u8, u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    if let Some(last) = bytes.last_chunk::<17>() {
        let mut rest = bytes;
        while let Some(wide) = rest.first_chunk::<17>() {
            if any_pair_of::<16, 17>(wide, &suspect) {
                return true;
            }
            rest = &rest[16..];
        }
        any_pair_of::<16, 17>(last, &suspect)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<9>(), bytes.last_chunk::<9>()) {
        any_pair_of::<8, 9>(first, &suspect) | any_pair_of::<8, 9>(last, &suspect)
    } else {
        bytes.windows(2).any(|pair| suspect(pair[0], pair[1]))
    }
}

fn any_pair_of<const PAIRS: usize, const WIDE: usize>(
    bytes: &[u8; WIDE],
    suspect: &impl Fn(u8, u8) -> bool,
) -> bool {
    let pairs = bytes[..PAIRS].iter().zip(&bytes[1..]);
    pairs.fold(false, |found, (&first, &second)| found | suspect(first, second))
}

/// Whether `byte` is in `set`, by comparing alone: other ways of asking keep [`any_byte`] from being wide.
pub(super) fn is_one_of(byte: u8, set: &[u8]) -> bool {
    set.iter().fold(false, |found, &other| found | (byte == other))
}

/// The width the service counts in: 1 for an ASCII character, 2 for any other.
pub(super) fn width(text: &str) -> usize {
    // The bytes of a character after its first, 0x80 to 0xBF, add nothing: no need to decode it.
    text.bytes().map(|byte| usize::from(byte.is_ascii()) + 2 * usize::from(byte >= 0xC0)).sum()
}

/// Whether the text holds a control character or a line break.
pub(super) fn has_control(text: &str) -> bool {
    any_byte(text, |byte| (byte < b' ') | (byte == 0x7F) | (byte == 0xC2) | (byte == 0xE2))
        && text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}

/// Full-width letters, digits and signs as their ordinary selves, half-width kana as full-width ones:
/// what a person takes for the same text compares equal. Nothing else changes, so `²` stays apart from `2`.
///
/// U+001F becomes a blank too: it joins the parts of an identity and must not occur inside one.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if any_byte(text, |byte| (byte == 0xEF) | (byte == 0xE3) | (byte == 0x1F)) {
        fold_closely(text)
    } else {
        Cow::Borrowed(text)
    }
}

#[inline(never)]
fn fold_closely(text: &str) -> Cow<'_, str> {
    let mut next = next_foldable(text);
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next {
        let (same, from_here) = rest.split_at(at);
        folded.push_str(same);
        let mut chars = from_here.chars();
        chars.next().into_iter().for_each(|c| push_folded(&mut folded, c));
        rest = chars.as_str();
        next = next_foldable(rest);
    }
    folded.push_str(rest);
    Cow::Owned(folded)
}

/// Where the next character begins that may have to be folded: these bytes begin full-width forms and the
/// full-width blank, and no character holds them elsewhere.
fn next_foldable(text: &str) -> Option<usize> {
    memchr::memchr3(0xEF, 0xE3, 0x1F, text.as_bytes())
}

fn push_folded(folded: &mut String, c: char) {
    match c {
        '\u{1F}' | '\u{3000}' => folded.push(' '),
        '\u{FF01}'..='\u{FF5E}' => folded.extend(char::from_u32(u32::from(c) - 0xFEE0)),
        '\u{FF00}'..='\u{FFEF}' => {
            unicode_normalization::char::decompose_compatible(c, |part| push_composed(folded, part));
        }
        _ => folded.push(c),
    }
}

/// Half-width kana carry their voicing as a character of its own; full-width ones do not.
fn push_composed(text: &mut String, c: char) {
    let voiced = matches!(c, '\u{3099}' | '\u{309A}')
        .then(|| text.chars().next_back().and_then(|last| unicode_normalization::char::compose(last, c)))
        .flatten();
    if voiced.is_some() {
        text.pop();
    }
    text.push(voiced.unwrap_or(c));
}

/// The first characters of a cell, for a message: it may hold megabytes.
pub(super) fn clip(text: &str) -> String {
    clip_to(40, text)
}

/// The first `shown` characters of a text.
pub(super) fn clip_to(shown: usize, text: &str) -> String {
    match text.char_indices().nth(shown) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_of_every_kind_are_trimmed_at_the_ends_only() {
        assert_eq!(trim("\u{FEFF}\u{3000} \t白茶 一饼\u{200B}\r\n"), "白茶 一饼");
        assert_eq!(trim("x"), "x");
        assert_eq!(trim(" "), "");
        assert_eq!(trim(""), "");
    }

    #[test]
    fn everything_outside_ascii_is_two_wide() {
        assert_eq!(width("茶ab"), 4);
        assert_eq!(width("é"), 2);
        assert_eq!(width("😀"), 2);
    }

    #[test]
    fn width_is_folded_and_nothing_else() {
        assert_eq!(fold("ＡＢ１２（茶）　x"), "AB12(茶) x");
        assert_eq!(fold("ｶﾞﾊﾟｱ"), "ガパア");
        assert_eq!(fold("x²①é"), "x²①é");
        assert!(matches!(fold("中文 plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn controls_and_line_breaks_are_found() {
        assert!(has_control("a\nb"));
        assert!(has_control("a\u{2028}b"));
        assert!(has_control("a\u{85}b"));
        assert!(!has_control("茶 “引号” ¥"));
    }

    #[test]
    fn a_byte_is_found_wherever_it_stands_in_a_text_of_any_length() {
        for length in 0..70 {
            let plain = "a".repeat(length);
            assert!(!any_byte(&plain, |byte| byte == b'!'));
            assert!(!any_pair(&plain, |first, second| (first == b'!') | (second == b'!')));
            for at in 0..length {
                let mut text = plain.clone();
                text.replace_range(at..=at, "!");
                assert!(any_byte(&text, |byte| byte == b'!'), "{text}");
                let pair = |one, other| any_pair(&text, |first, second| (first == one) & (second == other));
                assert_eq!(pair(b'a', b'!'), at > 0, "{text}");
                assert_eq!(pair(b'!', b'a'), at + 1 < length, "{text}");
            }
        }
    }

    #[test]
    fn a_long_text_is_clipped_between_characters() {
        assert_eq!(clip(&"茶".repeat(41)), format!("{}…", "茶".repeat(40)));
        assert_eq!(clip("茶"), "茶");
    }
}
