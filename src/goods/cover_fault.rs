//! Why a cover cannot be had, as a value: the words are the terminal's.

/// Why a cover cannot be had. Texts are the cell's own, or short remarks of a library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoverFault {
    /// No such file.
    FileMissing {
        /// The path as the cell has it.
        path: String,
    },
    /// The path leaves the folder of the sheet.
    FileOutside {
        /// The path as the cell has it.
        path: String,
    },
    /// A folder, or a file that cannot be read.
    FileUnreadable {
        /// The path as the cell has it.
        path: String,
        /// Why, in the system's words.
        why: String,
    },
    /// More bytes than a picture of goods can have.
    TooManyBytes {
        /// The most that is read.
        limit: u64,
    },
    /// Not a picture the service could be given.
    NotPicture {
        /// What it is, where that can be told.
        found: Option<&'static str>,
    },
    /// A picture that is cut short or damaged.
    Damaged {
        /// The decoder's own words.
        why: String,
    },
    /// More pixels than can be decoded safely.
    TooManyPixels {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// Not an http or https address.
    AddressMalformed {
        /// The address as the cell has it.
        address: String,
    },
    /// The address, or one it redirects to, is not of the public internet.
    AddressPrivate {
        /// The host that is private.
        host: String,
    },
    /// Nothing came from the address.
    AddressFailed {
        /// The host asked.
        host: String,
        /// Why.
        why: String,
    },
    /// The cell names a picture that is not in the workbook, or the sheet is no workbook with pictures.
    PictureMissing,
    /// Several pictures sit in the row, and none or several of them in the cover's column.
    PictureAmbiguous {
        /// How many.
        pictures: u32,
    },
}

impl CoverFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FileMissing { .. } => "cover-file-missing",
            Self::FileOutside { .. } => "cover-file-outside",
            Self::FileUnreadable { .. } => "cover-file-unreadable",
            Self::TooManyBytes { .. } => "cover-too-many-bytes",
            Self::NotPicture { .. } => "cover-not-picture",
            Self::Damaged { .. } => "cover-damaged",
            Self::TooManyPixels { .. } => "cover-too-many-pixels",
            Self::AddressMalformed { .. } => "cover-address-malformed",
            Self::AddressPrivate { .. } => "cover-address-private",
            Self::AddressFailed { .. } => "cover-address-failed",
            Self::PictureMissing => "cover-picture-missing",
            Self::PictureAmbiguous { .. } => "cover-picture-ambiguous",
        }
    }
}
