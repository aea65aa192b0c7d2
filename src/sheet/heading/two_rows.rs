//! Rows around a heading row into the answer whether the headings stand in two of them.

use super::super::Problem;
use super::super::area::Area;
use super::fault::TwoHeadingRows;
use super::fields::{Said, Spellings, head_goods};
use super::find::TopRow;
use super::map::Meaning;
use super::quote::row_shown;
use super::spelling::is_amount;
use crate::sheet::Field;

/// So many merges are looked at: no heading row of people has more.
const MOST_AREAS: usize = 1024;

/// The first rows of a sheet, and what is merged there.
pub(super) struct Top<'r> {
    pub rows: &'r [TopRow<'r>],
    /// The merges that touch these rows.
    areas: Vec<Area>,
    spellings: &'r Spellings,
}

impl<'r> Top<'r> {
    pub fn new(rows: &'r [TopRow<'r>], areas: &[Area], spellings: &'r Spellings) -> Self {
        let last = rows.last().map_or(0, |(row, _)| *row);
        let areas = areas.iter().filter(|area| area.top <= last).take(MOST_AREAS).copied().collect();
        Self { rows, areas, spellings }
    }

    /// The filled cells of a row, each with its column; what a merge hides is part of another cell.
    fn filled(&self, (row, cells): TopRow<'r>) -> Vec<(usize, &'r str)> {
        let here: Vec<&Area> =
            self.areas.iter().filter(|area| (area.top..=area.bottom).contains(&row)).collect();
        let hidden = |column: usize| here.iter().any(|area| area.hides(row, column));
        let filled =
            cells.iter().enumerate().filter(|(column, cell)| !cell.trim().is_empty() && !hidden(*column));
        filled.map(|(column, cell)| (column, cell.as_str())).collect()
    }

    /// Refuses the heading row at `at` where the row below it, or the one above, holds headings too.
    pub fn refuse_two(&self, at: usize, said: &[Said]) -> Result<(), Problem> {
        let heading = self.rows[at];
        let below = self.rows[at + 1..]
            .iter()
            .map(|row| (*row, self.filled(*row)))
            .find(|(_, filled)| !filled.is_empty());
        let Some((row, filled)) = below else { return Ok(()) };
        let below = Below { heading, said, filled: &filled, spellings: self.spellings };
        if below.holds_only_headings() || self.heads_again(&below) || below.heads_blank_columns() {
            return Err(two(heading, row));
        }
        match at.checked_sub(1).map(|above| self.rows[above]) {
            Some(above) if above.0 + 1 == heading.0 && self.heads_what(above, &below) => {
                Err(two(above, heading))
            }
            _ => Ok(()),
        }
    }

    /// Whether a heading is merged over several columns that the next row heads again.
    fn heads_again(&self, below: &Below<'_>) -> bool {
        let (row, cells) = below.heading;
        let wide = self.areas.iter().filter(|area| area.bottom == row && area.right > area.left);
        below.is_no_goods()
            && wide.filter(|area| cells.get(area.left).is_some_and(|cell| !cell.trim().is_empty())).any(
                |area| {
                    let mut beneath = below
                        .filled
                        .iter()
                        .filter(|(column, _)| (area.left..=area.right).contains(column))
                        .peekable();
                    beneath.peek().is_some() && beneath.all(|(_, cell)| !is_amount(cell))
                },
            )
    }

    /// Whether the row above heads a column of goods that the heading row itself leaves without a heading.
    fn heads_what(&self, above: TopRow<'r>, below: &Below<'_>) -> bool {
        let has_goods = |column| below.filled.iter().any(|(at, _)| *at == column);
        self.filled(above).into_iter().any(|(column, cell)| {
            below.said.get(column).is_none_or(|said| said.folded.is_empty())
                && has_goods(column)
                && matches!(self.spellings.say(cell).meaning, Some(Meaning::Field(_) | Meaning::SalePrice))
        })
    }

    /// Refuses two rows that only together hold a name and a price.
    pub fn refuse_split(&self) -> Result<(), Problem> {
        let rows =
            self.rows.iter().map(|row| (*row, self.filled(*row))).filter(|(_, filled)| !filled.is_empty());
        let say = |cells: &[(usize, &str)]| -> Vec<Said> {
            cells.iter().map(|(_, cell)| self.spellings.say(cell)).collect()
        };
        let rows: Vec<(TopRow<'_>, Vec<Said>)> = rows.map(|(row, filled)| (row, say(&filled))).collect();
        for pair in rows.windows(2) {
            let [(above, one), (below, other)] = pair else { continue };
            if other.iter().all(Said::is_heading)
                && head_goods(one.iter().chain(other).map(|said| said.meaning))
            {
                return Err(two(*above, *below));
            }
        }
        Ok(())
    }
}

/// The row below a heading row.
struct Below<'r> {
    heading: TopRow<'r>,
    said: &'r [Said],
    filled: &'r [(usize, &'r str)],
    spellings: &'r Spellings,
}

impl Below<'_> {
    fn holds(&self, field: Field, column: usize) -> bool {
        self.said.get(column).is_some_and(|said| said.meaning == Some(Meaning::Field(field)))
    }

    fn is_heading(&self, cell: &str) -> bool {
        self.spellings.say(cell).is_heading()
    }

    /// 一口价 is a price type as well as a heading, and goods may be called anything.
    fn holds_only_headings(&self) -> bool {
        let is_value = |column| self.holds(Field::PriceType, column) || self.holds(Field::Name, column);
        self.filled.iter().any(|(column, _)| !is_value(*column))
            && self
                .filled
                .iter()
                .all(|(column, cell)| !self.holds(Field::PriceType, *column) && self.is_heading(cell))
    }

    /// Without a name, or with a heading for one.
    fn is_no_goods(&self) -> bool {
        let mut names = self.filled.iter().filter(|(column, _)| self.holds(Field::Name, *column));
        names.all(|(_, cell)| self.is_heading(cell))
    }

    /// Whether its words stand under a heading and under the columns without one right of it, as they do where a
    /// merged heading was headed again and then saved as text.
    fn heads_blank_columns(&self) -> bool {
        if !self.is_no_goods() || self.filled.iter().any(|(_, cell)| is_amount(cell)) {
            return false;
        }
        let is_blank = |column: usize| self.said.get(column).is_none_or(|said| said.folded.is_empty());
        self.filled.windows(2).any(|pair| {
            let (left, right) = (pair[0].0, pair[1].0);
            !is_blank(left) && right < self.said.len() && (left + 1..=right).all(is_blank)
        })
    }
}

fn two(above: TopRow<'_>, below: TopRow<'_>) -> Problem {
    Problem::TwoHeadingRows(Box::new(TwoHeadingRows {
        rows: (above.0, below.0),
        texts: (row_shown(above.1), row_shown(below.1)),
    }))
}
