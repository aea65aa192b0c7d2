//! What is no picture, or none that can be read, as the fault it is.

use image::ImageFormat;
use livegoods::cover::{CoverFault, Preparer};

use super::make::{file, noise, quarters};

fn fault(source: &[u8]) -> CoverFault {
    match Preparer::new().prepare(source) {
        Ok(prepared) => panic!("{} bytes were taken for a {:?}", source.len(), prepared.format),
        Err(fault) => fault,
    }
}

/// A PNG that is nothing but a header of this size and a little data.
fn hollow_png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = file(&quarters(64, 64), ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes.resize(10_000, 0);
    bytes
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

#[test]
fn a_picture_too_large_to_decode_safely_is_refused_by_its_header() {
    for (width, height) in [(50_000, 50_000), (40_000, 10), (30_000, 30_000)] {
        assert_eq!(fault(&hollow_png(width, height)), CoverFault::TooManyPixels { width, height });
    }
    let mut bmp = file(&quarters(64, 64), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&50_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&50_000_u32.to_le_bytes());
    assert_eq!(fault(&bmp).code(), "cover-too-many-pixels");
    let mut gif = file(&quarters(64, 64), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0xFF; 4]);
    assert_eq!(fault(&gif).code(), "cover-too-many-pixels");
    let mut jpeg = file(&quarters(64, 64), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(fault(&jpeg), CoverFault::TooManyPixels { width: 65_535, height: 65_535 });
}

#[test]
fn photos_of_twelve_megapixels_fit_in_every_format_and_jpegs_of_a_hundred() {
    let with = |mut bytes: Vec<u8>, at: usize, size: [u8; 4]| {
        bytes[at..at + 4].copy_from_slice(&size);
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    let sides = |width: u16, height: u16| {
        let ([a, b], [c, d]) = (width.to_le_bytes(), height.to_le_bytes());
        [a, b, c, d]
    };
    let gif = with(file(&quarters(64, 64), ImageFormat::Gif), 6, sides(4000, 3000));
    let mut bmp = with(file(&quarters(64, 64), ImageFormat::Bmp), 18, 4000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&3000_u32.to_le_bytes());
    let jpeg = file(&quarters(64, 64), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame");
    let ([a, b], [c, d]) = (8000_u16.to_be_bytes(), 12_500_u16.to_be_bytes());
    let jpeg = with(jpeg, frame + 5, [a, b, c, d]);
    for bytes in [hollow_png(4000, 3000), hollow_png(6000, 4500), gif, bmp, jpeg] {
        assert_eq!(fault(&bytes).code(), "cover-damaged", "{:?}", &bytes[..4]);
    }
}

#[test]
fn a_picture_cut_short_anywhere_is_damaged() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]
    {
        for size in [100, 500] {
            let whole = file(&noise(size, size), format);
            for tenths in 1..10 {
                let cut = &whole[..whole.len() * tenths / 10];
                assert_eq!(fault(cut).code(), "cover-damaged", "{format:?} {size} {tenths}/10");
            }
        }
    }
}

#[test]
fn a_picture_with_a_wrong_middle_is_an_error_or_a_picture_and_never_a_fall() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp]
    {
        let whole = file(&quarters(40, 30), format);
        for at in (0..whole.len().min(500)).chain((500..whole.len()).step_by(97)) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x55;
            let _ = Preparer::new().prepare(&bytes);
        }
    }
}

#[test]
fn a_file_that_is_no_picture_is_named() {
    assert_eq!(fault(b"<html><body>404"), CoverFault::NotPicture { found: Some("a web page") });
    assert_eq!(fault(b""), CoverFault::NotPicture { found: Some("an empty file") });
    assert_eq!(fault(b"hello"), CoverFault::NotPicture { found: None });
}
