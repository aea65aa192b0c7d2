//! The rules of a row against generated cells: money stays exact, widths are counted as documented, what is
//! sent as a url is what was meant, and identity does not depend on width.

use csv::StringRecord;
use livegoods::goods::{Draft, Judged, Keys, Severity, judge};
use livegoods::sheet::{Columns, Field, Look, RawRow};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn columns() -> Columns {
    let headings = Field::ALL.map(|field| field.name().to_owned()).to_vec();
    Columns { headings, fields: std::array::from_fn(Some) }
}

fn row(cells: &[(Field, &str)]) -> RawRow {
    let mut texts =
        ["正山小种 100g", "SANDBOX-COVER-IMAGE-01", "", "9.9", "", "pages/tea?id=1", "", "", "", ""];
    for &(field, text) in cells {
        texts[field as usize] = text;
    }
    RawRow { number: 2, cells: StringRecord::from(texts.to_vec()), ..RawRow::default() }
}

fn judged(cells: &[(Field, &str)]) -> Judged {
    judge(&row(cells), &columns())
}

fn codes(judged: &Judged) -> Vec<&'static str> {
    judged.issues.iter().map(|issue| issue.fault.code()).collect()
}

/// The text in full-width characters, as a Chinese keyboard types it.
fn widened(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' => '\u{3000}',
            '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).expect("a full-width form"),
            other => other,
        })
        .collect()
}

fn looks() -> impl Strategy<Value = Look> {
    prop::sample::select(vec![
        Look::NotCalculated,
        Look::Percent,
        Look::Currency("US$".into()),
        Look::Date,
        Look::DigitsLost,
        Look::Merged,
        Look::MergedAcross,
        Look::BehindQuote,
    ])
}

fn grouped(yuan: u64) -> String {
    let digits = yuan.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    groups.join(",")
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned()
}

proptest! {
    #[test]
    fn every_spelling_of_an_amount_is_the_very_amount(fen in 1_u64..100_000_000_000, zeros in 0_usize..4) {
        let exact = Decimal::from_i128_with_scale(i128::from(fen), 2);
        let (yuan, cents) = (fen / 100, fen % 100);
        let zeros = "0".repeat(zeros);
        let plain = format!("{yuan}.{cents:02}{zeros}");
        let thousands = format!("{}.{cents:02}", grouped(yuan));
        for text in [
            plain.clone(), thousands.clone(), widened(&plain), widened(&thousands), format!(" ¥ {plain}"),
            format!("￥{plain}元"), format!("{plain} 元\u{3000}"), format!("000{plain}"),
        ] {
            let goods = judged(&[(Field::Price, &text)]).goods;
            prop_assert_eq!(goods.map(|goods| goods.pricing.price()), Some(exact), "{}", text);
        }
    }

    #[test]
    fn a_third_decimal_is_never_rounded_away(fen in 0_u64..1_000_000_000, third in 1_u8..=9) {
        let text = format!("{}.{:02}{third}", fen / 100, fen % 100);
        prop_assert_eq!(codes(&judged(&[(Field::Price, &text)])), ["price-decimals"]);
    }

    #[test]
    fn an_amount_is_read_as_decimals_read_it_or_not_at_all(text in "[0-9.,]{1,12}") {
        if let Some(goods) = judged(&[(Field::Price, &text)]).goods {
            let plain: String = text.chars().filter(|&c| c != ',').collect();
            let exact: Decimal = format!("0{plain}").trim_end_matches('.').parse().expect("a number");
            prop_assert_eq!(goods.pricing.price(), exact);
            prop_assert!(!text.split('.').nth(1).is_some_and(|decimals| decimals.contains(',')), "{}", text);
        }
    }

    #[test]
    fn a_name_fits_up_to_width_28(ascii in "[a-z]{0,30}", han in "[一-龥]{0,16}") {
        let name = format!("{ascii}{han}");
        let width = ascii.len() + 2 * han.chars().count();
        let expected: &[&str] = match width {
            0 => &["name-missing"],
            1..=5 => &["name-short"],
            6..=28 => &[],
            _ => &["name-too-long"],
        };
        prop_assert_eq!(codes(&judged(&[(Field::Name, &name)])), expected);
    }

    #[test]
    fn what_is_sent_as_a_url_means_what_was_written(
        path in "[a-z]{1,6}/[a-z茶]{1,6}",
        value in "[a-z 茶é<>\"'=?]{0,12}z",
    ) {
        let url = format!("{path}?n={value}");
        let sent = judged(&[(Field::Url, &url)]).goods.expect("goods").url;
        prop_assert!(sent.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>".contains(&byte)), "{}", sent);
        prop_assert_eq!(decoded(&sent), url);
    }

    #[test]
    fn a_parameter_that_is_an_address_comes_back_whole(
        address in "https?://[a-z]{1,5}\\.com/[a-z茶/?=#%]{0,12}",
    ) {
        let sent = judged(&[(Field::Url, &format!("pages/web?u={address}&v=1"))]).goods.expect("goods").url;
        let value = sent.strip_prefix("pages/web?u=").and_then(|rest| rest.strip_suffix("&v=1"));
        prop_assert_eq!(value.map(decoded), Some(address));
    }

    #[test]
    fn what_was_sent_once_is_sent_unchanged_again(url in "[!-~ 茶]{1,30}") {
        if let Some(goods) = judged(&[(Field::Url, &url)]).goods {
            let again = judged(&[(Field::Url, &goods.url)]);
            // An entity is sent as it stands, and told of each time.
            let told: Vec<_> = codes(&again).into_iter().filter(|code| *code != "text-entity").collect();
            prop_assert_eq!(told, [""; 0]);
            prop_assert_eq!(again.goods.map(|again| again.url), Some(goods.url));
        }
    }

    #[test]
    fn identity_does_not_depend_on_width(name in "[A-Za-z0-9()%]{6,20}", sku in "[A-Z0-9-]{0,8}") {
        let narrow = judged(&[(Field::Name, &name), (Field::Sku, &sku)]);
        let wide = judged(&[(Field::Name, &widened(&name)), (Field::Sku, &widened(&sku))]);
        prop_assert_eq!(narrow.keys, wide.keys);
    }

    #[test]
    fn marks_nobody_sees_change_neither_what_is_sent_nor_the_identity(
        before in "[a-z茶]{3,6}",
        after in "[a-z茶]{3,6}",
        mark in prop::sample::select(vec!['\u{200B}', '\u{200D}', '\u{200E}', '\u{202D}', '\u{2060}', '\u{FEFF}', '\u{AD}']),
    ) {
        let texts = [format!("{before}{after}"), format!("{before}{mark}{after}")];
        let [plain, marked] = texts.map(|text| {
            judged(&[(Field::Name, &text), (Field::Url, &format!("pages/{text}")), (Field::Sku, &text)])
        });
        prop_assert_eq!(plain.keys, marked.keys);
        prop_assert_eq!(plain.goods, marked.goods);
        let marks = marked.issues.iter().filter(|issue| issue.fault.code() == "text-invisible");
        prop_assert_eq!(marks.count(), 3);
    }

    #[test]
    fn fingerprints_are_equal_exactly_where_identities_are(
        one in prop::array::uniform4("[ab Ａ#\u{A0}\u{200B}]{0,2}"),
        two in prop::array::uniform4("[ab Ａ#\u{A0}\u{200B}]{0,2}"),
    ) {
        let fields = [Field::Name, Field::Url, Field::ThirdPartyAppid, Field::Sku];
        let rows = [one, two].map(|texts| {
            row(&fields.iter().copied().zip(texts.iter().map(String::as_str)).collect::<Vec<_>>())
        });
        let columns = columns();
        let keys = [0, 1].map(|at: usize| Keys::of(&rows[at], &columns));
        let prints = [0, 1].map(|at: usize| Draft::of(&rows[at], &columns).fingerprint());
        prop_assert_eq!(prints.map(|print| print.is_some()), [keys[0].identifies(), keys[1].identifies()]);
        if let [Some(first), Some(second)] = prints {
            prop_assert_eq!(first == second, keys[0].identity() == keys[1].identity());
        }
    }

    #[test]
    fn any_cells_are_judged_and_goods_come_of_rows_without_errors_only(
        texts in prop::array::uniform10(".{0,40}"),
        looks in prop::collection::vec((0_usize..12, looks()), 0..4),
        ragged in prop::option::weighted(0.1, 0_usize..20),
    ) {
        let cells = StringRecord::from(texts.to_vec());
        let row = RawRow { number: 2, cells, looks, ragged, ..RawRow::default() };
        let judged = judge(&row, &columns());
        let sound = judged.issues.iter().all(|issue| issue.fault.severity() == Severity::Warning);
        prop_assert_eq!(judged.goods.is_some(), sound);
        prop_assert_eq!(judged.keys, Keys::of(&row, &columns()));
    }
}
