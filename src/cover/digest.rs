//! A picture's bytes into what tells it from every other picture.

use std::fmt;

/// Bytes of the digest that are kept, as letters twice as many, in the results.
const SHOWN: usize = 8;

/// The BLAKE3 digest of a picture's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// All of it, for a database.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// As it stands in the results: letters after a dot, which no spreadsheet program reads as a number or date.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("picture.")?;
        self.0[..SHOWN]
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .try_for_each(|nibble| write!(f, "{}", char::from(b'a' + nibble)))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_shown_as_letters_and_differs_with_any_byte() {
        let shown = Digest::of(b"a").to_string();
        assert_eq!(shown.len(), "picture.".len() + 2 * SHOWN);
        assert!(shown["picture.".len()..].bytes().all(|byte| (b'a'..=b'p').contains(&byte)), "{shown}");
        assert_ne!(shown, Digest::of(b"b").to_string());
    }
}
