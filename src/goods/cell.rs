//! A cell into its trimmed text, or into why no program can read it: too long, or the error of a formula.

use super::Fault;
use super::text::{clip, trim};
use crate::sheet::{Columns, Field, RawRow, RowPicture};

/// The most characters a spreadsheet program's cell can hold.
const LONGEST_CELL: usize = 32_767;

/// The trimmed text of a cell, or why nothing can be read from it.
#[inline]
pub(super) fn cell<'a>(row: &'a RawRow, columns: &Columns, field: Field) -> Result<&'a str, Fault> {
    match plain(row, columns, field) {
        Some(text) => Ok(text),
        None => doubtful(row, columns, field),
    }
}

/// The trimmed text of a cell that is neither too long nor may be a formula's error; apart, because a text is handed
/// over in registers, which a text or a fault is not.
fn plain<'a>(row: &'a RawRow, columns: &Columns, field: Field) -> Option<&'a str> {
    let text = row.get(columns, field);
    // Many a cell is empty.
    if text.is_empty() {
        return Some(text);
    }
    let text = trim(text);
    (text.len() <= LONGEST_CELL && !begins_as_an_error(text)).then_some(text)
}

/// A program that does not know another's pictures in cells keeps a formula's error beside the row's picture.
#[inline(never)]
fn doubtful<'a>(row: &'a RawRow, columns: &Columns, field: Field) -> Result<&'a str, Fault> {
    let text = trim(row.get(columns, field));
    let picture = field == Field::Cover && row.picture != RowPicture::None;
    if text.len() > LONGEST_CELL {
        let characters = text.chars().count();
        if characters > LONGEST_CELL {
            return Err(Fault::CellTooLong { characters });
        }
    }
    if !picture && is_formula_error(text) {
        return Err(Fault::CellError { text: clip(text) });
    }
    Ok(text)
}

/// One look at the first bytes: `#`, `Err`, 错 or 錯.
fn begins_as_an_error(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        [b'#', ..]
            | [b'E' | b'e', b'R' | b'r', b'R' | b'r', ..]
            | [0xE9, 0x94, 0x99, ..]
            | [0xE9, 0x8C, 0xAF, ..]
    )
}

/// The errors of the spreadsheet programs, and the hashes of a column too narrow for its number.
pub(super) fn is_formula_error(text: &str) -> bool {
    begins_as_an_error(text)
        && match text.strip_prefix('#') {
            Some(word) => is_error_word(word),
            None => is_numbered_error(text),
        }
}

/// What follows a `#`: a word of capitals with `!` or `?` behind it, as every program's errors have, old and new;
/// those that have neither; or hashes. A tag that begins a name, such as `#1 green tea` or `#new!`, is none.
fn is_error_word(word: &str) -> bool {
    /// Some of their own, whatever their case, or in Chinese.
    const KNOWN: [&str; 11] = [
        "N/A",
        "REF!",
        "DIV/0!",
        "NAME?",
        "VALUE!",
        "NUM!",
        "NULL!",
        "GETTING_DATA",
        "溢出!",
        "正在获取数据",
        "字段!",
    ];
    let capitals = word.strip_suffix(['!', '?']).is_some_and(|word| {
        word.len() > 1
            && word.starts_with(|first: char| first.is_ascii_uppercase())
            && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || matches!(b, b'/' | b'_'))
    });
    capitals
        || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(word))
        || word.len() > 1 && word.bytes().all(|byte| byte == b'#')
}

/// LibreOffice's `Err:502`, and what it is in Chinese.
fn is_numbered_error(text: &str) -> bool {
    let Some((word, number)) = text.split_once([':', '：']) else { return false };
    let is_word = word.eq_ignore_ascii_case("err") || matches!(word, "错误" | "錯誤");
    is_word && number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_errors_of_every_spreadsheet_program_are_known_and_names_are_none() {
        for error in [
            "#N/A",
            "#n/a",
            "#REF!",
            "#DIV/0!",
            "#NAME?",
            "#value!",
            "#GETTING_DATA",
            "#SPILL!",
            "#CALC!",
            "#BUSY!",
            "#BLOCKED!",
            "#CONNECT!",
            "#EXTERNAL!",
            "#FIELD!",
            "#PYTHON!",
            "#UNKNOWN!",
            "#TIMEOUT!",
            "#DATA!",
            "#ERR520!",
            "#WERT!",
            "#溢出!",
            "###",
            "##########",
            "Err:502",
            "err:508",
            "错误:502",
            "错误：502",
            "錯誤:502",
        ] {
            assert!(is_formula_error(error), "{error}");
        }
        for name in [
            "#1 green tea",
            "#new!",
            "#好茶!",
            "#A!",
            "#1!",
            "##",
            "#",
            "#白茶#",
            "NEW!",
            "Err",
            "Err:50",
            "Error:502",
            "Earl Grey: 502",
            "错误:五百",
            "错误",
            "锡兰红茶",
            "E:502",
        ] {
            assert!(!is_formula_error(name), "{name}");
        }
    }
}
