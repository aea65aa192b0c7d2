//! What a person says a heading means, as `--map 'HEADING=field'` or in settings.

use std::fmt;

use super::super::Field;
use super::quote::{LONGEST_TYPED, typed};
use super::synonyms;

/// What a heading means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// The column holds a field.
    Field(Field),
    /// What goods cost for a while, such as 直播价: the price of a sheet that has no other, else the second price.
    SalePrice,
    /// Nothing: the column is the user's own.
    Own,
}

impl Meaning {
    /// What a field's own name means, or any heading that is known; nothing at all sets a column aside.
    pub fn named(text: &str) -> Option<Self> {
        match text.trim() {
            "" => Some(Self::Own),
            text => Field::named(text)
                .map(Self::Field)
                .or_else(|| synonyms::meaning_of(&super::spelling::fold(text))),
        }
    }

    /// A name for it that [`Self::named`] takes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Field(field) => field.name(),
            Self::SalePrice => "直播价",
            Self::Own => "",
        }
    }
}

/// A heading, and what it means in this person's sheets. It reads as `--map` takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingMap {
    /// The heading; case, width and blanks do not matter.
    pub heading: String,
    /// What it means.
    pub meaning: Meaning,
}

impl HeadingMap {
    /// The column under `heading` holds `field`.
    pub fn new(heading: impl Into<String>, field: Field) -> Self {
        Self { heading: heading.into(), meaning: Meaning::Field(field) }
    }

    /// A map that can be typed for a heading as it stands in a sheet; `None` for one that nobody would type.
    pub(super) fn offered(heading: &str, meaning: Meaning) -> Option<Self> {
        let heading = typed(heading);
        let is_short = heading.chars().nth(LONGEST_TYPED).is_none();
        (is_short && !heading.is_empty()).then_some(Self { heading, meaning })
    }

    /// As it is typed in a shell: the option and its value, in quotes.
    pub fn option(&self) -> String {
        format!("--map '{}'", self.to_string().replace('\'', r"'\''"))
    }
}

impl fmt::Display for HeadingMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.heading, self.meaning.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_goes_by_its_own_name_and_by_every_heading_of_it() {
        for (text, field) in [
            ("price2", Field::Price2),
            (" Price_2 ", Field::Price2),
            ("现价", Field::Price2),
            ("商品名称", Field::Name),
            ("图片", Field::Cover),
            ("链接", Field::Url),
            ("货号", Field::Sku),
            ("价 格（元）", Field::Price),
            ("COVERIMGURL", Field::Cover),
        ] {
            assert_eq!(Meaning::named(text), Some(Meaning::Field(field)), "{text:?}");
        }
        assert_eq!(Meaning::named("秒杀价"), Some(Meaning::SalePrice));
        assert_eq!(Meaning::named("成本价"), Some(Meaning::Own));
        assert_eq!(Meaning::named(" "), Some(Meaning::Own));
        assert_eq!(Meaning::named("特价"), None);
    }

    #[test]
    fn every_meaning_has_a_name_that_is_taken() {
        let all = Field::ALL.into_iter().map(Meaning::Field).chain([Meaning::SalePrice, Meaning::Own]);
        all.for_each(|meaning| assert_eq!(Meaning::named(meaning.name()), Some(meaning)));
    }

    #[test]
    fn an_offered_map_is_one_line_that_a_shell_reads_back() {
        let map = HeadingMap::offered(" 卖家's\n特价 ", Meaning::Own).expect("short");
        assert_eq!(map.option(), r"--map '卖家'\''s 特价='");
        assert_eq!(HeadingMap::offered(&"价".repeat(200), Meaning::Own), None);
    }
}
