//! The columns of a sheet into what became of each: read as a field, or left to its owner.

use serde::{Serialize, Serializer};

use crate::results::OWN;
use crate::sheet::{Columns, Field};

/// Which columns were read as what, and which were not. Serialised it is two keys, `columns` (an object of headings
/// and fields) and `columns_not_read` (a list of headings).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ColumnsRead {
    /// The headings that were read, in the sheet's order.
    #[serde(rename = "columns", serialize_with = "by_heading")]
    pub read: Vec<(String, Field)>,
    /// The headings that were not, in the sheet's order.
    #[serde(rename = "columns_not_read")]
    pub not_read: Vec<String>,
}

impl ColumnsRead {
    /// What became of `columns`; those that results have of their own are nobody's question.
    pub fn of(columns: &Columns) -> Self {
        let is_results = columns.is_results();
        let is_ours = |heading: &str| is_results && OWN.contains(&heading);
        Self {
            read: columns.read().map(|(heading, field)| (heading.to_owned(), field)).collect(),
            not_read: columns.unread().filter(|heading| !is_ours(heading)).map(str::to_owned).collect(),
        }
    }
}

fn by_heading<S: Serializer>(read: &[(String, Field)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(read.iter().map(|(heading, field)| (heading, field.name())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_results_that_are_our_own_are_not_told() {
        let headings = ["价格", "备注", "row", "outcome", "goodsId"].map(str::to_owned).to_vec();
        let mut columns = Columns { headings, ..Columns::default() };
        columns.fields[Field::Price as usize] = Some(0);
        let told = serde_json::to_string(&ColumnsRead::of(&columns)).expect("JSON");
        assert_eq!(told, r#"{"columns":{"价格":"price"},"columns_not_read":["备注"]}"#);
    }
}
