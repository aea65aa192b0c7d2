//! Pictures of every kind into files the service takes.

use std::borrow::Cow;

use image::ImageFormat;
use livegoods::cover::{Format, LARGEST_BYTES, Preparer};
use proptest::prelude::*;

use super::make::{
    BLUE, GREEN, RED, YELLOW, alike, file, half_transparent, noise, quarters, seen, with_orientation,
};

fn prepare(source: &[u8]) -> (Vec<u8>, Format, bool) {
    let prepared = Preparer::new().prepare(source).expect("a picture");
    let untouched = matches!(prepared.bytes, Cow::Borrowed(_));
    (prepared.bytes.into_owned(), prepared.format, untouched)
}

#[test]
fn a_picture_that_fits_travels_byte_for_byte() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif] {
        for (width, height) in [(300, 300), (1, 1), (300, 7)] {
            let source = file(&quarters(width, height), format);
            let (bytes, _, untouched) = prepare(&source);
            assert!(untouched && bytes == source, "{format:?} {width}x{height}");
        }
    }
    let upright = with_orientation(&file(&quarters(60, 40), ImageFormat::Jpeg), 1);
    assert!(prepare(&upright).2);
}

#[test]
fn a_picture_that_is_too_large_fits_afterwards_and_keeps_its_shape() {
    for (format, becomes) in [
        (ImageFormat::Jpeg, Format::Jpeg),
        (ImageFormat::Png, Format::Png),
        (ImageFormat::Gif, Format::Png),
        (ImageFormat::WebP, Format::Jpeg),
        (ImageFormat::Bmp, Format::Jpeg),
    ] {
        for (size, fitted) in [((301, 301), (300, 300)), ((900, 600), (300, 200)), ((640, 1280), (150, 300))]
        {
            let (bytes, format_now, _) = prepare(&file(&quarters(size.0, size.1), format));
            let (size_now, corners) = seen(&bytes);
            assert_eq!((size_now, format_now), (fitted, becomes), "{format:?} {size:?}");
            for (corner, colour) in corners.into_iter().zip([RED, GREEN, BLUE, YELLOW]) {
                assert!(alike(corner, colour), "{format:?} {size:?}: {corners:?}");
            }
        }
    }
}

#[test]
fn a_small_picture_of_a_kind_the_service_does_not_take_is_turned_into_one_and_not_enlarged() {
    for format in [ImageFormat::WebP, ImageFormat::Bmp] {
        let (bytes, becomes, _) = prepare(&file(&quarters(64, 32), format));
        assert_eq!((seen(&bytes).0, becomes), ((64, 32), Format::Jpeg));
    }
}

#[test]
fn a_line_of_pixels_keeps_at_least_one() {
    let (bytes, ..) = prepare(&file(&quarters(4000, 2), ImageFormat::Png));
    assert_eq!(seen(&bytes).0, (300, 1));
}

#[test]
fn every_orientation_is_turned_upright() {
    // Where each stored corner belongs: the picture as it should be seen, written as its camera held it.
    for (orientation, corners) in [
        (1, [RED, GREEN, BLUE, YELLOW]),
        (2, [GREEN, RED, YELLOW, BLUE]),
        (3, [YELLOW, BLUE, GREEN, RED]),
        (4, [BLUE, YELLOW, RED, GREEN]),
        (5, [RED, BLUE, GREEN, YELLOW]),
        (6, [BLUE, RED, YELLOW, GREEN]),
        (7, [YELLOW, GREEN, BLUE, RED]),
        (8, [GREEN, YELLOW, RED, BLUE]),
    ] {
        for (size, fitted) in [((80, 40), (80, 40)), ((1600, 800), (300, 150))] {
            let source = with_orientation(&file(&quarters(size.0, size.1), ImageFormat::Jpeg), orientation);
            let (bytes, ..) = prepare(&source);
            let fitted = if orientation < 5 { fitted } else { (fitted.1, fitted.0) };
            let (size_now, seen) = seen(&bytes);
            assert_eq!(size_now, fitted, "orientation {orientation}");
            for (corner, colour) in seen.into_iter().zip(corners) {
                assert!(alike(corner, colour), "orientation {orientation}: {seen:?}");
            }
        }
    }
}

#[test]
fn an_orientation_that_does_not_exist_is_passed_over() {
    let source = with_orientation(&file(&quarters(80, 40), ImageFormat::Jpeg), 9);
    assert!(prepare(&source).2);
}

#[test]
fn transparency_stays_where_the_format_holds_it_and_is_white_where_not() {
    let (bytes, ..) = prepare(&file(&half_transparent(800, 400), ImageFormat::Png));
    let picture = image::load_from_memory(&bytes).expect("a picture").to_rgba8();
    assert_eq!(picture[(250, 75)].0[3], 0);
    assert!(alike([picture[(40, 75)].0[0], picture[(40, 75)].0[1], picture[(40, 75)].0[2]], RED));
    for size in [800, 100] {
        let (bytes, ..) = prepare(&file(&half_transparent(size, size), ImageFormat::WebP));
        let (_, [left, right, ..]) = seen(&bytes);
        assert!(alike(left, RED) && alike(right, [255; 3]), "{left:?} {right:?}");
    }
}

#[test]
fn a_transparent_edge_has_no_dark_seam() {
    for size in [1000, 1700] {
        let (bytes, ..) = prepare(&file(&half_transparent(size, size), ImageFormat::WebP));
        let picture = image::load_from_memory(&bytes).expect("a picture").to_rgb8();
        let darkest = (140..160).map(|x| picture[(x, 150)].0[0]).min().expect("pixels");
        assert!(darkest > 190, "red fades into white and never into black: {darkest}");
    }
}

#[test]
fn a_small_picture_of_too_many_bytes_is_written_anew() {
    let jpeg = file(&quarters(200, 200), ImageFormat::Jpeg);
    let comment = [b"\xFF\xFE\xFF\xFF".to_vec(), vec![b'x'; 0xFFFF - 2]].concat();
    let heavy = [&jpeg[..2], &comment.repeat(40), &jpeg[2..]].concat();
    assert!(heavy.len() > LARGEST_BYTES);
    let (bytes, ..) = prepare(&heavy);
    assert!(bytes.len() < 100_000);
    assert_eq!(seen(&bytes).0, (200, 200));
}

#[test]
fn even_noise_is_small_afterwards() {
    for format in [ImageFormat::Png, ImageFormat::Bmp] {
        let (bytes, ..) = prepare(&file(&noise(700, 700), format));
        assert!(bytes.len() < LARGEST_BYTES / 4, "{}", bytes.len());
    }
}

#[test]
fn grey_deep_and_pale_pictures_are_read_too() {
    let picture = quarters(600, 300);
    let large = quarters(1600, 800);
    for picture in [
        image::DynamicImage::from(large.to_luma16()),
        large.to_luma_alpha8().into(),
        large.to_rgba16().into(),
        large.to_rgb16().into(),
        image::DynamicImage::from(picture.to_luma8()),
        picture.to_luma16().into(),
        picture.to_luma_alpha8().into(),
        picture.to_luma_alpha16().into(),
        picture.to_rgb16().into(),
        picture.to_rgba16().into(),
    ] {
        let (bytes, format, _) = prepare(&file(&picture, ImageFormat::Png));
        assert_eq!((seen(&bytes).0, format), ((300, 150), Format::Png), "{:?}", picture.color());
    }
    let grey = file(&image::DynamicImage::from(picture.to_luma8()), ImageFormat::Jpeg);
    assert_eq!(seen(&prepare(&grey).0).0, (300, 150));
}

#[test]
fn a_photo_in_inks_and_a_progressive_one_are_read_too() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/covers");
    for (name, size, colour) in [("cmyk.jpg", (300, 150), RED), ("progressive.jpg", (300, 225), GREEN)] {
        let (bytes, ..) = prepare(&std::fs::read(folder.join(name)).expect("a picture"));
        let (size_now, [corner, ..]) = seen(&bytes);
        assert_eq!(size_now, size, "{name}");
        assert!(alike(corner, colour), "{name}: {corner:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_size_fits_afterwards_with_its_shape(width in 1_u32..1200, height in 1_u32..1200) {
        let (bytes, ..) = prepare(&file(&image::GrayImage::new(width, height).into(), ImageFormat::Jpeg));
        let ((now_wide, now_high), _) = seen(&bytes);
        let longest = width.max(height);
        for (now, side) in [(now_wide, width), (now_high, height)] {
            // A side keeps a pixel at least, however thin the picture is.
            let exact = (f64::from(side * longest.min(300)) / f64::from(longest)).max(1.0);
            prop_assert!((f64::from(now) - exact).abs() <= 0.5, "{side} became {now}");
        }
    }
}
