//! What a sheet shows of a picture into the part of its pixels, and the size that part is sent in.

use crate::sheet::{View, WHOLE_SIDE};

use super::LARGEST_SIDE;

/// A part of a picture, in pixels of the whole, and what it becomes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Region {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    /// The size it is sent in, before it is turned.
    pub fitted: (u32, u32),
}

impl Region {
    /// The part of a picture of this size that a view shows; `None` when nothing is left of it.
    pub fn of(view: &View, width: u32, height: u32) -> Option<Self> {
        let [left, top, right, bottom] = view.crop;
        let (left, across) = shown(width, left, right)?;
        let (top, down) = shown(height, top, bottom)?;
        let fitted = fitted(pixels(across), pixels(down));
        Some(Self { left, top, width: across, height: down, fitted })
    }

    /// The same part when the whole picture has become another size.
    pub fn scaled(self, from: (u32, u32), to: (u32, u32)) -> Self {
        let across = f64::from(to.0) / f64::from(from.0);
        let down = f64::from(to.1) / f64::from(from.1);
        let (left, top) = (self.left * across, self.top * down);
        // Never beyond the last pixel, by however little.
        let width = (self.width * across).min(f64::from(to.0) - left);
        let height = (self.height * down).min(f64::from(to.1) - top);
        Self { left, top, width, height, ..self }
    }
}

/// Where the part of a side begins that is left when so much is cut off before and behind it, and how long it is.
fn shown(side: u32, before: u32, behind: u32) -> Option<(f64, f64)> {
    let left = WHOLE_SIDE.checked_sub(before.checked_add(behind)?).filter(|left| *left > 0)?;
    let share = |part: u32| f64::from(side) * f64::from(part) / f64::from(WHOLE_SIDE);
    Some((share(before), share(left)))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is no longer than a whole side"
)]
fn pixels(length: f64) -> u32 {
    (length.round() as u32).max(1)
}

/// The largest size within the bounds that keeps the aspect ratio and does not enlarge.
fn fitted(width: u32, height: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= LARGEST_SIDE {
        return (width, height);
    }
    let scaled = |side: u32| ((side * LARGEST_SIDE + longest / 2) / longest).max(1);
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crop_is_the_part_between_its_sides() {
        let view = View { crop: [50_000, 0, 25_000, 10_000], ..View::default() };
        let region = Region::of(&view, 4000, 1000).expect("a part");
        assert_eq!((region.left, region.top, region.width, region.height), (2000.0, 0.0, 1000.0, 900.0));
        assert_eq!(region.fitted, (300, 270));
        let half = region.scaled((4000, 1000), (2000, 500));
        assert_eq!((half.left, half.width, half.fitted), (1000.0, 500.0, (300, 270)));
    }

    #[test]
    fn a_crop_that_leaves_nothing_is_none() {
        for crop in [[60_000, 0, 40_000, 0], [0, 100_000, 0, 0], [u32::MAX, 0, 1, 0]] {
            assert_eq!(Region::of(&View { crop, ..View::default() }, 10, 10), None);
        }
    }
}
