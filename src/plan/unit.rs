//! Prices that are known and prices of replies into the unit of the replies.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::wanted;
use crate::goods::{Cover, Goods, GoodsId};
use crate::library::{Listed, PriceUnit};
use crate::results::{Content, Held, Line};
use crate::sheet::{Columns, RawRow, View};

/// What is known of the prices of goods, to compare replies with.
#[derive(Debug, Default)]
pub struct KnownPrices {
    known: HashMap<GoodsId, Vec<Known>>,
}

#[derive(Debug)]
struct Known {
    line: Line,
    /// The row's own cells, as far as they make goods.
    goods: Option<Goods>,
}

/// How many prices speak for each unit. A price that is neither as known nor a hundred times that was changed
/// meanwhile and tells nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// Replied as known.
    pub yuan: u64,
    /// Off by exactly 100.
    pub fen: u64,
}

impl KnownPrices {
    /// Takes in a line and the goods its cells say.
    pub fn add(&mut self, held: &Held, columns: &Columns) {
        let Some(id) = held.line.goods_id() else { return };
        let row = RawRow { number: held.line.row, cells: held.line.user.clone(), ..RawRow::default() };
        let goods = wanted(&row, columns, &held.line, |_| None).judged.goods;
        self.known.entry(id).or_default().push(Known { line: held.line.clone(), goods });
    }

    /// Compares replies with all that is known of their goods.
    pub fn compare<'a>(&self, replies: impl IntoIterator<Item = &'a Listed>) -> Votes {
        let mut votes = Votes::default();
        for listed in replies {
            let known = self.known.get(&listed.goods_id).into_iter().flatten();
            match known.filter_map(|known| known.unit_of(listed)).next() {
                Some(PriceUnit::Yuan) => votes.yuan += 1,
                Some(PriceUnit::Fen) => votes.fen += 1,
                None => {}
            }
        }
        votes
    }
}

impl Known {
    /// What the goods were when they were last sent is proof; what the cells say now is only likely.
    fn unit_of(&self, listed: &Listed) -> Option<PriceUnit> {
        let units = [PriceUnit::Yuan, PriceUnit::Fen];
        let proved = units.into_iter().find(|unit| self.was_sent_as(&listed.clone().in_yuan(*unit)));
        proved.or_else(|| units.into_iter().find(|unit| self.costs_as(&listed.clone().in_yuan(*unit))))
    }

    fn was_sent_as(&self, listed: &Listed) -> bool {
        let sealed = self.line.check().and_then(|check| check.content);
        let Some((sealed, pricing)) = sealed.zip(listed.pricing()) else { return false };
        let own = self.goods.as_ref().map_or("", |goods| goods.third_party_appid.as_str());
        [own, ""].into_iter().any(|appid| {
            let sent = Goods {
                name: listed.name.clone(),
                cover: Cover::InRow(String::new(), View::default()),
                pricing,
                url: listed.url.clone(),
                third_party_appid: appid.to_owned(),
                sku: String::new(),
                goods_id: None,
                audit_id: None,
            };
            sealed == Content::of(&sent, &self.line.cover_digest)
        })
    }

    fn costs_as(&self, listed: &Listed) -> bool {
        self.goods.as_ref().is_some_and(|goods| listed.pricing() == Some(goods.pricing))
    }
}

/// A price that fen cannot have: there are no parts of one.
pub fn with_decimals<'a>(replies: impl IntoIterator<Item = &'a Listed>) -> Option<Decimal> {
    let prices = replies.into_iter().flat_map(|listed| [Some(listed.price), listed.price2]);
    prices.flatten().find(|price| !price.is_integer())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::{Keys, Pricing};
    use crate::results::digest_of;
    use crate::sheet::Field;

    const HEADINGS: [Field; 5] = [Field::Name, Field::Cover, Field::PriceType, Field::Price, Field::Url];

    fn columns() -> Columns {
        let mut columns = Columns::default();
        for (at, field) in HEADINGS.into_iter().enumerate() {
            columns.headings.push(field.name().to_owned());
            columns.fields[field as usize] = Some(at);
        }
        columns
    }

    fn yuan(text: &str) -> Decimal {
        text.parse().expect("a price")
    }

    /// A line whose goods were sent at `sent` and whose cell says `cell` now.
    fn held(sent: Option<&str>, cell: &str) -> Held {
        let cover = Cover::MediaId("SANDBOX-COVER-IMAGE-01".into());
        let cells = ["手冲咖啡壶", "SANDBOX-COVER-IMAGE-01", "1", cell, "pages/a"].iter().collect();
        let mut line = Line {
            row: 2,
            goods_id: "5".into(),
            user: cells,
            cover_digest: digest_of(&cover),
            ..Line::default()
        };
        let keys = Keys { sku: None, page: "tea".into() };
        let content = sent.map(|sent| {
            let goods = Goods {
                name: "手冲咖啡壶".into(),
                cover,
                pricing: Pricing::Fixed(yuan(sent)),
                url: "pages/a".into(),
                third_party_appid: String::new(),
                sku: String::new(),
                goods_id: None,
                audit_id: None,
            };
            Content::of(&goods, &line.cover_digest)
        });
        line.seal("wx1", &keys, content);
        Held { line, keys }
    }

    fn replied(price: &str) -> Listed {
        Listed {
            goods_id: GoodsId(5),
            cover_img_url: String::new(),
            name: "手冲咖啡壶".into(),
            price: yuan(price),
            price2: Some(Decimal::ZERO),
            url: "pages/a".into(),
            price_type: 1,
            audit_status: None,
            third_party_tag: Some(2),
        }
    }

    fn votes(held: &Held, reply: &str) -> (u64, u64) {
        let mut known = KnownPrices::default();
        known.add(held, &columns());
        let Votes { yuan, fen } = known.compare([&replied(reply)]);
        (yuan, fen)
    }

    #[test]
    fn what_was_last_sent_tells_the_unit_whatever_the_cell_says_now() {
        assert_eq!(votes(&held(Some("99.5"), "1"), "99.50"), (1, 0));
        assert_eq!(votes(&held(Some("99.5"), "1"), "9950"), (0, 1));
        assert_eq!(votes(&held(Some("100"), "1"), "100"), (1, 0), "a new price of a hundredth is no fen");
    }

    #[test]
    fn without_what_was_sent_the_cell_is_compared_and_a_changed_price_tells_nothing() {
        assert_eq!(votes(&held(None, "99.5"), "99.5"), (1, 0));
        assert_eq!(votes(&held(None, "99.5"), "9950"), (0, 1));
        assert_eq!(votes(&held(None, "98"), "9950"), (0, 0));
        assert_eq!(KnownPrices::default().compare([&replied("1")]), Votes::default());
    }

    #[test]
    fn a_part_of_a_fen_is_no_price() {
        assert_eq!(with_decimals([&replied("9950.00"), &replied("9950.5")]), Some(yuan("9950.5")));
        assert_eq!(with_decimals([&replied("9950.00")]), None);
    }
}
