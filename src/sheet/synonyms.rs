//! The headings merchandisers write into the fields they mean, exactly or nearly.

use strsim::osa_distance;
use unicode_normalization::UnicodeNormalization;

use super::Field;

/// Every known heading, already folded. None may stand under two fields.
const KNOWN: [(Field, &[&str]); 10] = [
    (Field::Name, &["name", "title", "商品名称", "名称", "商品名", "商品标题", "goodsname", "goods_name"]),
    (
        Field::Cover,
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
            "coverimg",
            "coverimage",
        ],
    ),
    (Field::PriceType, &["pricetype", "price_type", "价格类型"]),
    (Field::Price, &["price", "价格", "原价", "一口价", "最低价"]),
    (Field::Price2, &["price2", "price_2", "现价", "折扣价", "最高价"]),
    (
        Field::Url,
        &["url", "path", "商品链接", "链接", "小程序路径", "商品路径", "页面路径", "小程序页面路径"],
    ),
    (Field::ThirdPartyAppid, &["thirdpartyappid", "third_party_appid", "第三方appid", "第三方小程序appid"]),
    (Field::Sku, &["sku", "商品编码", "货号", "编码", "商家编码", "sku编码"]),
    (Field::GoodsId, &["goodsid", "goods_id", "商品id"]),
    (Field::AuditId, &["auditid", "audit_id", "审核单id"]),
];

/// Remarks that merchandisers add to a heading and that change nothing about its meaning.
const REMARKS: [&str; 12] = [
    "(元)",
    "(人民币)",
    "(rmb)",
    "(cny)",
    "(¥)",
    "(yuan)",
    "(单位:元)",
    "(必填)",
    "(选填)",
    "(可选)",
    "(required)",
    "(optional)",
];

/// A heading with case, width and blanks folded away.
pub(super) fn fold(heading: &str) -> String {
    let invisible =
        |c: &char| c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}');
    heading.nfkc().flat_map(char::to_lowercase).filter(|c| !invisible(c)).collect()
}

/// The field a folded heading means; stars and remarks such as `(元)` around it do no harm.
pub(super) fn field_of(folded: &str) -> Option<Field> {
    let bare = without_remarks(folded);
    KNOWN.iter().find(|(_, names)| names.contains(&bare)).map(|(field, _)| *field)
}

fn without_remarks(folded: &str) -> &str {
    let mut bare = folded;
    loop {
        let starless = bare.trim_matches('*');
        let shorter = REMARKS
            .iter()
            .find_map(|remark| starless.strip_suffix(remark).or_else(|| starless.strip_prefix(remark)))
            .unwrap_or(starless);
        if shorter == bare {
            return bare;
        }
        bare = shorter;
    }
}

/// The known heading, and its field, that an unknown folded heading may have been meant to be.
pub(super) fn resembling(folded: &str) -> Option<(&'static str, Field)> {
    let bare = without_remarks(folded);
    let candidates = || KNOWN.iter().flat_map(|(field, names)| names.iter().map(|name| (*name, *field)));
    let allowed = |name: &str| match name.chars().count() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    candidates()
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
    use super::*;

    #[test]
    fn every_known_heading_is_folded_and_means_one_field() {
        let all: Vec<&str> = KNOWN.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        for name in &all {
            assert_eq!(&fold(name), name);
            assert_eq!(all.iter().filter(|other| *other == name).count(), 1, "{name}");
        }
        for (index, (field, names)) in KNOWN.iter().enumerate() {
            assert_eq!(Field::ALL[index], *field);
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
        ] {
            let folded = fold(heading);
            assert_eq!(field_of(&folded), None, "{heading}");
            assert_eq!(resembling(&folded).map(|(_, field)| field), Some(field), "{heading}");
        }
        for heading in ["备注", "库存", "品牌", "note", "row", "outcome", "stock", "brand", "pic"] {
            assert_eq!(resembling(&fold(heading)), None, "{heading}");
        }
    }
}
