//! The cells of a CSV row into whether they are as many as the headings, and none of them torn apart.

use super::{Columns, Field, RawRow};

/// How the rows under a heading row are to look.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// The number of headings.
    pub width: usize,
    /// The same without blank ones at the end.
    least: usize,
    /// The columns that hold a price.
    prices: [Option<usize>; 2],
    url: Option<usize>,
    /// For each column, whether its heading speaks of money.
    money: Vec<bool>,
}

/// A heading with one of these stands over amounts.
const MONEY: [&str; 6] = ["价", "額", "额", "费", "price", "cost"];

impl Shape {
    pub fn of(columns: &Columns) -> Self {
        let headings = &columns.headings;
        let blank_at_end = headings.iter().rev().take_while(|heading| heading.trim().is_empty()).count();
        let speaks_of_money = |heading: &String| {
            let heading = heading.to_lowercase();
            MONEY.iter().any(|word| heading.contains(word))
        };
        Self {
            width: headings.len(),
            least: headings.len() - blank_at_end,
            prices: [columns.of(Field::Price), columns.of(Field::Price2)],
            url: columns.of(Field::Url),
            money: headings.iter().map(speaks_of_money).collect(),
        }
    }

    /// Takes off what stands beyond the headings, and notes when the row is ragged. `text` is the row as it stands,
    /// of a file with this delimiter.
    pub fn fit(&self, row: &mut RawRow, text: &str, delimiter: u8) {
        let cells = row.cells.len();
        row.ragged = None;
        if cells > self.width {
            let more = row.cells.iter().skip(self.width).any(|cell| !cell.trim().is_empty());
            row.ragged = more.then_some(cells);
            row.cells.truncate(self.width);
        } else if cells < self.least || (delimiter == b',' && self.is_torn(row, text)) {
            row.ragged = Some(cells);
        }
    }

    /// Whether the row has text, in its cells or beyond the headings.
    pub fn is_blank(&self, row: &RawRow) -> bool {
        row.ragged.is_none_or(|cells| cells <= self.width)
            && row.cells.as_slice().chars().all(char::is_whitespace)
    }

    /// Whether `1,299.00` without quotes stands in two cells: then the count of cells only fits because one at the
    /// end of the row was left out.
    fn is_torn(&self, row: &RawRow, text: &str) -> bool {
        self.prices.iter().flatten().any(|price| {
            let first = row.cells.get(*price).unwrap_or("");
            may_be_thousands(first) && self.is_torn_at(row, *price, text)
        })
    }

    #[inline(never)]
    fn is_torn_at(&self, row: &RawRow, price: usize, text: &str) -> bool {
        let cell = |column: usize| row.cells.get(column).unwrap_or("");
        let mut last = price + 1;
        while is_group(cell(last)) && !self.prices.contains(&Some(last)) {
            last += 1;
        }
        let Some(units) = units(cell(last)) else { return false };
        let first = cell(price).trim_start().trim_start_matches(['¥', '￥']);
        if self.prices.contains(&Some(last))
            || !(1..=3).contains(&first.len())
            || first.starts_with('0')
            || !first.bytes().all(|byte| byte.is_ascii_digit())
        {
            return false;
        }
        // A price and a lower amount under a heading of its own, such as what the goods cost.
        let is_amount = self.money.get(last) == Some(&true) && last == price + 1;
        if is_amount && first.parse::<u32>().is_ok_and(|first| first >= units) {
            return false;
        }
        // A cell too many would have moved the page path out of its column.
        if self.url.is_some_and(|url| url > last && cell(url).contains("pages/")) {
            return false;
        }
        let amount: Vec<&str> = (price..=last).map(cell).collect();
        text.contains(&amount.join(","))
    }
}

/// Whether up to three digits may be all that stands in the cell, a sign of currency aside; most prices are longer.
fn may_be_thousands(cell: &str) -> bool {
    match cell.as_bytes() {
        [] | [b'0'..=b'9', _, _, _, ..] => false,
        [..] => true,
    }
}

/// Three digits.
fn is_group(cell: &str) -> bool {
    cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// The three digits before the point of a cell like `299.00`.
fn units(cell: &str) -> Option<u32> {
    if cell.as_bytes().get(3) != Some(&b'.') {
        return None;
    }
    let (group, decimals) = cell.trim_end().trim_end_matches('元').split_at_checked(3)?;
    let digits = decimals[1..].bytes().all(|byte| byte.is_ascii_digit());
    (is_group(group) && digits && decimals.len() > 1).then(|| group.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a row of comma-separated text under `headings` is noted to have.
    fn ragged(headings: &str, text: &str) -> Option<usize> {
        let headings: Vec<String> = headings.split(',').map(str::to_owned).collect();
        let fields = Field::ALL.map(|field| headings.iter().position(|heading| heading == field.name()));
        let shape = Shape::of(&Columns { headings, fields });
        let mut row = RawRow::default();
        super::super::text::TextRows::new(text, b',').read(&mut row.cells);
        shape.fit(&mut row, text, b',');
        assert!(row.cells.len() <= shape.width);
        row.ragged
    }

    #[test]
    fn a_row_has_as_many_cells_as_there_are_headings() {
        for (headings, text, expected) in [
            ("name,price,note", "a,1,x", None),
            ("name,price,note", "a,1,x,, ,", None),
            ("name,price,note", "a,1,299,x", Some(4)),
            ("name,price,note", "a,1,x,,y,", Some(6)),
            ("name,price,note", "a,1", Some(2)),
            ("name,price,", "a,1", None),
            ("name,price, ,", "a,1,x,y", None),
            ("name,price,,", "a", Some(1)),
        ] {
            assert_eq!(ragged(headings, text), expected, "{headings}: {text}");
        }
    }

    #[test]
    fn an_amount_torn_apart_is_known_by_its_decimals() {
        for (text, torn) in [
            ("a,1,299.00,50", true),
            ("a,12,999.9,50", true),
            ("a,¥1,299.00,50", true),
            ("a,￥1,299.00元,50", true),
            ("a,1,234,567.00", true),
            ("a,  ¥1,299.00,50", true),
            ("a,999,999.9,50", true),
            ("a,99,100,x", false),
            ("a,99.5,100.50,x", false),
            ("a,099,100.50,x", false),
            ("a,99,1000.50,x", false),
            ("a,99,10.50,x", false),
            ("a,99,100.,x", false),
            ("a,1234,100.50,x", false),
            ("a,,100.50,x", false),
            ("a,99,10é.5,x", false),
            (r#"a,"1",299.00,50"#, false),
            (r#"a,1,"299.00",50"#, false),
        ] {
            assert_eq!(ragged("name,price,stock,note", text), torn.then_some(4), "{text}");
        }
    }

    #[test]
    fn two_amounts_under_headings_of_their_own_are_two() {
        assert_eq!(ragged("name,price,price2,note", "a,1,299.00,50"), None);
        assert_eq!(ragged("name,price2,note,price", "a,1,299.00,50"), Some(4));
        assert_eq!(ragged("name,price,成本价", "a,199,120.50"), None);
        assert_eq!(ragged("name,price,成本价", "a,1,299.00"), Some(3), "dearer than it is sold");
        assert_eq!(ragged("name,price,weight,url", "a,199,120.50,pages/a"), None);
        assert_eq!(ragged("name,price,weight,url,note", "a,1,299.00,50,pages/a"), Some(5));
    }
}
