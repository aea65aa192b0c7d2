//! The folder of reports into what the results in it know.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::input::Input;
use crate::goods::GoodsId;
use crate::plan::{Trust, smallest_id, trust};
use crate::results::{Book, Presence};
use crate::sheet::ReadOptions;

/// Where runs write their results by default.
pub const REPORTS: &str = "reports";

/// The results and exports in the folder of reports that can be read, each with its path; whatever else lies there
/// is nobody's business.
pub fn books() -> impl Iterator<Item = (PathBuf, Book)> {
    let entries = std::fs::read_dir(REPORTS).into_iter().flatten().flatten();
    let results = entries.map(|entry| entry.path()).filter(|path| may_be_results(path));
    results.filter_map(|path| {
        let book = Book::read(&path, &ReadOptions::default()).ok().flatten()?;
        Some((path, book))
    })
}

fn may_be_results(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.ends_with(".results.csv") || (name.ends_with(".csv") && Book::is_one(path))
}

/// The goodsIds that results of the mini-program know, other than the input's own; none where no row of a plain
/// sheet brings one, for then nobody asks.
pub fn ids_known_elsewhere(input: &Input, appid: &str) -> HashSet<GoodsId> {
    if input.is_own || input.columns.is_results() || smallest_id(&input.rows).is_none() {
        return HashSet::new();
    }
    let others = books().filter(|(path, _)| *path != input.results);
    let ids = others.flat_map(|(_, book)| {
        let there = |held: &&_| trust(held, appid) == Trust::Own && held.line.presence() == Presence::Present;
        let ids: Vec<_> = book.lines.iter().filter(there).filter_map(|held| held.line.goods_id()).collect();
        ids
    });
    ids.collect()
}
