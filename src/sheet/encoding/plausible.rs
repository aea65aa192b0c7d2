//! Bytes that are no UTF-8 into whether they read as GB18030, or far better as something else.
//!
//! Nearly any bytes decode as GB18030, if need be into characters that nobody uses. So each encoding is asked what
//! the bytes cost in it: common characters cost little, rare ones much, and what it cannot hold most. GB18030 is
//! believed unless another one is cheaper by far.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, WINDOWS_1252};
use memchr::memchr;

use super::unit::Unit;
use super::usual::Usual;

/// How much of a file is looked at. This many bytes of any text hold more than enough to tell.
pub(super) const STRETCH: usize = 64 << 10;

/// So many bytes beyond ASCII are looked at in the stretch.
const ENOUGH: usize = 8192;

/// So many characters of a cell are shown, and so many bytes hold them.
const SHOWN: usize = 16;
const SPECIMEN: usize = 160;

/// A character of ASCII, in every encoding.
const ASCII: u32 = 35;

/// GB18030 is right at once when so many characters cost no more than `CLEARLY` on average.
const A_FEW: u32 = 8;
const CLEARLY: u32 = 85;

/// So many characters that cost as much as `ODD` on average are no Chinese.
const ODD_FEW: u32 = 5;
const ODD: u32 = 135;

/// Another encoding that a spreadsheet program may have saved in.
struct Rival {
    encoding: &'static Encoding,
    /// By how much it must be cheaper than GB18030 to be believed.
    by: u32,
    /// What a character beyond ASCII may cost on average for the text to read naturally.
    natural: u32,
}

const RIVALS: [Rival; 4] = [
    Rival { encoding: BIG5, by: 75, natural: 105 },
    Rival { encoding: SHIFT_JIS, by: 150, natural: 100 },
    Rival { encoding: EUC_KR, by: 110, natural: 90 },
    Rival { encoding: WINDOWS_1252, by: 60, natural: 60 },
];

/// How the bytes read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// As GB18030, as far as they tell.
    Plausible,
    /// Naturally in another encoding.
    Likely(&'static Encoding),
    /// In none that we know.
    Nothing,
}

/// Judges `bytes`, which begin with a row and end with one, or in the midst of it.
pub(super) fn judge(bytes: &[u8]) -> Verdict {
    let bytes = enough_of(bytes);
    let common = Usual::new();
    let chinese = Price::of(bytes, GB18030, &common);
    if chinese.count >= A_FEW && chinese.malformed == 0 && chinese.average() <= CLEARLY {
        return Verdict::Plausible;
    }
    let rivals = RIVALS.iter().map(|rival| (rival, Price::of(bytes, rival.encoding, &common)));
    let better = rivals
        .filter(|(rival, price)| price.total + rival.by < chinese.total && price.average() <= rival.natural);
    match better.min_by_key(|(_, price)| price.total) {
        Some((rival, _)) => Verdict::Likely(rival.encoding),
        // What is damaged is found out, and named, by decoding it.
        None if chinese.count >= ODD_FEW && chinese.malformed == 0 && chinese.average() >= ODD => {
            Verdict::Nothing
        }
        None => Verdict::Plausible,
    }
}

/// The first cell of `rows` beyond ASCII, as it reads in `encoding`; of a long one the beginning.
pub(super) fn specimen(rows: &[u8], encoding: &'static Encoding) -> String {
    let beyond = rows.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let row = rows[..beyond].iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let text = encoding.decode_without_bom_handling(&rows[row..rows.len().min(beyond + SPECIMEN)]).0;
    let mut cells = text.split([',', ';', '\t', '\n', '\r']);
    let cell = cells.find(|cell| !cell.is_ascii()).unwrap_or_default().trim_matches([' ', '"']);
    let mut shown: String = cell.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if cell.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// As many rows as it takes to tell: the same ones for every encoding.
fn enough_of(bytes: &[u8]) -> &[u8] {
    let mut beyond = bytes.iter().enumerate().filter(|(_, byte)| !byte.is_ascii());
    let enough = beyond.nth(ENOUGH).map_or(bytes.len(), |(at, _)| at);
    let newline = memchr(b'\n', &bytes[enough..]);
    &bytes[..newline.map_or(bytes.len(), |newline| enough + newline)]
}

/// What bytes cost in an encoding.
#[derive(Default)]
struct Price {
    total: u32,
    /// Characters beyond ASCII, what they cost, and how many of them are none.
    count: u32,
    beyond: u32,
    malformed: u32,
}

impl Price {
    fn of(bytes: &[u8], encoding: &'static Encoding, common: &Usual) -> Self {
        let mut price = Self::default();
        let (mut rest, mut before) = (bytes, Unit { bytes: b"\n", character: Some('\n') });
        while let Some(first) = rest.first() {
            let unit = Unit::first_of(rest, encoding);
            rest = &rest[unit.bytes.len()..];
            if *first < 0x80 {
                price.total += ASCII;
            } else {
                let cost = unit.cost(before, rest, encoding, common);
                price.count += 1;
                price.beyond += cost;
                price.total += cost;
                price.malformed += u32::from(unit.character.is_none());
            }
            before = unit;
        }
        price
    }

    fn average(&self) -> u32 {
        self.beyond / self.count.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str, encoding: &'static Encoding) -> Verdict {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "{text} in {}", encoding.name());
        judge(&bytes)
    }

    #[test]
    fn chinese_is_plausible_whatever_is_rare_in_it() {
        for text in [
            "茶,1",
            "name,price\n茶,1",
            "杯子",
            "名称,价格\n",
            "name,price,note\nT恤,1,XL码",
            "a,1\n瑢,2\n",
            "犇犇,1",
            "犇喆瑢,1",
            "堃记茶庄,99",
            "王喆,1\n李堃,2\n",
            "name\n赵赟\n",
            "骉骉羴羴,1",
            "葉家茶莊",
            "name,price\n葉家茶莊,1\n",
            "龍鳳呈祥",
            "老鋪黃金",
            "商品名稱,價格\n高山烏龍茶禮盒,99",
            "燊哥囍饼",
            "鑫淼焱垚",
            "€,1",
            "price €\n99€\n茶杯,1",
            "（新品）【特价】,１２．５",
            "①号,②号",
            "咖啡,2",
            "の茶,1",
            "α波眼罩,1",
            "蟑螂,1\n蚯蚓,2",
            "齉齾,1",
            "饕餮,魑魅",
            "珐琅彩",
            "烤冷面,酸辣粉,螺蛳粉",
            "撸猫,逗猫棒",
            "name,price\niPhone壳,1\n",
            "榫卯,1",
            "臻,1",
            "name\n藜麦\n",
        ] {
            for encoding in [GB18030, encoding_rs::GBK] {
                assert_eq!(verdict(text, encoding), Verdict::Plausible, "{text}");
            }
        }
    }

    #[test]
    fn every_character_of_gb2312_may_stand_alone_or_in_twos_and_threes() {
        for lead in 0xB0..=0xF7_u8 {
            for trail in 0xA1..=0xFE_u8 {
                if lead == 0xD7 && trail > 0xF9 {
                    continue;
                }
                let one = [lead, trail];
                assert_eq!(
                    judge(&[b"name,price\n", &one[..], b",1\n"].concat()),
                    Verdict::Plausible,
                    "{one:x?}"
                );
                let two = [lead, trail, lead, trail ^ 1];
                if trail > 0xA1 && trail < 0xFE && !(lead == 0xD7 && trail > 0xF7) {
                    assert_eq!(judge(&[b"a ", &two[..], b",1\n"].concat()), Verdict::Plausible, "{two:x?}");
                }
            }
        }
    }

    #[test]
    fn what_reads_better_in_another_encoding_is_not_taken_for_chinese() {
        let wide = [
            (BIG5, "商品名稱,圖片,價格\n高山烏龍茶禮盒,a,99.5\n"),
            (BIG5, "name,price\n高山烏龍茶禮盒,99.5\n"),
            (BIG5, "name,price\n烏龍,1\n"),
            (BIG5, "品名,售價\n阿里山金萱,1\n凍頂烏龍,2\n文山包種,3\n"),
            (SHIFT_JIS, "商品名,価格\n抹茶,1\n"),
            (SHIFT_JIS, "name,price\n抹茶セット,1\n"),
            (SHIFT_JIS, "name,price\nお茶,1\n"),
            (SHIFT_JIS, "name,price\nｱｯﾌﾟﾙ,1\nﾐﾙｸ,2\n"),
            (SHIFT_JIS, "商品名,価格\nﾄﾞﾘﾝｸ,1\n"),
            (SHIFT_JIS, "name,price\nﾁｮｺﾚｰﾄ,1\nﾊﾟﾝｹｰｷ,1\nｸﾗｯｶｰ,2\n"),
            (EUC_KR, "상품명,가격\n녹차 선물세트,1\n"),
            (EUC_KR, "name,price\n녹차 선물세트,1\n"),
            (EUC_KR, "name,price\n원피스,1\n바지,2\n"),
            (WINDOWS_1252, "name,price\ncafé,1\n"),
            (WINDOWS_1252, "name,price\nCrème brûlée,1\n"),
            (WINDOWS_1252, "name,price\nÜberzug,1\n"),
            (WINDOWS_1252, "name,price\nMen’s jacket,1\n"),
            (WINDOWS_1252, "name,price\nKühlbox – groß,1\n"),
            (WINDOWS_1252, "name,price,note\nTea 20°C,1,naïve\n"),
            (WINDOWS_1252, "name,price\ntea,£1\n"),
        ];
        for (encoding, text) in wide {
            assert_eq!(verdict(text, encoding), Verdict::Likely(encoding), "{text}");
            let large = format!(
                "{text}{}",
                text.lines().last().map(|row| format!("{row}\n")).unwrap_or_default().repeat(3000)
            );
            assert_eq!(verdict(&large, encoding), Verdict::Likely(encoding), "{text}, and so on");
        }
    }
}
