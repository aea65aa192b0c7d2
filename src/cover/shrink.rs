//! Pixels into fewer of them: the part that is shown, in the size it is sent in.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::{DynamicImage, Rgba, RgbaImage};

use super::CoverFault;
use super::region::Region;

/// A picture that is this many times larger than needed is averaged before it is resized, so that it never stands in
/// memory twice.
const MUCH_LARGER: f64 = 4.0;

/// What resizing takes at most, in bytes, where nothing is averaged.
pub(super) fn memory(region: &Region) -> u64 {
    let (width, height) = region.fitted;
    // Up to MUCH_LARGER times a side, in three copies: cut out, in one form, and weighed by their transparency.
    let most = u64::from(width) * u64::from(height) * 16;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture has fewer pixels")]
    let own = (region.width * region.height).ceil() as u64;
    most.min(own) * 12
}

/// Resized in one form of pixels, which keeps the code that does it small; what was opaque or grey stays so.
pub(super) fn shrunk(pixels: DynamicImage, region: Region) -> Result<DynamicImage, CoverFault> {
    let whole = size_of(&pixels);
    if whole == region.fitted && (region.left, region.top) == (0.0, 0.0) {
        return Ok(pixels);
    }
    let colour = pixels.color();
    let pixels = averaged(pixels, &region);
    let (pixels, region) = cut(pixels, region, whole);
    let small = resized(&pixels.into_rgba8(), &region, colour.has_alpha());
    let small = small.map_err(|why| CoverFault::Damaged { why })?;
    Ok(match (colour.has_color(), colour.has_alpha()) {
        (_, true) => small.into(),
        (true, false) => DynamicImage::from(small).into_rgb8().into(),
        (false, false) => DynamicImage::from(small).into_luma8().into(),
    })
}

pub(super) fn size_of(pixels: &DynamicImage) -> (u32, u32) {
    (pixels.width(), pixels.height())
}

fn resized(large: &RgbaImage, region: &Region, has_alpha: bool) -> Result<RgbaImage, String> {
    let (width, height) = region.fitted;
    let source = ImageRef::new(large.width(), large.height(), large, PixelType::U8x4);
    let source = source.map_err(|error| error.to_string())?;
    let mut small = Image::new(width, height, PixelType::U8x4);
    let options = ResizeOptions::default().use_alpha(has_alpha);
    let options = options.crop(region.left, region.top, region.width, region.height);
    Resizer::new().resize(&source, &mut small, &options).map_err(|error| error.to_string())?;
    RgbaImage::from_raw(width, height, small.into_vec())
        .ok_or_else(|| "its size is not what it was".to_owned())
}

/// At about twice the size that is needed, where it is far larger.
fn averaged(pixels: DynamicImage, region: &Region) -> DynamicImage {
    let larger = (region.width / f64::from(region.fitted.0)).min(region.height / f64::from(region.fitted.1));
    if larger < MUCH_LARGER {
        return pixels;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no side is larger")]
    let block = (larger / 2.0) as u32;
    if pixels.color().has_alpha() {
        return by_blocks(&pixels.into_rgba8(), block).into();
    }
    let (width, height) = size_of(&pixels);
    pixels.thumbnail_exact(width.div_ceil(block), height.div_ceil(block))
}

/// The average of each block of pixels; one that is not seen has no say in the colour.
fn by_blocks(pixels: &RgbaImage, block: u32) -> RgbaImage {
    let (width, height) = (pixels.width().div_ceil(block), pixels.height().div_ceil(block));
    let mut averages = RgbaImage::new(width, height);
    let mut sums = vec![[0_u64; 5]; width as usize];
    let block_width = block as usize;
    for (rows, averages) in (0..height).zip(averages.rows_mut()) {
        sums.fill([0; 5]);
        let rows = rows * block..pixels.height().min((rows + 1) * block);
        let stride = pixels.width() as usize * 4;
        for row in pixels.as_raw().chunks_exact(stride).take(rows.end as usize).skip(rows.start as usize) {
            for (sum, pixels) in sums.iter_mut().zip(row.chunks(block_width * 4)) {
                for &[red, green, blue, alpha] in pixels.as_chunks::<4>().0 {
                    let weight = u64::from(alpha);
                    let parts =
                        [u64::from(red) * weight, u64::from(green) * weight, u64::from(blue) * weight];
                    let parts = [parts[0], parts[1], parts[2], weight, 1];
                    sum.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
                }
            }
        }
        for (average, [red, green, blue, weight, count]) in averages.zip(&sums) {
            let light = |sum: u64, of: u64| u8::try_from((sum + of / 2) / of.max(1)).unwrap_or(u8::MAX);
            *average = Rgba([
                light(*red, *weight),
                light(*green, *weight),
                light(*blue, *weight),
                light(*weight, *count),
            ]);
        }
    }
    averages
}

/// The pixels around a part, and where in them the part is; of a picture that is shown whole all of them.
fn cut(pixels: DynamicImage, region: Region, from: (u32, u32)) -> (DynamicImage, Region) {
    let region = region.scaled(from, size_of(&pixels));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "they are within the picture"
    )]
    let [left, top, right, bottom] = [
        region.left.floor(),
        region.top.floor(),
        (region.left + region.width).ceil(),
        (region.top + region.height).ceil(),
    ]
    .map(|side| side as u32);
    if (left, top) == (0, 0) && (right, bottom) == size_of(&pixels) {
        return (pixels, region);
    }
    let part = pixels.crop_imm(left, top, right - left, bottom - top);
    let inside = Region { left: region.left - f64::from(left), top: region.top - f64::from(top), ..region };
    // Never beyond the last pixel, by however little.
    let inside = inside.scaled(size_of(&part), size_of(&part));
    (part, inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_of_what_is_seen() {
        let pixels = RgbaImage::from_fn(5, 2, |x, _| match x {
            0 => Rgba([200, 100, 0, 255]),
            1 => Rgba([0, 255, 255, 0]),
            4 => Rgba([9, 8, 7, 255]),
            _ => Rgba([0; 4]),
        });
        let averages = by_blocks(&pixels, 2);
        assert_eq!(averages.dimensions(), (3, 1));
        let all: Vec<[u8; 4]> = averages.pixels().map(|pixel| pixel.0).collect();
        assert_eq!(all, [[200, 100, 0, 128], [0; 4], [9, 8, 7, 255]]);
    }
}
