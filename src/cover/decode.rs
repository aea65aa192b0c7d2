//! A picture's bytes into pixels no larger than needed: dimensions are known, and judged, before a pixel is.

use std::io::Cursor;

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, Limits};

use super::jpeg::Jpeg;
use super::region::Region;
use super::shrink::{self, shrunk, size_of};
use super::{CoverFault, Format, webp};

/// The longest side in pixels; what is longer is no picture of goods.
const LONGEST_SIDE: u32 = 32_767;

/// The most that a PNG may hold beside its pixels, such as texts and a profile, in bytes.
const LARGEST_REMARKS: u64 = 16 << 20;

/// A frame of a GIF may be larger than what is seen of it; by more than this, in bytes, none is.
const SLACK: u64 = 4 << 20;

/// A picture whose header was read and found safe.
pub(super) struct Opened<'s> {
    pub width: u32,
    pub height: u32,
    decoder: Decoder<'s>,
}

enum Decoder<'s> {
    /// Decoded at a reduced scale: the larger the photo, the more is saved.
    Jpeg(Jpeg<'s>),
    /// Decoded whole, with this many bytes beside the pixels.
    Other(Box<dyn ImageDecoder + Send + 's>, u64),
}

/// Pixels, and what has to be known to show them right.
pub(super) struct Decoded {
    pub pixels: DynamicImage,
    pub orientation: Orientation,
    /// The profile that says what the colours mean.
    pub profile: Option<Vec<u8>>,
}

/// How a part of a picture is to be had.
#[derive(Clone, Copy)]
pub(super) struct Way {
    region: Region,
    eighths: u32,
    /// What it takes, in bytes, at most.
    pub memory: u64,
}

impl<'s> Opened<'s> {
    /// Reads the header of a picture of this format.
    pub fn read(source: &'s [u8], format: Format) -> Result<Self, CoverFault> {
        let bytes = Cursor::new(source);
        let opened = match format {
            Format::Jpeg => Self::jpeg(source)?,
            Format::Png => {
                let limits = limits(LARGEST_REMARKS.min(source.len() as u64 + SLACK));
                Self::other(PngDecoder::with_limits(bytes, limits).map_err(damaged)?, |_| 0)
            }
            Format::Bmp => Self::other(BmpDecoder::new(bytes).map_err(damaged)?, |_| 0),
            // The frame, where it is not all of the picture, and then the picture.
            Format::Gif => {
                Self::other(GifDecoder::new(bytes).map_err(damaged)?, |gif| gif.total_bytes() + SLACK)
            }
            Format::WebP => Self::webp(source)?,
        };
        let Self { width, height, .. } = opened;
        if width == 0 || height == 0 {
            return Err(CoverFault::Damaged { why: "it has no pixels".to_owned() });
        }
        if width.max(height) > LONGEST_SIDE {
            return Err(CoverFault::TooManyPixels { width, height });
        }
        Ok(opened)
    }

    fn jpeg(source: &'s [u8]) -> Result<Self, CoverFault> {
        let jpeg = Jpeg::read(source)?;
        Ok(Self { width: jpeg.width, height: jpeg.height, decoder: Decoder::Jpeg(jpeg) })
    }

    fn webp(source: &'s [u8]) -> Result<Self, CoverFault> {
        let decoder = WebPDecoder::new(Cursor::new(source)).map_err(damaged)?;
        let (width, height) = decoder.dimensions();
        if !webp::frames_fit(source, (width, height)) {
            return Err(CoverFault::Damaged { why: "its frames are larger than itself".to_owned() });
        }
        let plain = !decoder.has_animation() && !decoder.color_type().has_alpha();
        // Planes or whole pixels, and of all but plain ones the frame and its transparency.
        Ok(Self::other(decoder, |decoder| pixels_of(decoder).saturating_mul(if plain { 4 } else { 8 })))
    }

    /// Beside the pixels as they are decoded the decoder takes what `beside` says, in bytes.
    fn other<D: ImageDecoder + Send + 's>(decoder: D, beside: impl Fn(&D) -> u64) -> Self {
        let (width, height) = decoder.dimensions();
        let beside = beside(&decoder).max(after(&decoder));
        Self { width, height, decoder: Decoder::Other(Box::new(decoder), beside) }
    }

    /// How this part of it is decoded within `most` bytes.
    pub fn way(&self, region: Region, most: u64) -> Result<Way, CoverFault> {
        let (eighths, memory) = match &self.decoder {
            Decoder::Jpeg(jpeg) => {
                let eighths = jpeg.eighths(&region, most);
                (eighths, jpeg.memory(eighths))
            }
            // What is taken while it is decoded is free again when it is resized.
            Decoder::Other(decoder, beside) => {
                let beside = shrink::memory(&region).max(*beside);
                (8, decoder.total_bytes().saturating_add(beside))
            }
        };
        if memory > most {
            return Err(CoverFault::TooManyPixels { width: self.width, height: self.height });
        }
        Ok(Way { region, eighths, memory })
    }

    /// Decodes all of it, down to the size that its part is to have.
    pub fn decode(self, way: &Way) -> Result<Decoded, CoverFault> {
        let Self { width, height, decoder } = self;
        let decoded = match decoder {
            Decoder::Jpeg(jpeg) => jpeg.decode(&way.region, way.eighths)?,
            Decoder::Other(decoder, _) => decode_other(decoder, way.memory)?,
        };
        let region = way.region.scaled((width, height), size_of(&decoded.pixels));
        Ok(Decoded { pixels: shrunk(decoded.pixels, region)?, ..decoded })
    }
}

/// What is taken after decoding, when it is averaged: all in one form of pixels first, where some are transparent, and
/// a quarter of it at most.
fn after<D: ImageDecoder>(decoder: &D) -> u64 {
    match decoder.color_type() {
        ColorType::La8 | ColorType::La16 | ColorType::Rgba16 => pixels_of(decoder).saturating_mul(4),
        _ => decoder.total_bytes() / 4,
    }
}

fn pixels_of(decoder: &impl ImageDecoder) -> u64 {
    let (width, height) = decoder.dimensions();
    u64::from(width) * u64::from(height)
}

fn decode_other(mut decoder: Box<dyn ImageDecoder + Send + '_>, memory: u64) -> Result<Decoded, CoverFault> {
    decoder.set_limits(limits(memory)).map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let pixels = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Decoded { pixels, orientation, profile })
}

fn limits(memory: u64) -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(memory);
    limits
}

fn damaged(error: ImageError) -> CoverFault {
    let why = match error {
        ImageError::IoError(_) => CUT_SHORT.to_owned(),
        other => other.to_string(),
    };
    CoverFault::Damaged { why }
}

pub(super) const CUT_SHORT: &str = "it ends too early";
