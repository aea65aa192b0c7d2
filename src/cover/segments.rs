//! A JPEG into its segments, up to the samples of its first scan.

/// What is left of a JPEG that is read segment by segment.
pub(super) struct Segments<'s>(&'s [u8]);

impl<'s> Segments<'s> {
    /// The segments behind the marker that every JPEG begins with.
    pub fn of(source: &'s [u8]) -> Option<Self> {
        source.strip_prefix(&[0xFF, 0xD8]).map(Self)
    }

    /// What stands behind the segments that were read.
    pub fn rest(&self) -> &'s [u8] {
        self.0
    }
}

/// Each marker, and what stands in its segment; bytes that only fill up are passed over.
impl<'s> Iterator for Segments<'s> {
    type Item = (u8, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let [0xFF, marker, ref behind @ ..] = *self.0 else { return None };
            if marker == 0xFF {
                self.0 = &self.0[1..];
                continue;
            }
            let length = usize::from(u16::from_be_bytes(*behind.first_chunk()?));
            let segment = behind.get(2..length)?;
            self.0 = behind.get(length..)?;
            return Some((marker, segment));
        }
    }
}
