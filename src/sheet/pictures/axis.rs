//! The sizes of a sheet's rows, or of its columns, into where each begins and which of them holds most of a stretch.

/// More rows than any spreadsheet program has.
const LAST: u32 = 1 << 21;

/// How many stretches of equal sizes are looked at for one picture: no picture of goods reaches over more.
const MOST_STRETCHES: usize = 4096;

/// The size of one row or column, in EMU.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Nothing when it is hidden.
    pub shown: u32,
    /// What it is when it is not hidden.
    pub full: u32,
}

/// The rows from top to bottom, or the columns from left to right, counted from 0.
#[derive(Debug, Default)]
pub(super) struct Axis {
    default: Size,
    /// Those of other sizes, in order.
    runs: Vec<Run>,
}

/// Neighbours of one size.
#[derive(Debug)]
struct Run {
    first: u32,
    /// The one behind the last.
    end: u32,
    size: Size,
    /// Where the first begins.
    at: i64,
}

impl Axis {
    pub fn new(default: Size) -> Self {
        Self { default, runs: Vec::new() }
    }

    /// Says that `first` up to `end`, which is not one of them, have a size of their own. What was said of an earlier
    /// one stays.
    pub fn push(&mut self, first: u32, end: u32, size: Size) {
        let (first, end) = (first.max(self.runs.last().map_or(0, |run| run.end)), end.min(LAST));
        if first >= end || size == self.default {
            return;
        }
        match self.runs.last_mut() {
            Some(run) if run.end == first && run.size == size => run.end = end,
            _ => {
                let at = self.start_of(first);
                self.runs.push(Run { first, end, size, at });
            }
        }
    }

    /// Where the one at `index` begins.
    pub fn start_of(&self, index: u32) -> i64 {
        let default = i64::from(self.default.shown);
        let Some(run) = self.run_before(|run| run.first <= index) else { return i64::from(index) * default };
        let inside = i64::from(index.min(run.end) - run.first) * i64::from(run.size.shown);
        run.at + inside + i64::from(index.saturating_sub(run.end)) * default
    }

    /// The place `offset` into the one at `index`, and never out of it.
    pub fn place(&self, index: u32, offset: i64) -> i64 {
        self.start_of(index) + offset.clamp(0, i64::from(self.size_of(index).shown))
    }

    /// Which one is at this place.
    pub fn index_at(&self, place: i64) -> u32 {
        let place = place.max(0);
        let within = |from: u32, start: i64, size: u32| {
            let steps = (place - start).checked_div(i64::from(size)).unwrap_or_default();
            from.saturating_add(u32::try_from(steps).unwrap_or(LAST)).min(LAST)
        };
        let Some(run) = self.run_before(|run| run.at <= place) else {
            return within(0, 0, self.default.shown);
        };
        let end = self.start_of(run.end);
        if place < end {
            within(run.first, run.at, run.size.shown)
        } else {
            within(run.end, end, self.default.shown)
        }
    }

    /// Which one holds most of what reaches from `start` to `end`, and begins in the one at `first`; of those that
    /// hold as much the first. A picture so large that none holds half of it overflows the one it was put into: it
    /// belongs to the first that holds nearly as much of it as any.
    pub fn most(&self, first: u32, start: i64, end: i64) -> u32 {
        let mut most = (first, 0);
        self.each_held(first, (start, end), |index, held| {
            if held > most.1 {
                most = (index, held);
            }
            false
        });
        if 2 * most.1 > end - start {
            return most.0;
        }
        let mut belongs = most.0;
        self.each_held(first, (start, end), |index, held| {
            let enough = held > 0 && 5 * held >= 4 * most.1;
            if enough {
                belongs = index;
            }
            enough
        });
        belongs
    }

    /// Tells `see` how much each of them holds, until it has seen enough. Of neighbours of one size only the first two
    /// are told: the first may hold a part, and none behind the second holds more than that.
    fn each_held(&self, first: u32, (start, end): (i64, i64), mut see: impl FnMut(u32, i64) -> bool) {
        let (mut index, mut at) = (first, self.start_of(first));
        for _ in 0..MOST_STRETCHES {
            let (next, size) = self.stretch(index);
            let size = i64::from(size.shown);
            for (step, index) in [(0, index), (1, index + 1)] {
                let held = end.min(at + (step + 1) * size) - start.max(at + step * size);
                if index < next && see(index, held) {
                    return;
                }
            }
            at += i64::from(next - index) * size;
            index = next;
            if at >= end || index >= LAST {
                return;
            }
        }
    }

    /// As [`Axis::most`] for what is not seen because all of it is hidden: from `offset` into the one at `first` to
    /// `end_offset` into the one at `last`, by what they are when they are not hidden.
    pub fn most_hidden(&self, (first, offset): (u32, i64), (last, end_offset): (u32, i64)) -> u32 {
        let mut best = (first, 0);
        for index in (first..=last).take(MOST_STRETCHES) {
            let full = i64::from(self.size_of(index).full);
            let from = if index == first { offset.clamp(0, full) } else { 0 };
            let to = if index == last { end_offset.clamp(0, full) } else { full };
            if to - from > best.1 {
                best = (index, to - from);
            }
        }
        best.0
    }

    fn size_of(&self, index: u32) -> Size {
        self.stretch(index).1
    }

    /// The size of the one at `index`, and the first one behind it that may have another.
    fn stretch(&self, index: u32) -> (u32, Size) {
        let behind = self.runs.partition_point(|run| run.first <= index);
        match behind.checked_sub(1).and_then(|at| self.runs.get(at)) {
            Some(run) if index < run.end => (run.end, run.size),
            _ => (self.runs.get(behind).map_or(LAST.max(index + 1), |run| run.first), self.default),
        }
    }

    fn run_before(&self, is_before: impl Fn(&Run) -> bool) -> Option<&Run> {
        self.runs.partition_point(is_before).checked_sub(1).and_then(|at| self.runs.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(shown: u32) -> Size {
        Size { shown, full: shown.max(10) }
    }

    /// Rows of 10, but for two of 30 and three that are hidden.
    fn axis() -> Axis {
        let mut axis = Axis::new(size(10));
        axis.push(2, 3, size(30));
        axis.push(3, 4, size(30));
        axis.push(6, 9, size(0));
        axis
    }

    #[test]
    fn each_begins_where_those_before_it_end() {
        let starts: Vec<i64> = (0..11).map(|index| axis().start_of(index)).collect();
        assert_eq!(starts, [0, 10, 20, 50, 80, 90, 100, 100, 100, 100, 110]);
        assert_eq!(axis().runs.len(), 2, "neighbours of one size are one run");
        for (place, index) in
            [(-5, 0), (0, 0), (19, 1), (20, 2), (79, 3), (80, 4), (99, 5), (100, 9), (1000, 99)]
        {
            assert_eq!(axis().index_at(place), index, "{place}");
        }
    }

    #[test]
    fn an_offset_ends_where_its_row_does() {
        assert_eq!([axis().place(1, 99), axis().place(2, 25), axis().place(7, 5)], [20, 45, 100]);
    }

    #[test]
    fn the_one_that_holds_most_is_the_upper_one_of_two_that_hold_as_much() {
        for (first, start, end, most) in [
            (0, 8, 18, 1),
            (0, 5, 15, 0),
            (1, 18, 49, 2),
            (0, 0, 200, 2),
            (2, 45, 60, 3),
            (5, 98, 104, 9),
            (4, 80, 300, 4),
            (0, 5, 5, 0),
            (9, 100, 1_000_000, 9),
        ] {
            assert_eq!(axis().most(first, start, end), most, "{start} to {end}");
        }
    }

    #[test]
    fn what_none_holds_half_of_belongs_where_it_was_put() {
        let axis = Axis::new(size(20));
        for (start, end, most) in [(3, 43, 0), (4, 44, 0), (5, 45, 1), (18, 58, 1), (0, 400, 0), (15, 75, 1)]
        {
            assert_eq!(axis.most(0, start, end), most, "{start} to {end}");
        }
    }

    #[test]
    fn what_is_hidden_is_told_by_the_sizes_it_has_when_it_is_shown() {
        assert_eq!(axis().most_hidden((6, 8), (7, 9)), 7);
        assert_eq!(axis().most_hidden((6, 0), (6, 10)), 6);
    }

    #[test]
    fn what_was_said_of_an_earlier_one_stays() {
        let mut axis = axis();
        axis.push(0, 7, size(99));
        assert_eq!(axis.start_of(9), 100);
        axis.push(u32::MAX - 1, u32::MAX, size(99));
        assert_eq!(axis.runs.len(), 2);
    }
}
