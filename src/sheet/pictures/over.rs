//! A picture's anchor into the cell that holds most of the picture.

use super::anchors::{Anchor, Anchored, Corner, Place};
use super::axis::Axis;
use super::drawn::Pair;
use super::sizes::{Reach, Sizes};

/// Further down than this from its anchor no picture of goods reaches, in EMU: 1600 points.
const FURTHER: i64 = 20_000_000;

/// How much of the sheet has to be known to place these pictures.
pub(super) fn reach(pictures: &[Anchored]) -> Reach {
    let mut reach = Reach::default();
    for Anchored { anchor, .. } in pictures {
        let corners = [anchor.from, anchor.to].into_iter().flatten();
        reach.rows = corners.map(|corner| corner.row.saturating_add(1)).fold(reach.rows, u32::max);
        let down = |pair: Option<Pair>| whole(pair.unwrap_or_default().1);
        reach.height = reach.height.max(down(anchor.position) + down(anchor.size) + FURTHER);
    }
    reach
}

/// The row and the column, counted from 0; `None` when nothing says where the picture is.
pub(super) fn cell(picture: &Anchored, sizes: &Sizes) -> Option<(u32, u32)> {
    let Anchored { anchor, place, .. } = picture;
    let rows = line(anchor, &sizes.rows, |corner| (corner.row, corner.row_offset), |pair| pair.1)?;
    let columns =
        line(anchor, &sizes.columns, |corner| (corner.column, corner.column_offset), |pair| pair.0)?;
    let row = |start, end| sizes.rows.most(sizes.rows.index_at(start), start, end);
    let column = |start, end| sizes.columns.most(sizes.columns.index_at(start), start, end);
    // In hidden rows a picture is nowhere, but it belongs somewhere all the same.
    let hidden = rows.end <= rows.start;
    Some(match place {
        _ if hidden => (rows.first, columns.most(&sizes.columns)),
        Place::Whole { on_its_side: Some(own) } if !anchor_is_turned(&rows, &columns, *own) => {
            let (high, wide) = (rows.end - rows.start, columns.end - columns.start);
            let down = (rows.start + rows.end - wide) / 2;
            let across = (columns.start + columns.end - high) / 2;
            (row(down, down + wide), column(across, across + high))
        }
        Place::Whole { .. } => (rows.most(&sizes.rows), columns.most(&sizes.columns)),
        Place::Part { origin, size } => {
            let part = |line: &Line, origin: f64, size: f64| {
                let at = |share: f64| line.start + whole((line.end - line.start) as f64 * share);
                (at(origin), at(origin + size))
            };
            let (down, across) = (part(&rows, origin.1, size.1), part(&columns, origin.0, size.0));
            (row(down.0, down.1), column(across.0, across.1))
        }
    })
}

/// From where to where an anchor reaches, over rows or over columns.
struct Line {
    first: u32,
    start: i64,
    end: i64,
}

impl Line {
    fn most(&self, axis: &Axis) -> u32 {
        axis.most(self.first, self.start, self.end)
    }
}

fn line(
    anchor: &Anchor,
    axis: &Axis,
    of_corner: impl Fn(Corner) -> (u32, i64),
    of_pair: impl Fn(Pair) -> f64,
) -> Option<Line> {
    let (first, start) = match (anchor.from.map(&of_corner), anchor.position) {
        (Some((first, offset)), _) => (first, axis.place(first, offset)),
        (None, Some(position)) => {
            let start = whole(of_pair(position));
            (axis.index_at(start), start)
        }
        (None, None) => return None,
    };
    let end = match (anchor.to.map(&of_corner), anchor.size) {
        (Some((last, offset)), _) => axis.place(last, offset),
        (None, Some(size)) => start + whole(of_pair(size)),
        (None, None) => start,
    };
    let corners = anchor.from.zip(anchor.to).filter(|_| end <= start);
    let first = corners.map_or(first, |(from, to)| axis.most_hidden(of_corner(from), of_corner(to)));
    Some(Line { first, start, end })
}

/// Programs differ in whether the anchor of a picture on its side is of the box that is seen; the picture's own size,
/// which is that of the box before it was turned, tells.
fn anchor_is_turned(rows: &Line, columns: &Line, own: Pair) -> bool {
    let (high, wide) = ((rows.end - rows.start) as f64, (columns.end - columns.start) as f64);
    let off = |width: f64, height: f64| (wide - width).abs() + (high - height).abs();
    off(own.1, own.0) < off(own.0, own.1)
}

#[expect(clippy::cast_possible_truncation, reason = "no size in a drawing is near the bounds of an i64")]
fn whole(number: f64) -> i64 {
    number.clamp(-1e15, 1e15).round() as i64
}
