//! Every code that stands in a note or an errcode cell, as one table: what it means and what to do.

use std::borrow::Cow;
use std::io::{self, Write};

use super::issue_codes::ISSUES;
use crate::wechat::TABLE;

/// Where a code comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// The service answers with it.
    Errcode,
    /// A row of a sheet breaks a rule, or comes near it.
    Issue,
    /// A note in the results.
    Note,
    /// A note on the headings or the sheets of a file.
    Sheet,
}

impl CodeKind {
    /// The word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Errcode => "errcode",
            Self::Issue => "issue",
            Self::Note => "note",
            Self::Sheet => "sheet",
        }
    }
}

/// What a code means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: Cow<'static, str>,
    /// Where it comes from.
    pub kind: CodeKind,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

/// Finds a code, whatever its case.
pub fn explanation(code: &str) -> Option<Explanation> {
    all().find(|known| known.code.eq_ignore_ascii_case(code))
}

/// Codes that look like this one, the nearest first.
pub fn near_codes(code: &str) -> Vec<String> {
    let code = code.to_ascii_lowercase();
    let mut near: Vec<(f64, String)> = all()
        .map(|known| {
            let shares = known.code.contains(&code) && code.len() > 2;
            let likeness = strsim::jaro_winkler(&code, &known.code);
            (if shares { 1.0 } else { likeness }, known.code.into_owned())
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|one, other| other.0.total_cmp(&one.0));
    near.truncate(NEAR);
    near.into_iter().map(|(_, code)| code).collect()
}

/// So many codes are offered for one that nobody knows.
const NEAR: usize = 5;

/// A code nobody knows.
pub fn unknown_code(code: &str, near: &[String]) -> String {
    let code = super::one_line(code);
    if near.is_empty() {
        format!("{code} is no code that livegoods or the service's documents know")
    } else {
        format!(
            "{code} is no code that livegoods or the service's documents know; near it: {}",
            near.join(", ")
        )
    }
}

/// Writes what a code means.
pub fn explain(out: &mut dyn Write, known: &Explanation) -> io::Result<()> {
    let source = match known.kind {
        CodeKind::Errcode => "an errcode of the service",
        CodeKind::Issue => "an issue of a row",
        CodeKind::Note => "a note in the results",
        CodeKind::Sheet => "a note on a sheet",
    };
    writeln!(out, "{}: {source}", known.code)?;
    writeln!(out, "{}", known.meaning)?;
    writeln!(out, "{}", known.remedy)
}

fn all() -> impl Iterator<Item = Explanation> {
    let errcodes = TABLE.iter().map(|line| Explanation {
        code: Cow::Owned(line.code.to_string()),
        kind: CodeKind::Errcode,
        meaning: line.meaning,
        remedy: line.advice,
    });
    let own = |kind| {
        move |(code, meaning, remedy): &(&'static str, &'static str, &'static str)| Explanation {
            code: Cow::Borrowed(*code),
            kind,
            meaning,
            remedy,
        }
    };
    let issues = ISSUES.iter().map(own(CodeKind::Issue));
    let notes = NOTES.iter().map(own(CodeKind::Note));
    errcodes.chain(issues).chain(notes).chain(SHEETS.iter().map(own(CodeKind::Sheet)))
}

/// Notes on sheets: code, meaning, remedy.
static SHEETS: &[(&str, &str, &str)] = &[
    (
        "heading-unknown",
        "A heading is not known, and looks like one that is; its column was not read.",
        "Rename it, or read it with --map 'HEADING=FIELD'.",
    ),
    (
        "codes-unread",
        "A column seems to hold codes of goods and was not read, while no other column is the sku.",
        "Read it with --map 'HEADING=sku', so that goods are known again whatever else is changed.",
    ),
    (
        "other-sheets",
        "Other sheets of the workbook hold goods too, and were not read.",
        "Read them with --sheet 'NAME', one run each.",
    ),
    (
        "heading-missing",
        "A column holds something under no heading, and was not read.",
        "Give it a heading, or clear it.",
    ),
    (
        "rows-hidden",
        "Rows that are hidden or filtered away were read like all others.",
        "Leave them out with --visible-only, or delete them.",
    ),
    (
        "rows-passed-over",
        "Rows that hold nothing but a total or a remark (合计, 小计, 总计, 备注) were passed over.",
        "Nothing, unless they are goods: those have a cover and a path.",
    ),
];

/// Notes of results: code, meaning, remedy.
static NOTES: &[(&str, &str, &str)] = &[
    ("invalid", "The row breaks a rule and was not sent.", "Mend the row; check names every fault."),
    (
        "already-there",
        "The sheet gives the goodsId, so the goods were not added.",
        "Nothing has to be done; import --as-new adds a copy.",
    ),
    (
        "identity-ambiguous",
        "The row fits several lines of the results, or its line several rows.",
        "Give each of them a sku of its own.",
    ),
    (
        "identity-changed",
        "The row's sku or name is new, and its url is that of goods that no row has any more: most likely it is \
         them, so it was not added again.",
        "Restore the sheet, or let update take the row for them; if it is new, import --new-goods adds it.",
    ),
    (
        "goods-id-unverified",
        "The sheet gives a goodsId that no results here know; it may be a number of the shop's own.",
        "--as-new adds the row, --trust-ids takes the id over as it stands, --map 'HEADING=sku' reads the column \
         as the shop's own code.",
    ),
    (
        "line-lost",
        "The end of the results was torn off, and may have been this row's.",
        "Run import again: it is looked for in the list before it is sent.",
    ),
    (
        "answer-lost",
        "The call went out and no readable answer came.",
        "Run the same command again: what became of it is asked before anything is sent.",
    ),
    (
        "other-price",
        "The answer to the add was lost, and the library holds the goods at another price.",
        "Compare in the console: if they are this row's, write their goodsId into a column goodsId of the sheet, \
         else delete them; then import again.",
    ),
    (
        "several-matches",
        "The answer to the add was lost, and the library holds several that fit.",
        "Find this row's in the console, write its goodsId into a column goodsId of the sheet, import again.",
    ),
    (
        "content-unknown",
        "The answer to the add was lost, and what was sent cannot be read any more.",
        "Look for the goods in the console.",
    ),
    (
        "not-listed",
        "The answer to the add was lost, and the list proves nothing this time.",
        "Run import again later.",
    ),
    (
        "audit-id-unknown",
        "The auditId was told in a lost answer only, or to somebody else.",
        "Such goods cannot be withdrawn; wait until the review ends.",
    ),
    (
        "added-not-submitted",
        "The goods exist and were not submitted to review (300021).",
        "resubmit submits them; nothing adds them again.",
    ),
    (
        "refused",
        "The service refused the row; the errcode says why.",
        "explain the errcode; import sends the row again once its content changed, or with --retry-failed.",
    ),
    (
        "check-mismatch",
        "goodsId, auditId, name, url, sku or check were changed after the line was written.",
        "Restore the line from a copy of the results; nothing is called for it until then.",
    ),
    (
        "check-missing",
        "The line never had a check, so nothing vouches for its goodsId.",
        "Look the ids over, then give --trust-ids.",
    ),
    (
        "goods-gone",
        "The service does not know these goods any more: they were deleted.",
        "Nothing is left to do; import --add-deleted adds them again.",
    ),
    (
        "in-review",
        "Goods in review can be neither deleted nor changed.",
        "Wait until the review ends; to delete them now, give --withdraw-first, to change them, withdraw them first.",
    ),
    (
        "approved-locked",
        "Approved goods take a new price type and new prices alone, and something else changed; nothing was sent.",
        "Change it back, or delete the goods and import the row with --add-deleted.",
    ),
    (
        "console-goods",
        "The goods were added in the console and cannot be touched through the API.",
        "Change them in the console; passes skip them.",
    ),
    (
        "library-gap",
        "The service counts more goods than it shows, so an export may lack some.",
        "Export again later.",
    ),
    ("status-unknown", "The audit status of the goods was never asked.", "Run status first."),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes that have names of their own.
    const OWN: [&str; 3] =
        [crate::results::GONE, crate::results::IDENTITY_CHANGED, crate::results::GOODS_ID_UNVERIFIED];

    /// The codes that a file of the sources spells out in its `code` function.
    fn spelled(source: &str) -> Vec<&str> {
        let from = source.find("fn code(&self)").expect("a function of codes");
        let body = &source[from..source[from..].find("\n    }\n").expect("its end") + from];
        body.split('"').skip(1).step_by(2).collect()
    }

    #[test]
    fn every_code_of_issues_and_notes_is_explained() {
        let sources = [
            include_str!("../../goods/issue.rs"),
            include_str!("../../results/note.rs"),
            include_str!("../../sheet/heading/note.rs"),
        ];
        let codes: Vec<&str> = sources.iter().flat_map(|source| spelled(source)).collect();
        assert!(codes.len() > 50, "{codes:?}");
        for code in codes.into_iter().chain(OWN) {
            assert!(explanation(code).is_some(), "{code} is not explained");
        }
    }

    #[test]
    fn no_code_stands_in_the_table_twice() {
        let mut codes: Vec<_> = all().map(|known| known.code).collect();
        codes.sort();
        let all = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }

    #[test]
    fn a_code_is_found_whatever_its_case_and_a_misspelt_one_is_told_its_neighbours() {
        assert_eq!(explanation("Price-Decimals").map(|known| known.kind), Some(CodeKind::Issue));
        assert_eq!(explanation("-1").map(|known| known.kind), Some(CodeKind::Errcode));
        assert_eq!(explanation("price-decimal"), None);
        assert_eq!(near_codes("price-decimal").first().map(String::as_str), Some("price-decimals"));
        assert!(near_codes("300099").iter().any(|code| code == "300009"));
        assert!(near_codes("蓝").is_empty());
    }
}
