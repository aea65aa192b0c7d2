//! A picture's bytes into what tells it from every other picture.

use std::fmt;

use crate::sheet::View;

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

    /// The digest of what a view shows of these bytes; that of the bytes themselves where it shows all of them.
    pub fn of_view(bytes: &[u8], view: &View) -> Self {
        let whole = Self::of(bytes);
        if view.is_whole() {
            return whole;
        }
        Self::of(&[whole.as_bytes(), view.to_string().as_bytes()].concat())
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

    #[test]
    fn two_views_of_one_picture_are_two_pictures_and_a_whole_one_is_as_ever() {
        let half = View { crop: [50_000, 0, 0, 0], ..View::default() };
        assert_eq!(Digest::of_view(b"a", &View::default()), Digest::of(b"a"));
        assert_eq!(Digest::of_view(b"a", &half), Digest::of_view(b"a", &half));
        assert_ne!(Digest::of_view(b"a", &half), Digest::of(b"a"));
        assert_ne!(Digest::of_view(b"a", &half), Digest::of_view(b"a", &View { turns: 1, ..half }));
    }
}
