//! A body of the service into values: keys in either case, numbers as numbers or as text.

use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// A JSON object of a reply.
///
/// The service's documents contradict themselves: keys come in camelCase or snake_case, and ids, enums and
/// prices as numbers or as strings. Both are read.
#[derive(Clone, Copy)]
pub(super) struct Reply<'a>(&'a Map<String, Value>);

impl<'a> Reply<'a> {
    /// The object that `value` is, if it is one.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// The value of a key given in camelCase; `null` counts as absent.
    pub(super) fn get(self, camel: &str) -> Option<&'a Value> {
        self.0.get(camel).or_else(|| self.0.get(&snake_case(camel))).filter(|value| !value.is_null())
    }

    /// The object under a key.
    pub(super) fn object(self, camel: &str) -> Option<Self> {
        self.get(camel).and_then(Self::of)
    }

    /// The text under a key; a number is its digits.
    pub(super) fn text(self, camel: &str) -> Option<String> {
        self.get(camel).and_then(spelling)
    }

    /// The whole number under a key, exact beyond 2^53.
    pub(super) fn whole<T: FromStr>(self, camel: &str) -> Option<T> {
        self.text(camel).and_then(|digits| digits.trim().parse().ok())
    }

    /// An id under a key; 0 is the service's way of saying that there is none.
    pub(super) fn id(self, camel: &str) -> Option<u64> {
        self.whole(camel).filter(|&id| id != 0)
    }

    /// The exact decimal under a key.
    pub(super) fn decimal(self, camel: &str) -> Option<Decimal> {
        let digits = self.text(camel)?;
        let digits = digits.trim();
        Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits)).ok()
    }
}

fn spelling(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `goodsId` is `goods_id` and `price2` stays `price2`.
fn snake_case(camel: &str) -> String {
    camel.chars().fold(String::with_capacity(camel.len() + 4), |mut snake, letter| {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        snake
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Value {
        serde_json::from_str(text).expect("JSON")
    }

    #[test]
    fn keys_are_read_in_either_case_and_numbers_as_text_or_number() {
        for text in [
            r#"{"goodsId": 9007199254740993, "price": 99.50}"#,
            r#"{"goods_id": "9007199254740993", "price": "99.5"}"#,
        ] {
            let value = json(text);
            let reply = Reply::of(&value).expect("an object");
            assert_eq!(reply.id("goodsId"), Some(9_007_199_254_740_993));
            assert_eq!(reply.decimal("price"), Some(Decimal::new(995, 1)));
        }
    }

    #[test]
    fn what_is_no_exact_number_is_no_id() {
        let value = json(r#"{"goodsId": 5.25E+08, "auditId": null, "a": -1, "b": "", "c": [1], "d": 0}"#);
        let reply = Reply::of(&value).expect("an object");
        for key in ["goodsId", "auditId", "a", "b", "c", "d", "e"] {
            assert_eq!(reply.id(key), None, "{key}");
        }
    }

    #[test]
    fn a_price_in_exponent_form_is_still_exact() {
        let value = json(r#"{"price": 1.23e2}"#);
        assert_eq!(Reply::of(&value).expect("an object").decimal("price"), Some(Decimal::from(123)));
    }
}
