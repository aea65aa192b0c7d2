//! Whether, and how, text is coloured.

use std::env;
use std::io::IsTerminal;

/// Colours or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// Text alone.
    Plain,
    /// ANSI colours.
    Colors,
}

impl Paint {
    /// Colours on a terminal that knows them, unless `NO_COLOR` is set (no-color.org).
    pub fn auto(stream: &impl IsTerminal) -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_none_or(|term| term == "dumb");
        if stream.is_terminal() && !refused && !dumb { Self::Colors } else { Self::Plain }
    }

    /// An error's mark.
    pub fn error(self, text: &str) -> String {
        self.wrap("1;31", text)
    }

    /// A warning's mark.
    pub fn warning(self, text: &str) -> String {
        self.wrap("1;33", text)
    }

    /// What matters.
    pub fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colors => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}
