//! A cover into what is wrong with it: each picture is looked at once, however many rows have it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::goods::Cover;

use super::{CoverFault, Digest, Preparer, Sources};

/// Looks at the covers of one sheet.
pub struct Inspector {
    sources: Sources,
    preparer: Preparer,
    fetch: bool,
    /// Of a picture that is fine nothing is kept but that it was looked at.
    seen: Mutex<HashMap<Digest, Option<CoverFault>>>,
}

impl Inspector {
    /// Looks at covers from `sources`; addresses are only asked for when `fetch` is set.
    pub fn new(sources: Sources, fetch: bool) -> Self {
        Self { sources, preparer: Preparer::new(), fetch, seen: Mutex::default() }
    }

    /// What keeps the cover from being used, as far as its picture tells.
    pub fn fault(&self, cover: &Cover) -> Option<CoverFault> {
        let key = match cover {
            Cover::MediaId(_) => return None,
            Cover::Address(_) if !self.fetch => return self.sources.glance(cover).err(),
            Cover::File(place) | Cover::Address(place) => Digest::of(place.as_bytes()),
            Cover::InRow(part, view) => Digest::of_view(part.as_bytes(), view),
        };
        if let Some(known) = self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return known.clone();
        }
        let fault = self.look(cover).err();
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(key, fault.clone());
        fault
    }

    fn look(&self, cover: &Cover) -> Result<(), CoverFault> {
        match self.sources.read(cover)? {
            Some(source) => self.preparer.prepare_view(source.bytes(), source.view()).map(drop),
            None => Ok(()),
        }
    }
}
