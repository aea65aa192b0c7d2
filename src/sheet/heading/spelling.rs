//! The spelling of a heading into its bare form, and what that form alone tells: a price, a code, an amount.

use unicode_normalization::UnicodeNormalization;

/// A cell of more bytes is a text and no heading.
const LONGEST: usize = 1024;

/// A heading with case, width, blanks and all that cannot be seen folded away; nothing is left of a text that is
/// too long for a heading.
pub(super) fn fold(heading: &str) -> String {
    let heading = heading.trim();
    if heading.len() > LONGEST {
        return String::new();
    }
    if heading.is_ascii() {
        let visible = heading.chars().filter(|c| !c.is_whitespace() && !c.is_control());
        return visible.map(|c| c.to_ascii_lowercase()).collect();
    }
    let invisible = |c: &char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
            || matches!(c, '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    heading.nfkc().flat_map(char::to_lowercase).filter(|c| !invisible(c)).collect()
}

/// Remarks that merchandisers add to a heading, in brackets, and that change nothing about its meaning.
const REMARKS: [&str; 13] = [
    "元",
    "人民币",
    "rmb",
    "cny",
    "¥",
    "yuan",
    "单位:元",
    "必填",
    "必填项",
    "选填",
    "可选",
    "required",
    "optional",
];

const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('【', '】'), ('〔', '〕')];

/// A folded heading without stars and remarks such as `(元)` around it.
pub(super) fn without_remarks(folded: &str) -> &str {
    stripped(folded, |remark| REMARKS.contains(&remark))
}

/// A folded heading without stars and whatever is remarked in brackets around it.
pub(super) fn without_brackets(folded: &str) -> &str {
    stripped(folded, |_| true)
}

/// Takes stars and the brackets that hold something of `which` off both ends.
fn stripped(folded: &str, which: impl Fn(&str) -> bool) -> &str {
    let mut bare = folded;
    loop {
        let starless = bare.trim_matches(['*', '★', '☆', ':']);
        let starless = starless.strip_suffix("/元").unwrap_or(starless);
        let shorter = BRACKETS
            .iter()
            .find_map(|&pair| behind(starless, pair, &which).or_else(|| ahead(starless, pair, &which)))
            .unwrap_or(starless);
        if shorter == bare {
            return bare;
        }
        bare = shorter;
    }
}

fn behind<'t>(text: &'t str, (open, close): (char, char), which: &impl Fn(&str) -> bool) -> Option<&'t str> {
    let (rest, remark) = text.strip_suffix(close)?.rsplit_once(open)?;
    which(remark).then_some(rest)
}

fn ahead<'t>(text: &'t str, (open, close): (char, char), which: &impl Fn(&str) -> bool) -> Option<&'t str> {
    let (remark, rest) = text.strip_prefix(open)?.split_once(close)?;
    which(remark).then_some(rest)
}

/// What a heading that speaks of a price ends in.
const PRICES: [&str; 7] = ["价", "价格", "金额", "price", "價", "價格", "金額"];

/// Whether an unknown folded heading speaks of a price, whatever is remarked behind it.
pub(super) fn speaks_of_a_price(folded: &str) -> bool {
    let mut bare = folded;
    loop {
        let letters = without_brackets(bare).trim_end_matches(|c: char| !c.is_alphabetic());
        let shorter = ["元", "人民币", "rmb", "yuan"]
            .iter()
            .find_map(|unit| letters.strip_suffix(unit))
            .unwrap_or(letters);
        if shorter == bare {
            break;
        }
        bare = shorter;
    }
    // 评价 is a review, and 是否特价 is answered with yes or no.
    let is_other = bare.ends_with("评价") || bare.starts_with("是否");
    !is_other && PRICES.iter().any(|end| bare.ends_with(end))
}

/// What a column of codes ends in, in folded form.
const CODES: [&str; 3] = ["码", "号", "code"];

/// What ends like a code and numbers no goods.
const NO_CODES: [&str; 20] = [
    "序号",
    "行号",
    "尺码",
    "鞋码",
    "页码",
    "密码",
    "验证码",
    "二维码",
    "太阳码",
    "程序码",
    "机号",
    "电话号",
    "号码",
    "账号",
    "帐号",
    "间号",
    "单号",
    "批号",
    "信号",
    "音号",
];

/// A longer heading is a sentence.
const LONGEST_CODE: usize = 40;

/// Whether an unknown heading is likely to stand over codes of goods.
pub(super) fn is_code(heading: &str, folded: &str) -> bool {
    let bare = without_remarks(folded);
    if bare.chars().nth(LONGEST_CODE).is_some() {
        return false;
    }
    let is_id = || {
        let raw = heading.trim();
        // `paid` is none.
        let ends = raw.ends_with("ID") || raw.ends_with("Id") || raw.ends_with(" id") || raw.ends_with("_id");
        let after_chinese = bare.strip_suffix("id").is_some_and(|rest| !rest.is_ascii() || rest.is_empty());
        (ends || after_chinese) && !bare.ends_with("appid")
    };
    let ends_so = CODES.iter().any(|end| bare.ends_with(end)) || is_id();
    ends_so && !NO_CODES.iter().any(|end| bare.ends_with(end))
}

/// Whether a cell holds an amount and so is no heading.
pub(super) fn is_amount(cell: &str) -> bool {
    let signs = ['¥', '￥', '$', '€', '-', '+', '.', '．'];
    let digits = cell.trim().trim_start_matches(signs).trim_start();
    digits.starts_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_that_ends_in_a_word_for_price_speaks_of_one_whatever_is_remarked() {
        for heading in [
            "团购价",
            "总价",
            "*定价",
            "代理价（含税）",
            "三方价 (元)",
            "VIP Price",
            "订单金额",
            "批发价格/元",
            "价格2",
            "特价：",
            "团购价¥",
            "市场价格【必填】",
            "（内部）渠道价",
        ] {
            assert!(speaks_of_a_price(&fold(heading)), "{heading}");
        }
        for heading in
            ["评价", "用户评价", "价格类型", "price type", "涨价说明", "备注", "是否特价", "", "价值", "(元)"]
        {
            assert!(!speaks_of_a_price(&fold(heading)), "{heading}");
        }
    }

    #[test]
    fn a_column_of_codes_is_told_from_other_numbers() {
        for heading in ["商品编号", "编号", "型号", "代码", "SKU码", "Item Code", "款式ID", "item_id", "id"]
        {
            assert!(is_code(heading, &fold(heading)), "{heading}");
        }
        for heading in ["序号", "尺码", "二维码", "手机号", "paid", "AppID", "备注", "快递单号", "直播间号"]
        {
            assert!(!is_code(heading, &fold(heading)), "{heading}");
        }
    }

    #[test]
    fn what_cannot_be_seen_does_not_matter_and_a_long_text_is_no_heading() {
        assert_eq!(fold("价\u{200E}格\u{7}\n（元）"), "价格(元)");
        assert_eq!(fold(&"价格".repeat(400)), "");
    }

    #[test]
    fn an_amount_begins_with_a_digit_behind_its_sign() {
        for cell in ["9.9", " ¥ 9", "-1", "１２", ".5"] {
            assert!(is_amount(cell), "{cell}");
        }
        for cell in ["原价", "", "¥", "约9元"] {
            assert!(!is_amount(cell), "{cell}");
        }
    }
}
