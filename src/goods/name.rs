//! A trimmed name into the name that is sent, and what is wrong with it.

use std::borrow::Cow;

use super::Fault;
use super::seen::{Reading, clean, damage, entity, is_odd, may_be_odd};
use super::text::{any_pair, has_control, width};

/// The widest name the service's documents allow, a Chinese character counting 2.
const WIDEST: usize = 28;

/// Users of the service report that a narrower name is refused with 300002.
const NARROWEST: usize = 6;

/// Reads a trimmed text.
pub(super) fn read(text: &str) -> Reading<'_> {
    let mut faults = Vec::new();
    let text = if is_strange(text) { closely(text, &mut faults) } else { Cow::Borrowed(text) };
    if !fits(&text) {
        faults.extend(size_fault(width(&text)));
    }
    Reading { text, faults }
}

/// Whether no rule can have anything to say about the text: the usual name is done with in one look.
pub(super) fn is_plain(text: &str) -> bool {
    fits(text) && !is_strange(text)
}

/// No character is wider than its bytes are many, nor narrower than half of them: most names need no counting.
fn fits(text: &str) -> bool {
    (NARROWEST * 2..=WIDEST).contains(&text.len()) || (NARROWEST..=WIDEST).contains(&width(text))
}

/// Whether any rule but those of its size may have something to say: of entities, of characters that are lost or not
/// seen, and of controls, some of which UTF-8 writes in two bytes.
fn is_strange(text: &str) -> bool {
    let alone = |byte: u8| (byte < b' ') | (byte == 0x7F) | (byte == b'&');
    let strange =
        |first: u8, second: u8| alone(second) | (first == 0xC2) & (second < 0xA0) | may_be_odd(first, second);
    text.bytes().next().is_some_and(alone) || any_pair(text, strange)
}

fn closely<'a>(text: &'a str, faults: &mut Vec<Fault>) -> Cow<'a, str> {
    let text = if is_odd(text) {
        faults.extend(damage(text));
        clean(text, faults)
    } else {
        Cow::Borrowed(text)
    };
    faults.extend(entity(&text));
    faults.extend(has_control(&text).then_some(Fault::NameControl));
    text
}

fn size_fault(width: usize) -> Option<Fault> {
    match width {
        0 => Some(Fault::NameMissing),
        1..NARROWEST => Some(Fault::NameShort { width }),
        NARROWEST..=WIDEST => None,
        _ => Some(Fault::NameTooLong { width }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(name: &str) -> Vec<&'static str> {
        read(name).faults.iter().map(Fault::code).collect()
    }

    #[test]
    fn a_name_of_fourteen_characters_fits_and_one_more_letter_does_not() {
        assert!(codes(&"茶".repeat(14)).is_empty());
        assert!(codes(&"a".repeat(28)).is_empty());
        assert_eq!(read(&format!("{}a", "茶".repeat(14))).faults, [Fault::NameTooLong { width: 29 }]);
    }

    #[test]
    fn a_narrow_name_is_a_warning_and_none_is_a_fault() {
        assert!(codes("白茶饼").is_empty());
        assert_eq!(codes("白茶a"), ["name-short"]);
        assert_eq!(codes(""), ["name-missing"]);
    }

    #[test]
    fn a_line_break_is_named_beside_the_length() {
        assert_eq!(codes(&format!("a\n{}", "b".repeat(30))), ["name-control-character", "name-too-long"]);
    }

    #[test]
    fn a_name_that_is_plain_has_nothing_a_close_look_would_find() {
        let found = ('\0'..=char::MAX).map(|c| format!("{c}白茶饼{c}一")).filter(|text| {
            let mut faults = Vec::new();
            is_plain(text) && (closely(text, &mut faults) != *text || !faults.is_empty())
        });
        assert_eq!(found.collect::<Vec<_>>(), [""; 0]);
        assert!(
            ["Earl Grey 100g", "凤凰单丛·鸭屎香 1", "西湖龙井（明前）", "白茶😀饼", "白茶饼《é》"]
                .into_iter()
                .all(is_plain)
        );
    }

    #[test]
    fn what_is_sent_is_what_is_seen_and_is_what_is_measured() {
        for (text, sent, found) in [
            ("白茶\u{200B}饼一号", "白茶饼一号", &["text-invisible"][..]),
            ("白\u{200B}茶", "白茶", &["text-invisible", "name-short"]),
            ("白茶饼\u{A0}一号", "白茶饼 一号", &[]),
            ("白茶饼\u{FFFD}一号", "白茶饼\u{FFFD}一号", &["text-damaged"]),
            ("白茶&amp;红茶", "白茶&amp;红茶", &["text-entity"]),
            ("白茶饼\n\u{200B}一号", "白茶饼\n一号", &["text-invisible", "name-control-character"]),
            ("白茶饼（一号）& é", "白茶饼（一号）& é", &[]),
        ] {
            assert_eq!((&*read(text).text, &codes(text)[..]), (sent, found), "{text:?}");
        }
    }
}
