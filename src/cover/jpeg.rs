//! A JPEG into pixels at the smallest scale that serves: what is larger is never held.

use image::metadata::Orientation;
use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{CodingProcess, PixelFormat};

use super::decode::Decoded;
use super::region::Region;
use super::segments::Segments;
use super::{CoverFault, eighth};

/// More passes than any encoder makes: each costs as much time as the picture has pixels.
const MOST_SCANS: usize = 100;

/// A JPEG whose header was read.
pub(super) struct Jpeg<'s> {
    decoder: Box<jpeg_decoder::Decoder<&'s [u8]>>,
    source: &'s [u8],
    pub width: u32,
    pub height: u32,
    /// Bytes that are held until the last scan, at whatever scale.
    held: u64,
    /// Bytes that are held of a pixel of the scaled picture.
    per_pixel: u64,
}

impl<'s> Jpeg<'s> {
    pub fn read(source: &'s [u8]) -> Result<Self, CoverFault> {
        let mut decoder = jpeg_decoder::Decoder::new(source);
        decoder.read_info().map_err(damaged)?;
        let info =
            decoder.info().ok_or_else(|| CoverFault::Damaged { why: "it has no header".to_owned() })?;
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        let pixels = u64::from(width) * u64::from(height);
        let samples = info.pixel_format.pixel_bytes() as u64;
        // A progressive picture is held as coefficients of two bytes until its last scan.
        let (held, scaled) = match info.coding_process {
            CodingProcess::DctSequential => (0, true),
            CodingProcess::DctProgressive => (2 * stored(source).unwrap_or(pixels * samples), true),
            CodingProcess::Lossless => (pixels * samples * 6, false),
        };
        let scans = memchr::memmem::find_iter(source, b"\xFF\xDA").count();
        if info.coding_process == CodingProcess::DctProgressive && scans > MOST_SCANS {
            return Err(CoverFault::Damaged { why: format!("it has {scans} scans") });
        }
        // In planes and then together, and then as what is resized.
        let per_pixel = if scaled { (2 * samples).max(samples + 4) } else { 0 };
        Ok(Self { decoder: Box::new(decoder), source, width, height, held, per_pixel })
    }

    /// In how many eighths of its size it is decoded to show this part, within this memory as far as possible.
    pub fn eighths(&self, region: &Region, most: u64) -> u32 {
        let enough = |length: f64, wanted: u32, eighths: u32| {
            (length * f64::from(eighths) / 8.0).ceil() >= f64::from(wanted)
        };
        let serves = |eighths: &u32| {
            enough(region.width, region.fitted.0, *eighths)
                && enough(region.height, region.fitted.1, *eighths)
        };
        let wanted = [1, 2, 4].into_iter().find(serves).unwrap_or(8);
        let fits = |eighths: &u32| *eighths <= wanted && self.memory(*eighths) <= most;
        [8, 4, 2].into_iter().find(fits).unwrap_or(1)
    }

    /// The bytes that decoding at this scale takes at most.
    pub fn memory(&self, eighths: u32) -> u64 {
        let side = |side: u32| u64::from(scaled(side, eighths));
        self.held + side(self.width) * side(self.height) * self.per_pixel
    }

    pub fn decode(mut self, region: &Region, eighths: u32) -> Result<Decoded, CoverFault> {
        let (width, height) = region.fitted;
        let is_eighth = region.width >= f64::from(8 * width) && region.height >= f64::from(8 * height);
        if let Some(pixels) = (eighths == 1 && is_eighth).then(|| eighth::decode(self.source)).flatten() {
            let (orientation, profile) = (self.orientation(), self.decoder.icc_profile());
            return Ok(Decoded { pixels, orientation, profile });
        }
        let wanted = |side: u32| u16::try_from(scaled(side, eighths)).unwrap_or(u16::MAX);
        let (width, height) = self.decoder.scale(wanted(self.width), wanted(self.height)).map_err(damaged)?;
        let samples = self.decoder.decode().map_err(damaged)?;
        let format = self.decoder.info().map(|info| info.pixel_format);
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
        // A profile of inks says nothing of the colours they were turned into.
        let profile = self.decoder.icc_profile().filter(|_| format != Some(PixelFormat::CMYK32));
        Ok(Decoded { pixels, orientation: self.orientation(), profile })
    }

    fn orientation(&self) -> Orientation {
        let orientation = self.decoder.exif_data().and_then(Orientation::from_exif_chunk);
        orientation.unwrap_or(Orientation::NoTransforms)
    }
}

/// The samples that are stored: of colours mostly fewer than pixels, of everything whole blocks.
fn stored(source: &[u8]) -> Option<u64> {
    let mut segments = Segments::of(source)?;
    loop {
        let (marker, segment) = segments.next()?;
        if !matches!(marker, 0xC0..=0xCF) || matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            continue;
        }
        let [_, h1, h0, w1, w0, _, ref components @ ..] = *segment else { return None };
        let size = [[w1, w0], [h1, h0]].map(|side| u64::from(u16::from_be_bytes(side)));
        let sampling = || {
            let components = components.as_chunks::<3>().0.iter();
            components.map(|&[_, sampling, _]| [u64::from(sampling >> 4), u64::from(sampling & 15)])
        };
        let most = sampling().reduce(|one, other| [one[0].max(other[0]), one[1].max(other[1])])?;
        if most.contains(&0) {
            return None;
        }
        let units: u64 = size.iter().zip(most).map(|(side, most)| side.div_ceil(8 * most)).product();
        return Some(sampling().map(|[across, down]| units * across * down * 64).sum());
    }
}

/// As the decoder rounds.
fn scaled(side: u32, eighths: u32) -> u32 {
    (side * eighths).div_ceil(8)
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

fn damaged(error: jpeg_decoder::Error) -> CoverFault {
    let why = match error {
        jpeg_decoder::Error::Io(_) => super::decode::CUT_SHORT.to_owned(),
        other => other.to_string(),
    };
    CoverFault::Damaged { why }
}
