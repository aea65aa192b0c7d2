//! Which line of the results belongs to which row of the sheet: by identity, never by position.

use hashbrown::HashMap;

use super::Held;
use crate::goods::Keys;

/// What a line is known by.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Its names.
    pub keys: &'a Keys,
    /// Nobody knows whether its goods have a thirdPartyAppid: name and url say all there is.
    pub open_appid: bool,
}

impl Held {
    /// What the line is known by.
    pub fn known(&self) -> Known<'_> {
        Known { keys: &self.keys, open_appid: !self.keys.has_appid() && self.line.was_found() }
    }
}

/// What a row found among the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// No line: the row is new.
    Nobody,
    /// The line with this index, and that line fits no other row.
    Line(usize),
    /// The row fits several lines, or its line fits several rows.
    Ambiguous,
}

/// Lets rows and lines meet; the answer has one entry a row.
///
/// A row and a line that agree in everything belong together whatever else is there. What is left meets by sku
/// where both have one, else by page (a line whose appid nobody knows by name and url), and must then be the only
/// fit on both sides.
pub fn meet(rows: &[&Keys], lines: &[Known<'_>]) -> Vec<Meeting> {
    let mut meetings = vec![Meeting::Nobody; rows.len()];
    let mut free_lines = vec![true; lines.len()];
    let twins = Index::by(lines, |line| (!line.open_appid).then(|| whole(line.keys)));
    let row_twins = Index::by(rows, |keys| Some(whole(keys)));
    for (row, keys) in rows.iter().enumerate() {
        let same = Some(whole(keys));
        if let ([line], [_]) = (twins.get(same), row_twins.get(same)) {
            meetings[row] = Meeting::Line(*line);
            free_lines[*line] = false;
        }
    }
    if meetings.contains(&Meeting::Nobody) {
        meet_the_rest(rows, lines, &free_lines, &mut meetings);
    }
    meetings
}

fn whole(keys: &Keys) -> (Option<&str>, &str) {
    (keys.sku.as_deref(), keys.page.as_str())
}

fn meet_the_rest(rows: &[&Keys], lines: &[Known<'_>], free: &[bool], meetings: &mut [Meeting]) {
    let skus = Index::by(lines, |line| line.keys.sku.as_deref());
    let pages = Index::by(lines, |line| (!line.open_appid).then_some(line.keys.page.as_str()));
    // Only exports have such lines.
    let may_be_open = if lines.iter().any(|line| line.open_appid) { lines } else { &[] };
    let open = Index::by(may_be_open, |line| line.open_appid.then(|| line.keys.name_and_url()));
    let fits: Vec<Vec<usize>> = rows
        .iter()
        .zip(meetings.iter())
        .map(|(keys, meeting)| match meeting {
            Meeting::Nobody => {
                let by_sku = skus.get(keys.sku.as_deref()).iter();
                let by_page = pages.get(Some(keys.page.as_str())).iter();
                let by_page = by_page
                    .chain(open.get(Some(keys.name_and_url())))
                    .filter(|line| keys.sku.is_none() || lines[**line].keys.sku.is_none());
                by_sku.chain(by_page).copied().collect()
            }
            _ => Vec::new(),
        })
        .collect();
    let mut wanted = vec![0_u32; lines.len()];
    fits.iter().flatten().for_each(|line| wanted[*line] += 1);
    for (row, fits) in fits.iter().enumerate() {
        match fits[..] {
            [] => {}
            [line] if wanted[line] == 1 && free[line] => meetings[row] = Meeting::Line(line),
            _ => meetings[row] = Meeting::Ambiguous,
        }
    }
}

/// Positions by a key that some lack.
struct Index<K> {
    groups: HashMap<K, usize>,
    /// The positions, group by group: one list for all, for nearly every group has one member.
    positions: Vec<usize>,
    /// Where each group begins among them, and the last one ends.
    starts: Vec<usize>,
}

impl<K: std::hash::Hash + Eq> Index<K> {
    fn by<T: Copy>(all: &[T], key: impl Fn(T) -> Option<K>) -> Self {
        let mut groups = HashMap::with_capacity(all.len());
        let group_of: Vec<Option<usize>> = all
            .iter()
            .map(|one| {
                let next = groups.len();
                key(*one).map(|key| *groups.entry(key).or_insert(next))
            })
            .collect();
        let mut starts = vec![0; groups.len() + 1];
        group_of.iter().flatten().for_each(|group| starts[group + 1] += 1);
        for group in 0..groups.len() {
            starts[group + 1] += starts[group];
        }
        let mut positions = vec![0; starts[groups.len()]];
        let mut next = starts.clone();
        for (position, group) in group_of.iter().enumerate() {
            if let Some(group) = group {
                positions[next[*group]] = position;
                next[*group] += 1;
            }
        }
        Self { groups, positions, starts }
    }

    fn get(&self, key: Option<K>) -> &[usize] {
        let group = key.and_then(|key| self.groups.get(&key));
        group.map_or(&[], |group| &self.positions[self.starts[*group]..self.starts[group + 1]])
    }
}

#[cfg(test)]
mod tests {
    use super::Meeting::{Ambiguous, Line, Nobody};
    use super::*;

    fn keys(all: &[(&str, &str)]) -> Vec<Keys> {
        all.iter()
            .map(|(sku, page)| Keys {
                sku: Some(*sku).filter(|sku| !sku.is_empty()).map(str::to_owned),
                page: (*page).to_owned(),
            })
            .collect()
    }

    fn met(rows: &[(&str, &str)], lines: &[(&str, &str)]) -> Vec<Meeting> {
        let (rows, lines) = (keys(rows), keys(lines));
        let lines: Vec<Known<'_>> = lines.iter().map(|keys| Known { keys, open_appid: false }).collect();
        meet(&rows.iter().collect::<Vec<_>>(), &lines)
    }

    /// Meets an export's lines, whose appid nobody knows.
    fn met_open(rows: &[(&str, &str)], lines: &[(&str, &str)]) -> Vec<Meeting> {
        let (rows, lines) = (keys(rows), keys(lines));
        let lines: Vec<Known<'_>> = lines.iter().map(|keys| Known { keys, open_appid: true }).collect();
        meet(&rows.iter().collect::<Vec<_>>(), &lines)
    }

    #[test]
    fn order_does_not_matter() {
        assert_eq!(met(&[("", "b"), ("", "a")], &[("", "a"), ("", "b")]), [Line(1), Line(0)]);
    }

    #[test]
    fn a_sku_on_both_sides_decides_whatever_the_page_says() {
        assert_eq!(met(&[("1", "new name")], &[("1", "old name")]), [Line(0)]);
        assert_eq!(met(&[("1", "tea")], &[("2", "tea")]), [Nobody]);
    }

    #[test]
    fn a_sku_column_that_came_later_meets_by_page() {
        assert_eq!(met(&[("1", "tea"), ("2", "jam")], &[("", "tea"), ("", "jam")]), [Line(0), Line(1)]);
        assert_eq!(met(&[("", "tea")], &[("1", "tea")]), [Line(0)]);
    }

    #[test]
    fn a_line_that_fits_two_rows_is_left_by_both() {
        assert_eq!(met(&[("1", "tea"), ("2", "tea")], &[("", "tea")]), [Ambiguous, Ambiguous]);
    }

    #[test]
    fn a_row_that_fits_two_lines_is_left() {
        assert_eq!(met(&[("", "tea")], &[("", "tea"), ("", "tea")]), [Ambiguous]);
        assert_eq!(met(&[("1", "tea")], &[("1", "old"), ("", "tea")]), [Ambiguous]);
    }

    #[test]
    fn rows_and_lines_that_agree_in_everything_are_not_disturbed_by_a_neighbour() {
        let both = [("1", "tea"), ("", "tea")];
        assert_eq!(met(&both, &both), [Line(0), Line(1)]);
    }

    #[test]
    fn a_new_row_that_fits_the_line_of_another_is_left() {
        let rows = [("1", "tea"), ("", "tea")];
        assert_eq!(met(&rows, &[("1", "tea")]), [Line(0), Ambiguous]);
    }

    #[test]
    fn a_line_whose_appid_nobody_knows_meets_by_name_and_url() {
        let line = [("", "tea\u{1F}pages/a\u{1F}")];
        assert_eq!(met_open(&[("", "tea\u{1F}pages/a\u{1F}wx1")], &line), [Line(0)]);
        assert_eq!(met_open(&[("7", "tea\u{1F}pages/a\u{1F}")], &line), [Line(0)]);
        assert_eq!(met_open(&[("", "tea\u{1F}pages/b\u{1F}")], &line), [Nobody]);
        assert_eq!(met(&[("", "tea\u{1F}pages/a\u{1F}wx1")], &line), [Nobody], "known to have none");
        let rows = [("", "tea\u{1F}pages/a\u{1F}"), ("", "tea\u{1F}pages/a\u{1F}wx1")];
        assert_eq!(met_open(&rows, &line), [Ambiguous, Ambiguous]);
        assert_eq!(met_open(&rows[1..], &[line[0], line[0]]), [Ambiguous]);
    }

    #[test]
    fn a_row_that_is_gone_leaves_its_line_to_nobody() {
        assert_eq!(met(&[("", "a"), ("", "c")], &[("", "a"), ("", "b")]), [Line(0), Nobody]);
    }
}
