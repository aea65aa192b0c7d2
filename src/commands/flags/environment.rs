//! The environment below the command line: every option's twin, and the directories of the user.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Arg, Command};

use super::files::check;

/// Every option has a twin in the environment that begins so; what follows is its name, and its key in a
/// settings file.
pub(super) const PREFIX: &str = "LIVEGOODS_";

/// A variable of the environment; an empty one is unset.
pub(super) fn variable(name: impl AsRef<OsStr>) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// A directory of this program below one of the XDG base directories; `None` without a home directory.
pub(super) fn base_dir(name: &str, below_home: &str) -> Option<PathBuf> {
    variable(name)
        .map(PathBuf::from)
        .filter(|dir| dir.is_absolute())
        .or_else(|| env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(below_home)))
        .map(|dir| dir.join("livegoods"))
}

/// `--config` as the environment has it.
pub fn config_variable() -> Option<PathBuf> {
    variable("LIVEGOODS_CONFIG").map(PathBuf::from)
}

/// `command` and its verbs with every option changed.
pub fn map_options(command: Command, mut change: impl FnMut(Arg) -> Arg) -> Command {
    command.mut_args(&mut change).mut_subcommands(|verb| verb.mut_args(&mut change))
}

/// `command` as if the environment were empty.
pub fn without_environment(command: Command) -> Command {
    map_options(command, |option| option.env(None::<&'static str>))
}

/// `command` with the empty variables of the environment taken as unset.
pub fn without_empty_variables(command: Command) -> Command {
    map_options(command, |option| match option.get_env().map(variable) {
        Some(None) => option.env(None::<&'static str>),
        _ => option,
    })
}

/// The first variable that the options of `verb` cannot take, and what would be right.
pub fn variable_at_fault(command: &Command, verb: &str) -> Option<anyhow::Error> {
    let verb = command.find_subcommand(verb)?;
    command.get_arguments().chain(verb.get_arguments()).find_map(|option| {
        let name = option.get_env()?;
        let value = variable(name)?;
        let remedy = check(option, &[value.to_string_lossy().into_owned()]).err()?;
        Some(anyhow::anyhow!("environment variable {}: {remedy}", name.display()))
    })
}
