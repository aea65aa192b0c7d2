//! How a run speaks: to people, to programs, to a log.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};

use crate::terminal::{LogForm, Paint};

/// Flags that every verb takes.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct OutputFlags {
    /// Print one JSON object on stdout instead of a summary
    #[arg(long, global = true, env = "LIVEGOODS_JSON", value_parser = BoolishValueParser::new())]
    pub json: bool,

    /// Say nothing but errors
    #[arg(short, long, global = true, env = "LIVEGOODS_QUIET", value_parser = BoolishValueParser::new())]
    pub quiet: bool,

    /// Say more: a line for every row
    #[arg(short, long, global = true, env = "LIVEGOODS_VERBOSE", value_parser = BoolishValueParser::new())]
    pub verbose: bool,

    /// Show no progress
    #[arg(long, global = true, env = "LIVEGOODS_NO_PROGRESS", value_parser = BoolishValueParser::new())]
    pub no_progress: bool,

    /// When to use colors
    #[arg(long, global = true, value_name = "WHEN", env = "LIVEGOODS_COLOR", value_enum, default_value_t)]
    pub color: ColorWhen,

    /// Append what happens to a file, a line an event
    #[arg(long, global = true, value_name = "PATH", env = "LIVEGOODS_LOG_FILE")]
    pub log_file: Option<PathBuf>,

    /// The form of a line in the log
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        env = "LIVEGOODS_LOG_FORMAT",
        value_enum,
        default_value_t
    )]
    pub log_format: LogFormat,
}

/// When to use colors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Even into a file.
    Always,
    /// Not at all.
    Never,
}

/// The form of a line in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl ColorWhen {
    /// Whether to colour what goes to `stream`.
    pub fn paint(self, stream: &impl IsTerminal) -> Paint {
        match self {
            Self::Auto => Paint::auto(stream),
            Self::Always => Paint::Colors,
            Self::Never => Paint::Plain,
        }
    }
}

impl From<LogFormat> for LogForm {
    fn from(format: LogFormat) -> Self {
        match format {
            LogFormat::Text => Self::Text,
            LogFormat::Json => Self::Json,
        }
    }
}
