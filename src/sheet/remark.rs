//! A row into whether it is goods, or a total or a remark that people write beneath them.

use super::{Columns, Field, RawRow, RowPicture};

/// How such a row begins.
const WORDS: [&str; 4] = ["合计", "小计", "总计", "备注"];

/// What goods have and no total.
const OF_GOODS: [Field; 6] =
    [Field::Cover, Field::Url, Field::ThirdPartyAppid, Field::Sku, Field::GoodsId, Field::AuditId];

/// Whether a row that is not blank holds nothing but a total or a remark: its first filled cell says so, and no other
/// cell of goods is filled. Beside a mere total, prices may be: they are its sum.
pub(super) fn is_remark(row: &RawRow, columns: &Columns) -> bool {
    begins_as_remark(row.cells.as_slice().trim_start()) && is_remark_or_total(row, columns)
}

/// One look at the first sign of the first filled cell, with which nearly every row is done.
fn begins_as_remark(text: &str) -> bool {
    matches!(text.chars().next(), Some('合' | '小' | '总' | '备'))
}

#[inline(never)]
fn is_remark_or_total(row: &RawRow, columns: &Columns) -> bool {
    let cells = row.cells.iter().map(str::trim).enumerate();
    let Some((first, text)) = cells.into_iter().find(|(_, text)| !text.is_empty()) else { return false };
    let Some(rest) = WORDS.iter().find_map(|word| text.strip_prefix(word)) else { return false };
    let filled = |field: &Field| {
        columns.of(*field).is_some_and(|column| column != first)
            && !row.get(columns, *field).trim().is_empty()
    };
    let sums = !filled(&Field::Name)
        && [Field::Price, Field::Price2].iter().filter(|field| filled(field)).all(|field| {
            is_mere_label(rest)
                && row.get(columns, *field).chars().all(|sign| !sign.is_alphabetic() || sign == '元')
        });
    row.picture == RowPicture::None && !OF_GOODS.iter().any(filled) && !filled(&Field::PriceType) && sums
}

/// Whether what stands behind the word names no goods: a colon, a number of pieces, a unit.
fn is_mere_label(rest: &str) -> bool {
    rest.chars()
        .all(|sign| !sign.is_alphabetic() || matches!(sign, '元' | '件' | '款' | '个' | '金' | '额' | '价'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sign_is_that_of_a_word() {
        assert!(WORDS.into_iter().all(begins_as_remark));
    }

    #[test]
    fn a_total_and_a_remark_are_told_from_goods() {
        let headings = ["编号", "name", "cover", "price", "url", "库存"].map(str::to_owned).to_vec();
        let mut columns = Columns { headings, ..Columns::default() };
        for (column, field) in [(1, Field::Name), (2, Field::Cover), (3, Field::Price), (4, Field::Url)] {
            columns.fields[field as usize] = Some(column);
        }
        for (cells, remark) in [
            (["合计", "", "", "", "", ""], true),
            (["", "合计：", "", "1,299.00", "", "350"], true),
            (["总计(元)", "", "", "¥99元", "", "3"], true),
            (["小计3件", "", "", "99", "", ""], true),
            (["备注：价格含税，请勿外传", "", "", "", "", ""], true),
            (["", "备注：9 元起", "", "", "", "见附件"], true),
            (["", "合计", "cover.png", "9", "", ""], false),
            (["", "备注贴纸一百张", "", "9", "", ""], false),
            (["", "总计", "", "免费", "", ""], false),
            (["合计", "白茶", "", "9", "", ""], false),
            (["1", "白茶", "", "9", "", "合计"], false),
            (["", "", "", "", "pages/合计", ""], false),
        ] {
            let row = RawRow { cells: cells.to_vec().into(), ..RawRow::default() };
            assert_eq!(is_remark(&row, &columns), remark, "{cells:?}");
        }
    }
}
