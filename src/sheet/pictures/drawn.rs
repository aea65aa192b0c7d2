//! The XML of one drawn picture, or of a group's frame, into what it holds, where it lies and how it is shown.

use quick_xml::events::BytesStart;

use super::super::Problem;
use super::super::zipped::{attribute, truth};
use super::sizes::measure;
use super::view::{View, WHOLE_SIDE, nearest_turns, quarter_turns};

/// A point or a size, across and down, in EMU or in the units of a group.
pub(super) type Pair = (f64, f64);

/// Where something lies within what it is drawn in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Frame {
    pub origin: Pair,
    pub size: Pair,
    /// Of a group: the corner and the size of the space its members are placed in.
    pub inner_origin: Pair,
    pub inner_size: Pair,
    /// Clockwise, in degrees.
    pub rotation: f64,
    /// Left and right, and top and bottom, are exchanged before it is turned.
    pub flips: (bool, bool),
}

impl Frame {
    /// Takes in an element of a frame's XML, `xfrm` itself or one of its children.
    pub fn see(&mut self, name: &str, tag: &BytesStart<'_>) -> Result<(), Problem> {
        match name {
            "xfrm" => {
                self.rotation = measure(tag, "rot")?.unwrap_or_default() / 60_000.0;
                self.flips = (truth(tag, "flipH")?, truth(tag, "flipV")?);
            }
            "off" => self.origin = pair(tag, "x", "y")?.unwrap_or_default(),
            "ext" => self.size = pair(tag, "cx", "cy")?.unwrap_or(self.size),
            "chOff" => self.inner_origin = pair(tag, "x", "y")?.unwrap_or_default(),
            "chExt" => self.inner_size = pair(tag, "cx", "cy")?.unwrap_or_default(),
            _ => {}
        }
        Ok(())
    }

    /// Whether it stands nearer to its side than upright.
    pub fn is_on_its_side(&self) -> bool {
        nearest_turns(self.rotation) % 2 == 1
    }

    /// The frame of a member of `group`, as it lies where the group lies.
    pub fn within(self, group: &Self) -> Self {
        let scale = |outer: f64, inner: f64| if inner > 0.0 { outer / inner } else { 1.0 };
        let across = scale(group.size.0, group.inner_size.0);
        let down = scale(group.size.1, group.inner_size.1);
        // A member on its side has its width along the group's height.
        let sides = if self.is_on_its_side() { (down, across) } else { (across, down) };
        let size = (self.size.0 * sides.0, self.size.1 * sides.1);
        let middle = group.middle();
        // From the middle of the group to that of the member, which flips and turns go around.
        let mut x = (self.middle().0 - group.inner_origin.0) * across - group.size.0 / 2.0;
        let mut y = (self.middle().1 - group.inner_origin.1) * down - group.size.1 / 2.0;
        let mut rotation = self.rotation;
        if group.flips.0 {
            (x, rotation) = (-x, -rotation);
        }
        if group.flips.1 {
            (y, rotation) = (-y, -rotation);
        }
        let (sine, cosine) = group.rotation.to_radians().sin_cos();
        let centre = (middle.0 + x * cosine - y * sine, middle.1 + x * sine + y * cosine);
        Self {
            origin: (centre.0 - size.0 / 2.0, centre.1 - size.1 / 2.0),
            size,
            rotation: rotation + group.rotation,
            flips: (self.flips.0 != group.flips.0, self.flips.1 != group.flips.1),
            ..self
        }
    }

    /// The box that is seen: on its side, width and height are exchanged around the middle.
    pub fn seen(self) -> Self {
        if !self.is_on_its_side() {
            return self;
        }
        let (middle, size) = (self.middle(), (self.size.1, self.size.0));
        Self { origin: (middle.0 - size.0 / 2.0, middle.1 - size.1 / 2.0), size, ..self }
    }

    fn middle(&self) -> Pair {
        (self.origin.0 + self.size.0 / 2.0, self.origin.1 + self.size.1 / 2.0)
    }
}

/// One picture as it is drawn.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub name: Option<String>,
    pub hidden: bool,
    /// The id of the part that holds it; one that is only linked to has none.
    pub embedded: Option<String>,
    pub frame: Frame,
    crop: [u32; 4],
    in_frame: bool,
}

impl Drawn {
    /// Takes in the opening of an element within the picture's XML.
    pub fn open(&mut self, name: &str, tag: &BytesStart<'_>) -> Result<(), Problem> {
        match name {
            "cNvPr" => {
                self.name = attribute(tag, "name")?;
                self.hidden = truth(tag, "hidden")?;
            }
            // What comes second is the same picture in another format.
            "blip" if self.embedded.is_none() => self.embedded = attribute(tag, "embed")?,
            "srcRect" => {
                for (side, name) in self.crop.iter_mut().zip(["l", "t", "r", "b"]) {
                    *side = cut(tag, name)?;
                }
            }
            _ => {}
        }
        self.in_frame |= name == "xfrm";
        if self.in_frame { self.frame.see(name, tag) } else { Ok(()) }
    }

    /// Takes in the end of an element within the picture's XML.
    pub fn close(&mut self, name: &str) {
        self.in_frame &= name != "xfrm";
    }

    /// How it is shown when it lies in this frame, and whether it is turned by no quarter, which is left out.
    pub fn view(&self, frame: &Frame) -> (View, bool) {
        let turns = quarter_turns(frame.rotation);
        (View::new(self.crop, frame.flips.0, frame.flips.1, turns.unwrap_or_default()), turns.is_none())
    }
}

/// What is cut off at one side; what is added there, as a negative number, is nothing of the picture.
fn cut(tag: &BytesStart<'_>, name: &str) -> Result<u32, Problem> {
    let Some(text) = attribute(tag, name)? else { return Ok(0) };
    let text = text.trim();
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().map(|percent| percent * 1000.0),
        None => text.parse::<f64>(),
    };
    let number = number.unwrap_or_default().round().clamp(0.0, f64::from(WHOLE_SIDE));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is at most a whole side")]
    Ok(number as u32)
}

/// Two numbers of an element, when it has both.
pub(super) fn pair(tag: &BytesStart<'_>, across: &str, down: &str) -> Result<Option<Pair>, Problem> {
    Ok(measure(tag, across)?.zip(measure(tag, down)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(origin: Pair, size: Pair) -> Frame {
        Frame { origin, size, ..Frame::default() }
    }

    /// A group at (100, 200) of 40 by 80, whose members are placed in a space of twice that.
    fn group() -> Frame {
        Frame { inner_origin: (10.0, 10.0), inner_size: (80.0, 160.0), ..frame((100.0, 200.0), (40.0, 80.0)) }
    }

    fn close(frame: Frame, origin: Pair, size: Pair) {
        let off = |one: Pair, other: Pair| (one.0 - other.0).abs() + (one.1 - other.1).abs();
        assert!(off(frame.origin, origin) + off(frame.size, size) < 1e-6, "{frame:?}");
    }

    #[test]
    fn a_member_of_a_group_lies_where_the_groups_space_puts_it() {
        let member = frame((10.0, 90.0), (80.0, 40.0));
        close(member.within(&group()), (100.0, 240.0), (40.0, 20.0));
        let nested = Frame { inner_size: (8.0, 4.0), ..member };
        let deep = frame((0.0, 2.0), (4.0, 2.0)).within(&nested).within(&group());
        close(deep, (100.0, 250.0), (20.0, 10.0));
    }

    #[test]
    fn a_group_that_is_turned_or_flipped_takes_its_members_with_it() {
        let member = frame((10.0, 10.0), (80.0, 40.0));
        let turned = member.within(&Frame { rotation: 180.0, ..group() });
        close(turned, (100.0, 260.0), (40.0, 20.0));
        assert!((turned.rotation - 180.0).abs() < 1e-6);
        let flipped = Frame { rotation: 90.0, ..member }.within(&Frame { flips: (false, true), ..group() });
        assert!((flipped.rotation + 90.0).abs() < 1e-6 && flipped.flips.1, "{flipped:?}");
    }

    #[test]
    fn on_its_side_a_box_is_seen_around_its_middle() {
        let on_its_side = Frame { rotation: -90.0, ..frame((0.0, 0.0), (100.0, 20.0)) };
        close(on_its_side.seen(), (40.0, -40.0), (20.0, 100.0));
    }
}
