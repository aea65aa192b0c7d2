//! The `check` column: what tells a line as we wrote it from one that a spreadsheet program dragged, rounded
//! or sorted apart, and the content as last sent.
//!
//! Spelled in the letters a to p after a dot or two, so that no program reads it as a number or a date:
//! `lg1.APPID.GUARD.CONTENT.THIRD`. It detects accidents; it is no signature.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::goods::{Cover, Goods, Keys};

/// Bytes of a digest that are kept, as letters twice as many.
const APPID: usize = 4;
const GUARD: usize = 8;
const CONTENT: usize = 8;
const THIRD: usize = 4;

/// The end of a check of goods that nobody here sent.
pub(super) const UNSENT: &str = "none.none";

/// The length of the longest check.
const LONGEST: usize = "lg1....".len() + 2 * (APPID + GUARD + CONTENT + THIRD);

/// What goods were when they were last sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    all: Digest<CONTENT>,
    third_party_appid: Digest<THIRD>,
}

impl Content {
    /// The digest of everything that is sent, `cover` standing for the picture.
    pub fn of(goods: &Goods, cover: &str) -> Self {
        let pricing = &goods.pricing;
        let all = Digest::of(&[
            &goods.name,
            cover,
            &pricing.kind().code().to_string(),
            &pricing.price().normalize().to_string(),
            &pricing.price2().map(|price| price.normalize().to_string()).unwrap_or_default(),
            &goods.url,
            &goods.third_party_appid,
        ]);
        Self { all, third_party_appid: Digest::of(&[&goods.third_party_appid]) }
    }

    /// Whether goods last sent with this content had this thirdPartyAppid, which no reply of the service tells.
    pub fn has_third_party_appid(&self, appid: &str) -> bool {
        self.third_party_appid == Digest::of(&[appid])
    }
}

/// What a check guards: change any of it and the check does not fit any more.
#[derive(Clone, Copy, Debug)]
pub struct Guarded<'a> {
    /// The mini-program.
    pub appid: &'a str,
    /// As the cell spells it, empty when there is none.
    pub goods_id: &'a str,
    /// As the cell spells it, empty when there is none.
    pub audit_id: &'a str,
    /// The names the row goes by.
    pub keys: &'a Keys,
}

/// A well-formed check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    appid: Digest<APPID>,
    guard: Digest<GUARD>,
    /// The content as last sent; `None` for goods that were exported, not sent.
    pub content: Option<Content>,
}

impl Check {
    /// Seals a line.
    pub fn seal(guarded: &Guarded<'_>, content: Option<Content>) -> Self {
        Self { appid: Digest::of(&[guarded.appid]), guard: guard(guarded, &guarded.keys.identity()), content }
    }

    /// Whether the line was written for this mini-program.
    pub fn is_of(&self, appid: &str) -> bool {
        self.appid == Digest::of(&[appid])
    }

    /// Whether nothing that is guarded changed.
    ///
    /// A line sealed without a sku may have got one since: it still goes by its page then.
    pub fn fits(&self, guarded: &Guarded<'_>) -> bool {
        self.guard == guard(guarded, &guarded.keys.identity())
            || self.guard == guard(guarded, &Keys { sku: None, ..guarded.keys.clone() }.identity())
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In one piece: a check is spelled twice a row, and a string that grows with each part is dear.
        let mut text = String::with_capacity(LONGEST);
        text.push_str("lg1.");
        self.appid.spell(&mut text);
        text.push('.');
        self.guard.spell(&mut text);
        text.push('.');
        match &self.content {
            Some(Content { all, third_party_appid }) => {
                all.spell(&mut text);
                text.push('.');
                third_party_appid.spell(&mut text);
            }
            None => text.push_str(UNSENT),
        }
        f.write_str(&text)
    }
}

/// The cell holds something else than a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a check as livegoods writes it")]
pub struct NotACheck;

impl FromStr for Check {
    type Err = NotACheck;

    fn from_str(text: &str) -> Result<Self, NotACheck> {
        let mut parts = text.split('.');
        let mut part = || parts.next().ok_or(NotACheck);
        if part()? != "lg1" {
            return Err(NotACheck);
        }
        let (appid, guard) = (part()?.parse()?, part()?.parse()?);
        let content = match (part()?, part()?) {
            ("none", "none") => None,
            (all, third) => Some(Content { all: all.parse()?, third_party_appid: third.parse()? }),
        };
        if parts.next().is_some() { Err(NotACheck) } else { Ok(Self { appid, guard, content }) }
    }
}

/// What stands in the `coverDigest` column for a cover: letters, like a check.
pub fn digest_of(cover: &Cover) -> String {
    let (kind, text) = match cover {
        Cover::MediaId(id) => ("id", Cow::Borrowed(id)),
        Cover::File(path) => ("file", Cow::Borrowed(path)),
        Cover::Address(address) => ("address", Cow::Borrowed(address)),
        Cover::InRow(part, view) if view.is_whole() => ("row", Cow::Borrowed(part)),
        Cover::InRow(part, view) => ("row", Cow::Owned(format!("{part} {view}"))),
    };
    let mut digest = String::with_capacity(kind.len() + 1 + 2 * CONTENT);
    digest.push_str(kind);
    digest.push('.');
    Digest::<CONTENT>::of(&[&text]).spell(&mut digest);
    digest
}

fn guard(guarded: &Guarded<'_>, identity: &str) -> Digest<GUARD> {
    Digest::of(&[guarded.appid, guarded.goods_id, guarded.audit_id, identity])
}

/// The first bytes of a BLAKE3 digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Digest<const BYTES: usize>([u8; BYTES]);

impl<const BYTES: usize> Digest<BYTES> {
    /// The digest over the parts; lengths go in, so that no two lists of parts look alike.
    fn of(parts: &[&str]) -> Self {
        let length = parts.iter().map(|part| size_of::<u64>() + part.len()).sum();
        let mut text = Vec::with_capacity(length);
        for part in parts {
            text.extend_from_slice(&(part.len() as u64).to_le_bytes());
            text.extend_from_slice(part.as_bytes());
        }
        let mut bytes = [0; BYTES];
        bytes.copy_from_slice(&blake3::hash(&text).as_bytes()[..BYTES]);
        Self(bytes)
    }

    /// Two letters a byte.
    fn spell(&self, text: &mut String) {
        let letters = self.0.iter().flat_map(|byte| [b'a' + (byte >> 4), b'a' + (byte & 15)]);
        text.extend(letters.map(char::from));
    }
}

impl<const BYTES: usize> FromStr for Digest<BYTES> {
    type Err = NotACheck;

    fn from_str(text: &str) -> Result<Self, NotACheck> {
        let nibble = |letter: u8| (b'a'..=b'p').contains(&letter).then(|| letter - b'a').ok_or(NotACheck);
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != BYTES || !rest.is_empty() {
            return Err(NotACheck);
        }
        let mut bytes = [0; BYTES];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = nibble(*high)? << 4 | nibble(*low)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(sku: Option<&str>, page: &str) -> Keys {
        Keys { sku: sku.map(str::to_owned), page: page.to_owned() }
    }

    fn guarded<'a>(goods_id: &'a str, keys: &'a Keys) -> Guarded<'a> {
        Guarded { appid: "wx1", goods_id, audit_id: "7", keys }
    }

    #[test]
    fn a_dragged_id_a_foreign_audit_id_and_another_identity_do_not_fit() {
        let own = keys(Some("A1"), "tea");
        let check = Check::seal(&guarded("5000000001", &own), None);
        assert!(check.fits(&guarded("5000000001", &own)));
        assert!(!check.fits(&guarded("5000000002", &own)));
        assert!(!check.fits(&guarded("5.0E+09", &own)));
        assert!(!check.fits(&Guarded { audit_id: "8", ..guarded("5000000001", &own) }));
        assert!(!check.fits(&guarded("5000000001", &keys(Some("A2"), "tea"))));
        assert!(!check.fits(&guarded("5000000001", &keys(None, "tea"))), "a lost sku is another identity");
        assert!(check.is_of("wx1") && !check.is_of("wx2"));
    }

    #[test]
    fn a_sku_that_came_later_does_not_break_a_check_over_the_page() {
        let check = Check::seal(&guarded("1", &keys(None, "tea")), None);
        assert!(check.fits(&guarded("1", &keys(Some("A1"), "tea"))));
        assert!(!check.fits(&guarded("1", &keys(Some("A1"), "coffee"))));
    }

    #[test]
    fn a_check_is_read_back_and_a_torn_one_is_not() {
        let own = keys(None, "tea");
        let content = Content { all: Digest::of(&["all"]), third_party_appid: Digest::of(&["third"]) };
        for content in [None, Some(content)] {
            let check = Check::seal(&guarded("1", &own), content);
            let text = check.to_string();
            assert_eq!(text.parse(), Ok(check));
            for end in 0..text.len() {
                assert_eq!(text[..end].parse::<Check>(), Err(NotACheck), "{}", &text[..end]);
            }
        }
    }
}
