//! A cell as a reader of workbooks finds it: its place, its value, and what the eye sees beside it.

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

use super::super::{Look, Problem};
use super::shown::Shown;

/// The most columns and rows a spreadsheet program shows.
pub(super) const COLUMNS: u32 = 16_384;
pub(super) const ROWS: u32 = 1 << 20;

/// Whole numbers from here on have more than the 15 digits that a spreadsheet program keeps.
const TOO_LONG: f64 = 1e15;

/// A cell that is not empty, or whose emptiness means something.
#[derive(Clone, Debug)]
pub(super) struct Found<'b> {
    /// 1 for the first.
    pub row: u32,
    /// Counted from 0.
    pub column: usize,
    pub value: DataRef<'b>,
    pub look: Option<Look>,
    /// A number's digits as its format shows them, where that is a code.
    pub code: Option<String>,
    /// Whether nobody sees the row.
    pub hidden: bool,
    /// How many rows and columns it is merged over, where only the cell itself says so.
    pub span: Option<(u32, u32)>,
    /// Whether it stands for a merge that begins in a row above.
    pub merged: bool,
    /// Whether the value of another column reaches over it, and is what a person sees there.
    pub across: bool,
}

impl<'b> Found<'b> {
    /// A cell at a place counted from 0.
    pub fn at(row: u32, column: u32, value: DataRef<'b>) -> Result<Self, Problem> {
        if row >= ROWS || column >= COLUMNS {
            let detail = format!("a cell at row {row}, column {column}, beyond any sheet");
            return Err(Problem::Damaged { detail });
        }
        let (row, column) = (row + 1, column as usize);
        Ok(Self {
            row,
            column,
            value,
            look: None,
            code: None,
            hidden: false,
            span: None,
            merged: false,
            across: false,
        })
    }

    /// Whether there is nothing to read and nothing to say of it.
    pub fn is_blank(&self) -> bool {
        self.value.is_empty_text() && self.look.is_none() && self.span.is_none()
    }

    /// Takes in how a number is shown.
    pub fn show(&mut self, shown: &Shown, is_1904: bool) {
        if let Some(number) = self.number() {
            let date = |kind| DataRef::DateTime(ExcelDateTime::new(number, kind, is_1904));
            match shown {
                Shown::Date => self.value = date(ExcelDateTimeType::DateTime),
                Shown::Duration => self.value = date(ExcelDateTimeType::TimeDelta),
                Shown::Percent => self.look = Some(Look::Percent),
                Shown::Currency(sign) => self.look = Some(Look::Currency(sign.as_ref().into())),
                Shown::Code(_) => {
                    self.code = shown.code_of(number);
                    self.look = shown.has_words().then_some(Look::Otherwise);
                }
                Shown::Scientific => self.look = Some(Look::Scientific),
                Shown::Otherwise => self.look = Some(Look::Otherwise),
                Shown::Number => {}
            }
            if self.look.is_none() && number.abs() >= TOO_LONG {
                self.look = Some(Look::DigitsLost);
            }
        }
        if matches!(self.value, DataRef::DateTime(_) | DataRef::DateTimeIso(_)) {
            self.look = Some(Look::Date);
        }
    }

    fn number(&self) -> Option<f64> {
        match self.value {
            DataRef::Float(number) => Some(number),
            #[expect(clippy::cast_precision_loss, reason = "no format makes a code of so many digits")]
            DataRef::Int(number) => Some(number as f64),
            _ => None,
        }
    }

    /// A formula that was never calculated.
    pub fn not_calculated(&mut self) {
        self.value = DataRef::Empty;
        self.look = Some(Look::NotCalculated);
    }
}

/// What a value says of itself.
pub(super) trait Empty {
    /// Whether it is nothing, or text without a sign in it.
    fn is_empty_text(&self) -> bool;
}

impl Empty for DataRef<'_> {
    fn is_empty_text(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::String(text) => text.is_empty(),
            Self::SharedString(text) => text.is_empty(),
            _ => false,
        }
    }
}
