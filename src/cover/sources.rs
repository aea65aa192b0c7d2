//! A cover, of whatever kind, into the bytes of its picture.

use std::path::Path;
use std::sync::Arc;

use crate::goods::Cover;
use crate::sheet::{Pictures, View};

use super::gate::{Gate, Permit};
use super::{Addresses, CoverFault, Digest, Folder};

/// The most bytes of a picture from a file or a workbook: a photo of a hundred megapixels has less.
const LARGEST_FILE: u64 = 40 << 20;

/// What the files of all pictures together may take while they are held, in bytes.
const MEMORY: u64 = 48 << 20;

/// Files held at a time, whatever their sizes.
const PLACES: usize = 64;

/// Where the covers of one sheet come from.
pub struct Sources {
    gate: Gate,
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
        let gate = Gate::new(PLACES, MEMORY);
        Self { gate, folder: Folder::of(sheet, root, LARGEST_FILE), addresses, pictures }
    }

    /// What is wrong with a cover as far as that can be told without opening it: for a file whether it is there
    /// and may be used, for an address its spelling.
    ///
    /// # Errors
    /// What is wrong.
    pub fn glance(&self, cover: &Cover) -> Result<(), CoverFault> {
        match cover {
            Cover::MediaId(_) | Cover::InRow(..) => Ok(()),
            Cover::File(path) => self.folder.look(path),
            Cover::Address(address) => self.addresses.check(address),
        }
    }

    /// The picture's file; `None` for a media id, whose picture is at the service already.
    ///
    /// # Errors
    /// Why they cannot be had.
    pub fn read(&self, cover: &Cover) -> Result<Option<Source<'_>>, CoverFault> {
        let room = |size: u64| self.room(size);
        let (taken, view) = match cover {
            Cover::MediaId(_) => return Ok(None),
            Cover::File(path) => (self.folder.read(path, room)?, View::default()),
            Cover::Address(address) => (self.addresses.get(address, room)?, View::default()),
            Cover::InRow(part, view) => (self.in_row(part)?, *view),
        };
        Ok(Some(Source { bytes: taken.0, view, _room: taken.1 }))
    }

    /// Waits until there is room for a file of this size, and for what its decoder copies of it.
    fn room(&self, size: u64) -> Permit<'_> {
        self.gate.enter(size.saturating_mul(2).saturating_add(1 << 20))
    }

    /// What stands in the results for the content of a picture; `None` when it cannot be had, and for a media id.
    pub fn digest(&self, cover: &Cover) -> Option<String> {
        Some(self.read(cover).ok().flatten()?.digest().to_string())
    }

    fn in_row(&self, part: &str) -> Result<(Vec<u8>, Permit<'_>), CoverFault> {
        let pictures = self.pictures.as_ref().ok_or(CoverFault::PictureMissing)?;
        let damaged = |error: std::io::Error| CoverFault::Damaged { why: error.to_string() };
        let size = pictures.size(part).map_err(damaged)?.ok_or(CoverFault::PictureMissing)?;
        if size > LARGEST_FILE {
            return Err(CoverFault::TooManyBytes { limit: LARGEST_FILE });
        }
        let room = self.room(size);
        let bytes = pictures.read(part, size).map_err(damaged)?.ok_or(CoverFault::PictureMissing)?;
        // There is room for what it said it has, and for no more.
        if bytes.len() as u64 > size {
            return Err(CoverFault::Damaged { why: "it is larger than it says".to_owned() });
        }
        Ok((bytes, room))
    }
}

/// A picture's file, as long as it is held: others wait for the room it takes.
pub struct Source<'s> {
    bytes: Vec<u8>,
    view: View,
    _room: Permit<'s>,
}

impl Source<'_> {
    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What is to be seen of it.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// What tells the picture, as it is seen, from every other.
    pub fn digest(&self) -> Digest {
        Digest::of_view(&self.bytes, &self.view)
    }
}
