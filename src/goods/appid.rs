//! A third party's appid cell into the appid, and what is wrong with it.

use super::Fault;
use super::seen::{Reading, clean};
use super::text::clip;

/// Reads a trimmed text.
pub(super) fn read(text: &str) -> Reading<'_> {
    let mut faults = Vec::new();
    let text = clean(text, &mut faults);
    faults.extend(fault(&text));
    Reading { text, faults }
}

/// Whether no rule can have anything to say about the text: an appid is `wx` and 16 letters or digits; an empty cell
/// means one's own goods.
pub(super) fn is_plain(text: &str) -> bool {
    text.is_empty()
        || text.len() == 18 && text.starts_with("wx") && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn fault(text: &str) -> Option<Fault> {
    (!is_plain(text)).then(|| Fault::AppidMalformed { text: clip(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_appid_is_wx_and_sixteen_more() {
        assert_eq!(fault(""), None);
        assert_eq!(fault("wx0123456789abcdef"), None);
        for text in ["wx0123456789abcde", "gh_0123456789abcde", "wx0123456789abcdeé", "我的小程序"] {
            assert_eq!(fault(text).map(|fault| fault.code()), Some("appid-malformed"), "{text}");
        }
    }

    #[test]
    fn a_mark_nobody_sees_does_not_spoil_an_appid() {
        let reading = read("wx01234567\u{200B}89abcdef");
        assert_eq!(reading.text, "wx0123456789abcdef");
        assert_eq!(reading.faults, [Fault::TextInvisible { mark: '\u{200B}' }]);
    }
}
