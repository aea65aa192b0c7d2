//! The words beside an amount into whether they name the yuan or another currency.

/// What a price in yuan may be marked with.
const HOME: [&str; 12] =
    ["¥", "￥", "元", "圆", "人民币", "CNY", "RMB", "CN¥", "yuan", "元整", "人民币元", "RMB¥"];

/// Whether a currency's sign, code or name, as a cell or a number format spells it, is the yuan's.
pub(super) fn is_home(name: &str) -> bool {
    HOME.iter().any(|home| home.eq_ignore_ascii_case(name.trim()))
}

/// Whether it is another currency's.
pub fn is_foreign_currency(name: &str) -> bool {
    /// Codes and abbreviations of ASCII.
    const CODES: [&str; 44] = [
        "USD", "EUR", "GBP", "JPY", "KRW", "HKD", "TWD", "NTD", "MOP", "SGD", "AUD", "CAD", "NZD", "CHF",
        "THB", "MYR", "RUB", "INR", "VND", "PHP", "IDR", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY",
        "BRL", "MXN", "ZAR", "AED", "SAR", "ILS", "KZT", "MNT", "UAH", "KHR", "LAK", "MMK", "RM", "RP", "KR",
        "FR",
    ];
    /// Names in Chinese and Japanese.
    const NAMES: [&str; 38] = [
        "美元",
        "美金",
        "美刀",
        "刀",
        "欧元",
        "英镑",
        "日元",
        "日圆",
        "日币",
        "円",
        "韩元",
        "韩圆",
        "韩币",
        "港元",
        "港币",
        "港幣",
        "港纸",
        "蚊",
        "台币",
        "台幣",
        "新台币",
        "新台幣",
        "澳元",
        "澳币",
        "澳门元",
        "澳门币",
        "葡币",
        "加元",
        "加币",
        "新币",
        "新加坡元",
        "坡币",
        "纽币",
        "泰铢",
        "卢布",
        "马币",
        "林吉特",
        "越南盾",
    ];
    let yen = name
        .strip_suffix('¥')
        .is_some_and(|country| !country.is_empty() && country.bytes().all(|byte| byte.is_ascii_alphabetic()));
    yen || name.contains(is_sign)
        || NAMES.contains(&name)
        || CODES.iter().any(|code| code.eq_ignore_ascii_case(name))
}

/// Signs of currencies but `¥`, which is the yuan's here.
fn is_sign(c: char) -> bool {
    matches!(c, '$' | '£' | '¢' | '¤' | '฿' | '៛' | '৳' | '\u{20A0}'..='\u{20CF}' | '﷼')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_currency_is_told_from_the_yuan_and_from_other_words() {
        for name in ["$", "US$", "usd", "€", "美元", "港币", "JP¥", "NT$"] {
            assert!(is_foreign_currency(name), "{name}");
        }
        for name in ["¥", "元", "RMB", "件", "usdt", ""] {
            assert!(!is_foreign_currency(name), "{name}");
        }
        assert!(is_home(" rmb") && is_home("￥") && is_home("CN¥") && !is_home("kr"));
    }
}
