//! The text around an amount into the currency it names.

/// What a price in yuan may be marked with.
const HOME: [&str; 8] = ["¥", "￥", "元", "圆", "人民币", "CNY", "RMB", "CN"];

/// Signs and names of other currencies. Letters are compared without their case and as whole words.
const FOREIGN: [&str; 43] = [
    "US$",
    "HK$",
    "NT$",
    "A$",
    "C$",
    "S$",
    "R$",
    "$",
    "＄",
    "€",
    "£",
    "￡",
    "₩",
    "₽",
    "₹",
    "฿",
    "₫",
    "₱",
    "円",
    "USD",
    "EUR",
    "GBP",
    "JPY",
    "KRW",
    "HKD",
    "TWD",
    "SGD",
    "AUD",
    "CAD",
    "MOP",
    "THB",
    "RUB",
    "美元",
    "美金",
    "欧元",
    "英镑",
    "日元",
    "日圆",
    "韩元",
    "港币",
    "港元",
    "新台币",
    "澳门元",
];

/// The currency that `text` names and that is not the yuan, as the text spells it.
pub fn foreign_currency(text: &str) -> Option<&'static str> {
    FOREIGN.into_iter().find(|sign| {
        if !sign.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return text.contains(sign);
        }
        let mut words = text.split(|c: char| !c.is_ascii_alphabetic());
        words.any(|word| word.eq_ignore_ascii_case(sign))
    })
}

/// Whether a currency's sign or code, as a number format spells it, is the yuan's.
pub(super) fn is_home(sign: &str) -> bool {
    HOME.iter().any(|home| home.eq_ignore_ascii_case(sign.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_currency_is_found_and_the_yuan_is_none() {
        for (text, sign) in [
            ("$", Some("$")),
            ("US$", Some("US$")),
            (" usd ", Some("USD")),
            ("港币", Some("港币")),
            ("JP¥", None),
            ("¥", None),
            ("RMB", None),
            ("人民币元", None),
            ("usdt", None),
        ] {
            assert_eq!(foreign_currency(text), sign, "{text}");
        }
        assert!(is_home(" rmb") && is_home("￥") && !is_home("kr"));
    }
}
