//! One raw row into goods, or into all its faults at once.

use std::borrow::Cow;

use super::identity::{Fingerprint, Identity, Keys};
use super::pricing::PriceCells;
use super::text::{clip, trim};
use super::url::Path;
use super::{
    AuditId, Cover, CoverFault, CoverKind, Fault, Goods, GoodsId, Issue, Pricing, Severity, appid, money,
    name,
};
use crate::sheet::{Columns, Field, RawRow, RowPicture, View};

/// The most characters a spreadsheet program's cell can hold.
const LONGEST_CELL: usize = 32_767;

/// What a row came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The goods, `None` when a rule was broken.
    pub goods: Option<Goods>,
    /// Every error and warning, in the order of [`Field::ALL`].
    pub issues: Vec<Issue>,
    /// What the row is known by, even when it is at fault.
    pub keys: Keys,
    /// The picture it points to, even when it is at fault.
    pub cover: Option<Cover>,
}

impl Judged {
    /// Takes in that the picture cannot be had.
    pub fn blame_cover(&mut self, fault: CoverFault) {
        let before = self.issues.partition_point(|issue| issue.field <= Field::Cover);
        self.issues.insert(before, Issue { field: Field::Cover, fault: Fault::Cover(fault) });
        self.goods = None;
    }
}

/// Judges one row by every rule that needs no other row.
pub fn judge(row: &RawRow, columns: &Columns) -> Judged {
    let draft = Draft::of(row, columns);
    let keys = draft.identity.keys();
    let (goods, cover) = (draft.goods(), draft.cover());
    Judged { goods, issues: draft.issues, keys, cover }
}

/// A judged row that still borrows its cells: a row without issues costs no allocation.
#[derive(Debug)]
pub struct Draft<'a> {
    /// Every error and warning, in the order of [`Field::ALL`].
    pub issues: Vec<Issue>,
    identity: Identity<'a>,
    cover: Option<(CoverKind, &'a str, View)>,
    pricing: Option<Pricing>,
    goods_id: Option<GoodsId>,
    audit_id: Option<AuditId>,
}

impl<'a> Draft<'a> {
    /// Judges one row by every rule that needs no other row.
    pub fn of(row: &'a RawRow, columns: &Columns) -> Self {
        let mut reader = Reader { row, columns, issues: Vec::new() };
        let name = reader.name();
        let cover = reader.cover();
        let pricing = reader.pricing();
        let url = reader.url();
        let appid = reader.appid();
        let sku = reader.sku();
        let goods_id = reader.id(Field::GoodsId).map(GoodsId);
        let audit_id = reader.id(Field::AuditId).map(AuditId);
        let identity = Identity { sku, name, url, appid };
        reader.issues.sort_by_key(|issue| issue.field);
        Self { issues: reader.issues, identity, cover, pricing, goods_id, audit_id }
    }

    /// Whether no rule was broken; warnings do not count.
    pub fn is_valid(&self) -> bool {
        self.issues.iter().all(|issue| issue.fault.severity() == Severity::Warning)
    }

    /// The cover the row points to, whatever else is wrong with the row.
    pub fn cover(&self) -> Option<Cover> {
        self.cover.map(|(kind, text, view)| Cover::new(kind, text, view))
    }

    /// The same where it is a picture and no media id.
    pub fn picture(&self) -> Option<Cover> {
        self.cover.filter(|(kind, ..)| *kind != CoverKind::MediaId).and_then(|_| self.cover())
    }

    /// What repeats are found by; `None` when the row has neither a sku nor a name and a url.
    pub fn fingerprint(&self) -> Option<Fingerprint> {
        self.identity.fingerprint()
    }

    /// The field a repeat of this row is reported under.
    pub fn identity_field(&self) -> Field {
        if self.identity.sku.is_empty() { Field::Name } else { Field::Sku }
    }

    fn goods(&self) -> Option<Goods> {
        let (kind, cover, view) = self.cover?;
        let pricing = self.pricing?;
        self.is_valid().then(|| Goods {
            name: self.identity.name.to_owned(),
            cover: Cover::new(kind, cover, view),
            pricing,
            url: self.identity.url.clone().into_owned(),
            third_party_appid: self.identity.appid.to_owned(),
            sku: self.identity.sku.to_owned(),
            goods_id: self.goods_id,
            audit_id: self.audit_id,
        })
    }
}

/// The trimmed text of a cell, or why nothing can be read from it.
pub(super) fn cell<'a>(row: &'a RawRow, columns: &Columns, field: Field) -> Result<&'a str, Fault> {
    let text = trim(row.get(columns, field));
    let picture = || field == Field::Cover && row.picture != RowPicture::None;
    if text.len() <= LONGEST_CELL && !text.starts_with('#') { Ok(text) } else { doubtful(text, picture()) }
}

/// A text that is too long or may be a formula's error; apart, so that [`cell`] stays small for all others.
///
/// A program that does not know another's pictures in cells keeps such an error beside the `picture`.
fn doubtful(text: &str, picture: bool) -> Result<&str, Fault> {
    if text.len() > LONGEST_CELL {
        let characters = text.chars().count();
        if characters > LONGEST_CELL {
            return Err(Fault::CellTooLong { characters });
        }
    }
    if text.starts_with('#') && is_formula_error(text) && !picture {
        return Err(Fault::CellError { text: clip(text) });
    }
    Ok(text)
}

/// The errors of the spreadsheet programs, and the hashes of a column too narrow for its number.
fn is_formula_error(text: &str) -> bool {
    const ERRORS: [&str; 13] = [
        "#N/A",
        "#REF!",
        "#DIV/0!",
        "#NAME?",
        "#VALUE!",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#UNKNOWN!",
        "#GETTING_DATA",
    ];
    ERRORS.iter().any(|error| error.eq_ignore_ascii_case(text))
        || text.len() > 2 && text.bytes().all(|byte| byte == b'#')
}

/// Reads a row's cells one after the other and collects what is wrong with them.
struct Reader<'a, 'c> {
    row: &'a RawRow,
    columns: &'c Columns,
    issues: Vec<Issue>,
}

impl<'a> Reader<'a, '_> {
    fn fault(&mut self, field: Field, fault: Fault) {
        self.issues.push(Issue { field, fault });
    }

    fn text(&mut self, field: Field) -> Option<&'a str> {
        cell(self.row, self.columns, field).map_err(|fault| self.fault(field, fault)).ok()
    }

    fn name(&mut self) -> &'a str {
        let Some(text) = self.text(Field::Name) else { return "" };
        name::faults(text).for_each(|fault| self.fault(Field::Name, fault));
        text
    }

    fn cover(&mut self) -> Option<(CoverKind, &'a str, View)> {
        let text = self.text(Field::Cover)?;
        let row = self.row;
        // Some errors have a slash in them.
        let kind = CoverKind::of(text).filter(|_| !text.starts_with('#') || !is_formula_error(text));
        let fault = match (kind, &row.picture) {
            (Some(kind @ (CoverKind::MediaId | CoverKind::File | CoverKind::Address)), _) => {
                return Some((kind, text, View::default()));
            }
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
            (None, RowPicture::None) if text.is_empty() => Fault::CoverMissing,
            (None, RowPicture::None) => Fault::CoverUnknown { text: clip(text) },
        };
        self.fault(Field::Cover, fault);
        None
    }

    fn pricing(&mut self) -> Option<Pricing> {
        let kind = self.text(Field::PriceType);
        let price = self.text(Field::Price);
        let price2 = self.text(Field::Price2);
        let pricing = PriceCells { kind, price, price2 }.read(&mut self.issues);
        if matches!(pricing, Some(Pricing::Discount(original, current)) if original == current) {
            self.fault(Field::Price2, Fault::DiscountEqual);
        }
        pricing
    }

    fn url(&mut self) -> Cow<'a, str> {
        let Some(text) = self.text(Field::Url) else { return Cow::Borrowed("") };
        let path = Path::read(text);
        path.faults.into_iter().for_each(|fault| self.fault(Field::Url, fault));
        path.sent
    }

    fn appid(&mut self) -> &'a str {
        let Some(text) = self.text(Field::ThirdPartyAppid) else { return "" };
        if let Some(fault) = appid::fault(text) {
            self.fault(Field::ThirdPartyAppid, fault);
        }
        text
    }

    fn sku(&mut self) -> &'a str {
        let Some(text) = self.text(Field::Sku) else { return "" };
        if text.contains('+') && money::is_scientific(text) {
            self.fault(Field::Sku, Fault::SkuScientific { text: clip(text) });
        }
        text
    }

    fn id(&mut self, field: Field) -> Option<u64> {
        let text = self.text(field).filter(|text| !text.is_empty())?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use csv::StringRecord;

    const MEDIA: &str = "SANDBOX-COVER-IMAGE-01";

    fn columns() -> Columns {
        let headings = Field::ALL.map(|field| field.name().to_owned()).to_vec();
        Columns { headings, fields: std::array::from_fn(Some) }
    }

    /// A sound row with some of its cells replaced.
    fn row(cells: &[(Field, &str)]) -> RawRow {
        let mut texts = ["正山小种 100g", MEDIA, "", "99.5", "", "pages/tea?id=1", "", "", "", ""];
        for &(field, text) in cells {
            texts[field as usize] = text;
        }
        RawRow { number: 2, cells: StringRecord::from(texts.to_vec()), ..RawRow::default() }
    }

    fn codes(cells: &[(Field, &str)]) -> Vec<(Field, &'static str)> {
        judge(&row(cells), &columns()).issues.iter().map(|issue| (issue.field, issue.fault.code())).collect()
    }

    #[test]
    fn a_sound_row_becomes_goods() {
        let judged = judge(&row(&[(Field::Sku, " T-1 "), (Field::GoodsId, "525022184000")]), &columns());
        let goods = judged.goods.expect("goods");
        assert_eq!(judged.issues, []);
        assert_eq!(goods.name, "正山小种 100g");
        assert_eq!(goods.cover, Cover::MediaId(MEDIA.to_owned()));
        assert_eq!(goods.pricing.price().to_string(), "99.5");
        assert_eq!(goods.url, "pages/tea?id=1");
        assert_eq!(goods.sku, "T-1");
        assert_eq!(goods.goods_id, Some(GoodsId(525_022_184_000)));
        assert_eq!(goods.audit_id, None);
    }

    #[test]
    fn every_fault_of_a_row_is_named_at_once() {
        let all = codes(&[
            (Field::Name, ""),
            (Field::Cover, "有图"),
            (Field::PriceType, "4"),
            (Field::Price, "9.999"),
            (Field::Price2, "#N/A"),
            (Field::Url, "https://a.com"),
            (Field::ThirdPartyAppid, "gh_1"),
            (Field::GoodsId, "5.25E+08"),
            (Field::AuditId, "12x"),
        ]);
        assert_eq!(
            all,
            [
                (Field::Name, "name-missing"),
                (Field::Cover, "cover-unknown"),
                (Field::PriceType, "price-type-unknown"),
                (Field::Price, "price-decimals"),
                (Field::Price2, "cell-error"),
                (Field::Url, "url-address"),
                (Field::ThirdPartyAppid, "appid-malformed"),
                (Field::GoodsId, "goods-id-mangled"),
                (Field::AuditId, "audit-id-mangled"),
            ]
        );
    }

    #[test]
    fn the_prices_must_suit_their_type() {
        for (kind, price, price2, found) in [
            ("", "9", "", None),
            ("1", "9", "", None),
            (" １ ", "9", "", None),
            ("一口价", "9", "", None),
            ("2", "9", "10", None),
            ("价格 区间", "9", "10", None),
            ("3.0", "10", "9", None),
            ("显示折扣价", "10", "9", None),
            ("", "9", "10", Some((Field::PriceType, "price-type-missing"))),
            ("1", "9", "10", Some((Field::Price2, "price2-unwanted"))),
            ("2", "9", "", Some((Field::Price2, "price2-missing"))),
            ("2", "9", "9.00", Some((Field::Price2, "price-range-equal"))),
            ("2", "10", "9", Some((Field::Price2, "price-range-reversed"))),
            ("3", "9", "10", Some((Field::Price2, "discount-dearer"))),
            ("3", "9", "9", Some((Field::Price2, "discount-equal"))),
            ("3", "9", "x", Some((Field::Price2, "price-not-number"))),
            ("0", "9", "", Some((Field::PriceType, "price-type-unknown"))),
            ("1", "", "", Some((Field::Price, "price-missing"))),
        ] {
            let cells = [(Field::PriceType, kind), (Field::Price, price), (Field::Price2, price2)];
            assert_eq!(codes(&cells), found.into_iter().collect::<Vec<_>>(), "{kind} {price} {price2}");
        }
    }

    #[test]
    fn a_warning_leaves_the_row_valid() {
        let judged = judge(&row(&[(Field::Name, "茶"), (Field::Url, "/pages/a b")]), &columns());
        assert_eq!(judged.issues.len(), 3);
        assert_eq!(judged.goods.map(|goods| goods.url), Some("pages/a%20b".to_owned()));
    }

    #[test]
    fn a_cell_that_points_to_no_picture_is_told_why() {
        for (text, code) in [
            ("", "cover-missing"),
            ("=DISPIMG(\"ID_1\",1)", "cover-picture-missing"),
            ("#VALUE!", "cell-error"),
            ("#REF!", "cell-error"),
        ] {
            assert_eq!(codes(&[(Field::Cover, text)]), [(Field::Cover, code)], "{text}");
        }
    }

    #[test]
    fn a_cell_no_spreadsheet_could_hold_is_refused_without_its_text() {
        let long = "茶".repeat(32_768);
        let judged = judge(&row(&[(Field::Url, &long)]), &columns());
        assert_eq!(
            judged.issues,
            [Issue { field: Field::Url, fault: Fault::CellTooLong { characters: 32_768 } }]
        );
    }

    #[test]
    fn identity_is_the_sku_or_else_name_page_and_appid_folded() {
        let keys = |cells: &[(Field, &str)]| judge(&row(cells), &columns()).keys;
        let plain = keys(&[(Field::Name, "Tea(A) 100g")]);
        assert_eq!(plain, keys(&[(Field::Name, "　Ｔｅａ（Ａ） 100g "), (Field::Url, "/pages/tea?id=1")]));
        assert_ne!(plain, keys(&[(Field::Name, "tea(a) 100g")]));
        assert_ne!(plain.page, keys(&[(Field::Name, "Tea(A) 100g"), (Field::Url, "pages/tea?id=2")]).page);
        assert_eq!(keys(&[(Field::Sku, "Ａ１")]).identity(), "sku:A1");
        assert_eq!(keys(&[(Field::Sku, "#N/A")]).sku, None);
        assert!(!keys(&[(Field::Name, "")]).identifies());
        assert!(keys(&[(Field::Name, ""), (Field::Sku, "1")]).identifies());
    }

    #[test]
    fn a_broken_row_has_the_keys_a_line_of_the_results_gets_from_the_same_cells() {
        for cells in [&[(Field::Url, "a b#c\n")][..], &[(Field::Url, "https://a.com/茶"), (Field::Price, "")]]
        {
            let row = row(cells);
            assert_eq!(judge(&row, &columns()).keys, Keys::of(&row, &columns()));
        }
    }
}
