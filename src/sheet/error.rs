//! What keeps a file from being read as a sheet, in words that name the place and the remedy.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::heading::{HeadingMap, NoHeadingRow, PriceHeadings, TwoHeadingRows, TwoHeadings};
use super::{Content, Field, Kind};
use crate::exit::Exit;

/// A file that cannot be read as a sheet.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", file.display())]
pub struct SheetError {
    /// The file as it was named, `-` for stdin.
    pub file: PathBuf,
    /// What is wrong with it.
    #[source]
    pub problem: Problem,
}

impl SheetError {
    /// The ending this leads to: 66 when there is no such input, 2 for a flag that names nothing, else 65.
    pub fn exit(&self) -> Exit {
        match self.problem {
            Problem::NotFound | Problem::Folder | Problem::NotAFile | Problem::NotAllowed => Exit::NoInput,
            Problem::EncodingUnknown { .. } | Problem::DelimiterUnusable { .. } => Exit::Usage,
            _ => Exit::BadInput,
        }
    }

    /// What, typed beside the same command, may help; nothing where something else has to be done.
    pub fn remedy(&self) -> Remedy {
        let maps = match &self.problem {
            Problem::NoHeadingRow(found) => found.remedy(),
            Problem::TwoHeadings(found) => found.remedy(),
            Problem::PriceHeadings(found) => found.remedy(),
            _ => Vec::new(),
        };
        let encoding = match &self.problem {
            Problem::EncodingDoubtful { likely, .. } => likely.as_ref().map(|(name, _)| *name),
            _ => None,
        };
        let of_prices = match &self.problem {
            Problem::TwoHeadings(found) => matches!(found.field, Field::Price | Field::Price2),
            problem => matches!(problem, Problem::PriceHeadings(_)),
        };
        Remedy { maps, encoding, of_prices }
    }

    pub(super) fn at(file: &Path) -> impl Fn(Problem) -> Self + '_ {
        |problem| Self { file: file.to_owned(), problem }
    }
}

/// How a file that could not be read may be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remedy {
    /// With these `--map`s.
    pub maps: Vec<HeadingMap>,
    /// With this `--encoding`.
    pub encoding: Option<&'static str>,
    /// Whether it decides what goods are sold for, which only the shop can: let them look before anything is sent.
    pub of_prices: bool,
}

/// A cell, named as a spreadsheet program names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The row number, 1 for the first row of the file.
    pub row: u32,
    /// The column number, 1 for the first.
    pub column: usize,
    /// The heading over it, when it has one.
    pub heading: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}, column {}", self.row, column_letters(self.column))?;
        if self.heading.is_empty() { Ok(()) } else { write!(f, " ({})", self.heading) }
    }
}

/// The letters a spreadsheet program puts over a column: 1 is A, 27 is AA.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        letters.push(char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// Everything that can be wrong with a file as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// There is no such file.
    #[error("no such file; check the path")]
    NotFound,
    /// The path names a folder.
    #[error("this is a folder; name the sheet inside it")]
    Folder,
    /// The path names a pipe or a device.
    #[error("this is no file; save the sheet as one, or give CSV on stdin as -")]
    NotAFile,
    /// The file may not be read.
    #[error("this file may not be read; check its permissions")]
    NotAllowed,
    /// Reading failed midway.
    #[error("reading failed: {0}; copy the file to a local disk and try again")]
    Unreadable(#[from] io::Error),
    /// More came in from stdin than is taken.
    #[error("more than {limit} bytes on stdin; save them as a file and name it")]
    TooMuchOnStdin {
        /// The bound in bytes.
        limit: u64,
    },
    /// The extension is none of those a sheet has.
    #[error(
        "cannot tell the kind of file by its name; a sheet ends in .xlsx, .xlsm, .xltx, .xls, .et, .xlsb, .ods, .csv, .tsv or .txt"
    )]
    KindUnknown,
    /// Not a single byte.
    #[error("the file is empty; save the sheet again")]
    Empty,
    /// The content is not what the extension promises.
    #[error("named like {promised}, but it is {found}; {}", remedy_for(*found))]
    OtherContent {
        /// What the extension promises.
        promised: Kind,
        /// What it is.
        found: Content,
    },
    /// The workbook asks for a password.
    #[error("the workbook is encrypted under a password; open it, remove the password, and save it again")]
    Encrypted,
    /// The workbook cannot be read.
    #[error("the workbook is damaged ({detail}); open it in a spreadsheet program and save it again")]
    Damaged {
        /// The reader's own words.
        detail: String,
    },
    /// A part of the workbook unpacks to more than is safe.
    #[error(
        "{part:?} inside the workbook unpacks to more than {limit} bytes; save only the goods in a new workbook"
    )]
    UnpacksTooFar {
        /// The part's name inside the archive.
        part: String,
        /// The bound in bytes.
        limit: u64,
    },
    /// A part of the workbook names more pictures, or other things, than can be held.
    #[error(
        "{part:?} inside the workbook holds more than {limit} entries; save only the goods in a new workbook"
    )]
    TooManyEntries {
        /// The part's name inside the archive.
        part: String,
        /// The bound.
        limit: usize,
    },
    /// A part of the workbook holds one text beyond the bound.
    #[error("{part:?} inside the workbook holds a single text of more than {limit} bytes; shorten that cell")]
    TextTooLong {
        /// The part's name inside the archive.
        part: String,
        /// The bound in bytes.
        limit: u64,
    },
    /// Cells share more text than is safe.
    #[error(
        "the workbook's cells share more than {texts} texts, or more than {bytes} bytes of text; save only the goods in a new workbook"
    )]
    TooMuchText {
        /// The bound on their number.
        texts: usize,
        /// The bound in bytes.
        bytes: usize,
    },
    /// A heading of a field merged over further columns that hold something.
    #[error(
        "{place}: the heading is merged over column {} too, which holds something below it; take the merge apart, and give each column a heading of its own",
        column_letters(*over)
    )]
    HeadingMerged {
        /// The heading.
        place: Place,
        /// A column it reaches over, 1 for the first.
        over: usize,
    },
    /// More headings than a spreadsheet has columns.
    #[error("row {row}: more than {limit} headings; delete the columns that hold nothing")]
    TooManyHeadings {
        /// The heading row.
        row: u32,
        /// The bound.
        limit: usize,
    },
    /// More cells lie between the first and last used one than can be held.
    #[error(
        "the used area of the sheet reaches {place}, which makes {cells} cells; delete what lies far from the goods"
    )]
    AreaTooLarge {
        /// The last used cell.
        place: Place,
        /// Cells in the area.
        cells: u64,
    },
    /// `--encoding` names none.
    #[error(
        "no encoding is called {label:?}; try utf-8, gb18030, big5, shift_jis, euc-kr, windows-1252, utf-16le or utf-16be"
    )]
    EncodingUnknown {
        /// The name given.
        label: String,
    },
    /// No UTF-8, and no GB18030 that a Chinese would write.
    #[error("not UTF-8, and as gb18030 it reads \"{reads}\"{}", encoding_remedy(likely.as_ref()))]
    EncodingDoubtful {
        /// The first cell that is not plain ASCII, read as GB18030.
        reads: String,
        /// The encoding it most likely is in, and the same cell read so.
        likely: Option<(&'static str, String)>,
    },
    /// `--delimiter` cannot separate cells.
    #[error("{:?} cannot separate cells; give a comma, a tab, a semicolon or another sign", char::from(*delimiter))]
    DelimiterUnusable {
        /// The byte given.
        delimiter: u8,
    },
    /// A byte that is no text in the file's encoding.
    #[error(
        "row {row}: byte {byte} of the file is not {encoding}; save it again as UTF-8, or name its --encoding"
    )]
    Undecodable {
        /// The encoding recognised or asked for.
        encoding: &'static str,
        /// The row it is in.
        row: u32,
        /// The offset from the start of the file.
        byte: u64,
    },
    /// A NUL byte in a text file.
    #[error(
        "row {row}: a NUL byte at {byte}: this is no text, or UTF-16 without its mark; save it again as UTF-8"
    )]
    Nul {
        /// The row it is in.
        row: u32,
        /// The offset from the start of the file.
        byte: u64,
    },
    /// A quote is never closed.
    #[error(
        "{place}: the quote opened here is not closed; close it, or double a quote that belongs to the text"
    )]
    QuoteNotClosed {
        /// Where it was opened.
        place: Place,
    },
    /// A record or cell beyond the bound.
    #[error("{place}: more than {limit} bytes in one place; shorten the cell")]
    TooLong {
        /// The cell in which the bound was passed.
        place: Place,
        /// The bound in bytes.
        limit: usize,
    },
    /// No heading row.
    #[error("{0}")]
    NoHeadingRow(Box<NoHeadingRow>),
    /// Results that lost a heading without which nobody knows them.
    #[error(
        "row {row}: headings of results ({}) without {}, so they are results that somebody damaged; restore the \
         heading, or the file from a copy; if it is a sheet of your own, rename those headings",
        found.join(", "), missing.join(" and ")
    )]
    ResultsDamaged {
        /// The heading row.
        row: u32,
        /// The headings of results that are left.
        found: Vec<&'static str>,
        /// Those that are missing.
        missing: Vec<&'static str>,
    },
    /// Two headings for one field.
    #[error("{0}")]
    TwoHeadings(Box<TwoHeadings>),
    /// The headings stand in two rows.
    #[error("{0}")]
    TwoHeadingRows(Box<TwoHeadingRows>),
    /// Headings that speak of a price, and nobody knows of which.
    #[error("{0}")]
    PriceHeadings(Box<PriceHeadings>),
    /// `--sheet` names a sheet that is not there.
    #[error("no sheet is called {name:?}; the sheets are {}", names.join(", "))]
    NoSuchSheet {
        /// The name asked for.
        name: String,
        /// Those there are.
        names: Vec<String>,
    },
}

fn encoding_remedy(likely: Option<&(&'static str, String)>) -> String {
    let remedy = "(or gb18030, if that is right), or save it again as UTF-8";
    match likely {
        Some((name, reads)) => {
            let name = name.to_ascii_lowercase();
            format!(", but as {name} \"{reads}\"; give --encoding {name} {remedy}")
        }
        None => format!(", which is hardly Chinese; name its --encoding {remedy}"),
    }
}

fn remedy_for(found: Content) -> &'static str {
    match found {
        Content::Xlsx => "rename it to .xlsx",
        Content::Xlsb => "rename it to .xlsb",
        Content::Ods => "rename it to .ods",
        Content::CompoundFile => "if it is a workbook, rename it to .xls",
        Content::Text => "if it is separated text, rename it to .csv",
        Content::Html => "open it in a spreadsheet program and save it as .xlsx",
        Content::Archive | Content::Zip => "unpack it and name the sheet inside",
        Content::OldWorkbook => "open it in a spreadsheet program and save it as .xlsx",
        Content::Unknown => {
            "if your company encrypts documents, save a copy without encryption; else open it in a spreadsheet \
             program and save it as .xlsx"
        }
        Content::Empty | Content::Xml | Content::Pdf | Content::Picture => "name the sheet itself",
    }
}

impl Problem {
    /// A failure to open, told by its cause.
    pub(super) fn opening(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::NotFound,
            io::ErrorKind::IsADirectory => Self::Folder,
            io::ErrorKind::PermissionDenied => Self::NotAllowed,
            _ => Self::Unreadable(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_as_a_spreadsheet_program_names_it() {
        for (column, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
        }
        let place = Place { row: 7, column: 4, heading: "价格".to_owned() };
        assert_eq!(place.to_string(), "row 7, column D (价格)");
    }
}
