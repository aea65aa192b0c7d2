//! A trimmed name into the name that is sent, and what is wrong with it.

use std::borrow::Cow;

use super::Fault;
use super::seen::{Reading, clean, damage, entity, is_odd, is_suspect};
use super::text::{any_byte, has_control, width};

/// The widest name the service's documents allow, a Chinese character counting 2.
const WIDEST: usize = 28;

/// Users of the service report that a narrower name is refused with 300002.
const NARROWEST: usize = 6;

/// Reads a trimmed text.
pub(super) fn read(text: &str) -> Reading<'_> {
    let mut faults = Vec::new();
    let text = if any_byte(text, is_strange) { closely(text, &mut faults) } else { Cow::Borrowed(text) };
    // No character is wider than its bytes are many, nor narrower than half of them: most names need no counting.
    if !(NARROWEST * 2..=WIDEST).contains(&text.len()) {
        faults.extend(size_fault(width(&text)));
    }
    Reading { text, faults }
}

/// Whether any rule but those of its size may have something to say: the usual name is done with in one look.
fn is_strange(byte: u8) -> bool {
    (byte < b' ') | (byte == 0x7F) | (byte == b'&') | is_suspect(byte)
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
