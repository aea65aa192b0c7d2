//! A cell's text into a spelling that no spreadsheet program runs as a formula, and back.

use std::borrow::Cow;

/// Characters that make a spreadsheet program read a cell as a formula, or swallow its first character.
const RISKY: &[u8] = b"=+-@'\t\r";

/// The cell as it stands in the results: one `'` in front of what could be run as a formula.
///
/// Numbers keep their sign: `-5` is no formula, and a user's own column must not change.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if cell.bytes().next().is_some_and(|first| RISKY.contains(&first)) && !is_number(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// The cell as it stood in the sheet: takes back what [`guard`] put in front.
pub fn unguard(cell: &str) -> &str {
    cell.strip_prefix('\'').unwrap_or(cell)
}

/// A sign, digits and at most one point, as a spreadsheet program would show a number.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    !whole.is_empty()
        && !fraction.is_empty()
        && whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_get_a_quote_and_numbers_do_not() {
        assert_eq!(guard("=1+1"), "'=1+1");
        assert_eq!(guard("@cmd"), "'@cmd");
        assert_eq!(guard("\tx"), "'\tx");
        assert_eq!(guard("'quoted"), "''quoted");
        assert_eq!(guard("-"), "'-");
        assert_eq!(guard("-5.50"), "-5.50");
        assert_eq!(guard("+86"), "+86");
        assert_eq!(guard("+86 139"), "'+86 139");
        assert_eq!(guard("茶"), "茶");
    }

    #[test]
    fn a_quote_of_the_users_own_survives() {
        assert_eq!(unguard("''x"), "'x");
        assert_eq!(unguard("'=x"), "=x");
        assert_eq!(unguard("x"), "x");
    }

    proptest! {
        #[test]
        fn whatever_is_guarded_is_read_back(cell in "['=+\\-@\t\r0-9.a茶\n\"]{0,6}") {
            let written = guard(&cell).into_owned();
            prop_assert_eq!(unguard(&written), cell);
        }
    }
}
