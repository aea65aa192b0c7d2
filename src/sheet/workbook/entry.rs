//! A workbook's list of sheets.

use super::super::Problem;

/// More sheets than this are nobody's workbook.
const MOST: usize = 4096;

/// A sheet of a workbook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The name on its tab.
    pub name: String,
    /// Whether a person sees its tab.
    pub visible: Visible,
    /// Where its cells are in an archive; nothing where the name says it.
    pub part: String,
}

/// Whether a person sees a sheet's tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visible {
    Yes,
    No,
}

impl Entry {
    /// Adds a sheet to a list, which has an end.
    pub fn add(sheets: &mut Vec<Self>, sheet: Self) -> Result<(), Problem> {
        sheets.push(sheet);
        if sheets.len() > MOST {
            return Err(Problem::Damaged { detail: format!("more than {MOST} sheets") });
        }
        Ok(())
    }
}
