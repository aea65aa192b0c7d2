//! Page after page into the whole library, while others add and delete.

use std::collections::{HashMap, HashSet};

use crate::goods::{AuditStatus, GoodsId};

use super::{Listed, Page};

/// The largest page the service gives.
pub const PAGE_LIMIT: u64 = 100;

/// As many calls as the documents allow for the list in a day: whoever answers longer than that is no library.
const MOST_PAGES: u64 = 10_000;

/// Pages in a row that bring nothing new before a walk gives up on a status.
const PATIENCE: u32 = 16;

/// How far the first step back goes; each further one goes twice as far.
const FIRST_STRIDE: u64 = PAGE_LIMIT / 4;

/// What a walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Each of the goods once, with the status under which they were last seen.
    pub goods: Vec<Listed>,
    /// The statuses of which fewer goods were found than the service counts: absence proves nothing there.
    pub gaps: Vec<Gap>,
}

/// The service counts more goods than it shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The status walked.
    pub status: AuditStatus,
    /// The service's last count.
    pub total: u64,
    /// The goods found.
    pub found: u64,
}

/// Walks the goods of `statuses`, fetching each page through `fetch(status, offset, limit)`.
///
/// A library at rest costs one call for every hundred goods or part of them, and one for a status without any.
/// Where that leaves room on the last page, each page begins with the last goods of the page before. When it
/// does not, or when the service counts fewer than before, some were deleted ahead of it and others moved up
/// unseen: then the walk steps back. When the service counts more than was found at the end, some were added
/// behind the walker's back: then it walks a second lap. Goods that change their status meanwhile are kept once,
/// as they were seen last.
pub fn walk<E>(
    statuses: &[AuditStatus],
    mut fetch: impl FnMut(AuditStatus, u64, u64) -> Result<Page, E>,
) -> Result<Walked, E> {
    let mut shelf = Shelf::default();
    let mut gaps = Vec::new();
    let mut pages_left = MOST_PAGES;
    for &status in statuses {
        let mut aisle = Aisle::new();
        while !aisle.done && pages_left > 0 {
            pages_left -= 1;
            let page = fetch(status, aisle.offset, PAGE_LIMIT)?;
            aisle.take(page, &mut shelf);
        }
        gaps.extend(aisle.gap(status));
    }
    Ok(Walked { goods: shelf.goods, gaps })
}

/// The goods found so far, each once.
#[derive(Default)]
struct Shelf {
    goods: Vec<Listed>,
    places: HashMap<GoodsId, usize>,
}

impl Shelf {
    fn put(&mut self, goods: Listed) {
        match self.places.get(&goods.goods_id) {
            Some(&place) => self.goods[place] = goods,
            None => {
                self.places.insert(goods.goods_id, self.goods.len());
                self.goods.push(goods);
            }
        }
    }
}

/// The walk through one status.
struct Aisle {
    offset: u64,
    /// Goods of pages that join on to each other; a page that does not join counts for nothing.
    known: HashSet<GoodsId>,
    total: u64,
    /// The page at `offset` is to begin with goods that are known already.
    overlaps: bool,
    stride: u64,
    /// Pages in a row that brought nothing new.
    idle: u32,
    laps: u32,
    done: bool,
}

impl Aisle {
    fn new() -> Self {
        Self {
            offset: 0,
            known: HashSet::new(),
            total: 0,
            overlaps: false,
            stride: FIRST_STRIDE,
            idle: 0,
            laps: 0,
            done: false,
        }
    }

    fn take(&mut self, page: Page, shelf: &mut Shelf) {
        let shrunk = page.total < self.total;
        self.total = page.total;
        let before = self.known.len();
        let begins_known = page.goods.first().is_some_and(|first| self.known.contains(&first.goods_id));
        let joins = if self.overlaps { begins_known } else { !shrunk };
        if self.offset == 0 || joins {
            self.join(page, shelf);
        } else {
            self.offset = self.offset.min(page.total).saturating_sub(self.stride);
            self.overlaps = true;
            self.stride = self.stride.saturating_mul(2);
        }
        self.idle = if self.known.len() > before { 0 } else { self.idle + 1 };
        self.done |= self.idle >= PATIENCE;
    }

    fn join(&mut self, page: Page, shelf: &mut Shelf) {
        let length = page.goods.len() as u64;
        let end = self.offset + length;
        for goods in page.goods {
            self.known.insert(goods.goods_id);
            shelf.put(goods);
        }
        self.stride = FIRST_STRIDE;
        // A total below what the page itself shows is no total: only a page that is not full ends such a list.
        let ends = length == 0 || end == self.total || (end > self.total && length < PAGE_LIMIT);
        if !ends {
            // Pages that will all be full have no room to repeat one.
            self.overlaps = end > self.total || !(self.total - end).is_multiple_of(PAGE_LIMIT);
            self.offset = end - u64::from(self.overlaps);
        } else if self.is_short() && self.laps == 0 && length > 0 {
            self.laps += 1;
            self.offset = 0;
        } else {
            self.done = true;
        }
    }

    fn is_short(&self) -> bool {
        (self.known.len() as u64) < self.total
    }

    fn gap(&self, status: AuditStatus) -> Option<Gap> {
        let found = self.known.len() as u64;
        (self.is_short() || !self.done).then_some(Gap { status, total: self.total, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const APPROVED: &[AuditStatus] = &[AuditStatus::Approved];

    fn listed(id: u64, status: AuditStatus) -> Listed {
        Listed {
            goods_id: GoodsId(id),
            cover_img_url: String::new(),
            name: format!("goods {id}"),
            price: 1.into(),
            price2: None,
            url: format!("pages/{id}"),
            price_type: 1,
            audit_status: Some(status),
            third_party_tag: Some(2),
        }
    }

    fn page(library: &[u64], status: AuditStatus, offset: u64, limit: u64) -> Page {
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(library.len());
        let until = from.saturating_add(usize::try_from(limit).expect("a limit")).min(library.len());
        Page {
            total: library.len() as u64,
            goods: library[from..until].iter().map(|&id| listed(id, status)).collect(),
        }
    }

    /// Walks a library that `meddle` changes after each call; also says how many calls that took.
    fn walk_while(library: Vec<u64>, mut meddle: impl FnMut(&mut Vec<u64>, usize)) -> (Walked, usize) {
        let mut library = library;
        let mut calls = 0;
        let walked = walk(APPROVED, |status, offset, limit| {
            let page = page(&library, status, offset, limit);
            calls += 1;
            meddle(&mut library, calls);
            Ok::<_, ()>(page)
        });
        (walked.expect("a walk"), calls)
    }

    fn ids(walked: &Walked) -> Vec<u64> {
        walked.goods.iter().map(|goods| goods.goods_id.0).collect()
    }

    #[test]
    fn a_library_at_rest_is_walked_in_as_few_calls_as_its_pages_need() {
        for (size, calls) in
            [(0, 1), (1, 1), (100, 1), (101, 2), (199, 2), (200, 2), (299, 3), (300, 3), (1000, 10)]
        {
            let (walked, made) = walk_while((0..size).collect(), |_, _| ());
            assert_eq!(ids(&walked), (0..size).collect::<Vec<_>>());
            assert_eq!((made, walked.gaps.len()), (calls, 0), "{size} goods");
        }
    }

    #[test]
    fn goods_deleted_ahead_of_the_next_page_hide_nobody() {
        for deleted in [1, 30, 99, 100] {
            let (walked, _) = walk_while((0..350).collect(), |library, call| {
                if call == 1 {
                    library.drain(..deleted);
                }
            });
            assert_eq!(ids(&walked), (0..350).collect::<Vec<_>>(), "{deleted} deleted");
            assert_eq!(walked.gaps, []);
        }
    }

    #[test]
    fn goods_added_in_front_are_found_and_nobody_is_doubled() {
        let (walked, _) = walk_while((0..250).collect(), |library, call| {
            if call == 2 {
                library.splice(0..0, 1000..1040);
            }
        });
        let mut found = ids(&walked);
        found.sort_unstable();
        assert_eq!(found, (0..250).chain(1000..1040).collect::<Vec<_>>());
        assert_eq!(walked.gaps, []);
    }

    #[test]
    fn one_deleted_and_one_added_at_once_hide_nobody() {
        let (walked, _) = walk_while((0..150).collect(), |library, call| {
            if call == 1 {
                library.remove(0);
                library.push(1000);
            }
        });
        assert_eq!(ids(&walked), (0..150).chain([1000]).collect::<Vec<_>>());
    }

    #[test]
    fn goods_that_change_their_status_are_kept_once_as_last_seen() {
        let mut approved = vec![1, 2];
        let walked = walk(&AuditStatus::ALL, |status, offset, limit| {
            Ok::<_, ()>(match status {
                AuditStatus::InReview => {
                    approved.push(3);
                    page(&[3], status, offset, limit)
                }
                AuditStatus::Approved => page(&approved, status, offset, limit),
                _ => page(&[], status, offset, limit),
            })
        })
        .expect("a walk");
        assert_eq!(ids(&walked), [3, 1, 2]);
        assert_eq!(walked.goods[0].audit_status, Some(AuditStatus::Approved));
    }

    #[test]
    fn fewer_goods_than_counted_are_a_gap() {
        let walked = walk(APPROVED, |status, offset, limit| {
            Ok::<_, ()>(Page { total: 5, ..page(&[1, 2], status, offset, limit) })
        })
        .expect("a walk");
        assert_eq!(walked.gaps, [Gap { status: AuditStatus::Approved, total: 5, found: 2 }]);
    }

    #[test]
    fn a_total_of_zero_does_not_hide_full_pages() {
        let library: Vec<u64> = (0..250).collect();
        let walked = walk(APPROVED, |status, offset, limit| {
            Ok::<_, ()>(Page { total: 0, ..page(&library, status, offset, limit) })
        })
        .expect("a walk");
        assert_eq!(ids(&walked), library);
    }

    #[test]
    fn a_service_that_repeats_a_page_for_ever_ends_with_a_gap() {
        let library: Vec<u64> = (0..100).collect();
        let mut calls = 0;
        let walked = walk(APPROVED, |status, _, limit| {
            calls += 1;
            Ok::<_, ()>(Page { total: u64::MAX, ..page(&library, status, 0, limit) })
        })
        .expect("a walk");
        assert_eq!(walked.gaps.len(), 1);
        assert!(calls < 30, "{calls} calls");
    }

    #[test]
    fn a_service_that_invents_goods_for_ever_ends_with_a_gap() {
        let mut calls = 0;
        let walked = walk(APPROVED, |status, offset, _| {
            calls += 1;
            let goods = (offset..offset + 100).map(|id| listed(id, status)).collect();
            Ok::<_, ()>(Page { total: u64::MAX, goods })
        })
        .expect("a walk");
        assert_eq!((calls, walked.gaps.len()), (10_000, 1));
    }

    #[test]
    fn a_failed_page_fails_the_walk() {
        assert_eq!(walk(APPROVED, |_, _, _| Err::<Page, _>("no")), Err("no"));
    }

    proptest! {
        #[test]
        fn whoever_was_there_all_along_is_found_exactly_once(
            size in 0_u64..350,
            meddling in prop::collection::vec((any::<bool>(), 0_usize..350, 1_u64..40), 0..6),
        ) {
            let mut deleted = HashSet::new();
            let mut fresh = 10_000;
            let (walked, _) = walk_while((0..size).collect(), |library, call| {
                let Some(&(adds, at, count)) = meddling.get(call - 1) else { return };
                let at = at.min(library.len());
                if adds {
                    library.splice(at..at, fresh..fresh + count);
                    fresh += count;
                } else {
                    let until = (at + count as usize).min(library.len());
                    deleted.extend(library.drain(at..until));
                }
            });
            let found = ids(&walked);
            let once: HashSet<u64> = found.iter().copied().collect();
            prop_assert_eq!(once.len(), found.len());
            for id in (0..size).filter(|id| !deleted.contains(id)) {
                prop_assert!(once.contains(&id), "{} is missing", id);
            }
        }
    }
}
