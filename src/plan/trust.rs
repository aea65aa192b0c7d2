//! Which lines can be believed: a check tells our own lines from what a spreadsheet program made of them.

use rayon::prelude::*;

use crate::results::{Check, Held, Line, Outcome};

/// Lines that must not be worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// A line was written for another mini-program.
    OtherAppid {
        /// Its row number.
        row: u32,
    },
    /// Ids, identity or check were changed: dragged, rounded, or sorted apart.
    Changed {
        /// Their row numbers.
        rows: Vec<u32>,
    },
}

/// How far the ids of one line can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// They stand as they were written.
    Own,
    /// The line never had a check.
    Unchecked,
    /// Ids, identity or check were changed.
    Changed,
    /// The line was written for another mini-program.
    Foreign,
}

/// Looks at the check of one line.
pub fn trust(held: &Held, appid: &str) -> Trust {
    let line = &held.line;
    if line.check.is_empty() {
        return Trust::Unchecked;
    }
    match line.check.parse::<Check>() {
        Ok(check) if !check.is_of(appid) => Trust::Foreign,
        Ok(check) if check.fits(&line.guarded(appid, &held.keys)) => Trust::Own,
        _ => Trust::Changed,
    }
}

/// The first line that was written for another mini-program.
pub fn foreign<'a>(lines: &'a [Held], appid: &str) -> Option<&'a Held> {
    lines.iter().find(|held| trust(held, appid) == Trust::Foreign)
}

/// Looks through the lines that were ever sent.
///
/// A line that carries a goodsId and no answer of the service is a hand-made one and never had a check: adding
/// leaves it alone, so it is no reason to stop here.
pub fn distrust(lines: &[Held], appid: &str) -> Option<Distrust> {
    let trusts: Vec<Trust> = lines.par_iter().map(|held| trust(held, appid)).collect();
    let judged = || lines.iter().map(|held| &held.line).zip(&trusts);
    if let Some((line, _)) = judged().find(|(_, trust)| **trust == Trust::Foreign) {
        return Some(Distrust::OtherAppid { row: line.row });
    }
    let changed = judged().filter(|(line, trust)| !is_as_written(line, **trust));
    let rows: Vec<u32> = changed.map(|(line, _)| line.row).collect();
    (!rows.is_empty()).then_some(Distrust::Changed { rows })
}

fn is_as_written(line: &Line, trust: Trust) -> bool {
    match trust {
        Trust::Unchecked => {
            !was_sent(line) && (!line.goods_id.is_empty() || line.outcome != Some(Outcome::Ok))
        }
        trust => trust == Trust::Own,
    }
}

/// Whether the service answered for this line, or may have: such a line was written with a check.
fn was_sent(line: &Line) -> bool {
    line.is_open() || !line.errcode.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::Keys;
    use crate::results::Action;

    fn sent(row: u32, goods_id: &str) -> Held {
        let keys = Keys { sku: None, page: format!("tea {row}") };
        let mut line = Line {
            row,
            action: Some(Action::Add),
            outcome: Some(Outcome::Ok),
            goods_id: goods_id.into(),
            ..Line::default()
        };
        line.seal("wx1", &keys, None);
        Held { line, keys }
    }

    #[test]
    fn lines_as_we_wrote_them_are_believed() {
        assert_eq!(distrust(&[sent(2, "5"), sent(3, "6")], "wx1"), None);
    }

    #[test]
    fn dragged_swapped_and_mangled_ids_are_named() {
        let mut dragged = sent(3, "5");
        dragged.line.goods_id = "6".into();
        let mut mangled = sent(4, "525022184000");
        mangled.line.goods_id = "5.25E+11".into();
        let mut cut = sent(5, "7");
        cut.line.check.pop();
        let lines = [sent(2, "5"), dragged, mangled, cut];
        assert_eq!(distrust(&lines, "wx1"), Some(Distrust::Changed { rows: vec![3, 4, 5] }));
    }

    #[test]
    fn another_shops_results_are_refused_before_anything_else() {
        assert_eq!(distrust(&[sent(2, "5")], "wx2"), Some(Distrust::OtherAppid { row: 2 }));
    }

    #[test]
    fn a_hand_made_list_is_left_but_an_ok_without_an_id_is_not_believed() {
        let mut by_hand = sent(2, "5");
        by_hand.line.check.clear();
        assert_eq!(distrust(std::slice::from_ref(&by_hand), "wx1"), None);
        by_hand.line.goods_id.clear();
        assert_eq!(distrust(&[by_hand], "wx1"), Some(Distrust::Changed { rows: vec![2] }));
    }

    #[test]
    fn a_check_that_was_taken_off_what_was_sent_is_missed() {
        let mut answered = sent(2, "5");
        answered.line.errcode = "0".into();
        let mut under_way = sent(3, "");
        under_way.line.outcome = Some(Outcome::Sending);
        let mut lines = [answered, under_way];
        lines.iter_mut().for_each(|held| held.line.check.clear());
        assert_eq!(distrust(&lines, "wx1"), Some(Distrust::Changed { rows: vec![2, 3] }));
    }
}
