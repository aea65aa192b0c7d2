//! A WebP's chunks into whether its frames are as large as it says it is: a decoder takes memory for a frame before
//! it looks whether the frame fits.

/// Whether no frame has more pixels than a picture of this size.
pub(super) fn frames_fit(source: &[u8], (width, height): (u32, u32)) -> bool {
    let most = u64::from(width) * u64::from(height);
    source.get(12..).is_none_or(|chunks| fit(chunks, most, true))
}

fn fit(mut chunks: &[u8], most: u64, outermost: bool) -> bool {
    while let Some((head, rest)) = chunks.split_first_chunk::<8>() {
        let [.., a, b, c, d] = *head;
        let size = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        let content = &rest[..size.min(rest.len())];
        let fits = match &head[..4] {
            b"VP8 " => pixels(content).is_none_or(|pixels| pixels <= most),
            // Where the frame lies comes first, in 16 bytes.
            b"ANMF" if outermost => content.get(16..).is_none_or(|frame| fit(frame, most, false)),
            _ => true,
        };
        if !fits {
            return false;
        }
        // Chunks begin at even places.
        chunks = rest.get(size.saturating_add(size % 2)..).unwrap_or_default();
    }
    true
}

/// The pixels of a lossy frame: behind three bytes and three that are always the same, two sides of 14 bits.
fn pixels(frame: &[u8]) -> Option<u64> {
    let side = |at: usize| Some(u64::from(u16::from_le_bytes(*frame.get(at..)?.first_chunk()?) & 0x3FFF));
    Some(side(6)? * side(8)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len()).expect("a size").to_le_bytes();
        [&name[..], &size, content, &[0][..content.len() % 2]].concat()
    }

    fn frame(width: u16, height: u16) -> Vec<u8> {
        let start = [0, 0, 0, 0x9D, 0x01, 0x2A];
        chunk(b"VP8 ", &[&start[..], &width.to_le_bytes(), &height.to_le_bytes(), &[7]].concat())
    }

    #[test]
    fn a_frame_larger_than_the_picture_is_found_wherever_it_stands() {
        let whole = |chunks: &[Vec<u8>]| [b"RIFF????WEBP".to_vec(), chunks.concat()].concat();
        let size = (100, 50);
        assert!(frames_fit(&whole(&[chunk(b"VP8X", &[0; 9]), frame(100, 50)]), size));
        assert!(!frames_fit(&whole(&[chunk(b"VP8X", &[0; 9]), frame(16_383, 16_383)]), size));
        let moving = |frame: Vec<u8>| chunk(b"ANMF", &[vec![0; 16], frame].concat());
        assert!(frames_fit(&whole(&[moving(frame(10, 10))]), size));
        assert!(!frames_fit(&whole(&[moving(frame(10, 10)), moving(frame(4000, 4000))]), size));
        assert!(frames_fit(b"RIFF", size));
    }
}
