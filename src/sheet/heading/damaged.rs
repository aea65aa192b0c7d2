//! Headings into the one that results have lost: a file that bears others of theirs is no sheet of its own.

use super::super::Problem;
use super::find::Maps;
use super::spelling::fold;

/// Headings of results that a sheet of goods hardly has two of.
const OF_RESULTS: [&str; 5] = ["outcome", "goodsId", "auditId", "check", "coverDigest"];

/// Without both of these nobody takes a file for results.
const NEEDED: [&str; 2] = ["outcome", "goodsId"];

/// Refuses the headings of results that lost one they need. A heading that `--map` says something of is the
/// person's own.
pub(super) fn refuse(row: u32, headings: &[String], maps: &Maps) -> Result<(), Problem> {
    let has = |name: &&str| headings.iter().any(|heading| heading.trim() == *name);
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !has(name)).collect();
    if missing.is_empty() || found(headings, maps).count() < 2 {
        return Ok(());
    }
    Err(Problem::ResultsDamaged { row, found: found(headings, maps).collect(), missing })
}

fn found(headings: &[String], maps: &Maps) -> impl Iterator<Item = &'static str> {
    let stands = |name: &str| headings.iter().any(|heading| heading.trim() == name);
    let is_mapped = |name: &str| maps.iter().any(|map| fold(&map.heading) == fold(name));
    OF_RESULTS.into_iter().filter(move |name| stands(name) && !is_mapped(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Field, HeadingMap};

    fn refusal(headings: &[&str], maps: &Maps) -> Option<String> {
        let headings: Vec<String> = headings.iter().map(ToString::to_string).collect();
        refuse(1, &headings, maps).err().map(|problem| problem.to_string())
    }

    #[test]
    fn results_that_lost_a_heading_are_told_which() {
        let all = ["name", "price", "outcome", "goodsId", "auditId", "coverDigest", "check"];
        assert_eq!(refusal(&all, &[]), None);
        for lost in NEEDED {
            let left: Vec<&str> = all.into_iter().filter(|name| *name != lost).collect();
            let told = refusal(&left, &[]).expect("damaged");
            assert!(told.contains(&format!("without {lost},")), "{told}");
        }
        let told = refusal(&all[4..], &[]).expect("damaged");
        assert!(told.contains("without outcome and goodsId,"), "{told}");
    }

    #[test]
    fn two_of_the_headings_are_results_and_one_is_nothing() {
        assert!(refusal(&["name", "price", "goodsId", "auditId"], &[]).is_some());
        assert!(refusal(&["name", "price", "check", " coverDigest "], &[]).is_some());
        for headings in [&["name", "price", "goodsId"][..], &["name", "price", "check"], &["name", "price"]] {
            assert_eq!(refusal(headings, &[]), None, "{headings:?}");
        }
        assert_eq!(refusal(&["name", "price", "商品ID", "审核单ID", "Check"], &[]), None, "spelt otherwise");
    }

    #[test]
    fn a_heading_that_a_map_speaks_of_is_the_persons_own() {
        let maps = [HeadingMap::new("goodsId", Field::Sku)];
        assert_eq!(refusal(&["name", "price", "goodsId", "check"], &maps), None);
    }
}
