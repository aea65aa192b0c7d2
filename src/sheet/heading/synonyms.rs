//! The headings merchandisers write into what they mean, exactly or nearly.

use strsim::osa_distance;

use super::super::Field;
use super::map::Meaning;
use super::spelling::{without_brackets, without_remarks};

/// Every known heading, already folded. None may stand under two meanings.
const KNOWN: [(Meaning, &[&str]); 12] = [
    (
        Meaning::Field(Field::Name),
        &[
            "name",
            "title",
            "商品名称",
            "名称",
            "商品名",
            "商品标题",
            "品名",
            "产品名称",
            "宝贝标题",
            "产品名",
            "宝贝名称",
            "货品名称",
            "商品名稱",
            "名稱",
            "goodsname",
            "goods_name",
        ],
    ),
    (
        Meaning::Field(Field::Cover),
        &[
            "coverimgurl",
            "cover_img_url",
            "cover",
            "image",
            "商品图片",
            "图片",
            "主图",
            "封面",
            "封面图",
            "商品主图",
            "商品图",
            "封面图片",
            "产品图片",
            "商品圖片",
            "圖片",
            "coverimg",
            "coverimage",
        ],
    ),
    (Meaning::Field(Field::PriceType), &["pricetype", "price_type", "价格类型"]),
    (
        Meaning::Field(Field::Price),
        &[
            "price",
            "价格",
            "原价",
            "一口价",
            "最低价",
            "零售价",
            "单价",
            "市场价",
            "划线价",
            "吊牌价",
            "價格",
            "原價",
        ],
    ),
    (Meaning::Field(Field::Price2), &["price2", "price_2", "现价", "折扣价", "最高价", "現價", "折扣價"]),
    (
        Meaning::Field(Field::Url),
        &[
            "url",
            "path",
            "商品链接",
            "链接",
            "小程序路径",
            "商品路径",
            "页面路径",
            "小程序页面路径",
            "商品連結",
            "連結",
        ],
    ),
    (
        Meaning::Field(Field::ThirdPartyAppid),
        &["thirdpartyappid", "third_party_appid", "第三方appid", "第三方小程序appid"],
    ),
    (
        Meaning::Field(Field::Sku),
        &["sku", "商品编码", "货号", "编码", "商家编码", "款号", "货品编码", "条码", "sku编码", "貨號"],
    ),
    (Meaning::Field(Field::GoodsId), &["goodsid", "goods_id", "商品id"]),
    (Meaning::Field(Field::AuditId), &["auditid", "audit_id", "审核单id"]),
    (
        Meaning::SalePrice,
        &[
            "直播价",
            "活动价",
            "秒杀价",
            "促销价",
            "优惠价",
            "到手价",
            "券后价",
            "折后价",
            "售价",
            "销售价",
            "会员价",
        ],
    ),
    // What goods cost the merchant is nobody else's business.
    (Meaning::Own, &["成本价", "进价", "采购价", "供货价", "批发价", "结算价"]),
];

/// The lower bound of a range: what a sale price beside it means, nobody can tell.
const LOWEST: &str = "最低价";

/// What a folded heading means; stars and remarks such as `(元)` around it do no harm.
pub(super) fn meaning_of(folded: &str) -> Option<Meaning> {
    let named = |name| KNOWN.iter().find(|(_, names)| names.contains(&name)).map(|(meaning, _)| *meaning);
    named(without_remarks(folded))
        // However it is made up, it stays the merchant's own.
        .or_else(|| named(without_brackets(folded)).filter(|meaning| *meaning == Meaning::Own))
}

/// Whether a folded heading names the lower bound of a range.
pub(super) fn is_lowest(folded: &str) -> bool {
    without_remarks(folded) == LOWEST
}

/// The longest heading that is compared with the known ones letter by letter.
const LONGEST_COMPARED: usize = 40;

/// The known heading, and its field, that an unknown folded heading may have been meant to be.
pub(super) fn resembling(folded: &str) -> Option<(&'static str, Field)> {
    let bare = without_remarks(folded);
    let length = bare.chars().count();
    if length > LONGEST_COMPARED {
        return None;
    }
    let fields = || {
        KNOWN.iter().filter_map(|(meaning, names)| match meaning {
            Meaning::Field(field) => Some((*field, *names)),
            Meaning::SalePrice | Meaning::Own => None,
        })
    };
    let candidates = || fields().flat_map(|(field, names)| names.iter().map(move |name| (*name, field)));
    let allowed = |name: &str| match name.chars().count() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    let remarked = without_brackets(folded);
    if let Some(known) = candidates().find(|(name, _)| *name == remarked) {
        return Some(known);
    }
    candidates()
        .filter(|(name, _)| name.chars().count().abs_diff(length) <= allowed(name))
        .map(|(name, field)| (osa_distance(bare, name), name, field))
        .filter(|(distance, name, _)| (1..=allowed(name)).contains(distance))
        .min_by_key(|(distance, ..)| *distance)
        .map(|(_, name, field)| (name, field))
        .or_else(|| {
            candidates()
                .filter(|(name, _)| !name.is_ascii() && contains_closely(bare, name))
                .max_by_key(|(name, _)| name.chars().count())
        })
}

/// Whether the Chinese `name` stands in the heading with at most three characters beside it.
fn contains_closely(heading: &str, name: &str) -> bool {
    heading.contains(name) && heading.chars().count() <= name.chars().count() + 3
}

#[cfg(test)]
mod tests {
    use super::super::spelling::fold;
    use super::*;

    fn field_of(folded: &str) -> Option<Field> {
        match meaning_of(folded) {
            Some(Meaning::Field(field)) => Some(field),
            _ => None,
        }
    }

    #[test]
    fn every_known_heading_is_folded_and_means_one_thing() {
        let all: Vec<&str> = KNOWN.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for name in &all {
            assert_eq!(&fold(name), name);
            assert_eq!(all.iter().filter(|other| *other == name).count(), 1, "{name}");
        }
        for (field, (meaning, names)) in Field::ALL.into_iter().zip(KNOWN) {
            assert_eq!(meaning, Meaning::Field(field));
            assert!(names.contains(&fold(field.name()).as_str()), "{field:?}");
        }
    }

    #[test]
    fn case_width_and_blanks_do_not_matter() {
        for heading in ["Name", " NAME ", "ｎａｍｅ", "na\u{3000}me", "\u{FEFF}name", "商 品\u{A0}名 称"]
        {
            assert_eq!(field_of(&fold(heading)), Some(Field::Name), "{heading:?}");
        }
        assert_eq!(field_of(&fold("第三方AppID")), Some(Field::ThirdPartyAppid));
        assert_eq!(field_of(&fold("商品ＩＤ")), Some(Field::GoodsId));
    }

    #[test]
    fn stars_and_remarks_do_no_harm() {
        for heading in [
            "*价格",
            "价格 *",
            "价格(元)",
            "价格（元）",
            "* 价格（单位：元）（必填）",
            "价格（¥）",
            "价格（￥）",
            "价格【元】",
            "价格/元",
        ] {
            assert_eq!(field_of(&fold(heading)), Some(Field::Price), "{heading:?}");
        }
    }

    #[test]
    fn what_looks_like_a_known_heading_is_noticed() {
        for (heading, field) in [
            ("pirce", Field::Price),
            ("coverImgUlr", Field::Cover),
            ("商品名陈", Field::Name),
            ("商品价格", Field::Price),
            ("价格2", Field::Price),
            ("商品名称（最多14字）", Field::Name),
            ("Image (a path or an address)", Field::Cover),
        ] {
            let folded = fold(heading);
            assert_eq!(meaning_of(&folded), None, "{heading}");
            assert_eq!(resembling(&folded).map(|(_, field)| field), Some(field), "{heading}");
        }
        for heading in ["备注", "库存", "品牌", "note", "row", "outcome", "stock", "brand", "pic"] {
            assert_eq!(resembling(&fold(heading)), None, "{heading}");
        }
        assert_eq!(resembling(&"coverimgurl".repeat(4)), None, "a long heading is compared with nothing");
    }

    #[test]
    fn headings_that_people_really_use_are_known() {
        for (field, headings) in [
            (Field::Name, &["品名", "产品名称", "宝贝标题"][..]),
            (Field::Price, &["零售价", "单价", "市场价", "划线价", "吊牌价（元）"]),
            (Field::Sku, &["款号", "货品编码", "条码"]),
        ] {
            headings
                .iter()
                .for_each(|heading| assert_eq!(field_of(&fold(heading)), Some(field), "{heading}"));
        }
        for heading in ["直播价(元)", "*售价", "到手 价"] {
            assert_eq!(meaning_of(&fold(heading)), Some(Meaning::SalePrice), "{heading}");
        }
        for heading in ["成本价", "进价（元）", "批发价（10 件起）"] {
            assert_eq!(meaning_of(&fold(heading)), Some(Meaning::Own), "{heading}");
        }
    }
}
