//! Rows and lines of goods that met nobody into pairs that are most likely one: the only two of a page.

use hashbrown::HashMap;

use super::import::{SheetRow, is_repeat, was_sent};
use crate::goods::Keys;
use crate::results::{Held, IDENTITY_CHANGED, Meeting, Outcome, Presence};

/// For rows that met no line, by their position, the line of goods that they most likely are under another sku or
/// name: exactly one line that holds goods met no row and has the row's url and appid, and no other row has them.
///
/// A row that repeats another is at fault itself and takes nothing from it.
pub(super) fn renamed(rows: &[SheetRow], lines: &[Held], meetings: &[Meeting]) -> HashMap<usize, usize> {
    if !meetings.contains(&Meeting::Nobody) {
        return HashMap::new();
    }
    let mut met = vec![false; lines.len()];
    for meeting in meetings {
        if let Meeting::Line(line) = meeting {
            met[*line] = true;
        }
    }
    let unmet = lines.iter().enumerate().filter(|(line, held)| !met[*line] && holds_goods(held));
    let mut pages = Pages::of(unmet);
    let all = rows.iter().enumerate().filter(|(_, row)| !is_repeat(row));
    all.for_each(|(row, found)| pages.take(row, &found.judged.keys));
    let mut pairs = pages.pairs();
    pairs.retain(|row, _| meetings[*row] == Meeting::Nobody);
    pairs
}

/// The same where the rows are the lines themselves, those of goods that left the sheet too: only a row that was
/// found so before is one.
pub(super) fn still_renamed(lines: &[Held]) -> HashMap<usize, usize> {
    let was_found = |held: &Held| {
        let line = &held.line;
        line.outcome == Some(Outcome::Invalid) && line.note_code() == IDENTITY_CHANGED && !was_sent(held)
    };
    if !lines.iter().any(was_found) {
        return HashMap::new();
    }
    let mut pages = Pages::of(lines.iter().enumerate().filter(|(_, held)| holds_goods(held)));
    let found = lines.iter().enumerate().filter(|(_, held)| was_found(held));
    found.for_each(|(row, held)| pages.take(row, &held.keys));
    pages.pairs()
}

/// Goods that are there, or may be.
fn holds_goods(held: &Held) -> bool {
    matches!(held.line.presence(), Presence::Present | Presence::Unknown)
}

/// The pages that goods without a row open, with who asks for them.
struct Pages<'a> {
    /// By url and appid.
    exact: HashMap<&'a str, Page>,
    /// By url alone: the goods whose appid nobody knows.
    open: HashMap<&'a str, Page>,
}

/// The lines and the rows of one page: how many, and the last of them.
#[derive(Default)]
struct Page {
    lines: usize,
    line: usize,
    rows: usize,
    row: usize,
}

impl<'a> Pages<'a> {
    fn of(lines: impl Iterator<Item = (usize, &'a Held)>) -> Self {
        let mut pages = Self { exact: HashMap::new(), open: HashMap::new() };
        for (line, held) in lines.filter(|(_, held)| !held.keys.url().is_empty()) {
            let page = if held.known().open_appid {
                pages.open.entry(held.keys.url()).or_default()
            } else {
                pages.exact.entry(held.keys.place()).or_default()
            };
            page.lines += 1;
            page.line = line;
        }
        pages
    }

    fn take(&mut self, row: usize, keys: &Keys) {
        for page in [self.exact.get_mut(keys.place()), self.open.get_mut(keys.url())].into_iter().flatten() {
            page.rows += 1;
            page.row = row;
        }
    }

    /// The line of each row where both are alone.
    fn pairs(self) -> HashMap<usize, usize> {
        let alone = |page: &Page| page.lines == 1 && page.rows == 1;
        // A row that asks for lines of both kinds has several to choose from.
        let mut asks: HashMap<usize, usize> = HashMap::new();
        let pages = || self.exact.values().chain(self.open.values());
        pages()
            .filter(|page| page.rows == 1)
            .for_each(|page| *asks.entry(page.row).or_default() += page.lines);
        let pairs = pages().filter(|page| alone(page) && asks[&page.row] == 1);
        pairs.map(|page| (page.row, page.line)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::Judged;
    use crate::results::{Action, Line};
    use crate::sheet::RawRow;

    fn row(place: &str) -> SheetRow {
        let keys = Keys { sku: None, page: format!("new\u{1F}{place}") };
        SheetRow {
            raw: RawRow::default(),
            judged: Judged { goods: None, issues: Vec::new(), keys, cover: None },
        }
    }

    fn line(place: &str, outcome: Outcome, goods_id: &str) -> Held {
        let line = Line {
            action: Some(Action::Add),
            outcome: Some(outcome),
            goods_id: goods_id.into(),
            ..Line::default()
        };
        Held { line, keys: Keys { sku: None, page: format!("old\u{1F}{place}") } }
    }

    fn there(place: &str) -> Held {
        line(place, Outcome::Ok, "5")
    }

    fn exported(place: &str) -> Held {
        let mut held = there(place);
        held.line.seal("wx1", &held.keys, None);
        held
    }

    /// The pairs of rows that all met nobody, but for those of which `met` says so.
    fn pairs(rows: &[&str], lines: &[Held], met: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let rows: Vec<SheetRow> = rows.iter().map(|place| row(place)).collect();
        let mut meetings = vec![Meeting::Nobody; rows.len()];
        met.iter().for_each(|(row, line)| meetings[*row] = Meeting::Line(*line));
        let mut pairs: Vec<_> = renamed(&rows, lines, &meetings).into_iter().collect();
        pairs.sort_unstable();
        pairs
    }

    const A: &str = "pages/a\u{1F}";
    const A_OF_OTHERS: &str = "pages/a\u{1F}wx1";
    const B: &str = "pages/b\u{1F}";

    #[test]
    fn a_row_and_a_line_that_are_alone_on_a_page_are_one() {
        assert_eq!(pairs(&[B, A], &[there(A), there(B)], &[]), [(0, 1), (1, 0)]);
        assert_eq!(pairs(&[A], &[there(A_OF_OTHERS)], &[]), []);
        assert_eq!(pairs(&["\u{1F}"], &[there("\u{1F}")], &[]), [], "no page at all");
    }

    #[test]
    fn where_several_rows_or_lines_have_the_page_nothing_is_said() {
        assert_eq!(pairs(&[A, A], &[there(A)], &[]), []);
        assert_eq!(pairs(&[A], &[there(A), there(A)], &[]), []);
        assert_eq!(
            pairs(&[A, A], &[there(A), there(A)], &[(0, 0)]),
            [],
            "a row that met its line has it too"
        );
        assert_eq!(pairs(&[A, B], &[there(A), there(A)], &[(1, 0)]), [(0, 1)], "a met line does not count");
    }

    #[test]
    fn goods_that_are_gone_or_were_refused_are_nobodys_and_goods_in_doubt_may_be_there() {
        let mut deleted = there(A);
        deleted.line.action = Some(Action::Delete);
        let mut refused = line(A, Outcome::Failed, "");
        refused.line.errcode = "300004".into();
        for gone in [deleted, refused, line(A, Outcome::Pending, ""), line(A, Outcome::Invalid, "")] {
            assert_eq!(pairs(&[A], &[gone], &[]), []);
        }
        assert_eq!(pairs(&[A], &[line(A, Outcome::Sending, "")], &[]), [(0, 0)]);
        assert_eq!(pairs(&[A], &[line(A, Outcome::InDoubt, "")], &[]), [(0, 0)]);
    }

    #[test]
    fn an_exports_line_has_every_appid() {
        assert_eq!(pairs(&[A_OF_OTHERS], &[exported(A)], &[]), [(0, 0)]);
        assert_eq!(pairs(&[A, A_OF_OTHERS], &[exported(A)], &[]), []);
        assert_eq!(pairs(&[A], &[exported(A), there(A)], &[]), []);
    }
}
