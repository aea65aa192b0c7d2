//! One raw row into goods, or into all its faults at once.

use super::identity::{Fingerprint, Identity, Keys};
use super::reader::Reader;
use super::{AuditId, Cover, CoverFault, CoverKind, Fault, Goods, GoodsId, Issue, Pricing, Severity};
use crate::sheet::{Columns, Field, RawRow, View};

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
#[derive(Debug, Default)]
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
        if let Some(cells) = row.ragged {
            return Self::ragged(cells, columns.headings.len());
        }
        let mut reader = Reader::of(row, columns);
        let name = reader.name();
        let cover = reader.cover();
        let pricing = reader.pricing();
        let url = reader.url();
        let appid = reader.appid();
        let sku = reader.sku();
        let goods_id = reader.id(Field::GoodsId).map(GoodsId);
        let audit_id = reader.id(Field::AuditId).map(AuditId);
        let identity = Identity { sku, name, url, appid };
        Self { issues: reader.issues(), identity, cover, pricing, goods_id, audit_id }
    }

    /// Of a row whose cells may stand under the wrong headings nothing else is said, and it is known by nothing.
    fn ragged(cells: usize, headings: usize) -> Self {
        let fault = Fault::RowRagged { cells, headings };
        Self { issues: vec![Issue { field: Field::Name, fault }], ..Self::default() }
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
            name: self.identity.name.clone().into_owned(),
            cover: Cover::new(kind, cover, view),
            pricing,
            url: self.identity.url.clone().into_owned(),
            third_party_appid: self.identity.appid.clone().into_owned(),
            sku: self.identity.sku.clone().into_owned(),
            goods_id: self.goods_id,
            audit_id: self.audit_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Look, RowPicture, SheetPicture};
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

    fn looked(cells: &[(Field, &str)], looks: &[(Field, Look)]) -> Judged {
        let looks = looks.iter().map(|(field, look)| (*field as usize, look.clone())).collect();
        judge(&RawRow { looks, ..row(cells) }, &columns())
    }

    #[test]
    fn what_the_eye_sees_of_a_cell_is_told_once_and_no_other_rule_looks_at_it() {
        for (field, text, look, code) in [
            (Field::Name, "", Look::NotCalculated, "formula-not-calculated"),
            (Field::Cover, "", Look::NotCalculated, "formula-not-calculated"),
            (Field::PriceType, "", Look::NotCalculated, "formula-not-calculated"),
            (Field::Price, "", Look::NotCalculated, "formula-not-calculated"),
            (Field::Url, "", Look::NotCalculated, "formula-not-calculated"),
            (Field::GoodsId, "", Look::NotCalculated, "formula-not-calculated"),
            (Field::Price, "0.8812", Look::Percent, "price-percent"),
            (Field::Price, "9", Look::Currency("$".into()), "price-currency"),
            (Field::Price, "1900-04-08", Look::Date, "price-not-number"),
            (Field::Sku, "2026-12-01", Look::Date, "sku-date"),
            (Field::Sku, "1234567890123450", Look::DigitsLost, "sku-digits-lost"),
            (Field::GoodsId, "1234567890123450", Look::DigitsLost, "goods-id-mangled"),
            (Field::AuditId, "1234567890123450", Look::DigitsLost, "audit-id-mangled"),
            (Field::Url, "not a path", Look::MergedAcross, "merged-columns"),
            (Field::Name, "5\" pipe", Look::BehindQuote, "quote-misplaced"),
        ] {
            let judged = looked(&[(field, text)], &[(field, look)]);
            let found: Vec<_> = judged.issues.iter().map(|issue| (issue.field, issue.fault.code())).collect();
            assert_eq!((found, judged.goods), (vec![(field, code)], None));
        }
        let judged = looked(&[], &[(Field::Name, Look::Percent), (Field::Url, Look::Date)]);
        assert_eq!((judged.issues, judged.goods.is_some()), (vec![], true));
    }

    #[test]
    fn the_value_of_a_merge_is_read_with_a_warning_and_the_other_rules_look_at_it() {
        let merged = [(Field::Price2, Look::Merged), (Field::PriceType, Look::Merged)];
        let judged = looked(&[(Field::PriceType, "3"), (Field::Price2, "88")], &merged);
        let found: Vec<_> = judged.issues.iter().map(|issue| (issue.field, issue.fault.code())).collect();
        assert_eq!(found, [(Field::PriceType, "merged-filled"), (Field::Price2, "merged-filled")]);
        assert_eq!(
            judged.goods.map(|goods| goods.pricing.price2().map(|p| p.to_string())),
            Some(Some("88".into()))
        );
        let judged = looked(&[(Field::Price, "x")], &[(Field::Price, Look::Merged)]);
        let found: Vec<_> = judged.issues.iter().map(|issue| issue.fault.code()).collect();
        assert_eq!(found, ["merged-filled", "price-not-number"]);
    }

    #[test]
    fn marks_nobody_sees_at_the_ends_of_a_cell_are_told_too() {
        for text in ["\u{200B}白茶饼", "白茶饼\u{FEFF}", " \u{202D}白茶饼\u{202C} "] {
            assert_eq!(codes(&[(Field::Name, text)]), [(Field::Name, "text-invisible")], "{text:?}");
        }
        assert_eq!(codes(&[(Field::Name, " 白茶饼\u{3000}")]), []);
    }

    #[test]
    fn looks_do_not_change_what_a_row_is_known_by() {
        let cells = [(Field::Sku, "2026-12-01"), (Field::Name, "白茶\u{200B}饼")];
        let looks = [(Field::Sku, Look::Date), (Field::Name, Look::MergedAcross), (Field::Url, Look::Merged)];
        assert_eq!(looked(&cells, &looks).keys, judge(&row(&cells), &columns()).keys);
    }

    #[test]
    fn a_picture_in_the_row_stands_for_whatever_its_cell_lacks() {
        let picture = RowPicture::One(SheetPicture::whole("xl/media/a.png"));
        for (text, look) in
            [("", Look::NotCalculated), ("", Look::MergedAcross), ("#BUSY!", Look::NotCalculated)]
        {
            let looks = vec![(Field::Cover as usize, look)];
            let row = RawRow { picture: picture.clone(), looks, ..row(&[(Field::Cover, text)]) };
            let judged = judge(&row, &columns());
            assert_eq!(judged.issues, []);
            assert_eq!(judged.cover, Some(Cover::InRow("xl/media/a.png".to_owned(), View::default())));
        }
        let several = "https://a.example.com/a.png\nhttps://a.example.com/b.png";
        let row = RawRow { picture, ..row(&[(Field::Cover, several)]) };
        assert_eq!(judge(&row, &columns()).issues[0].fault.code(), "cover-several-addresses");
    }

    #[test]
    fn a_ragged_row_has_one_fault_and_is_known_by_nothing() {
        let row = RawRow { ragged: Some(11), ..row(&[(Field::Name, ""), (Field::Sku, "T-1")]) };
        let judged = judge(&row, &columns());
        let fault = Fault::RowRagged { cells: 11, headings: Field::ALL.len() };
        assert_eq!(judged.issues, [Issue { field: Field::Name, fault }]);
        assert_eq!((judged.goods, judged.cover), (None, None));
        assert!(!judged.keys.identifies());
        assert_eq!(judged.keys, Keys::of(&row, &columns()));
        assert_eq!(Draft::of(&row, &columns()).fingerprint(), None);
    }

    #[test]
    fn what_programs_lose_or_change_on_the_way_leaves_the_identity() {
        let page =
            |name: &str, url: &str| judge(&row(&[(Field::Name, name), (Field::Url, url)]), &columns()).keys;
        for (name, url) in [
            ("白茶\u{200B}饼 一号", "pages/a?id=1"),
            ("白茶饼\u{A0}一号", "pages/a?id=1"),
            ("白茶饼\u{3000}一号", "pages/a？id＝1"),
            ("白茶饼\u{2003}一号\u{200B}", "/pages/\u{200B}a?id=1"),
        ] {
            assert_eq!(page(name, url), page("白茶饼 一号", "pages/a?id=1"), "{name:?} {url:?}");
        }
        assert_ne!(page("白茶饼  一号", "pages/a?id=1"), page("白茶饼 一号", "pages/a?id=1"));
        let sku = |sku| judge(&row(&[(Field::Sku, sku)]), &columns()).keys.sku;
        assert_eq!(sku("100001.0"), sku("100001"));
        assert_eq!(sku("T\u{200B}-1"), sku("T-1"));
    }
}
