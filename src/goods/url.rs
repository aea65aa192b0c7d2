//! A page path as people write it into the path as it is sent.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::seen::{Reading, clean, damage, entity};
use super::text::{any_byte, clip_to, is_one_of};
use super::{Fault, Severity};

/// What a path is encoded of beside everything outside ASCII: users report that the service refuses blanks,
/// quotes and angle brackets with 300007. Sequences that are encoded already are left alone.
const REFUSED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'<').add(b'>');

/// What an address inside a parameter is encoded of: everything a query gives a meaning to, its own `%`
/// included, so that decoding the parameter once gives the very address back.
const ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// As much of an encoded path as a warning shows.
const SHOWN: usize = 200;

/// Reads a trimmed text into the path as it is sent, as near as can be for one at fault.
pub(super) fn read(text: &str) -> Reading<'_> {
    if is_plain(text) {
        return Reading { text: Cow::Borrowed(text), faults: Vec::new() };
    }
    let mut faults: Vec<Fault> = damage(text).into_iter().collect();
    let seen = clean(text, &mut faults);
    faults.extend(entity(&seen));
    let own_signs = with_own_signs(&seen);
    let text = match (own_signs, seen) {
        (Some(path), _) => Cow::Owned(sent(&path, true, &mut faults).into_owned()),
        (None, Cow::Borrowed(path)) => sent(path, false, &mut faults),
        (None, Cow::Owned(path)) => Cow::Owned(sent(&path, false, &mut faults).into_owned()),
    };
    Reading { text, faults }
}

/// The path as it is sent. `changed` says that it is another than the cell's already.
///
/// Parameters are split at `&` before their values are looked at, as the mini-program splits them: in
/// `web?u=https://a.com/x?a=1&b=2` the `b` is the page's. Whoever means it to be the address's has to
/// write it encoded, and is warned.
fn sent<'a>(text: &'a str, changed: bool, faults: &mut Vec<Fault>) -> Cow<'a, str> {
    let path = text.split('?').next().unwrap_or_default();
    if path.contains("://") || path.contains("：//") {
        faults.push(Fault::UrlAddress);
        return Cow::Borrowed(text);
    }
    let inner = text.trim_start_matches('/');
    if path.trim_start_matches('/').is_empty() {
        faults.push(Fault::UrlMissing);
    } else if inner.len() < text.len() {
        faults.push(Fault::UrlLeadingSlash);
    }
    if !changed && is_clean(inner) {
        return Cow::Borrowed(inner);
    }
    let mut encoder = Encoder { encoded: changed, ..Encoder::default() };
    encoder.path(inner);
    encoder.report(faults);
    Cow::Owned(encoder.sent)
}

/// The path with its own `／`, `？`, `＆` and `＝` as ASCII has them, `None` when it has none of full width.
///
/// Only where they can be nothing else: in front of the query, where it begins, where the next `key=` follows,
/// and behind a key. Inside a value they are the value's.
fn with_own_signs(text: &str) -> Option<String> {
    if !text.contains(['／', '？', '＆', '＝']) {
        return None;
    }
    let page = text.find(['?', '？']).unwrap_or(text.len());
    let mut path: String = text[..page].chars().map(ascii).collect();
    let mut query = text[page..].chars();
    path.extend(query.next().map(ascii));
    let mut rest = query.as_str();
    while !rest.is_empty() {
        let ends =
            |(at, c): &(usize, char)| *c == '&' || *c == '＆' && begins_with_key(&rest[at + c.len_utf8()..]);
        let (end, next) = match rest.char_indices().find(ends) {
            Some((at, c)) => (at, at + c.len_utf8()),
            None => (rest.len(), rest.len()),
        };
        let (key, value) = rest[..end].split_at(rest[..end].find(['=', '＝']).unwrap_or(end));
        let mut value = value.chars();
        path.push_str(key);
        path.extend(value.next().map(ascii));
        path.push_str(value.as_str());
        path.push_str(if next > end { "&" } else { "" });
        rest = &rest[next..];
    }
    (path != text).then_some(path)
}

fn ascii(c: char) -> char {
    match c {
        '／' => '/',
        '？' => '?',
        '＆' => '&',
        '＝' => '=',
        _ => c,
    }
}

fn begins_with_key(text: &str) -> bool {
    let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let rest = text.trim_start_matches(is_key);
    rest.len() < text.len() && rest.starts_with(['=', '＝'])
}

/// Whether no rule can have anything to say about the text: the usual case, decided in one look.
pub(super) fn is_plain(text: &str) -> bool {
    let strange = |byte: u8| !byte.is_ascii_graphic() | is_one_of(byte, b"\"'<>#\\%:;");
    !text.is_empty() && !text.starts_with(['/', '?']) && !any_byte(text, strange)
}

/// Whether nothing in the text needs encoding or refusing.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'"' | b'\'' | b'<' | b'>' | b'#' | b'\\' => false,
        b':' => !bytes[at..].starts_with(b"://"),
        b'%' => is_escape(&bytes[at + 1..]),
        _ => byte.is_ascii_graphic(),
    })
}

/// Whether what follows a `%` makes it an escape.
fn is_escape(rest: &[u8]) -> bool {
    matches!(rest, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
}

#[derive(Default)]
struct Encoder {
    sent: String,
    encoded: bool,
    address: bool,
    ambiguous: bool,
    fragment: bool,
    backslash: bool,
    control: bool,
}

impl Encoder {
    fn path(&mut self, text: &str) {
        let (path, query) = text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)));
        self.plain(path);
        let mut open_address = false;
        for (at, parameter) in query.into_iter().flat_map(|query| query.split('&')).enumerate() {
            self.sent.push(if at == 0 { '?' } else { '&' });
            self.ambiguous |= open_address;
            open_address = self.parameter(parameter);
        }
    }

    /// Encodes one parameter; says whether it is an address with a query of its own.
    fn parameter(&mut self, text: &str) -> bool {
        let keyed = text.split_once('=').filter(|(key, _)| !key.contains("://"));
        let value = keyed.map_or(text, |(_, value)| value);
        if !value.contains("://") {
            self.plain(text);
            return false;
        }
        if let Some((key, _)) = keyed {
            self.plain(key);
            self.sent.push('=');
        }
        self.look(value);
        self.address = true;
        self.sent.extend(utf8_percent_encode(value, ADDRESS));
        value.contains('?')
    }

    fn plain(&mut self, text: &str) {
        self.look(text);
        self.fragment |= text.contains('#');
        let start = self.sent.len();
        for (at, part) in text.split('%').enumerate() {
            if at > 0 {
                self.sent.push_str(if is_escape(part.as_bytes()) { "%" } else { "%25" });
            }
            self.sent.extend(utf8_percent_encode(part, REFUSED));
        }
        self.encoded |= self.sent.len() - start > text.len();
    }

    fn look(&mut self, text: &str) {
        self.control |= text.chars().any(char::is_control);
        self.backslash |= text.contains('\\');
    }

    fn report(&self, faults: &mut Vec<Fault>) {
        let errors = [
            (self.fragment, Fault::UrlFragment),
            (self.backslash, Fault::UrlBackslash),
            (self.control, Fault::UrlControl),
        ];
        faults.extend(errors.into_iter().filter_map(|(found, fault)| found.then_some(fault)));
        if faults.iter().any(|fault| fault.severity() == Severity::Error) {
            return;
        }
        let sent = || clip_to(SHOWN, &self.sent);
        if self.ambiguous {
            faults.push(Fault::UrlAddressAmbiguous { sent: sent() });
        } else if self.address {
            faults.push(Fault::UrlAddressEncoded { sent: sent() });
        }
        if self.encoded {
            faults.push(Fault::UrlEncoded { sent: sent() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, Vec<&'static str>) {
        let reading = super::read(text);
        (reading.text.into_owned(), reading.faults.iter().map(Fault::code).collect())
    }

    #[test]
    fn a_clean_path_is_sent_as_it_stands() {
        for text in
            ["pages/goods/detail?id=7&from=live", "pages/a.html", "pages/a?u=https%3A%2F%2Fa.com&n=%E8%8C%B6"]
        {
            assert_eq!(read(text), (text.to_owned(), vec![]));
            assert!(matches!(super::read(text).text, Cow::Borrowed(_)));
        }
    }

    #[test]
    fn a_leading_slash_is_taken_off_with_a_warning() {
        assert_eq!(read("/pages/a"), ("pages/a".to_owned(), vec!["url-leading-slash"]));
        assert_eq!(read("//pages/a?b=/c"), ("pages/a?b=/c".to_owned(), vec!["url-leading-slash"]));
    }

    #[test]
    fn blanks_quotes_and_other_scripts_are_encoded_with_a_warning() {
        assert_eq!(
            read("pages/a?n=白 茶"),
            ("pages/a?n=%E7%99%BD%20%E8%8C%B6".to_owned(), vec!["url-encoded"])
        );
        assert_eq!(read("页/a?q=\"<'>"), ("%E9%A1%B5/a?q=%22%3C%27%3E".to_owned(), vec!["url-encoded"]));
        assert_eq!(
            read("a?d=50%off&e=%E8茶"),
            ("a?d=50%25off&e=%E8%E8%8C%B6".to_owned(), vec!["url-encoded"])
        );
    }

    #[test]
    fn a_parameter_that_is_an_address_is_encoded_whole() {
        assert_eq!(
            read("pages/web?url=https://a.com/x?a=1#/y%20&b=2"),
            (
                "pages/web?url=https%3A%2F%2Fa.com%2Fx%3Fa%3D1%23%2Fy%2520&b=2".to_owned(),
                vec!["url-address-ambiguous"]
            )
        );
        assert_eq!(
            read("pages/web?b=2&url=http://a.com/茶"),
            ("pages/web?b=2&url=http%3A%2F%2Fa.com%2F%E8%8C%B6".to_owned(), vec!["url-address-encoded"])
        );
        assert_eq!(read("p?https://a.com?b=1").0, "p?https%3A%2F%2Fa.com%3Fb%3D1");
    }

    #[test]
    fn what_is_no_page_path_is_refused() {
        assert_eq!(read("https://mp.example.com/a?b=1").1, ["url-address"]);
        assert_eq!(read("").1, ["url-missing"]);
        assert_eq!(read("/?id=1").1, ["url-missing"]);
        assert_eq!(read("pages/a#top").1, ["url-fragment"]);
        assert_eq!(read("#小程序://白茶/abc").1, ["url-address"]);
        assert_eq!(read("pages\\a\tb").1, ["url-backslash", "url-control-character"]);
    }

    #[test]
    fn signs_of_full_width_are_the_paths_own_where_they_can_be_nothing_else() {
        for (text, path) in [
            ("pages／a？id＝1＆b＝2", "pages/a?id=1&b=2"),
            ("pages/a？id=1＆b=2", "pages/a?id=1&b=2"),
            ("pages/a?id＝1", "pages/a?id=1"),
            ("pages/a?id=1＆b=2&c=3", "pages/a?id=1&b=2&c=3"),
            ("pages/a?", "pages/a?"),
            ("pages/a？", "pages/a?"),
            ("pages/a?q=A＆B", "pages/a?q=A%EF%BC%86B"),
            ("pages/a?q=好？", "pages/a?q=%E5%A5%BD%EF%BC%9F"),
            ("pages/a?q=1＝1／2", "pages/a?q=1%EF%BC%9D1%EF%BC%8F2"),
            ("pages/a?q=（％）", "pages/a?q=%EF%BC%88%EF%BC%85%EF%BC%89"),
        ] {
            let encoded = if text == path { vec![] } else { vec!["url-encoded"] };
            assert_eq!(read(text), (path.to_owned(), encoded), "{text}");
        }
        assert_eq!(read("／pages/a"), ("pages/a".to_owned(), vec!["url-leading-slash", "url-encoded"]));
        assert_eq!(read("https：／／a.com/b").1, ["url-address"]);
        assert_eq!(read("？id=1").1, ["url-missing"]);
        assert_eq!(read("web？u＝https://a.com/x？a").0, "web?u=https%3A%2F%2Fa.com%2Fx%EF%BC%9Fa",);
    }

    #[test]
    fn a_path_is_read_as_it_is_seen() {
        for (text, path, found) in [
            ("pages/a\u{200B}?id=1", "pages/a?id=1", &["text-invisible"][..]),
            ("\u{202A}/pages/a\u{202C}?id=1", "pages/a?id=1", &["text-invisible", "url-leading-slash"]),
            ("pages/a?n=白\u{A0}茶", "pages/a?n=%E7%99%BD%20%E8%8C%B6", &["url-encoded"]),
            ("pages/a?id=1&amp;b=2", "pages/a?id=1&amp;b=2", &["text-entity"]),
            ("pages/a?x=1&copy=2", "pages/a?x=1&copy=2", &[]),
            ("pages/a;b?x=1", "pages/a;b?x=1", &[]),
            ("pages/a?n=\u{FFFD}", "pages/a?n=%EF%BF%BD", &["text-damaged"]),
            ("pages/a?n=\u{E001}&amp;", "pages/a?n=%EE%80%81&amp;", &["text-damaged", "text-entity"]),
        ] {
            assert_eq!(read(text), (path.to_owned(), found.to_vec()), "{text:?}");
        }
    }
}
