//! What a file's name says it is, and what was recognised inside it.

use std::fmt;
use std::path::Path;

/// The kinds of file a sheet can come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Separated text: `.csv`, `.tsv`, `.txt`, or stdin.
    Csv,
    /// Excel's zipped XML, with or without macros.
    Xlsx,
    /// Excel's zipped binary records.
    Xlsb,
    /// Excel 97 to 2003.
    Xls,
    /// `OpenDocument`, as LibreOffice writes it.
    Ods,
}

impl Kind {
    /// What the extension of `path` promises, whatever its case: mostly one kind, none when no sheet is called so.
    pub fn promised(path: &Path) -> &'static [Self] {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        match extension.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => &[Self::Csv],
            "xlsx" | "xlsm" | "xltx" | "xltm" => &[Self::Xlsx],
            "xlsb" => &[Self::Xlsb],
            "xls" => &[Self::Xls],
            "ods" => &[Self::Ods],
            // WPS Office calls both so.
            "et" => &[Self::Xls, Self::Xlsx],
            _ => &[],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Xlsb => "xlsb",
            Self::Xls => "xls",
            Self::Ods => "ods",
        })
    }
}

/// What was recognised, for the summary: nothing is guessed silently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    /// The kind of file.
    pub kind: Kind,
    /// A workbook's sheet that is read.
    pub sheet: Option<String>,
    /// The encoding of a text file, by its WHATWG name.
    pub encoding: Option<&'static str>,
    /// The delimiter of a text file.
    pub delimiter: Option<u8>,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet {sheet:?}")?;
        }
        if let Some(encoding) = self.encoding {
            write!(f, ", {encoding}")?;
        }
        match self.delimiter {
            Some(b',') => f.write_str(", comma"),
            Some(b'\t') => f.write_str(", tab"),
            Some(b';') => f.write_str(", semicolon"),
            Some(other) => write!(f, ", delimiter {:?}", char::from(other)),
            None => Ok(()),
        }
    }
}

impl Format {
    /// The name of a text file's delimiter, as `--delimiter` takes it.
    pub fn delimiter_name(&self) -> Option<&'static str> {
        Some(match self.delimiter? {
            b';' => "semicolon",
            b'\t' => "tab",
            _ => "comma",
        })
    }
}
