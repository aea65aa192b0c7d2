//! The columns of a results file: the user's own first, then ours.

use csv::StringRecord;

use super::cell::unguard;
use crate::sheet::{Columns, Field};

/// Our own columns, in order, behind the user's.
pub const OWN: [&str; 12] = [
    "row",
    "action",
    "outcome",
    "goodsId",
    "auditId",
    "auditStatus",
    "errcode",
    "errmsg",
    "note",
    "coverDigest",
    "updatedAt",
    "check",
];

/// Where a sheet's or an older file's cells go in the results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The user's columns, headings as they stand in the results; which of them holds which field.
    pub columns: Columns,
    /// For each user column, the column of the source it comes from.
    pub source: Vec<Option<usize>>,
}

impl Layout {
    /// The layout of the results of a sheet: every column of it but the ids, which are ours to write.
    ///
    /// A column that bears the name of one of ours is kept as `sheet.NAME`.
    pub fn of_sheet(sheet: &Columns) -> Self {
        let mut layout = Self { columns: Columns::default(), source: Vec::new() };
        for (position, heading) in sheet.headings.iter().enumerate() {
            let field = field_at(sheet, position);
            // What is read as another field is no id to be written, whatever its heading.
            let is_id = field.is_none_or(|field| matches!(field, Field::GoodsId | Field::AuditId));
            if !(is_id && is_taken_over(heading)) {
                layout.push(own_name(heading), Some(position), field);
            }
        }
        layout
    }

    /// The user columns of a results file itself: all that are not ours.
    pub fn of_results(file: &Columns) -> Self {
        let mut layout = Self { columns: Columns::default(), source: Vec::new() };
        for (position, heading) in file.headings.iter().enumerate() {
            if !OWN.contains(&heading.trim()) {
                layout.push(unguard(heading).to_owned(), Some(position), field_at(file, position));
            }
        }
        layout
    }

    /// Where the user columns of `older` go in this layout: by field, else by heading.
    ///
    /// A column this layout does not have yet is added at its end when `needed` says that a line which stays
    /// behind still holds something there.
    pub fn adopt(&mut self, older: &Columns, needed: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
        (0..older.headings.len())
            .map(|position| {
                let field = field_at(older, position);
                let heading = &older.headings[position];
                let known = field
                    .and_then(|field| self.columns.of(field))
                    .or_else(|| self.columns.headings.iter().position(|own| own == heading));
                if known.is_none() && needed(position) {
                    self.push(heading.clone(), None, field);
                    return Some(self.columns.headings.len() - 1);
                }
                known
            })
            .collect()
    }

    fn push(&mut self, heading: String, source: Option<usize>, field: Option<Field>) {
        if let Some(field) = field {
            self.columns.fields[field as usize] = Some(self.columns.headings.len());
        }
        self.columns.headings.push(heading);
        self.source.push(source);
    }
}

/// A line's user cells in another layout of `width` columns, `moved` as [`Layout::adopt`] told it.
pub fn relaid(cells: &StringRecord, moved: &[Option<usize>], width: usize) -> StringRecord {
    let mut laid = vec![""; width];
    for (cell, target) in cells.iter().zip(moved) {
        if let Some(target) = target {
            laid[*target] = cell;
        }
    }
    laid.iter().collect()
}

/// The two columns of a sheet whose values move into ours.
fn is_taken_over(heading: &str) -> bool {
    ["goodsid", "auditid"].contains(&heading.trim().to_lowercase().as_str())
}

fn own_name(heading: &str) -> String {
    let folded = heading.trim().to_lowercase();
    if OWN.iter().any(|own| own.to_lowercase() == folded) {
        format!("sheet.{heading}")
    } else {
        heading.to_owned()
    }
}

fn field_at(columns: &Columns, position: usize) -> Option<Field> {
    Field::ALL.into_iter().find(|field| columns.of(*field) == Some(position))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headings: &[&str], fields: &[(Field, usize)]) -> Columns {
        let mut columns =
            Columns { headings: headings.iter().map(ToString::to_string).collect(), ..Columns::default() };
        for (field, position) in fields {
            columns.fields[*field as usize] = Some(*position);
        }
        columns
    }

    #[test]
    fn the_users_columns_keep_their_order_and_ours_are_renamed() {
        let sheet = columns(
            &["note", "名称", "goodsId", "Row", "价格"],
            &[(Field::Name, 1), (Field::GoodsId, 2), (Field::Price, 4)],
        );
        let layout = Layout::of_sheet(&sheet);
        assert_eq!(layout.columns.headings, ["sheet.note", "名称", "sheet.Row", "价格"]);
        assert_eq!(layout.source, [Some(0), Some(1), Some(3), Some(4)]);
        assert_eq!(layout.columns.of(Field::Name), Some(1));
        assert_eq!(layout.columns.of(Field::GoodsId), None);
    }

    #[test]
    fn an_older_layout_is_adopted_by_field_then_by_heading() {
        let mut layout = Layout::of_sheet(&columns(&["商品名称", "备注"], &[(Field::Name, 0)]));
        let older = columns(&["备注", "name", "sku", "gone"], &[(Field::Name, 1), (Field::Sku, 2)]);
        assert_eq!(layout.adopt(&older, |position| position == 2), [Some(1), Some(0), Some(2), None]);
        assert_eq!(layout.columns.headings, ["商品名称", "备注", "sku"]);
        assert_eq!(layout.columns.of(Field::Sku), Some(2));
    }
}
