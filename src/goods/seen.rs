//! A trimmed text into what a person sees of it: without marks that nobody sees, its blanks plain; and into what
//! of it is no text any more.

use std::borrow::Cow;

use super::Fault;
use super::text::{any_pair, clip, is_invisible};

/// A cell's text as it counts, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) faults: Vec<Fault>,
}

/// Whether the byte begins characters among which are invisible, damaged or unusual ones: no Chinese ones.
pub(super) fn is_suspect(byte: u8) -> bool {
    (0xC2..=0xE2).contains(&byte) | (byte >= 0xEE)
}

/// Whether two bytes may begin a character that [`is_odd`] means. Signs that names are full of, such as `（` and `·`,
/// share their first byte with some of those, but not the second.
pub(super) fn may_be_odd(first: u8, second: u8) -> bool {
    (first == 0xC2) & ((second == 0xA0) | (second == 0xAD))
        | (first == 0xD8) & (second == 0x9C)
        | (first == 0xE1) & ((second == 0x9A) | (second == 0xA0))
        | (first == 0xE2) & ((second == 0x80) | (second == 0x81))
        | (first == 0xEF) & ((second <= 0xA3) | (second == 0xBB) | (second == 0xBF))
        | (first == 0xEE)
        | (first == 0xF3)
        | (first == 0xF4)
}

/// Whether a text has any character that [`damage`] or [`clean`] has to do with.
pub(super) fn is_odd(text: &str) -> bool {
    any_pair(text, may_be_odd) && has_odd(text)
}

/// The same, byte by byte: quotation marks share even two bytes with some of those characters.
#[inline(never)]
fn has_odd(text: &str) -> bool {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let begins_odd = |at: usize| match byte(at) {
        0xC2 => matches!(byte(at + 1), 0xA0 | 0xAD),
        0xD8 => byte(at + 1) == 0x9C,
        0xE1 => matches!((byte(at + 1), byte(at + 2)), (0x9A, 0x80) | (0xA0, 0x8E)),
        0xE2 => match byte(at + 1) {
            0x80 => matches!(byte(at + 2), 0x80..=0x8F | 0xAA..=0xAF),
            0x81 => matches!(byte(at + 2), 0x9F..=0xAF),
            _ => false,
        },
        0xEF => match byte(at + 1) {
            0x80..=0xA3 => true,
            0xBB => byte(at + 2) == 0xBF,
            0xBF => byte(at + 2) == 0xBD,
            _ => false,
        },
        0xF3 => byte(at + 1) >= 0xB0,
        first => matches!(first, 0xEE | 0xF4),
    };
    (0..bytes.len()).any(begins_odd)
}

/// The text without invisible marks, each narrow blank of another kind a plain one; says so where marks are gone.
///
/// Marks that change what is seen stay: joiners between emoji or inside scripts whose letters join.
pub(super) fn clean<'a>(text: &'a str, faults: &mut Vec<Fault>) -> Cow<'a, str> {
    if is_odd(text) { clean_closely(text, faults) } else { Cow::Borrowed(text) }
}

fn clean_closely<'a>(text: &'a str, faults: &mut Vec<Fault>) -> Cow<'a, str> {
    let (mut cleaned, mut gone, mut before) = (None::<String>, None, None);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|(_, after)| *after);
        let seen = if is_narrow_blank(c) {
            Some(' ')
        } else {
            Some(c).filter(|c| !is_invisible(*c) || shapes(before, *c, after))
        };
        if seen != Some(c) && cleaned.is_none() {
            cleaned = Some(text[..at].to_owned());
        }
        if let Some(cleaned) = &mut cleaned {
            cleaned.extend(seen);
        }
        if seen.is_none() {
            gone = gone.or(Some(c));
        }
        before = seen.or(before);
    }
    faults.extend(gone.map(|mark| Fault::TextInvisible { mark }));
    cleaned.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Blanks that look like a plain one. The full-width blank is as wide as a Chinese character and stays.
fn is_narrow_blank(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}')
}

/// Whether an invisible mark changes how its neighbours look.
fn shapes(before: Option<char>, mark: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    match mark {
        '\u{200D}' if is_pictograph(before) => is_pictograph(after),
        '\u{200C}' | '\u{200D}' => is_joining(before) && is_joining(after),
        '\u{180E}' => is_mongolian(before) && is_mongolian(after),
        _ => false,
    }
}

/// Emoji and the signs that take part in their sequences, the selector behind them included.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2190}'..='\u{21FF}' | '\u{2300}'..='\u{23FF}')
        || matches!(c, '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{FE0F}')
}

/// Scripts whose letters change their shape beside each other: Arabic (Uyghur) to the Indic ones, and Mongolian.
fn is_joining(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1780}'..='\u{17FF}') || is_mongolian(c)
}

fn is_mongolian(c: char) -> bool {
    matches!(c, '\u{1820}'..='\u{18AA}' | '\u{180B}'..='\u{180D}')
}

/// The first sign that some program put where a character was lost, or that only one font knows.
pub(super) fn damage(text: &str) -> Option<Fault> {
    let sign = is_odd(text).then(|| text.chars().find(|c| is_lost(*c)))??;
    Some(Fault::TextDamaged { sign, text: clip(text) })
}

fn is_lost(c: char) -> bool {
    matches!(c, '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// The first sign that is written as web pages write it, such as `&amp;` or `&#39;`. Without its `;` it is none:
/// in a url, `&copy=2` is a parameter.
pub(super) fn entity(text: &str) -> Option<Fault> {
    let entity = memchr::memchr_iter(b'&', text.as_bytes()).find_map(|at| entity_at(&text[at..]))?;
    Some(Fault::TextEntity { entity: entity.to_owned() })
}

fn entity_at(text: &str) -> Option<&str> {
    const NAMED: [&str; 42] = [
        "amp", "lt", "gt", "quot", "apos", "nbsp", "ensp", "emsp", "thinsp", "zwj", "zwnj", "shy", "lrm",
        "rlm", "copy", "reg", "trade", "hellip", "mdash", "ndash", "lsquo", "rsquo", "ldquo", "rdquo",
        "laquo", "raquo", "middot", "bull", "times", "deg", "plusmn", "sup2", "sup3", "frac12", "yen",
        "cent", "pound", "euro", "sect", "para", "hearts", "starf",
    ];
    /// The longest, `&#1114111;`.
    const LONGEST: usize = 10;
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let body = &text[1..end];
    let number = |digits: &str, is_digit: fn(&u8) -> bool| {
        !digits.is_empty() && digits.bytes().all(|digit| is_digit(&digit))
    };
    let is_entity = match body.strip_prefix('#') {
        Some(code) => match code.strip_prefix(['x', 'X']) {
            Some(code) => number(code, u8::is_ascii_hexdigit),
            None => number(code, u8::is_ascii_digit),
        },
        None => NAMED.iter().any(|name| name.eq_ignore_ascii_case(body)),
    };
    is_entity.then(|| &text[..=end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> (String, Option<char>) {
        let mut faults = Vec::new();
        let cleaned = clean(text, &mut faults).into_owned();
        let mark = faults.first().map(|fault| match fault {
            Fault::TextInvisible { mark } => *mark,
            other => panic!("{other:?}"),
        });
        (cleaned, mark)
    }

    #[test]
    fn marks_nobody_sees_are_taken_out_and_told() {
        for mark in [
            '\u{200B}', '\u{200C}', '\u{200D}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{202E}', '\u{2060}',
            '\u{2064}', '\u{2066}', '\u{2069}', '\u{FEFF}', '\u{180E}', '\u{AD}', '\u{61C}',
        ] {
            assert_eq!(
                cleaned(&format!("白茶{mark}饼{mark}a")),
                ("白茶饼a".to_owned(), Some(mark)),
                "{mark:?}"
            );
        }
    }

    #[test]
    fn a_mark_that_changes_what_is_seen_stays() {
        for text in [
            "👩\u{200D}🍳 茶",
            "👨\u{200D}👩\u{200D}👧",
            "👩🏽\u{200D}⚕\u{FE0F}",
            "❤\u{FE0F}\u{200D}🔥",
            "می\u{200C}خواهم",
            "क\u{94D}\u{200D}ष",
        ] {
            assert_eq!(cleaned(text), (text.to_owned(), None), "{text}");
        }
        assert_eq!(cleaned("茶\u{200D}🍵"), ("茶🍵".to_owned(), Some('\u{200D}')));
        assert_eq!(cleaned("🍵\u{200D}茶"), ("🍵茶".to_owned(), Some('\u{200D}')));
    }

    #[test]
    fn narrow_blanks_become_plain_ones_in_silence() {
        assert_eq!(cleaned("白茶\u{A0}一\u{2003}饼\u{202F}x"), ("白茶 一 饼 x".to_owned(), None));
        assert_eq!(cleaned("白茶\u{3000}一  饼"), ("白茶\u{3000}一  饼".to_owned(), None));
        assert!(matches!(clean("白茶（a）😀é“”", &mut Vec::new()), Cow::Borrowed(_)));
    }

    #[test]
    fn every_character_that_has_to_be_looked_at_is_found_by_its_bytes_and_no_other() {
        for c in '\0'..=char::MAX {
            let odd = is_invisible(c) || is_narrow_blank(c) || is_lost(c);
            // The last two of plane 15 and 16 are no characters at all.
            let none = matches!(c, '\u{FFFFE}' | '\u{FFFFF}' | '\u{10FFFE}' | '\u{10FFFF}');
            assert_eq!(is_odd(c.encode_utf8(&mut [0; 4])), odd || none, "{c:?}");
        }
        assert!(is_odd("白茶（一）“a”\u{200B}"));
    }

    #[test]
    fn lost_and_private_characters_are_damage() {
        for sign in ['\u{FFFD}', '\u{E000}', '\u{E7C7}', '\u{F8FF}', '\u{F0000}', '\u{10FFFD}'] {
            let text = format!("茶{sign}a");
            assert_eq!(damage(&text), Some(Fault::TextDamaged { sign, text: text.clone() }));
        }
        for text in ["白茶（a）", "😀", "é“”\u{FE0F}", "🏴\u{E0067}\u{E007F}", ""] {
            assert_eq!(damage(text), None, "{text}");
        }
    }

    #[test]
    fn an_entity_needs_its_semicolon() {
        for (text, found) in [
            ("茶&amp;具", Some("&amp;")),
            ("a?x=1&AMP;y=2", Some("&AMP;")),
            ("a & b &#39;c", Some("&#39;")),
            ("a&#x27;", Some("&#x27;")),
            ("a&nbsp;b", Some("&nbsp;")),
            ("a?x=1&copy=2", None),
            ("a?x=1&copy=2;3", None),
            ("茶 & 具;", None),
            ("A&B;C", None),
            ("&#;", None),
            ("&#x;", None),
            ("&", None),
            ("&茶茶茶;", None),
        ] {
            let expected = found.map(|entity| Fault::TextEntity { entity: entity.to_owned() });
            assert_eq!(entity(text), expected, "{text}");
        }
    }
}
