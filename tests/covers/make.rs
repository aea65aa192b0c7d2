//! Pictures to try things with.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

pub const RED: [u8; 3] = [220, 30, 30];
pub const GREEN: [u8; 3] = [30, 200, 40];
pub const BLUE: [u8; 3] = [30, 40, 210];
pub const YELLOW: [u8; 3] = [230, 220, 40];

/// Red, green, blue and yellow: top left, top right, bottom left, bottom right.
pub fn quarters(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => YELLOW,
        })
    })
    .into()
}

/// Red on the left, nothing at all on the right.
pub fn half_transparent(width: u32, height: u32) -> DynamicImage {
    RgbaImage::from_fn(width, height, |x, _| {
        if x < width / 2 { Rgba([220, 30, 30, 255]) } else { Rgba([0, 0, 0, 0]) }
    })
    .into()
}

/// Noise, which no format makes small.
pub fn noise(width: u32, height: u32) -> DynamicImage {
    let mut state = 1_u64;
    RgbImage::from_fn(width, height, |_, _| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let [.., a, b, c] = state.to_le_bytes();
        Rgb([a, b, c])
    })
    .into()
}

/// The picture as a file of this format.
pub fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// A JPEG with an EXIF block behind its first marker; of the block only the orientation is filled in.
pub fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(exif.len() + 2).expect("a short block").to_be_bytes();
    [&jpeg[..2], b"\xFF\xE1", &length, &exif, &jpeg[2..]].concat()
}

/// The size of a file's picture, and the colours of its four corners as above.
pub fn seen(bytes: &[u8]) -> ((u32, u32), [[u8; 3]; 4]) {
    let picture = image::load_from_memory(bytes).expect("a picture").to_rgb8();
    let (width, height) = picture.dimensions();
    let near = |x: u32, y: u32| picture[(x * (width - 1) / 8, y * (height - 1) / 8)].0;
    ((width, height), [near(1, 1), near(7, 1), near(1, 7), near(7, 7)])
}

/// Whether two colours differ by no more than JPEG makes them.
pub fn alike(one: [u8; 3], other: [u8; 3]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= 12)
}
