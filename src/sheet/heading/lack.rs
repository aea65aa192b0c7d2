//! First rows without a heading row among them into what is missing there, and how to say where it stands.

use std::collections::HashSet;

use super::super::{Field, Problem};
use super::fault::{NoHeadingRow, QuotedRow};
use super::fields::{Said, Spellings};
use super::find::{Maps, TopRow, WITHIN};
use super::map::{HeadingMap, Meaning};
use super::quote::row_shown;
use super::spelling::{fold, is_amount, speaks_of_a_price};
use super::synonyms::resembling;

/// So many cells of a row are looked at for what they resemble.
const LOOKED_AT: usize = 256;

/// So many rows are quoted.
const QUOTED: usize = 2;

/// Says which rows stand where the headings should be, what they lack, and which map would help.
pub(in crate::sheet) fn heading_not_found<'r>(
    rows: impl IntoIterator<Item = TopRow<'r>>,
    sheet: Option<&str>,
    maps: &Maps,
) -> Problem {
    let spellings = Spellings::of(maps);
    let rows: Vec<TopRow<'_>> = rows.into_iter().take_while(|(row, _)| *row <= WITHIN).collect();
    let mut looks: Vec<Look<'_>> = rows.iter().filter_map(|row| Look::at(*row, &spellings)).collect();
    // The likeliest first; of equals, the one that stands first.
    looks.sort_by_key(|look| std::cmp::Reverse((look.likeness, look.texts)));
    let best = looks.first().map_or(0, |look| look.likeness);
    looks.retain(|look| look.likeness > 0 || (best == 0 && look.texts > 0));
    let (missing, offered, likely) = looks.first().map_or_else(Default::default, Look::missing);
    let quoted =
        looks.iter().take(QUOTED).map(|look| QuotedRow { row: look.row.0, text: row_shown(look.row.1) });
    Problem::NoHeadingRow(Box::new(NoHeadingRow {
        within: WITHIN,
        sheet: sheet.map(str::to_owned),
        rows: quoted.collect(),
        missing,
        maps: offered,
        likely,
        unfound: unfound(&rows, maps),
        likeness: best,
    }))
}

/// The headings of maps that no row holds.
fn unfound(rows: &[TopRow<'_>], maps: &Maps) -> Vec<String> {
    if maps.is_empty() {
        return Vec::new();
    }
    let held: HashSet<String> =
        rows.iter().flat_map(|(_, cells)| cells.iter()).map(|cell| fold(cell)).collect();
    let lacking = maps.iter().filter(|map| !held.contains(&fold(&map.heading)));
    lacking.map(|map| map.heading.clone()).collect()
}

/// A row, and how much it looks like a heading row.
struct Look<'r> {
    row: TopRow<'r>,
    said: Vec<Said>,
    /// Two for each known heading, one for each that is nearly known.
    likeness: usize,
    /// How many cells hold a text.
    texts: usize,
}

impl<'r> Look<'r> {
    /// `None` for a blank row.
    fn at(row: TopRow<'r>, spellings: &Spellings) -> Option<Self> {
        let cells = &row.1[..row.1.len().min(LOOKED_AT)];
        let texts = cells.iter().filter(|cell| !cell.trim().is_empty() && !is_amount(cell)).count();
        let said = spellings.say_all(cells);
        let likeness = said.iter().map(|said| match said.meaning {
            Some(_) => 2,
            None => usize::from(speaks_of_a_price(&said.folded) || resembling(&said.folded).is_some()),
        });
        let likeness = likeness.sum();
        row.1.iter().any(|cell| !cell.trim().is_empty()).then_some(Self { row, said, likeness, texts })
    }

    /// What the row lacks, maps that would mend it, and whether their headings look like it.
    fn missing(&self) -> (Vec<Field>, Vec<HeadingMap>, bool) {
        let has = |meaning| self.said.iter().any(|said| said.meaning == Some(meaning));
        let mut missing = Vec::new();
        if !has(Meaning::Field(Field::Name)) {
            missing.push(Field::Name);
        }
        if !has(Meaning::Field(Field::Price)) && !has(Meaning::SalePrice) {
            missing.push(Field::Price);
        }
        let likely: Vec<HeadingMap> = missing.iter().filter_map(|field| self.likely(*field)).collect();
        if likely.len() == missing.len() {
            return (missing, likely, true);
        }
        let mut taken: Vec<usize> = Vec::new();
        let offered = missing.iter().filter_map(|field| {
            let column = self.likely_column(*field).or_else(|| self.some_text(&taken))?;
            taken.push(column);
            self.map(column, *field)
        });
        let offered = offered.collect();
        (missing, offered, false)
    }

    fn map(&self, column: usize, field: Field) -> Option<HeadingMap> {
        HeadingMap::offered(&self.row.1[column], Meaning::Field(field))
    }

    fn likely(&self, field: Field) -> Option<HeadingMap> {
        self.map(self.likely_column(field)?, field)
    }

    /// The column that most likely holds `field`.
    fn likely_column(&self, field: Field) -> Option<usize> {
        let unknown = |said: &Said| said.meaning.is_none() && !said.folded.is_empty();
        let column = |likely: &dyn Fn(&Said) -> bool| self.said.iter().position(likely);
        match field {
            Field::Name => column(&|said| unknown(said) && resembles(said, field))
                .or_else(|| column(&|said| unknown(said) && speaks_of_a_name(&said.folded))),
            _ => column(&|said| unknown(said) && resembles(said, field))
                .or_else(|| column(&|said| unknown(said) && speaks_of_a_price(&said.folded)))
                // A second price without a first is the price.
                .or_else(|| column(&|said| said.meaning == Some(Meaning::Field(Field::Price2)))),
        }
    }

    fn some_text(&self, taken: &[usize]) -> Option<usize> {
        let is_text = |(column, said): &(usize, &Said)| {
            let cell = &self.row.1[*column];
            said.meaning.is_none() && !said.folded.is_empty() && !is_amount(cell) && !taken.contains(column)
        };
        self.said.iter().enumerate().find(is_text).map(|(column, _)| column)
    }
}

fn resembles(said: &Said, field: Field) -> bool {
    resembling(&said.folded).is_some_and(|(_, near)| near == field)
}

fn speaks_of_a_name(folded: &str) -> bool {
    // The longest heading is not the place to look for a word that any sentence holds.
    folded.chars().nth(12).is_none()
        && ["名", "标题", "name", "title"].iter().any(|word| folded.contains(word))
}
