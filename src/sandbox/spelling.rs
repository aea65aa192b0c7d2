//! Facts into the keys and values of a reply, in one of the spellings the documents allow.

use std::str::FromStr;

use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::{Map, Number, Value, json};

use super::call::Call;
use super::options::{Options, Prices, Replies};

/// A value of a reply, before it is spelt.
pub(super) enum Fact {
    /// A goodsId or an auditId.
    Id(i64),
    /// A price type, an audit status or a tag.
    Code(i64),
    /// A price in fen.
    Price(i64),
    /// A number that is always a number.
    Count(i64),
    /// Text.
    Text(String),
    /// Goods.
    Rows(Vec<Facts>),
}

/// Values with their keys in camelCase.
pub(super) type Facts = Vec<(&'static str, Fact)>;

/// How one reply is spelt.
#[derive(Clone, Copy)]
pub(super) struct Spelling {
    snake_case: bool,
    strings: bool,
    /// Whether a fixed price comes with a `price2` of 0.
    pub(super) zero_price2: bool,
    /// What a `total` that is not reliable is off by.
    pub(super) slip: i64,
    prices: Prices,
}

impl Spelling {
    pub(super) fn draw(options: &Options, call: Call, dice: &mut StdRng) -> Self {
        let (prices, slip) = (options.prices, dice.random_range(-1..=3));
        match options.replies {
            Replies::Documented => {
                Self { snake_case: call == Call::Status, strings: false, zero_price2: true, slip, prices }
            }
            Replies::Mixed => Self {
                snake_case: dice.random_bool(0.5),
                strings: dice.random_bool(0.5),
                zero_price2: dice.random_bool(0.5),
                slip,
                prices,
            },
        }
    }

    /// A good reply with these facts.
    pub(super) fn reply(self, facts: Facts) -> Map<String, Value> {
        let mut reply = self.object(facts);
        reply.insert("errcode".to_owned(), json!(0));
        reply.insert("errmsg".to_owned(), json!("ok"));
        reply
    }

    /// The facts alone.
    pub(super) fn object(self, facts: Facts) -> Map<String, Value> {
        facts.into_iter().map(|(key, fact)| (self.key(key), self.value(fact))).collect()
    }

    fn key(self, camel: &str) -> String {
        if !self.snake_case {
            return camel.to_owned();
        }
        camel.chars().fold(String::with_capacity(camel.len() + 3), |mut snake, c| {
            if c.is_ascii_uppercase() {
                snake.push('_');
            }
            snake.push(c.to_ascii_lowercase());
            snake
        })
    }

    fn value(self, fact: Fact) -> Value {
        match fact {
            Fact::Id(number) | Fact::Code(number) if self.strings => json!(number.to_string()),
            Fact::Id(number) | Fact::Code(number) | Fact::Count(number) => json!(number),
            Fact::Price(fen) => self.price(fen),
            Fact::Text(text) => Value::String(text),
            Fact::Rows(rows) => rows.into_iter().map(|row| Value::Object(self.object(row))).collect(),
        }
    }

    fn price(self, fen: i64) -> Value {
        let text = match self.prices {
            Prices::Fen => fen.to_string(),
            Prices::Yuan => format!("{}.{:02}", fen / 100, fen % 100),
        };
        if self.strings {
            return Value::String(text);
        }
        Number::from_str(&text).map_or(Value::Null, Value::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelt(snake_case: bool, strings: bool, prices: Prices) -> String {
        let spelling = Spelling { snake_case, strings, zero_price2: true, slip: 0, prices };
        let facts = vec![("goodsId", Fact::Id(52_000_000_001)), ("price", Fact::Price(9950))];
        Value::Object(spelling.object(facts)).to_string()
    }

    #[test]
    fn the_same_facts_have_many_spellings() {
        assert_eq!(spelt(false, false, Prices::Yuan), r#"{"goodsId":52000000001,"price":99.50}"#);
        assert_eq!(spelt(true, true, Prices::Yuan), r#"{"goods_id":"52000000001","price":"99.50"}"#);
        assert_eq!(spelt(true, false, Prices::Fen), r#"{"goods_id":52000000001,"price":9950}"#);
    }
}
