//! The cells of a row, one after the other, into values and what is wrong with them.

use std::borrow::Cow;

use super::cell::{cell, is_formula_error};
use super::pricing::PriceCells;
use super::seen::{Reading, clean};
use super::text::{clip, is_blank, is_invisible};
use super::{CoverFault, CoverKind, Fault, Issue, Pricing, Severity, appid, cover, look, name, sku, url};
use crate::sheet::{Columns, Field, RawRow, RowPicture, View};

/// Reads a row's cells and collects what is wrong with them.
pub(super) struct Reader<'a, 'c> {
    row: &'a RawRow,
    columns: &'c Columns,
    issues: Vec<Issue>,
}

/// A cell's trimmed text. A cell that is not sound is at fault already, and no other rule looks at it; its text
/// still counts for the row's identity, for whoever reads it from the results sees nothing but the text.
#[derive(Clone, Copy)]
struct Cell<'a> {
    text: &'a str,
    sound: bool,
}

impl<'a> Cell<'a> {
    fn sound(self) -> Option<&'a str> {
        self.sound.then_some(self.text)
    }
}

impl<'a, 'c> Reader<'a, 'c> {
    pub(super) fn of(row: &'a RawRow, columns: &'c Columns) -> Self {
        Self { row, columns, issues: Vec::new() }
    }

    /// Everything found, in the order of [`Field::ALL`].
    pub(super) fn issues(mut self) -> Vec<Issue> {
        self.issues.sort_by_key(|issue| issue.field);
        self.issues
    }

    #[inline(never)]
    fn fault(&mut self, field: Field, fault: Fault) {
        self.issues.push(Issue { field, fault });
    }

    #[inline]
    fn cell(&mut self, field: Field) -> Cell<'a> {
        match cell(self.row, self.columns, field) {
            Ok(text) => Cell { text, sound: self.looks_sound(field, text) },
            Err(fault) => {
                self.fault(field, fault);
                Cell { text: "", sound: false }
            }
        }
    }

    /// Takes in what the eye sees of a cell beside its text, which is nothing in most rows.
    #[inline]
    fn looks_sound(&mut self, field: Field, text: &str) -> bool {
        self.row.looks.is_empty() || self.looks_closely(field, text)
    }

    #[inline(never)]
    fn looks_closely(&mut self, field: Field, text: &str) -> bool {
        let (row, columns) = (self.row, self.columns);
        let faults = row.looks(columns, field).filter_map(|look| look::fault(look, field, text));
        let before = self.issues.len();
        self.issues.extend(faults.map(|fault| Issue { field, fault }));
        self.issues[before..].iter().all(|issue| issue.fault.severity() == Severity::Warning)
    }

    /// What a cell's own rules make of it: nothing else than it is where they see that it `is_plain`.
    #[inline]
    fn by(
        &mut self,
        field: Field,
        is_plain: impl FnOnce(&str) -> bool,
        rules: fn(&'a str) -> Reading<'a>,
    ) -> Cow<'a, str> {
        let cell = self.cell(field);
        let whole = self.row.get(self.columns, field);
        if cell.sound && whole.len() > cell.text.len() {
            self.told_of_marks(field, whole);
        }
        if is_plain(cell.text) { Cow::Borrowed(cell.text) } else { self.read(field, cell, rules) }
    }

    /// Marks that nobody sees are taken off the ends of a cell like blanks, but not without a word.
    #[inline(never)]
    fn told_of_marks(&mut self, field: Field, whole: &str) {
        let cut = |c: &char| is_blank(*c);
        let mark = whole
            .chars()
            .take_while(cut)
            .chain(whole.chars().rev().take_while(cut))
            .find(|c| is_invisible(*c));
        if let Some(mark) = mark {
            self.fault(field, Fault::TextInvisible { mark });
        }
    }

    #[inline(never)]
    fn read(&mut self, field: Field, cell: Cell<'a>, rules: fn(&'a str) -> Reading<'a>) -> Cow<'a, str> {
        let Reading { text, faults } = rules(cell.text);
        if cell.sound {
            faults.into_iter().for_each(|fault| self.fault(field, fault));
        }
        text
    }

    pub(super) fn name(&mut self) -> Cow<'a, str> {
        self.by(Field::Name, name::is_plain, name::read)
    }

    pub(super) fn url(&mut self) -> Cow<'a, str> {
        self.by(Field::Url, url::is_plain, url::read)
    }

    pub(super) fn appid(&mut self) -> Cow<'a, str> {
        self.by(Field::ThirdPartyAppid, appid::is_plain, appid::read)
    }

    pub(super) fn sku(&mut self) -> Cow<'a, str> {
        self.by(Field::Sku, sku::is_plain, sku::read)
    }

    pub(super) fn cover(&mut self) -> Option<(CoverKind, &'a str, View)> {
        let row = self.row;
        let text =
            cell(row, self.columns, Field::Cover).map_err(|fault| self.fault(Field::Cover, fault)).ok()?;
        // Some errors have a slash in them.
        let kind = CoverKind::of(text).filter(|_| !is_formula_error(text));
        let fault = match (kind, &row.picture) {
            (Some(kind @ (CoverKind::MediaId | CoverKind::File | CoverKind::Address)), _) => {
                return self.looks_sound(Field::Cover, text).then_some((kind, text, View::default()));
            }
            (None, _) if cover::addresses(text) > 1 => cover::fault(text),
            // Whatever else stands there, such as a remark, the picture is what was meant.
            (_, RowPicture::One(picture)) => {
                if picture.tilted {
                    self.fault(Field::Cover, Fault::CoverRotated);
                }
                return Some((CoverKind::InRow, &picture.part, picture.view));
            }
            (_, RowPicture::Several(pictures)) => {
                Fault::Cover(CoverFault::PictureAmbiguous { pictures: *pictures })
            }
            (Some(CoverKind::InRow), RowPicture::None) => Fault::Cover(CoverFault::PictureMissing),
            (None, RowPicture::None) if !self.looks_sound(Field::Cover, text) => return None,
            (None, RowPicture::None) => cover::fault(text),
        };
        self.fault(Field::Cover, fault);
        None
    }

    /// The text of a cell that is typed, not written: a mark nobody sees is no part of it.
    #[inline]
    fn typed(&mut self, field: Field) -> Option<Cow<'a, str>> {
        let text = self.cell(field).sound()?;
        Some(if text.is_ascii() { Cow::Borrowed(text) } else { self.cleaned(field, text) })
    }

    #[inline(never)]
    fn cleaned(&mut self, field: Field, text: &'a str) -> Cow<'a, str> {
        let mut faults = Vec::new();
        let text = clean(text, &mut faults);
        faults.into_iter().for_each(|fault| self.fault(field, fault));
        text
    }

    pub(super) fn pricing(&mut self) -> Option<Pricing> {
        let kind = self.typed(Field::PriceType);
        let price = self.typed(Field::Price);
        let price2 = self.typed(Field::Price2);
        let cells = PriceCells { kind: kind.as_deref(), price: price.as_deref(), price2: price2.as_deref() };
        let pricing = cells.read(&mut self.issues);
        if matches!(pricing, Some(Pricing::Discount(original, current)) if original == current) {
            self.fault(Field::Price2, Fault::DiscountEqual);
        }
        pricing
    }

    #[inline]
    pub(super) fn id(&mut self, field: Field) -> Option<u64> {
        let text = self.cell(field).sound().filter(|text| !text.is_empty())?;
        self.number(field, text)
    }

    #[inline(never)]
    fn number(&mut self, field: Field, text: &str) -> Option<u64> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let id = text.parse().ok().filter(|&id: &u64| digits && id > 0);
        if id.is_none() {
            let text = clip(text);
            let fault = match field {
                Field::AuditId => Fault::AuditIdMangled { text },
                _ => Fault::GoodsIdMangled { text },
            };
            self.fault(field, fault);
        }
        id
    }
}
