//! A picture's bytes into bytes the service takes: small, upright, and untouched where they already are.

use std::borrow::Cow;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::available_parallelism;

use image::metadata::Orientation;

use super::alone::Alone;
use super::decode::{Decoded, MOST_MEMORY, Opened};
use super::encode::encode;
use super::gate::Gate;
use super::{CoverFault, Format};

/// The longest side in pixels that the service takes, by its documents; above it is 300018.
pub const LARGEST_SIDE: u32 = 300;

/// The most bytes an upload may have: the smaller of the two figures in the service's documents.
pub const LARGEST_BYTES: usize = 2 << 20;

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
        Self { gate: Gate::new(places, MOST_MEMORY), rooms }
    }

    /// Makes a picture one that the service takes: at most [`LARGEST_SIDE`] pixels a side, its aspect ratio
    /// kept, never enlarged, turned as its camera was held. One that fits already stays byte for byte.
    ///
    /// # Errors
    /// What is wrong with the picture; it is always decoded to its end, so that damage is found here.
    pub fn prepare<'s>(&self, source: &'s [u8]) -> Result<Prepared<'s>, CoverFault> {
        let format = Format::of(source)?;
        // Decoders are given any bytes at all; one that falls over them has met a damaged picture.
        catch_unwind(AssertUnwindSafe(|| self.prepare_as(format, source))).unwrap_or_else(|_| contradiction())
    }

    fn prepare_as<'s>(&self, format: Format, source: &'s [u8]) -> Result<Prepared<'s>, CoverFault> {
        let opened = Opened::read(source, format)?;
        let (width, height) = fitted(opened.width, opened.height);
        let is_small = (width, height) == (opened.width, opened.height) && source.len() <= LARGEST_BYTES;
        let permit = self.gate.enter(opened.memory + BESIDE);
        let decoded = self.rooms[permit.place()].run(|| opened.decode(width, height));
        drop(permit);
        let Decoded { mut pixels, orientation, profile } = decoded.unwrap_or_else(contradiction)?;
        if is_small && format.is_taken() && orientation == Orientation::NoTransforms {
            return Ok(Prepared { bytes: Cow::Borrowed(source), format });
        }
        pixels.apply_orientation(orientation);
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

/// The largest size within the bounds that keeps the aspect ratio and does not enlarge.
fn fitted(width: u32, height: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= LARGEST_SIDE {
        return (width, height);
    }
    let scaled = |side: u32| ((side * LARGEST_SIDE + longest / 2) / longest).max(1);
    (scaled(width), scaled(height))
}
