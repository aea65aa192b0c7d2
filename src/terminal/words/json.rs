//! A plan's facts and its counts into one JSON object, with the same keys as the summary of a run.

use serde_json::{Map, Value, json};

use crate::report::{AllCounts, ColumnsRead};
use crate::results::Counts;

/// `facts` with `rows`, `ok`, `failed` and the other counts beside them.
pub fn with_counts(facts: Value, counts: Counts) -> Value {
    with(facts, json!(AllCounts::from(counts)))
}

/// `facts` with `columns` and `columns_not_read` beside them, where a sheet was read.
pub fn with_columns(facts: Value, columns: Option<&ColumnsRead>) -> Value {
    match columns {
        Some(columns) => with(facts, json!(columns)),
        None => facts,
    }
}

fn with(facts: Value, more: Value) -> Value {
    let map = |value| if let Value::Object(map) = value { map } else { Map::new() };
    let mut all = map(facts);
    all.extend(map(more));
    Value::Object(all)
}
