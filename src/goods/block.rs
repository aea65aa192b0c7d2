//! Blocks of rows into their issues in row order: judged wherever a thread is free, taken in one by one.

use super::{Cover, CoverFault, Draft, Fault, Fingerprint, Issue, Repeats, Tally};
use crate::sheet::{Columns, Field, RawRow};

/// A stretch of rows, judged by every rule that needs no other row. Of a sound row nothing is kept but what
/// finding repeats needs.
#[derive(Debug, Default)]
pub struct Block {
    rows: u64,
    met: Vec<Met>,
    broken: Vec<(u32, Vec<Issue>)>,
    covers: Vec<(u32, Cover)>,
}

#[derive(Debug)]
struct Met {
    number: u32,
    field: Field,
    fingerprint: Fingerprint,
}

impl Block {
    /// Judges one more row. Its number may be counted from the start of the block, see [`Survey::take`].
    pub fn judge(&mut self, row: &RawRow, columns: &Columns) {
        let draft = Draft::of(row, columns);
        let field = draft.identity_field();
        self.rows += 1;
        self.met.extend(draft.fingerprint().map(|fingerprint| Met {
            number: row.number,
            field,
            fingerprint,
        }));
        self.covers.extend(draft.picture().map(|cover| (row.number, cover)));
        if !draft.issues.is_empty() {
            self.broken.push((row.number, draft.issues));
        }
    }

    /// The pictures that rows point to, with the rows' numbers, in order.
    pub fn covers(&self) -> &[(u32, Cover)] {
        &self.covers
    }

    /// Adds what was found wrong with pictures, in row order.
    pub fn blame(&mut self, faults: Vec<(u32, CoverFault)>) {
        for (number, fault) in faults {
            let issue = Issue { field: Field::Cover, fault: Fault::Cover(fault) };
            match self.broken.binary_search_by_key(&number, |(row, _)| *row) {
                Ok(at) => {
                    let issues = &mut self.broken[at].1;
                    let before = issues.partition_point(|other| other.field <= Field::Cover);
                    issues.insert(before, issue);
                }
                Err(at) => self.broken.insert(at, (number, vec![issue])),
            }
        }
    }
}

/// What is known of a sheet so far.
#[derive(Debug, Default)]
pub struct Survey {
    repeats: Repeats,
    tally: Tally,
}

impl Survey {
    /// A survey of a sheet of about so many rows.
    pub fn expecting(rows: usize) -> Self {
        Self { repeats: Repeats::expecting(rows), tally: Tally::default() }
    }

    /// Takes in the next block of the sheet, whose row numbers count from `offset`, and gives each row that has
    /// issues, repeats included, in row order. Blocks taken in their order give the same answer on every run.
    pub fn take(&mut self, offset: u32, block: Block) -> Vec<(u32, Vec<Issue>)> {
        let repeats = block.met.iter().filter_map(|met| {
            let first = self.repeats.meet(met.fingerprint, offset + met.number)?;
            Some((met.number, Issue { field: met.field, fault: Fault::Repeat { first } }))
        });
        let mut found = with_repeats(block.broken, repeats);
        for (number, issues) in &mut found {
            *number += offset;
            self.tally.add(issues);
        }
        self.tally.rows += block.rows - found.len() as u64;
        found
    }

    /// The counts of all that was taken in.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }
}

/// Both lists are in row order, and so is what comes of them; a repeat is the last of its row's issues.
fn with_repeats(
    broken: Vec<(u32, Vec<Issue>)>,
    repeats: impl Iterator<Item = (u32, Issue)>,
) -> Vec<(u32, Vec<Issue>)> {
    let mut broken = broken.into_iter().peekable();
    let mut found = Vec::with_capacity(broken.len());
    for (number, repeat) in repeats {
        while let Some(row) = broken.next_if(|(other, _)| *other < number) {
            found.push(row);
        }
        let mut row = broken.next_if(|(other, _)| *other == number).unwrap_or((number, Vec::new()));
        row.1.push(repeat);
        found.push(row);
    }
    found.extend(broken);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::StringRecord;

    fn columns() -> Columns {
        let headings = ["sku", "name", "price", "url", "cover"].map(str::to_owned).to_vec();
        let mut fields = [None; Field::ALL.len()];
        for (column, field) in
            [Field::Sku, Field::Name, Field::Price, Field::Url, Field::Cover].into_iter().enumerate()
        {
            fields[field as usize] = Some(column);
        }
        Columns { headings, fields }
    }

    fn row(number: u32, sku: &str, price: &str) -> RawRow {
        let cells = StringRecord::from(vec![sku, "正山小种", price, "pages/a", "SANDBOX-COVER-IMAGE-01"]);
        RawRow { number, cells, ..RawRow::default() }
    }

    fn survey(rows: &[RawRow], size: usize) -> (Vec<(u32, &'static str)>, Tally) {
        let mut survey = Survey::default();
        let mut found = Vec::new();
        for chunk in rows.chunks(size) {
            let offset = chunk[0].number;
            let mut block = Block::default();
            for row in chunk {
                block.judge(&RawRow { number: row.number - offset, ..row.clone() }, &columns());
            }
            let issues = survey.take(offset, block);
            found.extend(
                issues.iter().flat_map(|(row, issues)| issues.iter().map(|i| (*row, i.fault.code()))),
            );
        }
        (found, survey.tally)
    }

    #[test]
    fn the_later_twin_is_at_fault_however_the_rows_are_cut_into_blocks() {
        let rows = [
            row(2, "A", "9"),
            row(3, "B", "x"),
            row(4, "", "9"),
            row(5, "B", "9"),
            row(6, "A", "0"),
            row(7, "", "8"),
            row(8, "C", ""),
        ];
        let expected = [
            (3, "price-not-number"),
            (5, "repeat"),
            (6, "price-not-positive"),
            (6, "repeat"),
            (7, "repeat"),
            (8, "price-missing"),
        ];
        for size in 1..=rows.len() {
            let (found, tally) = survey(&rows, size);
            assert_eq!(found, expected, "blocks of {size}");
            assert_eq!((tally.rows, tally.invalid, tally.ok()), (7, 5, 2));
        }
    }
}
