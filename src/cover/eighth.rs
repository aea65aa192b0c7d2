//! A JPEG into an eighth of its size: of each block only the average is taken, and the rest is passed over.
//!
//! That is what a decoder at a reduced scale does too, but for half of the work. Only the common kind is read here:
//! sequential, 8 bits, grey or YCbCr, all components in one scan. For all others, and for damaged ones, the answer is
//! `None`: another decoder has to look.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage};

use super::huffman::{Bits, Codes};
use super::segments::Segments;

/// What the segments before the scan say.
#[derive(Default)]
struct Header {
    width: u32,
    height: u32,
    components: Vec<Component>,
    /// Of each quantization table the factor of the average.
    factors: [Option<i32>; 4],
    averages: [Option<Codes>; 4],
    others: [Option<Codes>; 4],
    restart: u32,
    /// What Adobe's marker says of the colours.
    transform: Option<u8>,
}

struct Component {
    id: u8,
    across: u32,
    down: u32,
    factor: usize,
    averages: usize,
    others: usize,
    plane: Plane,
    last: i32,
}

/// One sample a block.
#[derive(Default)]
struct Plane {
    width: u32,
    samples: Vec<u8>,
}

/// The picture at an eighth of its size, rounded up.
pub(super) fn decode(source: &[u8]) -> Option<DynamicImage> {
    let mut header = Header::default();
    let mut segments = Segments::of(source)?;
    loop {
        let (marker, segment) = segments.next()?;
        match marker {
            0xC0 | 0xC1 => header.read_frame(segment)?,
            0xC4 => header.read_codes(segment)?,
            0xDB => header.read_factors(segment)?,
            0xDD => header.restart = u32::from(u16::from_be_bytes(*segment.first_chunk()?)),
            0xEE if segment.starts_with(b"Adobe") => header.transform = segment.get(11).copied(),
            0xDA => {
                header.read_scan(segment)?;
                return header.decode(segments.rest());
            }
            0xE0..=0xEF | 0xFE => {}
            _ => return None,
        }
    }
}

impl Header {
    fn read_frame(&mut self, segment: &[u8]) -> Option<()> {
        let [8, h1, h0, w1, w0, count, ref rest @ ..] = *segment else { return None };
        // A second frame is none that was judged.
        if !self.components.is_empty() {
            return None;
        }
        self.height = u32::from(u16::from_be_bytes([h1, h0]));
        self.width = u32::from(u16::from_be_bytes([w1, w0]));
        let components = rest.as_chunks::<3>().0;
        if self.width == 0 || self.height == 0 || components.len() != usize::from(count) {
            return None;
        }
        for &[id, sampling, factor] in components {
            let (across, down) = (u32::from(sampling >> 4), u32::from(sampling & 15));
            if !(1..=4).contains(&across) || !(1..=4).contains(&down) || self.components.len() >= 3 {
                return None;
            }
            let (factor, plane) = (usize::from(factor), Plane::default());
            self.components.push(Component {
                id,
                across,
                down,
                factor,
                averages: 0,
                others: 0,
                plane,
                last: 0,
            });
        }
        self.is_common().then_some(())
    }

    /// Grey, or YCbCr as far as it can be told before Adobe's marker is known.
    fn is_common(&self) -> bool {
        let ids: Vec<u8> = self.components.iter().map(|component| component.id).collect();
        matches!(ids[..], [_] | [1, 2, 3])
    }

    fn read_codes(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((&[place], rest)) = segment.split_first_chunk::<1>() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let (symbols, rest) =
                rest.split_at_checked(counts.iter().map(|&count| usize::from(count)).sum())?;
            let tables = if place >> 4 == 0 { &mut self.averages } else { &mut self.others };
            *tables.get_mut(usize::from(place & 15))? = Some(Codes::new(counts, symbols)?);
            segment = rest;
        }
        Some(())
    }

    fn read_factors(&mut self, mut segment: &[u8]) -> Option<()> {
        while let Some((&[place], rest)) = segment.split_first_chunk::<1>() {
            let wide = place >> 4 != 0;
            let (table, rest) = rest.split_at_checked(if wide { 128 } else { 64 })?;
            let first = if wide { u16::from_be_bytes(*table.first_chunk()?) } else { u16::from(table[0]) };
            *self.factors.get_mut(usize::from(place & 15))? = Some(i32::from(first));
            segment = rest;
        }
        Some(())
    }

    fn read_scan(&mut self, segment: &[u8]) -> Option<()> {
        let (&[count], rest) = segment.split_first_chunk::<1>()?;
        if usize::from(count) != self.components.len() || matches!(self.transform, Some(0)) {
            return None;
        }
        for (component, &[id, tables]) in self.components.iter_mut().zip(rest.as_chunks::<2>().0) {
            if component.id != id {
                return None;
            }
            component.averages = usize::from(tables >> 4);
            component.others = usize::from(tables & 15);
        }
        let alone = self.components.len() == 1;
        if let [only] = &mut self.components[..] {
            // Its blocks simply follow each other.
            (only.across, only.down) = (1, 1);
        }
        (alone || self.components.len() == 3).then_some(())
    }

    fn decode(mut self, scan: &[u8]) -> Option<DynamicImage> {
        let most = |side: fn(&Component) -> u32| self.components.iter().map(side).max();
        let (across, down) = (most(|component| component.across)?, most(|component| component.down)?);
        let (columns, rows) = (self.width.div_ceil(8 * across), self.height.div_ceil(8 * down));
        for component in &mut self.components {
            let width = columns * component.across;
            let samples = vec![0; (width * rows * component.down) as usize];
            component.plane = Plane { width, samples };
        }
        let mut bits = Bits::new(scan);
        for unit in 0..columns * rows {
            if self.restart > 0 && unit > 0 && unit % self.restart == 0 {
                let number = (unit / self.restart - 1) % 8;
                bits.restart(u8::try_from(number).ok()?)?;
                self.components.iter_mut().for_each(|component| component.last = 0);
            }
            for component in &mut self.components {
                let codes = (self.averages.get(component.averages)?, self.others.get(component.others)?);
                let (Some(averages), Some(others)) = codes else { return None };
                let factor = (*self.factors.get(component.factor)?)?;
                let (left, top) = (unit % columns * component.across, unit / columns * component.down);
                component.read_unit(&mut bits, (averages, others), factor, (left, top))?;
            }
            if bits.is_overrun() {
                return None;
            }
        }
        // Without its end the file may be one that was cut short.
        memchr::memmem::find(bits.rest(), &[0xFF, 0xD9])?;
        let size = (self.width.div_ceil(8), self.height.div_ceil(8));
        Some(pixels(&self.components, size, (across, down)))
    }
}

impl Component {
    /// Reads its blocks of one unit, the first of them at this column and row.
    #[inline]
    fn read_unit(
        &mut self,
        bits: &mut Bits<'_>,
        (averages, others): (&Codes, &Codes),
        factor: i32,
        (left, top): (u32, u32),
    ) -> Option<()> {
        for row in top..top + self.down {
            for column in left..left + self.across {
                let size = bits.symbol(averages).filter(|size| *size <= 11)?;
                self.last = self.last.wrapping_add(bits.value(size));
                bits.pass_over(others)?;
                // A block's average is an eighth of this coefficient, around the middle of the range.
                let light = (self.last.wrapping_mul(factor).wrapping_add(4) >> 3) + 128;
                let sample = &mut self.plane.samples[(row * self.plane.width + column) as usize];
                *sample = u8::try_from(light.clamp(0, 255)).unwrap_or(u8::MAX);
            }
        }
        Some(())
    }
}

impl Plane {
    /// The sample at a place given in 256ths, between the four around it.
    fn between(&self, x: u32, y: u32) -> i32 {
        let height = u32::try_from(self.samples.len()).unwrap_or(u32::MAX) / self.width;
        let at = |x: u32, y: u32| {
            let (x, y) = (x.min(self.width - 1), y.min(height - 1));
            u32::from(self.samples[(y * self.width + x) as usize])
        };
        let (column, row, right, below) = (x >> 8, y >> 8, x & 255, y & 255);
        let upper = at(column, row) * (256 - right) + at(column + 1, row) * right;
        let lower = at(column, row + 1) * (256 - right) + at(column + 1, row + 1) * right;
        i32::try_from((upper * (256 - below) + lower * below + (1 << 15)) >> 16).unwrap_or_default()
    }
}

fn pixels(components: &[Component], (width, height): (u32, u32), (across, down): (u32, u32)) -> DynamicImage {
    let sample = |component: &Component, x: u32, y: u32| {
        if (component.across, component.down) == (across, down) {
            return i32::from(component.plane.samples[(y * component.plane.width + x) as usize]);
        }
        // The middle of a sample stays in its place when there are fewer of them.
        let place = |at: u32, own: u32, most: u32| ((2 * at + 1) * own * 128 / most).saturating_sub(128);
        component.plane.between(place(x, component.across, across), place(y, component.down, down))
    };
    let clip = |light: i32| u8::try_from(light.clamp(0, 255)).unwrap_or(u8::MAX);
    match components {
        [luma, blue, red] => RgbImage::from_fn(width, height, |x, y| {
            let (light, blue, red) =
                (sample(luma, x, y) << 16, sample(blue, x, y) - 128, sample(red, x, y) - 128);
            let middle = light + (1 << 15);
            Rgb([
                clip((middle + 91_881 * red) >> 16),
                clip((middle - 22_554 * blue - 46_802 * red) >> 16),
                clip((middle + 116_130 * blue) >> 16),
            ])
        })
        .into(),
        others => GrayImage::from_fn(width, height, |x, y| {
            Luma([clip(others.first().map_or(0, |only| sample(only, x, y)))])
        })
        .into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/covers/");
        std::fs::read(format!("{folder}{name}")).expect("a fixture")
    }

    /// The same eighth by the decoder that reads every kind.
    fn by_the_other(source: &[u8]) -> Vec<u8> {
        let mut decoder = jpeg_decoder::Decoder::new(source);
        decoder.scale(1, 1).expect("a scale");
        decoder.decode().expect("a picture")
    }

    #[test]
    fn the_eighth_is_that_of_another_decoder() {
        for name in ["420.jpg", "422-restart.jpg", "444.jpg", "grey.jpg", "411-odd.jpg"] {
            let source = fixture(name);
            let ours = decode(&source).expect(name);
            let theirs = by_the_other(&source);
            assert_eq!(ours.as_bytes().len(), theirs.len(), "{name}");
            let differences: Vec<u8> =
                ours.as_bytes().iter().zip(&theirs).map(|(one, other)| one.abs_diff(*other)).collect();
            let sum: u64 = differences.iter().copied().map(u64::from).sum();
            let mean = sum as f64 / differences.len() as f64;
            assert!(mean < 1.5, "{name}: {mean} on average, at most {:?}", differences.iter().max());
        }
    }

    #[test]
    fn other_kinds_and_damaged_ones_are_left_to_the_other_decoder() {
        assert!(decode(&fixture("progressive.jpg")).is_none());
        assert!(decode(&fixture("cmyk.jpg")).is_none());
        let whole = fixture("422-restart.jpg");
        for end in (0..700).chain((700..whole.len()).step_by(211)) {
            assert!(decode(&whole[..end]).is_none(), "cut at {end}");
        }
        for at in (0..700).chain((700..whole.len()).step_by(211)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xFF;
            let _ = decode(&bytes);
        }
    }
}
