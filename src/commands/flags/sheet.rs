//! How a sheet is to be read.

use clap::Args;
use clap::builder::BoolishValueParser;

use super::parse;
use crate::sheet::{HeadingMap, ReadOptions};

/// The option, typed by nobody, to which the layers below the flags add their maps.
pub(super) const MAPS_BELOW: &str = "maps-below";

/// What a reader needs to be told only where recognising it goes wrong.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Reading the sheet")]
pub struct SheetFlags {
    /// The sheet of the workbook [default: the first that has a heading row]
    // An id of its own: a verb's sheet itself goes by `sheet`.
    #[arg(id = "sheet-name", long = "sheet", value_name = "NAME", env = "LIVEGOODS_SHEET")]
    pub sheet: Option<String>,

    /// Read the column HEADING as FIELD (name, price2, 现价, …), or set it aside with nothing behind the =; adds to
    /// what is known, and may be given several times
    // In the environment one a line: a heading may hold any other character.
    #[arg(long, value_name = "HEADING=FIELD", env = "LIVEGOODS_MAP", value_delimiter = '\n', value_parser = parse::heading_map)]
    pub map: Vec<HeadingMap>,

    /// The maps of environment and settings, which a flag would replace and is to be added to.
    #[arg(id = MAPS_BELOW, long = MAPS_BELOW, hide = true, value_delimiter = '\n', value_parser = parse::heading_map)]
    pub maps_below: Vec<HeadingMap>,

    /// Leave out the rows of a workbook that are hidden or filtered away
    #[arg(long, env = "LIVEGOODS_VISIBLE_ONLY", value_parser = BoolishValueParser::new())]
    pub visible_only: bool,

    /// The encoding of a CSV file: utf-8, gb18030, big5, shift_jis, euc-kr, windows-1252, utf-16le … [default: recognised]
    #[arg(long, value_name = "NAME", env = "LIVEGOODS_ENCODING", value_parser = parse::encoding)]
    pub encoding: Option<String>,

    /// The delimiter of a CSV file: comma, semicolon or tab [default: recognised]
    #[arg(long, value_name = "C", env = "LIVEGOODS_DELIMITER", value_parser = parse::delimiter)]
    pub delimiter: Option<u8>,
}

impl SheetFlags {
    /// What the reader is told.
    pub fn options(&self) -> ReadOptions {
        ReadOptions {
            sheet: self.sheet.clone(),
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            maps: self.maps_below.iter().chain(&self.map).cloned().collect(),
            visible_only: self.visible_only,
            ..ReadOptions::default()
        }
    }
}
