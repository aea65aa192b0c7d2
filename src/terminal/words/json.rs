//! A plan's facts and its counts into one JSON object, with the same keys as the summary of a run.

use serde_json::{Map, Value, json};

use crate::report::AllCounts;
use crate::results::Counts;

/// `facts` with `rows`, `ok`, `failed` and the other counts beside them.
pub fn with_counts(facts: Value, counts: Counts) -> Value {
    let map = |value| if let Value::Object(map) = value { map } else { Map::new() };
    let mut all = map(facts);
    all.extend(map(json!(AllCounts::from(counts))));
    Value::Object(all)
}
