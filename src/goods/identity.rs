//! What tells one row from another, as the keys rows and results meet by, and as a number for finding repeats.

use std::borrow::Cow;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::cell::cell;
use super::seen::Reading;
use super::text::fold;
use super::{appid, name, sku, url};
use crate::sheet::{Columns, Field, RawRow};

/// Joins the parts of [`Keys::page`]; [`fold`] takes care that no part holds it.
const JOINT: char = '\u{1F}';

/// The two names by which a row and a line of the results know each other, from normalised values.
///
/// Rows and lines meet by `sku` where both have one, else by `page`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Keys {
    /// The merchant's code, folded; `None` when the cell is empty.
    pub sku: Option<String>,
    /// name + url + thirdPartyAppid, folded, joined by a character none of them can hold.
    pub page: String,
}

impl Keys {
    /// The keys of a row, or of the user's own columns of a line of the results: whoever reads the same cells
    /// gets the same keys, whether the row is valid or not.
    ///
    /// Only a ragged row is known by nothing: nobody can say which of its cells stand under which heading.
    pub fn of(row: &RawRow, columns: &Columns) -> Self {
        if row.ragged.is_some() {
            return Identity::default().keys();
        }
        let text = |field, read: fn(&str) -> Reading<'_>| read(cell(row, columns, field).unwrap_or("")).text;
        Identity {
            sku: text(Field::Sku, sku::read),
            name: text(Field::Name, name::read),
            url: text(Field::Url, url::read),
            appid: text(Field::ThirdPartyAppid, appid::read),
        }
        .keys()
    }

    /// The row's identity among the rows of its sheet: its sku, or without one its page.
    pub fn identity(&self) -> String {
        self.sku.as_ref().map_or_else(|| format!("page:{}", self.page), |sku| format!("sku:{sku}"))
    }

    /// Whether two spellings may name one row: by sku where both have one, else by page.
    pub fn may_be_one_row(&self, other: &Self) -> bool {
        match (&self.sku, &other.sku) {
            (Some(sku), Some(other)) => sku == other,
            _ => self.page == other.page,
        }
    }

    /// The url and the thirdPartyAppid, folded and joined: the page that the goods open.
    pub fn place(&self) -> &str {
        self.page.split_once(JOINT).map_or("", |(_, place)| place)
    }

    /// The url, folded.
    pub fn url(&self) -> &str {
        self.place().split(JOINT).next().unwrap_or("")
    }

    /// The name and the url, folded and joined.
    pub fn name_and_url(&self) -> &str {
        self.page.rsplit_once(JOINT).map_or(&self.page, |(name_and_url, _)| name_and_url)
    }

    /// Whether a thirdPartyAppid stands in the row.
    pub fn has_appid(&self) -> bool {
        !self.page.ends_with(JOINT)
    }

    /// Whether there is enough in the row to know it by: a sku, or else both a name and a url.
    pub fn identifies(&self) -> bool {
        let mut parts = self.page.split(JOINT).map(|part| !part.is_empty());
        self.sku.is_some() || parts.next() == Some(true) && parts.next() == Some(true)
    }
}

/// The identity of a row as a number: equal identities have equal fingerprints.
///
/// 64 bits of XXH3: among a million rows, two that differ are taken for one with a probability of
/// 3 in 100 million.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u64);

/// Values as they count, the url as sent, borrowed from the row where the cell has them so.
#[derive(Debug, Default)]
pub(super) struct Identity<'a> {
    pub(super) sku: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    pub(super) url: Cow<'a, str>,
    pub(super) appid: Cow<'a, str>,
}

impl Identity<'_> {
    pub(super) fn keys(&self) -> Keys {
        let sku = (!self.sku.is_empty()).then(|| fold(&self.sku).into_owned());
        let mut page = fold(&self.name).into_owned();
        for part in [&self.url, &self.appid] {
            page.push(JOINT);
            page.push_str(&fold(part));
        }
        Keys { sku, page }
    }

    /// The number of [`Keys::identity`] without building it; `None` when the row cannot be known by anything.
    pub(super) fn fingerprint(&self) -> Option<Fingerprint> {
        // Each part's number is the next one's seed: no joint is needed, and no part is copied to join it.
        let number = |seed, part: &str| xxh3_64_with_seed(fold(part).as_bytes(), seed);
        let fingerprint = if !self.sku.is_empty() {
            number(1, &self.sku)
        } else if self.name.is_empty() || self.url.is_empty() {
            return None;
        } else {
            [&self.name, &self.url, &self.appid].into_iter().fold(2, |seed, part| number(seed, part))
        };
        Some(Fingerprint(fingerprint))
    }
}
