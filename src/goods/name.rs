//! A trimmed name into what is wrong with it.

use super::Fault;
use super::text::{has_control, width};

/// The widest name the service's documents allow, a Chinese character counting 2.
const WIDEST: usize = 28;

/// Users of the service report that a narrower name is refused with 300002.
const NARROWEST: usize = 6;

/// The faults of a name, of which there can be two.
pub(super) fn faults(name: &str) -> impl Iterator<Item = Fault> {
    let control = has_control(name).then_some(Fault::NameControl);
    // No character is wider than its bytes are many, nor narrower than half of them: most names need no counting.
    let fits = (NARROWEST * 2..=WIDEST).contains(&name.len());
    control.into_iter().chain(if fits { None } else { size_fault(width(name)) })
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
        faults(name).map(|fault| fault.code()).collect()
    }

    #[test]
    fn a_name_of_fourteen_characters_fits_and_one_more_letter_does_not() {
        assert!(codes(&"茶".repeat(14)).is_empty());
        assert!(codes(&"a".repeat(28)).is_empty());
        assert_eq!(faults(&format!("{}a", "茶".repeat(14))).next(), Some(Fault::NameTooLong { width: 29 }));
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
}
