//! What a sheet shows of a picture: a part of it, mirrored, turned by quarters.

use std::fmt;

/// All of one side of a picture, in the units of [`View::crop`].
pub const WHOLE_SIDE: u32 = 100_000;

/// How a sheet shows a picture, in this order: cropped along its own sides, then mirrored, then turned. By default
/// it is whole and upright.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct View {
    /// What is cut off at the left, top, right and bottom, in thousandths of a percent of the side.
    pub crop: [u32; 4],
    /// Whether left and right are exchanged.
    pub mirrored: bool,
    /// Quarter turns clockwise, 0 to 3.
    pub turns: u8,
}

impl View {
    /// Whether the picture is shown as it is stored.
    pub fn is_whole(&self) -> bool {
        *self == Self::default()
    }

    /// The view of a picture that is flipped across (left and right) or over (top and bottom) before it is turned.
    /// Two spellings of one view are equal: to be flipped both ways is half a turn.
    pub(super) fn new(crop: [u32; 4], across: bool, over: bool, turns: u8) -> Self {
        Self { crop, mirrored: across != over, turns: (turns + if over { 2 } else { 0 }) % 4 }
    }
}

/// A spelling that no other view has: part of what tells one picture from another in the results.
impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [left, top, right, bottom] = self.crop;
        let mirrored = if self.mirrored { " mirrored" } else { "" };
        write!(f, "crop {left} {top} {right} {bottom}{mirrored} turn {}", self.turns)
    }
}

/// A rotation in degrees, clockwise, into quarter turns; `None` when it is more than a degree from any.
pub(super) fn quarter_turns(degrees: f64) -> Option<u8> {
    let nearest = nearest_turns(degrees);
    let off = (degrees - f64::from(nearest) * 90.0).rem_euclid(360.0);
    (off.min(360.0 - off) <= 1.0).then_some(nearest)
}

/// The quarter turn that a rotation is nearest to.
pub(super) fn nearest_turns(degrees: f64) -> u8 {
    match degrees.rem_euclid(360.0) {
        turned if turned < 45.0 => 0,
        turned if turned < 135.0 => 1,
        turned if turned < 225.0 => 2,
        turned if turned < 315.0 => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_are_told_from_other_rotations() {
        for (degrees, turns) in [
            (0.0, Some(0)),
            (-0.5, Some(0)),
            (359.5, Some(0)),
            (90.9, Some(1)),
            (180.0, Some(2)),
            (-90.0, Some(3)),
            (450.0, Some(1)),
            (45.0, None),
            (92.0, None),
            (358.0, None),
        ] {
            assert_eq!(quarter_turns(degrees), turns, "{degrees}");
        }
    }

    #[test]
    fn one_view_has_one_spelling() {
        let crop = [0; 4];
        assert!(View::new(crop, true, true, 2).is_whole());
        assert_eq!(View::new(crop, false, true, 1), View::new(crop, true, false, 3));
        let views =
            [View::new(crop, true, false, 0), View::new([1, 0, 0, 0], false, false, 0), View::default()];
        let spellings: std::collections::BTreeSet<String> = views.iter().map(View::to_string).collect();
        assert_eq!(spellings.len(), 3);
    }
}
