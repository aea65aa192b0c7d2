//! The goodsIds that rows of a sheet bring along, into those that some results vouch for.

use std::collections::HashSet;

use super::import::SheetRow;
use crate::goods::GoodsId;
use crate::results::{Held, Presence};

/// The goodsIds that the sheet's own results or others know; nothing where no row brings one.
pub(super) fn known_ids(rows: &[SheetRow], lines: &[Held], elsewhere: &HashSet<GoodsId>) -> HashSet<GoodsId> {
    if smallest_id(rows).is_none() {
        return HashSet::new();
    }
    let there = lines.iter().filter(|held| held.line.presence() == Presence::Present);
    there.filter_map(|held| held.line.goods_id()).chain(elsewhere.iter().copied()).collect()
}

/// The smallest goodsId that a row brings, if any does.
pub fn smallest_id(rows: &[SheetRow]) -> Option<GoodsId> {
    rows.iter().filter_map(|row| row.judged.goods.as_ref()?.goods_id).min()
}
