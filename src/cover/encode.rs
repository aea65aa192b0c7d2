//! Small pixels into a file that the service takes.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageEncoder, ImageResult, Rgb, RgbImage};

use super::Format;

/// Of the JPEGs that are written, from 1 to 100: no loss can be seen in a picture this small.
const QUALITY: u8 = 90;

/// A profile larger than this costs more than it gives in a picture of a few kilobytes.
const LARGEST_PROFILE: usize = 64 << 10;

/// Encodes pixels that came from a picture of the format `from`: what lost nothing so far stays PNG and keeps
/// its transparency, all else becomes JPEG, on white.
pub(super) fn encode(
    pixels: DynamicImage,
    profile: Option<Vec<u8>>,
    from: Format,
) -> ImageResult<(Vec<u8>, Format)> {
    let profile = profile.filter(|profile| profile.len() <= LARGEST_PROFILE);
    let mut bytes = Vec::new();
    match from {
        Format::Png | Format::Gif => {
            let pixels = in_eight_bits(pixels);
            let encoder = PngEncoder::new(&mut bytes);
            write(encoder, profile, &pixels)?;
            Ok((bytes, Format::Png))
        }
        Format::Jpeg | Format::WebP | Format::Bmp => {
            let pixels = if pixels.color().has_alpha() { on_white(&pixels) } else { in_eight_bits(pixels) };
            let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
            write(encoder, profile, &pixels)?;
            Ok((bytes, Format::Jpeg))
        }
    }
}

fn write(mut encoder: impl ImageEncoder, profile: Option<Vec<u8>>, pixels: &DynamicImage) -> ImageResult<()> {
    if let Some(profile) = profile {
        // Without its profile the picture is still the same, a little paler.
        let _ = encoder.set_icc_profile(profile);
    }
    encoder.write_image(pixels.as_bytes(), pixels.width(), pixels.height(), pixels.color().into())
}

fn in_eight_bits(pixels: DynamicImage) -> DynamicImage {
    match (pixels.color().has_color(), pixels.color().has_alpha()) {
        (_, true) => pixels.into_rgba8().into(),
        (true, false) => pixels.into_rgb8().into(),
        (false, false) => pixels.into_luma8().into(),
    }
}

fn on_white(pixels: &DynamicImage) -> DynamicImage {
    let pixels = pixels.to_rgba8();
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [red, green, blue, alpha] = pixels[(x, y)].0.map(u32::from);
        let over =
            |light: u32| u8::try_from((light * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(255);
        Rgb([over(red), over(green), over(blue)])
    })
    .into()
}
