//! The user's own command, changed where the next one differs, as a line for a shell.

use std::ffi::{OsStr, OsString};
use std::fmt::{self, Write as _};
use std::os::unix::ffi::OsStrExt;

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::exit::Stop;
use crate::sheet::{HeadingMap, Remedy};

/// A command to type next. Its text can be pasted into a shell; no secret is in it, because none is ever a
/// flag's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextCommand {
    verb: String,
    words: Vec<Word>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    Value(OsString),
    Flag(String),
    Option(String, OsString),
}

impl Word {
    fn is(&self, long: &str) -> bool {
        matches!(self, Self::Flag(name) | Self::Option(name, _) if name == long)
    }
}

impl NextCommand {
    /// `livegoods VERB`, to be added to; an empty verb is the program itself.
    pub fn new(verb: &str) -> Self {
        Self { verb: verb.to_owned(), words: Vec::new() }
    }

    /// The command that was typed, option by option. `command` is built, and `matches` are its own.
    pub fn again(command: &Command, matches: &ArgMatches) -> Self {
        let Some((verb, matches)) = matches.subcommand() else { return Self::new("").flag("help") };
        let arguments = command.find_subcommand(verb).into_iter().flat_map(Command::get_arguments);
        let mut words: Vec<(usize, Word)> = arguments.flat_map(|arg| typed(arg, matches)).collect();
        words.sort_by_key(|(place, _)| *place);
        Self { verb: verb.to_owned(), words: words.into_iter().map(|(_, word)| word).collect() }
    }

    /// With another verb that takes the same words.
    #[must_use]
    pub fn verb(self, verb: &str) -> Self {
        Self { verb: verb.to_owned(), ..self }
    }

    /// Only what says which service is called as whom; the verb and its values are new.
    #[must_use]
    pub fn of_the_service(&self, verb: &str) -> Self {
        const KEPT: [&str; 12] = [
            // Without it, another verb would not know the columns of the results either.
            "map",
            "sandbox",
            "appid",
            "secret-file",
            "api-base",
            "state",
            "config",
            "day-start",
            "utc-offset",
            "quota",
            "timeout",
            "rate",
        ];
        self.keeping(&KEPT, verb)
    }

    /// The same for a verb that reads the same sheet: with how it is read, too.
    #[must_use]
    pub fn of_the_sheet(&self, verb: &str) -> Self {
        const KEPT: [&str; 6] =
            ["results", "sheet", "encoding", "delimiter", "cover-root", "allow-private-covers"];
        let mut next = self.keeping(&KEPT, verb);
        next.words.extend(self.of_the_service(verb).words);
        next
    }

    fn keeping(&self, kept: &[&str], verb: &str) -> Self {
        let words = self.words.iter().filter(|word| kept.iter().any(|long| word.is(long)));
        Self { verb: verb.to_owned(), words: words.cloned().collect() }
    }

    /// With one more value, such as the path of a sheet.
    #[must_use]
    pub fn value(mut self, value: impl Into<OsString>) -> Self {
        self.words.push(Word::Value(value.into()));
        self
    }

    /// With a flag, by its long name without dashes; given twice it stands there once.
    #[must_use]
    pub fn flag(self, long: &str) -> Self {
        let mut command = self.without(long);
        command.words.push(Word::Flag(long.to_owned()));
        command
    }

    /// With an option set to `value`, whatever it was before.
    #[must_use]
    pub fn option(self, long: &str, value: impl Into<OsString>) -> Self {
        let mut command = self.without(long);
        command.words.push(Word::Option(long.to_owned(), value.into()));
        command
    }

    /// With what may help to read a file.
    #[must_use]
    pub fn mending(self, remedy: &Remedy) -> Self {
        let sends = matches!(self.verb.as_str(), "import" | "update") && !self.has("dry-run");
        let mut mapped = self.mapping(&remedy.maps);
        if sends && remedy.of_prices {
            mapped = mapped.flag("dry-run");
        }
        match remedy.encoding {
            Some(encoding) => mapped.option("encoding", encoding.to_ascii_lowercase()),
            None => mapped,
        }
    }

    /// With more maps of headings beside those it has.
    #[must_use]
    pub fn mapping(mut self, maps: &[HeadingMap]) -> Self {
        for map in maps {
            let word = Word::Option("map".to_owned(), map.to_string().into());
            if !self.words.contains(&word) {
                self.words.push(word);
            }
        }
        self
    }

    /// What goes on after `stop`: with the unit of prices that the replies seem to have.
    #[must_use]
    pub fn after(self, stop: &Stop) -> Self {
        match stop {
            Stop::PricesInFen { .. } => self.option("reply-prices", "fen"),
            Stop::PricesNotInFen { .. } => self.option("reply-prices", "yuan"),
            _ => self,
        }
    }

    /// Whether a flag or an option is in it.
    pub fn has(&self, long: &str) -> bool {
        self.words.iter().any(|word| word.is(long))
    }

    /// Without a flag or an option.
    #[must_use]
    pub fn without(mut self, long: &str) -> Self {
        self.words.retain(|word| !word.is(long));
        self
    }
}

/// What of an argument was typed, each piece with its place on the line.
fn typed(arg: &Arg, matches: &ArgMatches) -> Vec<(usize, Word)> {
    let id = arg.get_id().as_str();
    if matches.value_source(id) != Some(ValueSource::CommandLine) {
        return Vec::new();
    }
    let places = matches.indices_of(id).into_iter().flatten();
    let values = matches.get_raw(id).into_iter().flatten();
    let word = |value: &OsStr| match arg.get_long() {
        None => Word::Value(value.to_owned()),
        Some(long) if matches!(arg.get_action(), ArgAction::SetTrue) => Word::Flag(long.to_owned()),
        Some(long) => Word::Option(long.to_owned(), value.to_owned()),
    };
    places.zip(values).map(|(place, value)| (place, word(value))).collect()
}

impl fmt::Display for NextCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("livegoods")?;
        if !self.verb.is_empty() {
            write!(f, " {}", self.verb)?;
        }
        for word in &self.words {
            match word {
                // A path that begins with a dash would be read as an option.
                Word::Value(value) if begins_with_dash(value) && value != "-" => {
                    let mut path = OsString::from("./");
                    path.push(value);
                    write!(f, " {}", Quoted(&path))?;
                }
                Word::Value(value) => write!(f, " {}", Quoted(value))?,
                Word::Flag(long) => write!(f, " --{long}")?,
                Word::Option(long, value) if begins_with_dash(value) => {
                    write!(f, " --{long}={}", Quoted(value))?
                }
                Word::Option(long, value) => write!(f, " --{long} {}", Quoted(value))?,
            }
        }
        Ok(())
    }
}

fn begins_with_dash(value: &OsStr) -> bool {
    value.as_bytes().starts_with(b"-")
}

/// A word as a POSIX shell reads it back; control characters and broken UTF-8 need the `$'…'` of bash and
/// zsh.
struct Quoted<'a>(&'a OsStr);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.to_str() {
            Some(text) if !text.is_empty() && text.chars().all(is_plain) => f.write_str(text),
            Some(text) if !text.chars().any(char::is_control) => {
                write!(f, "'{}'", text.replace('\'', r"'\''"))
            }
            _ => {
                f.write_str("$'")?;
                for byte in self.0.as_bytes() {
                    match byte {
                        b'\'' | b'\\' => write!(f, "\\{}", char::from(*byte))?,
                        b' '..=b'~' => f.write_char(char::from(*byte))?,
                        byte => write!(f, "\\{byte:03o}")?,
                    }
                }
                f.write_char('\'')
            }
        }
    }
}

fn is_plain(letter: char) -> bool {
    letter.is_alphanumeric() || "_-./:=,@%+".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &OsStr) -> String {
        NextCommand::new("check").value(value).to_string()
    }

    #[test]
    fn a_word_is_quoted_only_where_a_shell_would_misread_it() {
        assert_eq!(line("reports/春季.xlsx".as_ref()), "livegoods check reports/春季.xlsx");
        assert_eq!(line("my sheet.csv".as_ref()), "livegoods check 'my sheet.csv'");
        assert_eq!(line("it's.csv".as_ref()), r"livegoods check 'it'\''s.csv'");
        assert_eq!(line("~/a.csv".as_ref()), "livegoods check '~/a.csv'");
        assert_eq!(line("".as_ref()), "livegoods check ''");
        assert_eq!(line("a\nb.csv".as_ref()), r"livegoods check $'a\012b.csv'");
        assert_eq!(line(OsStr::from_bytes(b"\xc9\xcc.csv")), r"livegoods check $'\311\314.csv'");
    }

    #[test]
    fn a_path_that_begins_with_a_dash_stays_a_path() {
        assert_eq!(line("-n.csv".as_ref()), "livegoods check ./-n.csv");
        assert_eq!(line("-".as_ref()), "livegoods check -");
    }

    #[test]
    fn an_option_is_replaced_and_a_flag_stands_once() {
        let command = NextCommand::new("import").value("a.csv").flag("wait").option("jobs", "4");
        let command = command.flag("wait").option("jobs", "2").flag("dry-run").without("dry-run");
        assert_eq!(command.to_string(), "livegoods import a.csv --wait --jobs 2");
        let command = NextCommand::new("import").option("utc-offset", "-05:00");
        assert_eq!(command.to_string(), "livegoods import --utc-offset=-05:00");
    }
}
