//! `2-500,612` into a set of row numbers.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Some rows, by their number in the sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowSet {
    ranges: Vec<RangeInclusive<u32>>,
}

impl RowSet {
    /// Whether `row` is one of them.
    pub fn contains(&self, row: u32) -> bool {
        let after = self.ranges.partition_point(|range| *range.start() <= row);
        after.checked_sub(1).is_some_and(|last| self.ranges[last].contains(&row))
    }
}

impl FromStr for RowSet {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut ranges = text.split(',').map(range).collect::<Result<Vec<_>, _>>()?;
        ranges.sort_by_key(|range| *range.start());
        // Overlapping ranges are joined, so that one look at the nearest start is enough.
        let mut joined: Vec<RangeInclusive<u32>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match joined.last_mut() {
                Some(last) if *range.start() <= last.end().saturating_add(1) => {
                    *last = *last.start()..=*last.end().max(range.end());
                }
                _ => joined.push(range),
            }
        }
        Ok(Self { ranges: joined })
    }
}

fn range(text: &str) -> Result<RangeInclusive<u32>, String> {
    let number = |text: &str| {
        text.trim()
            .parse::<u32>()
            .ok()
            .filter(|row| *row > 0)
            .ok_or_else(|| format!("{:?} is not a row number; write rows as 2-500,612", text.trim()))
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (number(first)?, number(last)?);
    if first > last {
        return Err(format!("{first}-{last} runs backwards; write {last}-{first}"));
    }
    Ok(first..=last)
}

impl fmt::Display for RowSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, range) in self.ranges.iter().enumerate() {
            if place > 0 {
                f.write_str(",")?;
            }
            match (range.start(), range.end()) {
                (first, last) if first == last => write!(f, "{first}")?,
                (first, last) => write!(f, "{first}-{last}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn overlapping_ranges_are_one() {
        let rows: RowSet = "612, 2-500,400-510 ,511".parse().expect("rows");
        assert_eq!(rows.to_string(), "2-511,612");
        assert!(rows.contains(2) && rows.contains(511) && rows.contains(612));
        assert!(!rows.contains(1) && !rows.contains(512) && !rows.contains(613));
    }

    #[test]
    fn what_is_not_a_row_number_is_refused() {
        for text in ["", "0", "a", "5-2", "2-", "-3", "1,,2", "4294967296"] {
            assert!(text.parse::<RowSet>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_set_holds_exactly_the_rows_of_its_ranges(ends in prop::collection::vec((1_u32..60, 0_u32..10), 1..6)) {
            let text: Vec<String> = ends.iter().map(|(first, more)| format!("{first}-{}", first + more)).collect();
            let rows: RowSet = text.join(",").parse().expect("rows");
            for row in 0..80 {
                let expected = ends.iter().any(|(first, more)| (*first..=first + more).contains(&row));
                prop_assert_eq!(rows.contains(row), expected);
            }
        }
    }
}
