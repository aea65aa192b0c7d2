//! A picture's bytes into bytes the service takes: small, upright, and untouched where they already are.

use std::borrow::Cow;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::available_parallelism;

use image::DynamicImage;
use image::metadata::Orientation;

use super::alone::Alone;
use super::decode::{Decoded, Opened};
use super::encode::encode;
use super::gate::Gate;
use super::region::Region;
use super::{CoverFault, Format};
use crate::sheet::View;

/// The longest side in pixels that the service takes, by its documents; above it is 300018.
pub const LARGEST_SIDE: u32 = 300;

/// The most bytes an upload may have: the smaller of the two figures in the service's documents.
pub const LARGEST_BYTES: usize = 2 << 20;

/// What all pictures together may take while they are decoded, in bytes: 30 megapixels of an opaque PNG, and 9 at
/// least of every kind. With what their files take, and with a large sheet, it stays below 300 MB.
const MEMORY: u64 = 112 << 20;

/// Memory every picture is taken to need beside its pixels.
const BESIDE: u64 = 4 << 20;

/// A picture the service takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared<'s> {
    /// The file; borrowed from the source when that fits already.
    pub bytes: Cow<'s, [u8]>,
    /// What it is.
    pub format: Format,
}

/// Prepares pictures on as many threads as call it, a handful of them decoded at any time.
pub struct Preparer {
    gate: Gate,
    rooms: Vec<Alone>,
}

impl Preparer {
    /// Decodes as many pictures at a time as there are processors.
    pub fn new() -> Self {
        let places = available_parallelism().map_or(1, NonZero::get).min(8);
        let rooms = (0..places).map(|_| Alone::default()).collect();
        Self { gate: Gate::new(places, MEMORY), rooms }
    }

    /// Makes a picture one that the service takes: at most [`LARGEST_SIDE`] pixels a side, its aspect ratio
    /// kept, never enlarged, turned as its camera was held. One that fits already stays byte for byte.
    ///
    /// # Errors
    /// What is wrong with the picture; it is always decoded to its end, so that damage is found here.
    pub fn prepare<'s>(&self, source: &'s [u8]) -> Result<Prepared<'s>, CoverFault> {
        self.prepare_view(source, &View::default())
    }

    /// As [`Preparer::prepare`], of what a view shows. A picture that is not shown whole and upright never stays
    /// byte for byte, and is turned as the view says alone: spreadsheet programs do not ask how a camera was held.
    ///
    /// # Errors
    /// As [`Preparer::prepare`].
    pub fn prepare_view<'s>(&self, source: &'s [u8], view: &View) -> Result<Prepared<'s>, CoverFault> {
        let format = Format::of(source)?;
        // Decoders are given any bytes at all; one that falls over them has met a damaged picture.
        catch_unwind(AssertUnwindSafe(|| self.prepare_as(format, source, view)))
            .unwrap_or_else(|_| contradiction())
    }

    fn prepare_as<'s>(
        &self,
        format: Format,
        source: &'s [u8],
        view: &View,
    ) -> Result<Prepared<'s>, CoverFault> {
        let opened = Opened::read(source, format)?;
        let region = Region::of(view, opened.width, opened.height)
            .ok_or_else(|| CoverFault::Damaged { why: "its crop leaves nothing of it".to_owned() })?;
        let way = opened.way(region, MEMORY - BESIDE)?;
        let is_small = region.fitted == (opened.width, opened.height) && source.len() <= LARGEST_BYTES;
        let permit = self.gate.enter(way.memory + BESIDE);
        let decoded = self.rooms[permit.place()].run(|| opened.decode(&way));
        drop(permit);
        let Decoded { mut pixels, orientation, profile } = decoded.unwrap_or_else(contradiction)?;
        let as_it_is = view.is_whole() && orientation == Orientation::NoTransforms;
        if is_small && format.is_taken() && as_it_is {
            return Ok(Prepared { bytes: Cow::Borrowed(source), format });
        }
        if view.is_whole() {
            pixels.apply_orientation(orientation);
        } else {
            shown_as(view, &mut pixels);
        }
        let (bytes, format) = encode(pixels, profile, format)
            .map_err(|error| CoverFault::Damaged { why: error.to_string() })?;
        Ok(Prepared { bytes: Cow::Owned(bytes), format })
    }
}

impl Default for Preparer {
    fn default() -> Self {
        Self::new()
    }
}

/// What a decoder met that fell.
fn contradiction<T>() -> Result<T, CoverFault> {
    Err(CoverFault::Damaged { why: "its parts contradict each other".to_owned() })
}

/// Mirrored first, then turned.
fn shown_as(view: &View, pixels: &mut DynamicImage) {
    if view.mirrored {
        pixels.apply_orientation(Orientation::FlipHorizontal);
    }
    pixels.apply_orientation(match view.turns {
        0 => Orientation::NoTransforms,
        1 => Orientation::Rotate90,
        2 => Orientation::Rotate180,
        _ => Orientation::Rotate270,
    });
}
