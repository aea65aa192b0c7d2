//! A journal's lines into one line a row: the newest counts, and no goodsId is dropped.

use super::{Action, Line, Outcome, Presence};
use crate::goods::Keys;

/// A line, with the names its row goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The newest line of its row.
    pub line: Line,
    /// From the user's cells of that line.
    pub keys: Keys,
}

/// Folds `lines`, given in the order of the file, and sorts them by row number.
pub fn fold(mut lines: Vec<Held>) -> Vec<Held> {
    // Stable: lines of one age stay in the order of the file.
    lines.sort_by_cached_key(|held| (held.line.row, age(&held.line)));
    let mut folded: Vec<Held> = Vec::with_capacity(lines.len());
    for held in lines {
        let row = folded.partition_point(|older| older.line.row < held.line.row);
        let older = folded[row..].iter().rposition(|older| {
            let is_one = older.keys.may_be_one_row(&held.keys) || are_same_goods(&older.line, &held.line);
            is_one && !would_lose_goods(&older.line, &held.line)
        });
        match older {
            Some(older) => folded[row + older] = held,
            None => folded.push(held),
        }
    }
    folded
}

/// Lines of a row by age. A file that somebody sorted no longer has them in order; lines of one millisecond are
/// told apart by what must have come first.
fn age(line: &Line) -> impl Ord + use<> {
    let rank = match line.outcome {
        None | Some(Outcome::Pending | Outcome::Invalid) => 0,
        Some(Outcome::Sending) => 1,
        Some(Outcome::Ok | Outcome::Failed | Outcome::InDoubt) => 2,
    };
    // One run may withdraw goods and then delete them.
    (line.updated_at, line.action == Some(Action::Delete), rank)
}

/// Whether the older line holds goods that the newer one does not know of: that happens in no run of ours, but
/// people copy lines.
fn would_lose_goods(older: &Line, newer: &Line) -> bool {
    older.presence() == Presence::Present && !older.goods_id.is_empty() && older.goods_id != newer.goods_id
}

/// Whether two lines of a row are of the same goods: those may get another sku and name while a call goes out.
fn are_same_goods(older: &Line, newer: &Line) -> bool {
    !older.goods_id.is_empty() && older.goods_id == newer.goods_id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Action;

    fn held(row: u32, millis: i64, outcome: Outcome, goods_id: &str) -> Held {
        let line = Line {
            row,
            action: Some(Action::Add),
            outcome: Some(outcome),
            goods_id: goods_id.into(),
            updated_at: jiff::Timestamp::from_millisecond(millis).ok(),
            ..Line::default()
        };
        Held { line, keys: Keys { sku: None, page: format!("goods {row}") } }
    }

    fn outcomes(lines: Vec<Held>) -> Vec<(u32, Outcome)> {
        fold(lines).iter().map(|held| (held.line.row, held.line.outcome.expect("an outcome"))).collect()
    }

    #[test]
    fn the_newest_line_of_a_row_counts() {
        use Outcome::{Ok, Pending, Sending};
        let journal = vec![
            held(2, 0, Pending, ""),
            held(3, 0, Pending, ""),
            held(3, 5, Sending, ""),
            held(2, 5, Sending, ""),
            held(3, 9, Ok, "8"),
        ];
        assert_eq!(outcomes(journal), [(2, Sending), (3, Ok)]);
    }

    #[test]
    fn a_journal_that_somebody_sorted_folds_to_the_same() {
        use Outcome::{Ok, Pending, Sending};
        let mut journal = vec![held(2, 0, Pending, ""), held(2, 5, Sending, ""), held(2, 5, Ok, "8")];
        journal.reverse();
        assert_eq!(outcomes(journal), [(2, Ok)]);
    }

    #[test]
    fn a_row_that_got_a_sku_while_it_was_in_doubt_is_still_one_row() {
        let mut named = held(2, 6, Outcome::Ok, "8");
        named.keys.sku = Some("A1".to_owned());
        let lines = vec![held(2, 5, Outcome::InDoubt, ""), named];
        assert_eq!(outcomes(lines), [(2, Outcome::Ok)]);
    }

    #[test]
    fn goods_that_got_another_name_are_one_row() {
        let mut renamed = held(2, 7, Outcome::Ok, "8");
        renamed.keys.page = "another name".to_owned();
        let lines = vec![held(2, 5, Outcome::Ok, "8"), held(2, 6, Outcome::Sending, "8"), renamed.clone()];
        assert_eq!(fold(lines), [renamed]);
    }

    #[test]
    fn two_goods_under_one_name_are_both_kept() {
        use Outcome::Ok;
        let lines = vec![held(2, 5, Ok, "8"), held(2, 6, Ok, "9"), held(2, 7, Ok, "8")];
        let ids: Vec<String> = fold(lines).into_iter().map(|held| held.line.goods_id).collect();
        assert!(ids.contains(&"8".to_owned()) && ids.contains(&"9".to_owned()), "{ids:?}");
    }
}
