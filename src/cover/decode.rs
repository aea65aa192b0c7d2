//! A picture's bytes into pixels no larger than needed: dimensions are known, and judged, before a pixel is.

use std::io::Cursor;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, ImageDecoder, ImageError, Limits, RgbImage, RgbaImage};
use jpeg_decoder::{CodingProcess, PixelFormat};

use super::{CoverFault, Format, eighth};

/// The most memory one picture may take while it is decoded, in bytes: 57 megapixels of an opaque PNG.
pub(super) const MOST_MEMORY: u64 = 384 << 20;

/// The longest side in pixels; what is longer is no picture of goods.
const LONGEST_SIDE: u32 = 32_767;

/// More passes than any encoder makes: each costs as much time as the picture has pixels.
const MOST_SCANS: usize = 100;

/// A picture whose header was read and found safe.
pub(super) struct Opened<'s> {
    pub width: u32,
    pub height: u32,
    /// What decoding takes, in bytes, at most.
    pub memory: u64,
    decoder: Decoder<'s>,
}

enum Decoder<'s> {
    /// Decoded at a reduced scale: the larger the photo, the more is saved.
    Jpeg(Box<jpeg_decoder::Decoder<&'s [u8]>>, &'s [u8]),
    Other(Box<dyn ImageDecoder + Send + 's>),
}

/// Pixels, and what has to be known to show them right.
pub(super) struct Decoded {
    pub pixels: DynamicImage,
    pub orientation: Orientation,
    /// The profile that says what the colours mean.
    pub profile: Option<Vec<u8>>,
}

impl<'s> Opened<'s> {
    /// Reads the header of a picture of this format.
    pub fn read(source: &'s [u8], format: Format) -> Result<Self, CoverFault> {
        let opened = match format {
            Format::Jpeg => Self::jpeg(source)?,
            Format::Png => Self::other(
                Box::new(PngDecoder::with_limits(Cursor::new(source), limits()).map_err(damaged)?),
                1,
            ),
            Format::Bmp => Self::other(Box::new(BmpDecoder::new(Cursor::new(source)).map_err(damaged)?), 1),
            Format::Gif => Self::other(Box::new(GifDecoder::new(Cursor::new(source)).map_err(damaged)?), 2),
            Format::WebP => Self::other(Box::new(WebPDecoder::new(Cursor::new(source)).map_err(damaged)?), 2),
        };
        let Self { width, height, memory, .. } = opened;
        if width == 0 || height == 0 {
            return Err(CoverFault::Damaged { why: "it has no pixels".to_owned() });
        }
        if width.max(height) > LONGEST_SIDE || memory > MOST_MEMORY {
            return Err(CoverFault::TooManyPixels { width, height });
        }
        Ok(opened)
    }

    fn jpeg(source: &'s [u8]) -> Result<Self, CoverFault> {
        let mut decoder = jpeg_decoder::Decoder::new(source);
        decoder.read_info().map_err(damaged_jpeg)?;
        let info =
            decoder.info().ok_or_else(|| CoverFault::Damaged { why: "it has no header".to_owned() })?;
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        let samples = u64::from(width) * u64::from(height) * info.pixel_format.pixel_bytes() as u64;
        // A progressive picture is held as coefficients of two bytes until its last scan; of others only the
        // reduced pixels are held, in planes and then together.
        let memory = match info.coding_process {
            CodingProcess::DctSequential => samples / 64 * 4,
            CodingProcess::DctProgressive => samples * 2 + samples / 64 * 4,
            CodingProcess::Lossless => samples * 6,
        };
        let scans = memchr::memmem::find_iter(source, b"\xFF\xDA").count();
        if info.coding_process == CodingProcess::DctProgressive && scans > MOST_SCANS {
            return Err(CoverFault::Damaged { why: format!("it has {scans} scans") });
        }
        Ok(Self { width, height, memory, decoder: Decoder::Jpeg(Box::new(decoder), source) })
    }

    fn other(decoder: Box<dyn ImageDecoder + Send + 's>, copies: u64) -> Self {
        let (width, height) = decoder.dimensions();
        // Beside the pixels as they are decoded there are those that are resized.
        let resized = u64::from(width) * u64::from(height) * 4;
        let memory = decoder.total_bytes().saturating_mul(copies).saturating_add(resized);
        Self { width, height, memory, decoder: Decoder::Other(decoder) }
    }

    /// Decodes all of it, down to `width` × `height`, which keep its aspect ratio and are not above its own.
    pub fn decode(self, width: u32, height: u32) -> Result<Decoded, CoverFault> {
        let decoded = match self.decoder {
            Decoder::Jpeg(decoder, source) => decode_jpeg(*decoder, source, width, height)?,
            Decoder::Other(decoder) => decode_other(decoder)?,
        };
        Ok(Decoded { pixels: resized(decoded.pixels, width, height)?, ..decoded })
    }
}

fn decode_jpeg(
    mut decoder: jpeg_decoder::Decoder<&[u8]>,
    source: &[u8],
    width: u32,
    height: u32,
) -> Result<Decoded, CoverFault> {
    let is_eighth = decoder
        .info()
        .is_some_and(|info| u32::from(info.width) >= 8 * width && u32::from(info.height) >= 8 * height);
    if let Some(pixels) = is_eighth.then(|| eighth::decode(source)).flatten() {
        let orientation = decoder.exif_data().and_then(Orientation::from_exif_chunk);
        let orientation = orientation.unwrap_or(Orientation::NoTransforms);
        return Ok(Decoded { pixels, orientation, profile: decoder.icc_profile() });
    }
    let wanted = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    let (width, height) = decoder.scale(wanted(width), wanted(height)).map_err(damaged_jpeg)?;
    let samples = decoder.decode().map_err(damaged_jpeg)?;
    let format = decoder.info().map(|info| info.pixel_format);
    let (width, height) = (u32::from(width), u32::from(height));
    let pixels = match format {
        Some(PixelFormat::L8) => GrayImage::from_raw(width, height, samples).map(DynamicImage::from),
        Some(PixelFormat::RGB24) => RgbImage::from_raw(width, height, samples).map(DynamicImage::from),
        Some(PixelFormat::CMYK32) => {
            RgbImage::from_raw(width, height, from_cmyk(&samples)).map(DynamicImage::from)
        }
        Some(PixelFormat::L16) | None => None,
    };
    let pixels =
        pixels.ok_or_else(|| CoverFault::Damaged { why: "its pixels are of a rare kind".to_owned() })?;
    let orientation = decoder.exif_data().and_then(Orientation::from_exif_chunk);
    // A profile of inks says nothing of the colours they were turned into.
    let profile = decoder.icc_profile().filter(|_| format != Some(PixelFormat::CMYK32));
    Ok(Decoded { pixels, orientation: orientation.unwrap_or(Orientation::NoTransforms), profile })
}

fn from_cmyk(samples: &[u8]) -> Vec<u8> {
    let light = |ink: u8, black: u8| {
        let light = (255 - u16::from(ink)) * (255 - u16::from(black)) / 255;
        u8::try_from(light).unwrap_or(u8::MAX)
    };
    samples
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&[c, m, y, k]| [light(c, k), light(m, k), light(y, k)])
        .collect()
}

fn decode_other(mut decoder: Box<dyn ImageDecoder + Send + '_>) -> Result<Decoded, CoverFault> {
    decoder.set_limits(limits()).map_err(damaged)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let pixels = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    Ok(Decoded { pixels, orientation, profile })
}

/// Resized in one form of pixels, which keeps the code that does it small; what was opaque or grey stays so.
fn resized(pixels: DynamicImage, width: u32, height: u32) -> Result<DynamicImage, CoverFault> {
    if (pixels.width(), pixels.height()) == (width, height) {
        return Ok(pixels);
    }
    let unfit = |error: &dyn std::fmt::Display| CoverFault::Damaged { why: error.to_string() };
    let colour = pixels.color();
    let large = pixels.into_rgba8();
    let source = ImageRef::new(large.width(), large.height(), &large, PixelType::U8x4);
    let mut small = Image::new(width, height, PixelType::U8x4);
    let source = source.map_err(|error| unfit(&error))?;
    Resizer::new()
        .resize(&source, &mut small, &ResizeOptions::default().use_alpha(colour.has_alpha()))
        .map_err(|error| unfit(&error))?;
    let small = RgbaImage::from_raw(width, height, small.into_vec()).map(DynamicImage::from);
    let small = small.ok_or_else(|| unfit(&"its size is not what it was"))?;
    Ok(match (colour.has_color(), colour.has_alpha()) {
        (_, true) => small,
        (true, false) => small.into_rgb8().into(),
        (false, false) => small.into_luma8().into(),
    })
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(2 * MOST_MEMORY);
    limits
}

fn damaged_jpeg(error: jpeg_decoder::Error) -> CoverFault {
    let why = match error {
        jpeg_decoder::Error::Io(_) => CUT_SHORT.to_owned(),
        other => other.to_string(),
    };
    CoverFault::Damaged { why }
}

fn damaged(error: ImageError) -> CoverFault {
    let why = match error {
        ImageError::IoError(_) => CUT_SHORT.to_owned(),
        other => other.to_string(),
    };
    CoverFault::Damaged { why }
}

const CUT_SHORT: &str = "it ends too early";
