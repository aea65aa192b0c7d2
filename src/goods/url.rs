//! A page path as people write it into the path as it is sent.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Fault;
use super::text::{any_byte, clip_to, is_one_of};

/// What a path is encoded of beside everything outside ASCII: users report that the service refuses blanks,
/// quotes and angle brackets with 300007. Sequences that are encoded already are left alone.
const REFUSED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'<').add(b'>');

/// What an address inside a parameter is encoded of: everything a query gives a meaning to, its own `%`
/// included, so that decoding the parameter once gives the very address back.
const ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// As much of an encoded path as a warning shows.
const SHOWN: usize = 200;

/// A path as it is sent (as near as can be, for one at fault), and what was found on the way.
#[derive(Debug)]
pub(super) struct Path<'a> {
    pub(super) sent: Cow<'a, str>,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Path<'a> {
    /// Reads a trimmed text.
    ///
    /// Parameters are split at `&` before their values are looked at, as the mini-program splits them: in
    /// `web?u=https://a.com/x?a=1&b=2` the `b` is the page's. Whoever means it to be the address's has to
    /// write it encoded, and is warned.
    pub(super) fn read(text: &'a str) -> Self {
        if is_plain(text) {
            return Self { sent: Cow::Borrowed(text), faults: Vec::new() };
        }
        let path = text.split('?').next().unwrap_or_default();
        if path.contains("://") {
            return Self { sent: Cow::Borrowed(text), faults: vec![Fault::UrlAddress] };
        }
        let inner = text.trim_start_matches('/');
        let mut faults = Vec::new();
        if path.trim_start_matches('/').is_empty() {
            faults.push(Fault::UrlMissing);
        } else if inner.len() < text.len() {
            faults.push(Fault::UrlLeadingSlash);
        }
        if is_clean(inner) {
            return Self { sent: Cow::Borrowed(inner), faults };
        }
        let mut encoder = Encoder::default();
        encoder.path(inner);
        encoder.report(&mut faults);
        Self { sent: Cow::Owned(encoder.sent), faults }
    }
}

/// Whether no rule can have anything to say about the text: the usual case, decided in one look.
fn is_plain(text: &str) -> bool {
    let strange = |byte: u8| !byte.is_ascii_graphic() | is_one_of(byte, b"\"'<>#\\%:");
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
        let before = faults.len();
        faults.extend(errors.into_iter().filter_map(|(found, fault)| found.then_some(fault)));
        if faults.len() > before {
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
        let path = Path::read(text);
        (path.sent.into_owned(), path.faults.iter().map(Fault::code).collect())
    }

    #[test]
    fn a_clean_path_is_sent_as_it_stands() {
        for text in
            ["pages/goods/detail?id=7&from=live", "pages/a.html", "pages/a?u=https%3A%2F%2Fa.com&n=%E8%8C%B6"]
        {
            assert_eq!(read(text), (text.to_owned(), vec![]));
            assert!(matches!(Path::read(text).sent, Cow::Borrowed(_)));
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
}
