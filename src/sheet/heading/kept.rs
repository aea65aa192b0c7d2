//! What `--map` says of a sheet's headings, into what it says of those of its results.

use std::borrow::Cow;

use super::find::Maps;
use super::map::HeadingMap;
use super::spelling::fold;

/// A column of the sheet that bears a name of the results' own is kept in them as `sheet.NAME`: what is said of
/// the name means that one.
pub(super) fn of_results<'m>(maps: &'m Maps, headings: &[String]) -> Cow<'m, Maps> {
    let kept = |heading: &str| {
        let kept = format!("sheet.{heading}");
        headings.iter().any(|own| fold(own) == fold(&kept)).then_some(kept)
    };
    if maps.iter().all(|map| kept(&map.heading).is_none()) {
        return Cow::Borrowed(maps);
    }
    let renamed = maps
        .iter()
        .cloned()
        .map(|map| HeadingMap { heading: kept(&map.heading).unwrap_or(map.heading), meaning: map.meaning });
    Cow::Owned(renamed.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Field;

    #[test]
    fn a_map_of_a_name_that_results_have_means_the_sheets_own_column() {
        let maps = [HeadingMap::new("goodsId", Field::Sku), HeadingMap::new("Label", Field::Name)];
        let headings = ["sheet.goodsId", "Label", "outcome", "goodsId"].map(str::to_owned);
        assert_eq!(
            *of_results(&maps, &headings),
            [HeadingMap::new("sheet.goodsId", Field::Sku), HeadingMap::new("Label", Field::Name)]
        );
        assert!(matches!(of_results(&maps, &headings[1..]), Cow::Borrowed(_)));
    }
}
