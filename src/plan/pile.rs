//! The lines of all the results files of a run, one after the other.

use std::collections::HashSet;

use crate::goods::{AuditStatus, GoodsId};
use crate::results::{Held, Layout, Presence};

/// The column in which an export says who added the goods.
pub(super) const TAG: &str = "thirdPartyTag";

/// The lines of all the results files given together.
#[derive(Clone, Debug, Default)]
pub struct Pile {
    /// The newest line of each row; [`crate::results::Line::file`] says which file it stands in.
    pub lines: Vec<Held>,
    /// Whether the line is one the person gave. The others stand in the same file and are none of the run's
    /// business.
    pub given: Vec<bool>,
    /// Whether the goods are known to have been added in the console: they cannot be touched (300011).
    pub console: Vec<bool>,
    /// How many files are on the pile.
    pub files: usize,
}

impl Pile {
    /// Puts the lines of one more file on the pile; the first `given` of them are the person's.
    pub fn add(&mut self, lines: Vec<Held>, given: usize, layout: &Layout) {
        let tag = layout.columns.headings.iter().position(|heading| heading.trim() == TAG);
        let file = self.files;
        self.files += 1;
        for (position, mut held) in lines.into_iter().enumerate() {
            held.line.file = file;
            self.console.push(tag.and_then(|tag| held.line.user.get(tag)).is_some_and(is_console));
            self.given.push(position < given);
            self.lines.push(held);
        }
    }

    /// The statuses last heard of all goods that are known to be there, each of the goods once.
    pub fn known_statuses(&self) -> impl Iterator<Item = Option<AuditStatus>> {
        let mut seen = HashSet::new();
        (0..self.lines.len()).filter_map(move |line| {
            let goods = self.goods_id(line)?;
            let line = &self.lines[line].line;
            (line.presence() == Presence::Present && seen.insert(goods)).then(|| line.audit_status())
        })
    }

    /// The goodsId of a line, if it is one.
    pub fn goods_id(&self, line: usize) -> Option<GoodsId> {
        let digits = &self.lines[line].line.goods_id;
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|id: &GoodsId| plain && id.0 > 0)
    }
}

/// 1 and 2 are the API's; an empty cell says nothing.
fn is_console(tag: &str) -> bool {
    !matches!(tag.trim(), "" | "1" | "2")
}
