//! Judged rows into counts: how many are fine, and how often each code was met.

use std::collections::BTreeMap;

use super::{Issue, Severity};

/// The counts of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows judged.
    pub rows: u64,
    /// Rows that broke a rule.
    pub invalid: u64,
    /// Warnings, of which a row can have several.
    pub warnings: u64,
    /// How often each code was met, errors first.
    pub codes: BTreeMap<(Severity, &'static str), u64>,
}

impl Tally {
    /// Rows that can be sent.
    pub fn ok(&self) -> u64 {
        self.rows - self.invalid
    }

    /// Counts one row.
    pub fn add(&mut self, issues: &[Issue]) {
        self.rows += 1;
        let mut invalid = false;
        for issue in issues {
            let severity = issue.fault.severity();
            *self.codes.entry((severity, issue.fault.code())).or_default() += 1;
            match severity {
                Severity::Error => invalid = true,
                Severity::Warning => self.warnings += 1,
            }
        }
        self.invalid += u64::from(invalid);
    }

    /// Takes another tally in: of the next block, or of another sheet.
    pub fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.invalid += other.invalid;
        self.warnings += other.warnings;
        for (&code, count) in &other.codes {
            *self.codes.entry(code).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::Fault;
    use crate::sheet::Field;

    #[test]
    fn a_row_is_invalid_once_however_many_rules_it_broke() {
        let issue = |fault| Issue { field: Field::Name, fault };
        let mut tally = Tally::default();
        tally.add(&[]);
        tally.add(&[issue(Fault::NameMissing), issue(Fault::UrlMissing), issue(Fault::UrlLeadingSlash)]);
        tally.add(&[issue(Fault::UrlLeadingSlash)]);
        let mut sum = Tally::default();
        sum.merge(&tally);
        assert_eq!((sum.rows, sum.ok(), sum.invalid, sum.warnings), (3, 2, 1, 2));
        assert_eq!(sum.codes[&(Severity::Warning, "url-leading-slash")], 2);
    }
}
