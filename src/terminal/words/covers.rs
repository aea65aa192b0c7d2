//! Why a cover cannot be had, and what to do about it.

use super::one_line;
use crate::goods::CoverFault;
use crate::sheet::{Astray, column_letters};

/// The fault and its remedy.
pub fn cover_fault(fault: &CoverFault) -> String {
    match fault {
        CoverFault::FileMissing { path } => {
            format!("no file {}; put it into the sheet's folder, or mend the path", shown(path))
        }
        CoverFault::FileOutside { path } => format!(
            "{} leaves the sheet's folder; put the picture there, or allow its folder with --cover-root",
            shown(path)
        ),
        CoverFault::FileUnreadable { path, why } => {
            format!("{} cannot be read: {}; name a picture that can", shown(path), one_line(why))
        }
        CoverFault::TooManyBytes { limit } => {
            format!("more than {} MB; save a smaller copy of the picture", limit >> 20)
        }
        CoverFault::NotPicture { found } => format!(
            "{}, not a picture that can be read; save it as JPEG or PNG",
            found.unwrap_or("something else")
        ),
        CoverFault::Damaged { why } => {
            format!("the picture is cut short or damaged ({}); save or download it again", one_line(why))
        }
        CoverFault::TooManyPixels { width, height } => format!(
            "{width}x{height} pixels are more than can be decoded safely; save a copy of at most 3000 pixels a side"
        ),
        CoverFault::AddressMalformed { address } => {
            format!("{} is no http or https address; copy it again from the browser", shown(address))
        }
        CoverFault::AddressPrivate { host } => format!(
            "{} is not of the public internet; allow such hosts with --allow-private-covers if you trust the sheet",
            shown(host)
        ),
        CoverFault::AddressFailed { host, why } => format!(
            "nothing came from {}: {}; open the address in a browser, or save the picture beside the sheet",
            shown(host),
            one_line(why)
        ),
        CoverFault::PictureMissing => {
            "the picture of this cell is not in the sheet; insert it again and save as .xlsx".to_owned()
        }
        CoverFault::PictureAmbiguous { pictures } => {
            format!("{pictures} pictures sit in this row; leave one of them in the cover's column")
        }
    }
}

/// A picture that belongs to no goods, and the remedy.
pub fn astray(astray: &Astray) -> String {
    format!(
        "the picture over {}{} is over no row of goods and is not used; move it into a row, or delete it",
        column_letters(astray.column),
        astray.row
    )
}

fn shown(text: &str) -> String {
    format!("'{}'", one_line(text))
}
