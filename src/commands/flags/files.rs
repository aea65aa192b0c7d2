//! Settings files into defaults of the command line, so that clap's own precedence puts them below flags
//! and environment.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};
use toml::Value;

use super::environment::{self, map_options};
use super::parse::heading_map;
use super::sheet::MAPS_BELOW;

/// The file that a directory of sheets brings along.
const PROJECT_FILE: &str = "livegoods.toml";

/// The option that names a settings file cannot be set by one.
const CONFIG_KEY: &str = "config";

/// The option whose values add up, layer upon layer.
const MAP_KEY: &str = "map";

/// What is wrong with a settings file. The text names file, key and remedy, and never a value that could
/// be a secret.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file of `--config` is not there, or a file cannot be read.
    #[error("{}: the settings file cannot be read ({error}): mend the path, or leave it out", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's word for it.
        error: std::io::Error,
    },
    /// Not TOML. The text of the line is left out: it may hold a secret.
    #[error("{}:{line}: not valid TOML: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser misses.
        message: String,
    },
    /// A secret where others can read it.
    #[error("{}: {key:?} looks like a secret, which has no place in a settings file: remove it, and set LIVEGOODS_SECRET in the environment or name a file with secret-file", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
    },
    /// No option has this key.
    #[error("{}: unknown key {key:?}: {remedy}", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// A key that looks like it, or where to find them all.
        remedy: String,
    },
    /// The option does not take this value.
    #[error("{}: key {key:?}: {remedy}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key.
        key: String,
        /// What would be right.
        remedy: String,
    },
}

/// What the settings files say: for each key its values, the project's before the user's.
#[derive(Debug, Default)]
pub struct Settings {
    values: BTreeMap<String, Vec<String>>,
}

impl Settings {
    /// Reads the user's file, and above it `config` or else `./livegoods.toml`, for the options of
    /// `command`.
    ///
    /// # Errors
    /// A file that cannot be read or understood; only `config` has to be there.
    pub fn load(command: &Command, config: Option<&Path>) -> Result<Self, SettingsError> {
        let options = options(command);
        let mut settings = Self::default();
        if let Some(dir) = environment::base_dir("XDG_CONFIG_HOME", ".config") {
            settings.read(&dir.join("config.toml"), &options, false)?;
        }
        match config {
            Some(path) => settings.read(path, &options, true)?,
            None => settings.read(Path::new(PROJECT_FILE), &options, false)?,
        }
        Ok(settings)
    }

    /// `command` with these values as its defaults.
    pub fn apply(mut self, command: Command) -> Command {
        // A secret in the environment stands above a file named in a settings file.
        if environment::variable("LIVEGOODS_SECRET").is_some() {
            self.values.remove("secret-file");
        }
        let maps = self.maps();
        map_options(command, |arg| match key_of(&arg).and_then(|key| self.values.get(&key)) {
            Some(values) => arg.default_values(values.clone()),
            None if arg.get_id() == MAPS_BELOW && !maps.is_empty() => arg.default_values(maps.clone()),
            None => arg,
        })
    }

    /// The maps of the settings and, above them, of the environment: a flag adds to them.
    fn maps(&mut self) -> Vec<String> {
        let mut maps = self.values.remove(MAP_KEY).unwrap_or_default();
        let lines = environment::variable("LIVEGOODS_MAP").unwrap_or_default();
        // What is no map is complained of where the variable is taken for the option itself.
        let lines = lines.to_string_lossy();
        maps.extend(lines.lines().filter(|line| heading_map(line).is_ok()).map(str::to_owned));
        maps
    }

    fn read(
        &mut self,
        path: &Path,
        options: &BTreeMap<String, Arg>,
        required: bool,
    ) -> Result<(), SettingsError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            // A parent that is a file means the same as no file: there are no settings.
            Err(error)
                if !required && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                return Ok(());
            }
            Err(error) => return Err(SettingsError::Unreadable { path: path.to_owned(), error }),
        };
        let table = text.parse::<toml::Table>().map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
            SettingsError::Syntax { path: path.to_owned(), line, message: error.message().to_owned() }
        })?;
        for (spelling, value) in table {
            let key = spelling.replace('_', "-");
            let Some(option) = options.get(&key) else {
                return Err(unknown(path, spelling, &key, options));
            };
            let values = words(&value)
                .and_then(|values| check(option, &values).map(|()| values))
                .map_err(|remedy| SettingsError::Value { path: path.to_owned(), key: spelling, remedy })?;
            if key == MAP_KEY {
                // Maps add to each other; of two for one heading the later one counts.
                self.values.entry(key).or_default().extend(values);
            } else if !values.is_empty() {
                self.values.insert(key, values);
            }
        }
        Ok(())
    }
}

/// The key of an option in a settings file.
fn key_of(arg: &Arg) -> Option<String> {
    let twin = arg.get_env()?.to_str()?.strip_prefix(environment::PREFIX)?;
    Some(twin.to_ascii_lowercase().replace('_', "-")).filter(|key| key != CONFIG_KEY)
}

/// The options that can be set, by key.
fn options(command: &Command) -> BTreeMap<String, Arg> {
    let verbs = command.get_subcommands().flat_map(Command::get_arguments);
    command.get_arguments().chain(verbs).filter_map(|arg| Some((key_of(arg)?, arg.clone()))).collect()
}

/// The words that stand for a value on the command line: a list is an option given several times, and
/// the lines of a table are `KEY=VALUE`.
fn words(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(values) => values.iter().map(word).collect(),
        Value::Table(table) => {
            table.iter().map(|(key, value)| Ok(format!("{key}={}", word(value)?))).collect()
        }
        value => Ok(vec![word(value)?]),
    }
}

fn word(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Float(number) => Ok(number.to_string()),
        Value::Boolean(flag) => Ok(flag.to_string()),
        Value::Datetime(_) => Err("put the value in quotes".to_owned()),
        Value::Array(_) | Value::Table(_) => Err("write one value, or a list of values".to_owned()),
    }
}

/// Tries the words on the option itself, so that a file may hold exactly what the command line may.
pub(super) fn check(option: &Arg, words: &[String]) -> Result<(), String> {
    let Some(long) = option.get_long() else { return Ok(()) };
    if words.len() > 1 && !matches!(option.get_action(), ArgAction::Append) {
        return Err("write one value, not a list".to_owned());
    }
    let option = match option.get_action() {
        ArgAction::SetTrue => option.clone().action(ArgAction::Set).num_args(1),
        _ => option.clone(),
    };
    let probe = Command::new("settings").no_binary_name(true).arg(option.env(None::<&'static str>));
    let words = words.iter().map(|word| format!("--{long}={word}"));
    probe.try_get_matches_from(words).map(drop).map_err(|error| complaint(&error))
}

/// The first paragraph of clap's message, on one line.
fn complaint(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    lines.join(" ").trim_start_matches("error: ").to_owned()
}

fn unknown(path: &Path, spelling: String, key: &str, options: &BTreeMap<String, Arg>) -> SettingsError {
    let path = path.to_owned();
    let folded = key.to_ascii_lowercase();
    if ["secret", "token", "password"].iter().any(|word| folded.contains(word)) {
        return SettingsError::Secret { path, key: spelling };
    }
    let remedy = match similar(key, options) {
        Some(option) => format!("did you mean {option:?}?"),
        None => "the keys are the names of the options, as in `livegoods import --help`".to_owned(),
    };
    SettingsError::UnknownKey { path, key: spelling, remedy }
}

/// The option that clap itself would suggest.
fn similar(key: &str, options: &BTreeMap<String, Arg>) -> Option<String> {
    let probe = options.keys().fold(Command::new("settings").no_binary_name(true), |probe, key| {
        probe.arg(Arg::new(key.clone()).long(key.clone()))
    });
    let error = probe.try_get_matches_from([format!("--{key}")]).err()?;
    match error.get(ContextKind::SuggestedArg)? {
        ContextValue::String(option) => Some(option.trim_start_matches("--").to_owned()),
        _ => None,
    }
}
