//! One word of the command line into one value, or into a sentence that says what would be right.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::Offset;

use crate::quota::Bucket;
use crate::sheet::{Field, HeadingMap, Meaning};

/// The longest `--timeout`: a call that takes an hour is not coming back.
const LONGEST_TIMEOUT: f64 = 3600.0;

/// `HEADING=field`, the field by its own name or by any heading that is known, or nothing to set the column aside.
/// The heading may hold `=` itself, so the last one divides; a Chinese keyboard's will do.
pub fn heading_map(text: &str) -> Result<HeadingMap, String> {
    let divided = text.rsplit_once('=').or_else(|| text.rsplit_once('＝'));
    let (heading, name) = divided.ok_or("write it as HEADING=field")?;
    match Meaning::named(name) {
        Some(_) if heading.trim().is_empty() => Err("the heading before the = is empty".to_owned()),
        Some(meaning) => Ok(HeadingMap { heading: heading.to_owned(), meaning }),
        None => Err(format!(
            "no field is called {:?}; the fields are {}, or any heading that is known, such as 现价, and nothing \
             behind the = sets the column aside",
            name.trim(),
            field_names()
        )),
    }
}

fn field_names() -> String {
    Field::ALL.map(Field::name).join(", ")
}

/// A name that encodings are known by on the web: utf-8, gb18030, gbk, big5, …
pub fn encoding(text: &str) -> Result<String, String> {
    encoding_rs::Encoding::for_label(text.as_bytes()).map(|encoding| encoding.name().to_owned()).ok_or_else(
        || "use utf-8, gb18030, big5, shift_jis, euc-kr, windows-1252, utf-16le or utf-16be".to_owned(),
    )
}

/// Comma, semicolon or tab, as the character or by name.
pub fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "," | "comma" => Ok(b','),
        ";" | "semicolon" => Ok(b';'),
        "\t" | "\\t" | "tab" => Ok(b'\t'),
        _ => Err("use comma, semicolon or tab".to_owned()),
    }
}

/// `BUCKET=N`.
pub fn quota(text: &str) -> Result<(Bucket, u64), String> {
    let (name, limit) = text.split_once('=').ok_or("write it as BUCKET=N, for example submit=500")?;
    let bucket = Bucket::ALL.into_iter().find(|bucket| bucket.name() == name.trim()).ok_or_else(|| {
        format!("no bucket is called {:?}; the buckets are {}", name.trim(), bucket_names())
    })?;
    let limit =
        limit.trim().parse().map_err(|_| format!("{:?} is not a number of calls a day", limit.trim()))?;
    Ok((bucket, limit))
}

fn bucket_names() -> String {
    Bucket::ALL.map(Bucket::name).join(", ")
}

/// Seconds, decimals allowed, above 0 and at most an hour.
pub fn timeout(text: &str) -> Result<Duration, String> {
    text.parse::<f64>()
        .ok()
        .filter(|seconds| *seconds > 0.0 && *seconds <= LONGEST_TIMEOUT)
        .map(Duration::from_secs_f64)
        .ok_or_else(|| format!("use seconds above 0, at most {LONGEST_TIMEOUT}"))
}

/// `HH:MM`, the hour at which the service's day turns.
pub fn day_start(text: &str) -> Result<Time, String> {
    Time::strptime("%H:%M", text).map_err(|_| "use HH:MM between 00:00 and 23:59".to_owned())
}

/// `+HH:MM` or `-HH:MM`.
pub fn utc_offset(text: &str) -> Result<Offset, String> {
    let wrong = || "use +HH:MM or -HH:MM between -14:00 and +14:00, for example +08:00".to_owned();
    let (sign, clock) = match text.split_at_checked(1) {
        Some(("+", clock)) => (1, clock),
        Some(("-", clock)) => (-1, clock),
        _ => return Err(wrong()),
    };
    let clock = Time::strptime("%H:%M", clock).map_err(|_| wrong())?;
    let seconds = (i32::from(clock.hour()) * 60 + i32::from(clock.minute())) * 60;
    if seconds > 14 * 3600 {
        return Err(wrong());
    }
    Offset::from_seconds(sign * seconds).map_err(|_| wrong())
}

/// An http or https address of a server; credentials in it would end up in messages.
pub fn api_base(text: &str) -> Result<String, String> {
    let address =
        reqwest::Url::parse(text).map_err(|_| "use an address like http://127.0.0.1:8080".to_owned())?;
    if !matches!(address.scheme(), "http" | "https") {
        return Err("the address must begin with http:// or https://".to_owned());
    }
    if !address.username().is_empty() || address.password().is_some() {
        return Err("leave user and password out of the address: a secret is never a flag's value".to_owned());
    }
    if address.query().is_some() || address.fragment().is_some() {
        return Err("leave out what begins with ? or #".to_owned());
    }
    Ok(address.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_equals_sign_divides_heading_and_field() {
        let aside = |heading: &str| HeadingMap { heading: heading.to_owned(), meaning: Meaning::Own };
        assert_eq!(heading_map("a=b=price"), Ok(HeadingMap::new("a=b", Field::Price)));
        assert_eq!(heading_map("品类名=NAME"), Ok(HeadingMap::new("品类名", Field::Name)));
        assert_eq!(heading_map("特价=现价"), Ok(HeadingMap::new("特价", Field::Price2)));
        assert_eq!(heading_map("特价＝现价"), Ok(HeadingMap::new("特价", Field::Price2)));
        assert_eq!(heading_map("特价="), Ok(aside("特价")));
        assert_eq!(heading_map("a=b="), Ok(aside("a=b")));
        assert!(heading_map("品名").is_err());
        assert!(heading_map("=price").is_err());
        assert!(heading_map("品名=prize").is_err_and(|text| text.contains("price2")));
    }

    #[test]
    fn a_delimiter_goes_by_character_or_name() {
        for (text, byte) in [(",", b','), ("semicolon", b';'), ("\\t", b'\t'), ("\t", b'\t'), ("tab", b'\t')]
        {
            assert_eq!(delimiter(text), Ok(byte), "{text:?}");
        }
        assert!(delimiter("|").is_err());
    }

    #[test]
    fn an_encoding_is_known_by_its_web_names() {
        assert_eq!(encoding("GBK"), Ok("GBK".to_owned()));
        assert_eq!(encoding("utf8"), Ok("UTF-8".to_owned()));
        for name in ["Big5", "Shift_JIS", "EUC-KR", "windows-1252"] {
            assert_eq!(
                encoding(&name.to_lowercase()).as_deref(),
                Ok(name),
                "as a doubtful file's error names it"
            );
        }
        assert!(encoding("ebcdic").is_err());
    }

    #[test]
    fn a_quota_names_a_bucket_and_a_number() {
        assert_eq!(quota("submit=20"), Ok((Bucket::Submit, 20)));
        assert!(quota("add=20").is_err_and(|text| text.contains("submit")));
        assert!(quota("submit=-1").is_err());
        assert!(quota("submit").is_err());
    }

    #[test]
    fn a_timeout_is_above_zero_and_finite() {
        assert_eq!(timeout("0.5"), Ok(Duration::from_millis(500)));
        for text in ["0", "-1", "NaN", "inf", "1e9", ""] {
            assert!(timeout(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_day_starts_at_an_hour_of_the_clock() {
        assert_eq!(day_start("04:30"), Ok(Time::constant(4, 30, 0, 0)));
        for text in ["24:00", "4", "noon", ""] {
            assert!(day_start(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_offset_has_a_sign_and_stays_on_earth() {
        assert_eq!(utc_offset("+08:00").map(Offset::seconds), Ok(28_800));
        assert_eq!(utc_offset("-05:30").map(Offset::seconds), Ok(-19_800));
        for text in ["08:00", "+15:00", "+8:60", "Z", "", "＋08:00"] {
            assert!(utc_offset(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_address_carries_neither_credentials_nor_a_query() {
        assert_eq!(api_base("http://127.0.0.1:80/"), Ok("http://127.0.0.1".to_owned()));
        assert_eq!(api_base("https://example.com/base/"), Ok("https://example.com/base".to_owned()));
        for text in ["127.0.0.1:80", "ftp://a", "http://u:p@a", "http://a/?access_token=x", "http://a/#x"] {
            assert!(api_base(text).is_err(), "{text:?}");
        }
    }
}
