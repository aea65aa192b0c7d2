//! The merges of a sheet into the cells they stand for, row by row.

use calamine::DataRef;

use super::super::area::Area;
use super::super::{Columns, Field};
use super::found::{Empty, Found};

/// The merges below the heading row, and those that reach over the row at hand.
pub(super) struct Merges<'b> {
    /// Those that begin further down, the next one last.
    waiting: Vec<Area>,
    /// For each column of the table, the merge that covers it.
    covering: Vec<Option<Merge<'b>>>,
    /// How many of `covering` are some.
    covered: usize,
    /// The columns that hold fields.
    fields: Vec<bool>,
}

#[derive(Clone)]
struct Merge<'b> {
    area: Area,
    /// What its first cell holds; `None` when that is blank.
    value: Option<Found<'b>>,
}

impl<'b> Merges<'b> {
    /// The merges of a sheet whose heading row is number `heading_row`.
    pub fn new(mut areas: Vec<Area>, heading_row: u32, columns: &Columns) -> Self {
        let width = columns.headings.len();
        let is_merge = |area: &Area| area.bottom >= area.top && area.right >= area.left;
        areas.retain(|area| area.top > heading_row && area.left < width && is_merge(area));
        areas.sort_unstable_by_key(|area| std::cmp::Reverse((area.top, area.left)));
        let mut fields = vec![false; width];
        for column in Field::ALL.into_iter().filter_map(|field| columns.of(field)) {
            fields[column] = true;
        }
        Self { waiting: areas, covering: vec![None; width], covered: 0, fields }
    }

    /// Gives the cells of a row what a person sees in them. Rows have to come in their order; one in which nothing but
    /// merges from above can be seen is made empty.
    pub fn apply(&mut self, row: u32, cells: &mut Vec<Found<'b>>) {
        self.retire(row);
        self.begin(row, cells);
        if self.covered == 0 {
            return;
        }
        // Beneath a merge there may be values that nobody sees.
        cells.retain(|found| self.merge_at(found.column).is_none_or(|merge| merge.shows(found)));
        if cells.iter().all(|found| found.value.is_empty_text()) {
            return cells.clear();
        }
        let hidden = cells.iter().any(|found| found.hidden);
        for merge in self.covering.iter().flatten().filter(|merge| merge.area.top < row) {
            let Some(value) = &merge.value else { continue };
            let is_there = |column| cells.iter().any(|found| found.column == column);
            if !is_there(merge.area.left) {
                cells.push(Found { row, hidden, merged: true, span: None, ..value.clone() });
            }
        }
        cells.extend(self.covered_fields(row, hidden));
        cells.sort_by_key(|found| found.column);
    }

    fn retire(&mut self, row: u32) {
        if self.covered == 0 {
            return;
        }
        for place in &mut self.covering {
            if place.as_ref().is_some_and(|merge| merge.area.bottom < row) {
                *place = None;
                self.covered -= 1;
            }
        }
    }

    fn begin(&mut self, row: u32, cells: &[Found<'b>]) {
        while let Some(area) = self.waiting.pop_if(|area| area.top <= row) {
            self.cover(area, row, cells);
        }
        for found in cells {
            if let Some((rows, columns)) = found.span {
                let bottom = row.saturating_add(rows.saturating_sub(1));
                let right = found.column.saturating_add(columns.saturating_sub(1) as usize);
                self.cover(Area { top: row, bottom, left: found.column, right }, row, cells);
            }
        }
    }

    fn cover(&mut self, area: Area, row: u32, cells: &[Found<'b>]) {
        if area.bottom < row || area == (Area { bottom: area.top, right: area.left, ..area }) {
            return;
        }
        // A first row that was passed over had no cells.
        let first = cells.iter().find(|found| area.top == row && found.column == area.left);
        let value = first.filter(|found| !found.is_empty()).cloned();
        let merge = Merge { area, value };
        for place in self.covering.iter_mut().take(area.right + 1).skip(area.left) {
            self.covered += usize::from(place.is_none());
            *place = Some(merge.clone());
        }
    }

    fn merge_at(&self, column: usize) -> Option<&Merge<'b>> {
        self.covering.get(column).and_then(Option::as_ref)
    }

    /// The cells of fields over which the value of another column reaches: a person sees that one there.
    fn covered_fields(&self, row: u32, hidden: bool) -> Vec<Found<'b>> {
        let columns = self.covering.iter().zip(&self.fields).enumerate();
        let covered = columns.filter(|(column, (merge, is_field))| {
            **is_field
                && merge.as_ref().is_some_and(|merge| merge.area.left < *column && merge.value.is_some())
        });
        let found =
            |(column, _): (usize, _)| Found::at(row - 1, u32::try_from(column).ok()?, DataRef::Empty).ok();
        covered.filter_map(found).map(|found| Found { hidden, across: true, ..found }).collect()
    }
}

impl Merge<'_> {
    /// Whether the cell is the one of this merge that is seen.
    fn shows(&self, found: &Found<'_>) -> bool {
        (found.row, found.column) == (self.area.top, self.area.left)
    }
}

impl Found<'_> {
    fn is_empty(&self) -> bool {
        match &self.value {
            DataRef::Empty => self.look.is_none(),
            value => value.is_empty_text(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Columns {
        let headings = ["name", "price", "price2", "mine"].map(str::to_owned).to_vec();
        let mut columns = Columns { headings, ..Columns::default() };
        for (column, field) in [Field::Name, Field::Price, Field::Price2].into_iter().enumerate() {
            columns.fields[field as usize] = Some(column);
        }
        columns
    }

    fn cells(row: u32, texts: &[(u32, &'static str)]) -> Vec<Found<'static>> {
        let found =
            |&(column, text)| Found::at(row - 1, column, DataRef::SharedString(text)).expect("a place");
        texts.iter().map(found).collect()
    }

    fn seen(cells: &[Found<'_>]) -> Vec<(usize, String, bool, bool)> {
        let text = |found: &Found<'_>| match &found.value {
            DataRef::SharedString(text) => (*text).to_owned(),
            other => format!("{other:?}"),
        };
        cells.iter().map(|found| (found.column, text(found), found.merged, found.across)).collect()
    }

    fn area(top: u32, bottom: u32, left: usize, right: usize) -> Area {
        Area { top, bottom, left, right }
    }

    #[test]
    fn a_merge_over_rows_stands_for_each_of_them() {
        let mut merges = Merges::new(vec![area(2, 4, 1, 1)], 1, &columns());
        let mut rows = [cells(2, &[(0, "a"), (1, "9")]), cells(3, &[(0, "b")]), cells(5, &[(0, "c")])];
        for (row, cells) in [2, 3, 5].into_iter().zip(&mut rows) {
            merges.apply(row, cells);
        }
        let text = |column, text: &str, merged| (column, text.to_owned(), merged, false);
        assert_eq!(seen(&rows[0]), [text(0, "a", false), text(1, "9", false)]);
        assert_eq!(seen(&rows[1]), [text(0, "b", false), text(1, "9", true)]);
        assert_eq!(seen(&rows[2]), [text(0, "c", false)]);
    }

    #[test]
    fn what_is_beneath_a_merge_is_not_seen_and_a_row_of_nothing_else_is_empty() {
        let mut merges = Merges::new(vec![area(2, 3, 0, 0), area(2, 3, 1, 1)], 1, &columns());
        let mut first = cells(2, &[(0, "a"), (1, "9")]);
        let mut second = cells(3, &[(0, "beneath"), (1, "1")]);
        merges.apply(2, &mut first);
        merges.apply(3, &mut second);
        assert_eq!((first.len(), second.len()), (2, 0));
    }

    #[test]
    fn a_merge_that_reaches_over_a_field_is_marked_there_and_one_beside_it_is_not() {
        let areas = vec![area(2, 2, 1, 2), area(3, 3, 2, 3)];
        let mut merges = Merges::new(areas, 1, &columns());
        let mut first = cells(2, &[(0, "a"), (1, "9")]);
        let mut second = cells(3, &[(0, "b"), (2, "8")]);
        merges.apply(2, &mut first);
        merges.apply(3, &mut second);
        let across =
            |cells: &[Found<'_>]| cells.iter().map(|found| (found.column, found.across)).collect::<Vec<_>>();
        assert_eq!(across(&first), [(0, false), (1, false), (2, true)]);
        assert_eq!(across(&second), [(0, false), (2, false)]);
    }

    #[test]
    fn a_merge_of_a_heading_and_one_that_begins_in_a_row_without_cells_stand_for_nothing() {
        let mut merges = Merges::new(vec![area(1, 3, 0, 0), area(2, 3, 1, 1)], 1, &columns());
        let mut row = cells(3, &[(0, "a"), (1, "beneath")]);
        merges.apply(3, &mut row);
        assert_eq!(seen(&row), [(0, "a".to_owned(), false, false)]);
    }
}
