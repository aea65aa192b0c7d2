//! Ids, or the whole library, into what the service shows of the goods: reads that go on over the turn of a day.

use std::collections::{HashMap, HashSet};

use super::Calls;
use crate::event::{Event, Notice};
use crate::exit::Stop;
use crate::goods::{AuditStatus, GoodsId};
use crate::library::{Listed, PAGE_LIMIT, Page, Walked, walk};
use crate::plan::{IDS_A_CALL, Method, Sweep};
use crate::wechat::{Call, Failure, Service};

/// What the service shows of goods, by their ids.
pub type Sightings = HashMap<GoodsId, Listed>;

/// A way to read the library.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The right and the way to call.
    pub calls: &'a Calls,
    /// Sleep over the turn of the day instead of stopping.
    pub wait: bool,
}

/// Why a walk ended before its end.
enum Broken {
    Stopped(Stop),
    TooDear,
}

impl Look<'_> {
    /// One call, over the turn of the day if need be.
    pub fn read<T>(&self, call: Call, ask: impl Fn(&dyn Service) -> Result<T, Failure>) -> Result<T, Stop> {
        loop {
            if let Some(stop) = self.calls.stop.get() {
                return Err(stop);
            }
            match self.calls.read(call, &ask) {
                Err(Stop::QuotaSpent { turns, .. }) if self.wait => self.calls.next_day(call, turns)?,
                answer => {
                    let bucket = call.bucket();
                    if let Ok(left) = self.calls.ledger.left(bucket) {
                        self.calls.listener.hear(&Event::QuotaLeft { bucket, left });
                    }
                    return answer;
                }
            }
        }
    }

    /// Walks the list for `asked` goods, as long as that is cheaper than asking by ids. `take` gets each page and
    /// says how many goods are still missing.
    pub fn sweep(
        &self,
        asked: usize,
        mut take: impl FnMut(&Page) -> Result<usize, Stop>,
    ) -> Result<(), Stop> {
        let mut made = 0;
        let walked = walk(&AuditStatus::ALL, |status, offset, limit| {
            let page = self
                .read(Call::List, |service| service.list(status, offset, limit))
                .map_err(Broken::Stopped)?;
            made += 1;
            let missing = take(&page).map_err(Broken::Stopped)?;
            let unseen = page.total.saturating_sub(offset + page.goods.len() as u64);
            let statuses = AuditStatus::ALL.len() as u64 - 1 - u64::from(status.code());
            let ahead = unseen.div_ceil(PAGE_LIMIT) + statuses;
            let sweep = Sweep { asked, missing, made, ahead };
            if sweep.is_too_dear() { Err(Broken::TooDear) } else { Ok(page) }
        });
        match walked {
            Err(Broken::Stopped(stop)) => Err(stop),
            Ok(_) | Err(Broken::TooDear) => Ok(()),
        }
    }

    /// Every one of the goods in the library, and a word about those that the service counts and does not show.
    pub fn library(&self) -> Result<Walked, Stop> {
        let walked = walk(&AuditStatus::ALL, |status, offset, limit| {
            self.read(Call::List, |service| service.list(status, offset, limit))
        })?;
        for gap in &walked.gaps {
            let (status, total, found) = (gap.status, gap.total, gap.found);
            self.calls.tell(Notice::LibraryGap { status, total, found });
        }
        Ok(walked)
    }

    /// What the service shows of goods with these ids. Those it does not show in either of two looks are not
    /// there.
    pub fn goods(&self, ids: &[GoodsId], method: Method) -> Result<Sightings, Stop> {
        let mut seen = Sightings::new();
        if matches!(method, Method::Sweep { .. }) {
            let mut missing: HashSet<GoodsId> = ids.iter().copied().collect();
            self.sweep(missing.len(), |page| {
                for goods in &page.goods {
                    missing.remove(&goods.goods_id);
                    seen.insert(goods.goods_id, goods.clone());
                }
                Ok(missing.len())
            })?;
        }
        for last in [false, true] {
            let missing: Vec<GoodsId> = ids.iter().copied().filter(|id| !seen.contains_key(id)).collect();
            if last && !missing.is_empty() {
                self.calls.before_second_look()?;
            }
            for ids in missing.chunks(IDS_A_CALL) {
                let listed = self.read(Call::Status, |service| service.status(ids))?;
                seen.extend(listed.into_iter().map(|goods| (goods.goods_id, goods)));
            }
        }
        Ok(seen)
    }
}
