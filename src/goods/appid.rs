//! A third party's appid cell into what is wrong with it.

use super::Fault;
use super::text::clip;

/// An appid is `wx` and 16 letters or digits; an empty cell means one's own goods.
pub(super) fn fault(text: &str) -> Option<Fault> {
    let well_formed = text.is_empty()
        || text.len() == 18
            && text.starts_with("wx")
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (!well_formed).then(|| Fault::AppidMalformed { text: clip(text) })
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
}
