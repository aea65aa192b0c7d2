//! The first rows of a sheet into its heading row: which column holds which field.

use super::damaged::{self, are_damaged};
use super::kept;
use super::synonyms::{field_of, fold, resembling};
use super::{Columns, Field, Problem};

/// The heading row must be among this many first rows.
pub(super) const WITHIN: u32 = 20;

/// An unknown heading that looks like a known one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingWarning {
    /// The heading as it stands in the sheet.
    pub heading: String,
    /// Its column, 1 for the first.
    pub column: usize,
    /// The known heading it looks like.
    pub resembles: &'static str,
    /// What that one would mean.
    pub field: Field,
}

/// The heading row, found and understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub row: u32,
    pub columns: Columns,
    pub warnings: Vec<HeadingWarning>,
}

/// What `--map` says: a heading, and the field it holds.
pub(super) type Maps = [(String, Field)];

/// Looks for the heading row among `rows`, each with its number; `None` when it is not among them.
pub(super) fn find<'r>(
    rows: impl IntoIterator<Item = (u32, &'r [String])>,
    maps: &Maps,
) -> Result<Option<Heading>, Problem> {
    let mut within = rows.into_iter().take_while(|(number, _)| *number <= WITHIN);
    let Some((row, cells)) = within.find(|(_, cells)| is_heading_row(cells, maps)) else { return Ok(None) };
    let columns = Columns { fields: place_fields(row, cells, maps)?, headings: cells.to_vec() };
    let warnings = doubtful(&columns);
    Ok(Some(Heading { row, columns, warnings }))
}

/// How many fields the row names, to tell one delimiter's reading from another's.
pub(super) fn fields_named(columns: &Columns) -> usize {
    columns.fields.iter().flatten().count()
}

fn is_heading_row(cells: &[String], maps: &Maps) -> bool {
    let meant = |field| cells.iter().any(|cell| meaning(cell, maps) == Some(field));
    (meant(Field::Name) && meant(Field::Price)) || are_results(cells) || are_damaged(cells, maps)
}

/// The columns of a file whose headings are known already, because it is results.
pub(super) fn columns_of(headings: Vec<String>, maps: &Maps) -> Result<Columns, Problem> {
    Ok(Columns { fields: place_fields(1, &headings, maps)?, headings })
}

fn mapped(folded: &str, maps: &Maps) -> Option<Field> {
    maps.iter().rev().find(|(heading, _)| fold(heading) == folded).map(|(_, field)| *field)
}

/// What a heading means: as `--map` says, else as the known headings say, unless another was mapped to that.
fn meaning(cell: &str, maps: &Maps) -> Option<Field> {
    let folded = fold(cell);
    if folded.is_empty() {
        return None;
    }
    mapped(&folded, maps)
        .or_else(|| field_of(&folded).filter(|field| !maps.iter().any(|(_, taken)| taken == field)))
}

fn place_fields(
    row: u32,
    cells: &[String],
    maps: &Maps,
) -> Result<[Option<usize>; Field::ALL.len()], Problem> {
    let results = are_results(cells);
    let maps = &*if results { kept::of_results(maps, cells) } else { maps.into() };
    if let Some((heading, _)) =
        maps.iter().find(|(heading, _)| !cells.iter().any(|cell| fold(cell) == fold(heading)))
    {
        let found = cells.iter().filter(|cell| !cell.trim().is_empty()).cloned().collect();
        return Err(Problem::MappedHeadingMissing { heading: heading.clone(), found });
    }
    damaged::refuse(row, cells, maps)?;
    let mut fields = [None; Field::ALL.len()];
    for (column, cell) in cells.iter().enumerate() {
        let Some(field) = meaning(cell, maps) else { continue };
        if results && yields_to_results(cell, field, cells) {
            continue;
        }
        if let Some(first) = fields[field as usize].replace(column) {
            return Err(Problem::TwoHeadings {
                row,
                field,
                first: cells[first].trim().to_owned(),
                second: cell.trim().to_owned(),
                columns: (first + 1, column + 1),
            });
        }
    }
    Ok(fields)
}

/// In results the ids are in the columns named exactly so; a user's own column of that meaning is only kept.
fn yields_to_results(cell: &str, field: Field, cells: &[String]) -> bool {
    matches!(field, Field::GoodsId | Field::AuditId)
        && cell.trim() != field.name()
        && cells.iter().any(|other| other.trim() == field.name())
}

/// Whether these headings are those of results.
pub(super) fn are_results(headings: &[String]) -> bool {
    let has = |name| headings.iter().any(|heading| heading.trim() == name);
    has("outcome") && has("goodsId")
}

/// Results have columns of their own, which are no misspelt ones.
fn doubtful(columns: &Columns) -> Vec<HeadingWarning> {
    if columns.is_results() {
        return Vec::new();
    }
    let unknown = columns.headings.iter().enumerate().filter(|(column, heading)| {
        !columns.fields.contains(&Some(*column)) && !heading.trim().starts_with("sheet.")
    });
    unknown
        .filter_map(|(column, heading)| {
            let folded = fold(heading);
            if field_of(&folded).is_some() {
                return None;
            }
            let (resembles, field) = resembling(&folded)?;
            Some(HeadingWarning { heading: heading.trim().to_owned(), column: column + 1, resembles, field })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    fn headings(cells: &[&str], maps: &Maps) -> Result<Option<Heading>, Problem> {
        find([(1, row(cells).as_slice())], maps)
    }

    #[test]
    fn a_title_above_the_headings_does_no_harm() {
        let title = row(&["十一月直播商品", "", ""]);
        let heads = row(&["商品名称", "备注", "价格"]);
        let found = find([(1, title.as_slice()), (3, heads.as_slice())], &[]).expect("fine").expect("found");
        assert_eq!(found.row, 3);
        assert_eq!(found.columns.of(Field::Name), Some(0));
        assert_eq!(found.columns.of(Field::Price), Some(2));
        assert_eq!(found.columns.of(Field::Sku), None);
    }

    #[test]
    fn the_heading_row_is_within_the_first_twenty() {
        let heads = row(&["name", "price"]);
        assert!(find([(20, heads.as_slice())], &[]).expect("fine").is_some());
        assert!(find([(21, heads.as_slice())], &[]).expect("fine").is_none());
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
    fn a_map_overrides_what_headings_say() {
        let maps = [("原价".to_owned(), Field::Price), ("Label".to_owned(), Field::Name)];
        let found = headings(&["label", "价格", "原 价"], &maps).expect("fine").expect("found");
        assert_eq!(found.columns.of(Field::Price), Some(2));
        assert_eq!(found.columns.of(Field::Name), Some(0));
    }

    #[test]
    fn a_map_that_names_no_heading_lists_the_headings() {
        let maps = [("Shelf".to_owned(), Field::Sku)];
        let text = headings(&["name", "price"], &maps).expect_err("no Shelf").to_string();
        assert!(text.contains("Shelf") && text.contains("name, price"), "{text}");
    }

    #[test]
    fn in_results_the_ids_are_in_the_columns_named_exactly_so() {
        let cells =
            ["名称", "价格", "商品ID", "sheet.goodsId", "row", "outcome", "goodsId", "auditId", "check"];
        let found = headings(&cells, &[]).expect("fine").expect("found");
        assert!(found.columns.is_results());
        assert_eq!(found.columns.of(Field::GoodsId), Some(6));
        assert_eq!(found.columns.of(Field::AuditId), Some(7));
        assert_eq!(found.warnings, []);
    }

    #[test]
    fn an_unknown_heading_that_looks_like_a_known_one_is_named() {
        let found = headings(&["name", "price", "pirce2", "stock"], &[]).expect("fine").expect("found");
        let [warning] = found.warnings.as_slice() else { panic!("one warning: {:?}", found.warnings) };
        assert_eq!((warning.heading.as_str(), warning.resembles, warning.column), ("pirce2", "price2", 3));
    }
}
