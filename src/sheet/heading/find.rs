//! The first rows of a sheet into its heading row, found and understood.

use super::super::area::Area;
use super::super::error::Place;
use super::super::{Columns, Problem};
use super::damaged;
use super::fields::{Placing, Spellings, head_goods, refuse_unread_prices};
use super::kept;
use super::map::HeadingMap;
use super::note::{SheetNote, notes, without_heading};
use super::two_rows::Top;

/// The heading row must be among this many first rows.
pub(in crate::sheet) const WITHIN: u32 = 20;

/// The heading row, found and understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sheet) struct Heading {
    pub row: u32,
    pub columns: Columns,
    pub notes: Vec<SheetNote>,
}

/// What `--map` says.
pub(in crate::sheet) type Maps = [HeadingMap];

/// One of the first rows: its number, and its cells.
pub(in crate::sheet) type TopRow<'r> = (u32, &'r [String]);

/// Looks for the heading row among `rows`, in which `areas` are merged; `None` when it is not among them. A row
/// behind the last that could be it may show that there are two.
pub(in crate::sheet) fn find<'r>(
    rows: impl IntoIterator<Item = TopRow<'r>>,
    areas: &[Area],
    maps: &Maps,
) -> Result<Option<Heading>, Problem> {
    let rows: Vec<TopRow<'_>> = rows.into_iter().collect();
    let spellings = Spellings::of(maps);
    let top = Top::new(&rows, areas, &spellings);
    for (at, &(row, cells)) in rows.iter().enumerate().take_while(|(_, (row, _))| *row <= WITHIN) {
        if are_results(cells) {
            let columns = columns_of(cells.to_vec(), maps)?;
            return Ok(Some(Heading { row, columns, notes: Vec::new() }));
        }
        damaged::refuse(row, cells, maps)?;
        if !head_goods(cells.iter().map(|cell| spellings.say(cell).meaning)) {
            continue;
        }
        let said = spellings.say_all(cells);
        top.refuse_two(at, &said)?;
        let fields = Placing::of(row, cells, &said)?;
        let columns = Columns { headings: cells.to_vec(), fields };
        refuse_unread_prices(row, cells, &said, &fields)?;
        let below = &rows[at + 1..];
        refuse_wide(row, &columns, areas, below)?;
        let mut notes = notes(&columns, &said);
        notes.extend(without_heading(cells, below));
        return Ok(Some(Heading { row, columns, notes }));
    }
    top.refuse_split()?;
    Ok(None)
}

/// Refuses a heading of a field that is merged over further columns, if those hold something below it.
fn refuse_wide(row: u32, columns: &Columns, areas: &[Area], below: &[TopRow<'_>]) -> Result<(), Problem> {
    let is_field = |column: usize| columns.fields.contains(&Some(column));
    let holds_text = |column: usize| {
        below.iter().any(|(_, cells)| cells.get(column).is_some_and(|cell| !cell.trim().is_empty()))
    };
    for area in areas.iter().filter(|area| (area.top..=area.bottom).contains(&row) && is_field(area.left)) {
        if let Some(over) =
            (area.left + 1..=area.right).take(WITHIN as usize).find(|column| holds_text(*column))
        {
            let heading = columns.headings[area.left].trim().to_owned();
            let place = Place { row, column: area.left + 1, heading };
            return Err(Problem::HeadingMerged { place, over: over + 1 });
        }
    }
    Ok(())
}

/// How many fields the row names, to tell one delimiter's reading from another's.
pub(in crate::sheet) fn fields_named(columns: &Columns) -> usize {
    columns.fields.iter().flatten().count()
}

/// The columns of a file whose headings are known already, because it is results.
pub(in crate::sheet) fn columns_of(headings: Vec<String>, maps: &Maps) -> Result<Columns, Problem> {
    damaged::refuse(1, &headings, maps)?;
    let maps = if are_results(&headings) { kept::of_results(maps, &headings) } else { maps.into() };
    let said = Spellings::of(&maps).say_all(&headings);
    Ok(Columns { fields: Placing::of(1, &headings, &said)?, headings })
}

/// What a sheet would be refused for: headings that speak of a price and are not read.
pub(in crate::sheet) fn unread_prices(row: u32, columns: &Columns, maps: &Maps) -> Result<(), Problem> {
    let said = Spellings::of(maps).say_all(&columns.headings);
    refuse_unread_prices(row, &columns.headings, &said, &columns.fields)
}

/// Whether these headings are those of results.
pub(in crate::sheet) fn are_results(headings: &[String]) -> bool {
    let has = |name| headings.iter().any(|heading| heading.trim() == name);
    has("outcome") && has("goodsId")
}

#[cfg(test)]
mod tests {
    use super::super::{HeadingWarning, Meaning};
    use super::*;
    use crate::sheet::Field;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn headings(cells: &[&str], maps: &Maps) -> Result<Option<Heading>, Problem> {
        find([(1, row(cells).as_slice())], &[], maps)
    }

    /// Where a sheet with these headings holds its prices.
    fn prices(cells: &[&str], maps: &Maps) -> (Option<usize>, Option<usize>) {
        let columns = headings(cells, maps).expect("fine").expect("found").columns;
        (columns.of(Field::Price), columns.of(Field::Price2))
    }

    fn refusal(cells: &[&str], maps: &Maps) -> Problem {
        headings(cells, maps).expect_err("refused")
    }

    /// What is wrong with several rows, the first of them row 1.
    fn refusal_of(rows: &[&[&str]], areas: &[Area]) -> Option<String> {
        let rows: Vec<Vec<String>> = rows.iter().map(|cells| row(cells)).collect();
        let rows = (1..).zip(&rows).map(|(number, cells)| (number, cells.as_slice()));
        find(rows, areas, &[]).err().map(|problem| problem.to_string())
    }

    #[test]
    fn a_title_above_the_headings_does_no_harm() {
        let title = row(&["十一月直播商品", "", ""]);
        let heads = row(&["商品名称", "备注", "价格"]);
        let found =
            find([(1, title.as_slice()), (3, heads.as_slice())], &[], &[]).expect("fine").expect("found");
        assert_eq!(found.row, 3);
        assert_eq!(found.columns.of(Field::Name), Some(0));
        assert_eq!(found.columns.of(Field::Price), Some(2));
        assert_eq!(found.columns.of(Field::Sku), None);
    }

    #[test]
    fn the_heading_row_is_within_the_first_twenty() {
        let heads = row(&["name", "price"]);
        assert!(find([(20, heads.as_slice())], &[], &[]).expect("fine").is_some());
        assert!(find([(21, heads.as_slice())], &[], &[]).expect("fine").is_none());
    }

    #[test]
    fn two_headings_for_one_field_name_both_columns() {
        let error = headings(&["名称", "价格", "原价"], &[]).expect_err("two prices");
        let text = error.to_string();
        for part in ["price", "价格", "原价", "column B", "column C", "--map"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn a_sale_price_is_the_price_alone_and_the_second_one_beside_the_usual() {
        for sale in ["直播价", "活动价(元)", "到手价", "售价", "会员价"] {
            assert_eq!(prices(&["品名", sale], &[]), (Some(1), None), "{sale}");
            for usual in ["原价", "价格", "零售价", "单价", "市场价", "划线价", "吊牌价", "price", "一口价"]
            {
                assert_eq!(prices(&["品名", sale, usual], &[]), (Some(2), Some(1)), "{sale} {usual}");
            }
        }
        assert_eq!(prices(&["名称", "批发价", "直播价", "进价"], &[]), (Some(2), None));
    }

    #[test]
    fn two_prices_of_one_kind_are_two_headings_for_one_field() {
        for (cells, field, pair) in [
            (["名称", "直播价", "会员价"], "price", "'直播价' (column B) and '会员价' (column C)"),
            (["名称", "吊牌价", "零售价"], "price", "'吊牌价' (column B) and '零售价' (column C)"),
            // With a second price and no first one, nobody can tell what the sale price is.
            (["名称", "直播价", "现价"], "price2", "'直播价' (column B) and '现价' (column C)"),
            (["名称", "最低价", "活动价"], "price", "'最低价' (column B) and '活动价' (column C)"),
        ] {
            let text = refusal(&cells, &[]).to_string();
            assert!(text.contains(&format!("two headings for {field}: {pair}")), "{text}");
            assert!(text.contains(&format!("--map '{}='", cells[2])), "{text}");
        }
        let text = refusal(&["名称", "原价", "直播价", "现价"], &[]).to_string();
        assert!(text.contains("two headings for price2"), "{text}");
    }

    #[test]
    fn a_map_says_which_price_is_which() {
        let aside = [HeadingMap { heading: "现价".to_owned(), meaning: Meaning::Own }];
        assert_eq!(prices(&["名称", "直播价", "现价"], &aside), (Some(1), None));
        let usual = [HeadingMap::new("现价", Field::Price)];
        assert_eq!(prices(&["名称", "直播价", "现价"], &usual), (Some(2), Some(1)));
        let second = [HeadingMap::new("团购价", Field::Price2)];
        assert_eq!(prices(&["名称", "直播价", "团购价"], &second), (Some(1), Some(2)));
        let sale = [HeadingMap { heading: "特价".to_owned(), meaning: Meaning::SalePrice }];
        assert_eq!(prices(&["名称", "特价", "原价"], &sale), (Some(2), Some(1)));
    }

    #[test]
    fn any_other_heading_that_speaks_of_a_price_is_refused_with_both_ways_out() {
        for heading in ["团购价", "总价", "商品价格", "VIP price", "订单金额", "代理价（含税）"]
        {
            let cells = ["名称", "价格", "备注", heading];
            let text = refusal(&cells, &[]).to_string();
            for part in [
                "row 1, column D".to_owned(),
                format!("--map '{heading}=price2'"),
                format!("--map '{heading}='"),
            ] {
                assert!(text.contains(&part), "{text}");
            }
            let aside = [HeadingMap { heading: heading.to_owned(), meaning: Meaning::Own }];
            assert_eq!(prices(&cells, &aside), (Some(1), None));
            assert_eq!(headings(&cells, &aside).expect("fine").expect("found").notes, []);
            assert_eq!(prices(&cells, &[HeadingMap::new(heading, Field::Price2)]), (Some(1), Some(3)));
        }
        assert_eq!(prices(&["名称", "价格", "价格类型", "用户评价", "成本价"], &[]), (Some(1), None));
    }

    #[test]
    fn a_map_adds_a_spelling_and_the_known_ones_stay_known() {
        let maps = [HeadingMap::new("Label", Field::Name), HeadingMap::new("Shelf", Field::Sku)];
        let found = headings(&["label", "价格"], &maps).expect("fine").expect("found");
        assert_eq!(found.columns.of(Field::Name), Some(0));
        assert_eq!(found.columns.of(Field::Sku), None, "a map whose heading is not there does no harm");
        let found = headings(&["名称", "价格"], &maps).expect("fine").expect("found");
        assert_eq!(found.columns.of(Field::Name), Some(0));
        let maps = [HeadingMap::new("直播价2", Field::Price)];
        let text = refusal(&["名称", "价格", "直播价2"], &maps).to_string();
        assert!(text.contains("two headings for price") && text.contains("--map '价格='"), "{text}");
    }

    #[test]
    fn a_map_goes_before_what_its_heading_says_and_the_last_before_the_others() {
        let maps = [HeadingMap::new("原 价", Field::Sku), HeadingMap::new("原价", Field::Price2)];
        assert_eq!(prices(&["名称", "价格", "原价"], &maps), (Some(1), Some(2)));
        assert_eq!(
            prices(&["名称", "价格", "*原价（元）"], &maps),
            (Some(1), Some(2)),
            "as known headings are"
        );
    }

    #[test]
    fn two_heading_rows_are_named_both() {
        let two = |rows: &[&[&str]], areas: &[Area]| {
            refusal_of(rows, areas)
                .is_some_and(|text| text.contains("two heading rows: row 1") && text.contains("row 2"))
        };
        let top = ["商品名称", "图片", "价格", "", "链接"];
        assert!(two(&[&top, &["", "", "原价", "现价"]], &[]));
        assert!(two(&[&top, &["", "", "日常价", "直播间价"]], &[]));
        assert!(two(&[&top, &["", "", "平时", "大促"]], &[]), "words under a heading and under none");
        assert!(two(&[&["商品名称", "价格信息", "", "链接"], &["", "原价", "现价"]], &[]));
        assert!(two(
            &[&["货号", "商品信息", "", "价格"], &["", "商品名称", "图片", "原价"], &["T1", "茶", "a", "9"]],
            &[]
        ));
        let wide = Area { top: 1, bottom: 1, left: 1, right: 2 };
        let rows: [&[&str]; 2] = [&["商品名称", "规格", "颜色", "价格"], &["", "红", "大"]];
        assert!(two(&rows, &[wide]));
    }

    #[test]
    fn goods_below_the_headings_are_no_second_heading_row() {
        let top = ["商品名称", "价格类型", "价格", "", "链接"];
        for below in [
            &["茶", "", "9.9", "8.8", "pages/a"][..],
            &["", "", "9.9", "8.8"],
            &["", "一口价"],
            &["名称"],
            &["茶", "折扣价", "", "", "链接"],
            &["合计"],
            &["(必填)", "(选填)", "(必填)", "", "(必填)"],
        ] {
            assert_eq!(refusal_of(&[&top, below], &[]), None, "{below:?}");
        }
        // Merged down over both rows: nothing stands in the second one.
        let down = Area { top: 1, bottom: 2, left: 0, right: 0 };
        let rows: [&[&str]; 3] = [&["商品名称", "价格"], &["商品名称", ""], &["茶", "1"]];
        assert_eq!(refusal_of(&rows, &[down]), None);
        // A wide heading over goods that are as wide.
        let wide = Area { top: 1, bottom: 1, left: 0, right: 1 };
        assert_eq!(refusal_of(&[&["商品名称", "", "价格"], &["茶", "", "1"]], &[wide]), None);
        let title: [&[&str]; 3] = [&["链接", "pages/shop"], &["商品名称", "价格"], &["茶", "1"]];
        assert_eq!(refusal_of(&title, &[]), None);
    }

    #[test]
    fn a_heading_merged_over_a_column_that_holds_something_is_refused() {
        let wide = [Area { top: 1, bottom: 1, left: 1, right: 2 }];
        let goods: [&[&str]; 2] = [&["品名", "价格", "", "链接"], &["茶", "99", "89", "pages/a"]];
        let text = refusal_of(&goods, &wide).expect("refused");
        assert!(text.contains("row 1, column B (价格)") && text.contains("column C"), "{text}");
        let empty: [&[&str]; 2] = [&["品名", "价格", "", "链接"], &["茶", "99", "", "pages/a"]];
        assert_eq!(refusal_of(&empty, &wide), None);
    }

    #[test]
    fn a_column_without_a_heading_is_told_of_when_it_holds_something() {
        let rows = [row(&["品名", "", "价格"]), row(&["茶", "89", "99", "", "重点"])];
        let rows = (1..).zip(&rows).map(|(number, cells)| (number, cells.as_slice()));
        let found = find(rows, &[], &[]).expect("fine").expect("found");
        assert_eq!(found.notes, [2, 5].map(|column| SheetNote::NoHeading { column }));
    }

    #[test]
    fn in_results_the_ids_are_in_the_columns_named_exactly_so() {
        let cells =
            ["名称", "价格", "商品ID", "sheet.goodsId", "row", "outcome", "goodsId", "auditId", "check"];
        let found = headings(&cells, &[]).expect("fine").expect("found");
        assert!(found.columns.is_results());
        assert_eq!(found.columns.of(Field::GoodsId), Some(6));
        assert_eq!(found.columns.of(Field::AuditId), Some(7));
        assert_eq!(found.notes, []);
    }

    #[test]
    fn an_unknown_heading_that_looks_like_a_known_one_is_named() {
        let found = headings(&["name", "price", "pirce2", "stock"], &[]).expect("fine").expect("found");
        let [SheetNote::Resembles(HeadingWarning { heading, resembles, column, .. })] = &*found.notes else {
            panic!("one warning: {:?}", found.notes)
        };
        assert_eq!((heading.as_str(), *resembles, *column), ("pirce2", "price2", 3));
    }

    #[test]
    fn a_column_of_codes_is_named_where_no_sku_is() {
        let cells = ["名称", "价格", "商品编号", "型号", "序号"];
        let found = headings(&cells, &[]).expect("fine").expect("found");
        let code = |heading: &str, column| SheetNote::CodesUnread { heading: heading.to_owned(), column };
        assert_eq!(found.notes, [code("商品编号", 3), code("型号", 4)]);
        let found = headings(&["名称", "价格", "型号", "货号"], &[]).expect("fine").expect("found");
        assert_eq!(found.notes, []);
    }

    #[test]
    fn a_heading_row_of_ten_thousand_long_headings_is_read_in_no_time() {
        let mut cells = vec!["名称".to_owned(), "价格".to_owned()];
        cells.extend((0..16_384).map(|number| format!("自定义列{number}").repeat(9)));
        let found = find([(1, cells.as_slice())], &[], &[]).expect("fine").expect("found");
        assert_eq!(found.columns.headings.len(), 16_386);
    }
}
