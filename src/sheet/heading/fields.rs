//! The cells of a heading row into the column that holds each field.

use super::fault::{PriceHeadings, TwoHeadings};
use super::find::{Maps, are_results};
use super::map::Meaning;
use super::spelling::{fold, speaks_of_a_price, without_remarks};
use super::synonyms::{is_lowest, meaning_of};
use crate::sheet::{Field, Problem};

/// For each of [`Field::ALL`], the column that holds it.
pub(super) type Fields = [Option<usize>; Field::ALL.len()];

/// What a cell says to whoever takes it for a heading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub folded: String,
    /// What it means, as `--map` says, else as the known headings say.
    pub meaning: Option<Meaning>,
    /// The person said so.
    pub mapped: bool,
}

impl Said {
    /// Whether it is a heading in any case: a known one, or one that speaks of a price.
    pub fn is_heading(&self) -> bool {
        self.meaning.is_some() || speaks_of_a_price(&self.folded)
    }
}

/// Every spelling that is known here: those of `--map`, folded once, above the known ones.
pub(super) struct Spellings(Vec<(String, Meaning)>);

impl Spellings {
    pub fn of(maps: &Maps) -> Self {
        // Of two maps for one heading the later one counts.
        Self(maps.iter().rev().map(|map| (fold(&map.heading), map.meaning)).collect())
    }

    pub fn say(&self, cell: &str) -> Said {
        let folded = fold(cell);
        if folded.is_empty() {
            return Said::default();
        }
        let map_of =
            |text: &str| self.0.iter().find(|(heading, _)| heading == text).map(|(_, meaning)| *meaning);
        let mapped = map_of(&folded).or_else(|| map_of(without_remarks(&folded)));
        let meaning = mapped.or_else(|| meaning_of(&folded));
        Said { folded, meaning, mapped: mapped.is_some() }
    }

    pub fn say_all(&self, cells: &[String]) -> Vec<Said> {
        cells.iter().map(|cell| self.say(cell)).collect()
    }
}

/// Whether a row holds at least a name and a price.
pub(super) fn head_goods(meanings: impl IntoIterator<Item = Option<Meaning>>) -> bool {
    let (mut name, mut price) = (false, false);
    meanings.into_iter().any(|meaning| {
        match meaning {
            Some(Meaning::Field(Field::Name)) => name = true,
            Some(Meaning::Field(Field::Price) | Meaning::SalePrice) => price = true,
            _ => {}
        }
        name && price
    })
}

/// A heading row on its way to columns.
pub(super) struct Placing<'r> {
    row: u32,
    cells: &'r [String],
    said: &'r [Said],
    fields: Fields,
}

impl<'r> Placing<'r> {
    /// The columns of the fields.
    pub fn of(row: u32, cells: &'r [String], said: &'r [Said]) -> Result<Fields, Problem> {
        let mut placing = Self { row, cells, said, fields: [None; Field::ALL.len()] };
        let results = are_results(cells);
        for (column, said) in said.iter().enumerate() {
            let Some(Meaning::Field(field)) = said.meaning else { continue };
            if !(results && placing.yields_to_results(column, field)) {
                placing.put(field, column)?;
            }
        }
        placing.put_sale_prices()?;
        Ok(placing.fields)
    }

    /// In results the ids are in the columns named exactly so; a user's own column of that meaning is only kept.
    fn yields_to_results(&self, column: usize, field: Field) -> bool {
        matches!(field, Field::GoodsId | Field::AuditId)
            && self.cells[column].trim() != field.name()
            && self.cells.iter().any(|other| other.trim() == field.name())
    }

    fn put(&mut self, field: Field, column: usize) -> Result<(), Problem> {
        match self.fields[field as usize].replace(column) {
            Some(first) => Err(self.clash(field, first, column)),
            None => Ok(()),
        }
    }

    /// A sale price is the price where there is no other, and the second price beside the usual one. Where the
    /// sheet holds a second price already, nobody can tell which of the two the sale price is.
    fn put_sale_prices(&mut self) -> Result<(), Problem> {
        let mut sales = (0..self.said.len()).filter(|at| self.said[*at].meaning == Some(Meaning::SalePrice));
        let Some(sale) = sales.next() else { return Ok(()) };
        let (usual, second) = (self.fields[Field::Price as usize], self.fields[Field::Price2 as usize]);
        let field = if usual.is_some() { Field::Price2 } else { Field::Price };
        if let Some(other) = sales.next() {
            return Err(self.clash(field, sale, other));
        }
        match (usual, second) {
            // The lower bound of a range is no usual price.
            (Some(usual), None) if self.by_itself(usual) && is_lowest(&self.said[usual].folded) => {
                Err(self.clash(Field::Price, usual, sale))
            }
            (None, Some(second)) if self.by_itself(second) => Err(self.clash(Field::Price2, second, sale)),
            _ => self.put(field, sale),
        }
    }

    /// Whether a heading means what it means without anybody saying so.
    fn by_itself(&self, column: usize) -> bool {
        !self.said[column].mapped
    }

    fn clash(&self, field: Field, one: usize, other: usize) -> Problem {
        let (first, second) = (one.min(other), one.max(other));
        // What a person mapped is meant; else the one further left stays.
        let aside = if self.said[second].mapped && !self.said[first].mapped { first } else { second };
        let text = |column: usize| self.cells[column].clone();
        Problem::TwoHeadings(Box::new(TwoHeadings {
            row: self.row,
            field,
            first: text(first),
            second: text(second),
            columns: (first + 1, second + 1),
            aside: text(aside),
        }))
    }
}

/// The headings that speak of a price and mean nothing that is known, if there are any.
pub(super) fn refuse_unread_prices(
    row: u32,
    cells: &[String],
    said: &[Said],
    fields: &Fields,
) -> Result<(), Problem> {
    let unread =
        said.iter().enumerate().filter(|(_, said)| said.meaning.is_none() && speaks_of_a_price(&said.folded));
    let headings: Vec<(String, usize)> =
        unread.map(|(column, _)| (cells[column].clone(), column + 1)).collect();
    if headings.is_empty() {
        return Ok(());
    }
    // A second price needs a type beside it; without one, reading it would spoil every row.
    let takes_second =
        fields[Field::Price2 as usize].is_none() && fields[Field::PriceType as usize].is_some();
    Err(Problem::PriceHeadings(Box::new(PriceHeadings { row, headings, takes_second })))
}
