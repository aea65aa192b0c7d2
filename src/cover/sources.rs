//! A cover, of whatever kind, into the bytes of its picture.

use std::path::Path;
use std::sync::Arc;

use crate::goods::Cover;
use crate::sheet::Pictures;

use super::{Addresses, CoverFault, Digest, Folder};

/// The most bytes of a picture from a file or a workbook: a photo of a hundred megapixels has less.
const LARGEST_FILE: u64 = 40 << 20;

/// Where the covers of one sheet come from.
pub struct Sources {
    folder: Folder,
    addresses: Addresses,
    pictures: Option<Arc<Pictures>>,
}

impl Sources {
    /// The sources of `sheet`: its folder, or also `root`, where `--cover-root` names one; the pictures that sit
    /// in it; and addresses.
    pub fn of(
        sheet: &Path,
        root: Option<&Path>,
        pictures: Option<Arc<Pictures>>,
        addresses: Addresses,
    ) -> Self {
        Self { folder: Folder::of(sheet, root, LARGEST_FILE), addresses, pictures }
    }

    /// What is wrong with a cover as far as that can be told without opening it: for a file whether it is there
    /// and may be used, for an address its spelling.
    ///
    /// # Errors
    /// What is wrong.
    pub fn glance(&self, cover: &Cover) -> Result<(), CoverFault> {
        match cover {
            Cover::MediaId(_) | Cover::InRow(_) => Ok(()),
            Cover::File(path) => self.folder.look(path),
            Cover::Address(address) => self.addresses.check(address),
        }
    }

    /// The bytes of the picture; `None` for a media id, whose picture is at the service already.
    ///
    /// # Errors
    /// Why they cannot be had.
    pub fn bytes(&self, cover: &Cover) -> Result<Option<Vec<u8>>, CoverFault> {
        match cover {
            Cover::MediaId(_) => Ok(None),
            Cover::File(path) => self.folder.read(path).map(Some),
            Cover::Address(address) => self.addresses.get(address).map(Some),
            Cover::InRow(part) => self.in_row(part).map(Some),
        }
    }

    /// What stands in the results for the content of a picture; `None` when it cannot be had, and for a media id.
    pub fn digest(&self, cover: &Cover) -> Option<String> {
        let bytes = self.bytes(cover).ok().flatten()?;
        Some(Digest::of(&bytes).to_string())
    }

    fn in_row(&self, part: &str) -> Result<Vec<u8>, CoverFault> {
        let pictures = self.pictures.as_ref().ok_or(CoverFault::PictureMissing)?;
        let bytes = pictures
            .read(part, LARGEST_FILE)
            .map_err(|error| CoverFault::Damaged { why: error.to_string() })?
            .ok_or(CoverFault::PictureMissing)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(CoverFault::TooManyBytes { limit: LARGEST_FILE });
        }
        Ok(bytes)
    }
}
