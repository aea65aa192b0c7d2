//! A name in a cell into the entry of a folder that looks the same: systems store accents in one sign or in two, and
//! endings in capitals or not.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use unicode_normalization::UnicodeNormalization;

/// The entries of a folder by what their names look like.
type Entries = HashMap<String, Vec<OsString>>;

/// The folders looked through so far: each is listed once.
#[derive(Debug, Default)]
pub(super) struct Names(Mutex<HashMap<PathBuf, Arc<Entries>>>);

impl Names {
    /// The path within `folder` that looks like `path`; `None` when there is none, or more than one.
    pub fn alike(&self, folder: &Path, path: &str) -> Option<PathBuf> {
        let mut at = folder.to_owned();
        for step in Path::new(path).components() {
            match step {
                Component::CurDir => {}
                Component::ParentDir => at.push(".."),
                Component::Normal(name) if at.join(name).symlink_metadata().is_ok() => at.push(name),
                Component::Normal(name) => {
                    let name = self.entry(&at, name.to_str()?)?;
                    at.push(name);
                }
                Component::Prefix(_) | Component::RootDir => return None,
            }
        }
        Some(at)
    }

    fn entry(&self, folder: &Path, name: &str) -> Option<OsString> {
        let entries = self.entries(folder);
        let alike = entries.get(&looks(name))?;
        let composed: String = name.nfc().collect();
        let is_same =
            |entry: &&OsString| entry.to_str().is_some_and(|entry| entry.nfc().eq(composed.chars()));
        let mut same = alike.iter().filter(is_same);
        match (alike.as_slice(), same.next(), same.next()) {
            ([only], ..) => Some(only.clone()),
            (_, Some(one), None) => Some(one.clone()),
            _ => None,
        }
    }

    fn entries(&self, folder: &Path) -> Arc<Entries> {
        let mut folders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let listed = || {
            let mut entries = Entries::new();
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let name = entry.file_name();
                if let Some(text) = name.to_str() {
                    entries.entry(looks(text)).or_default().push(name);
                }
            }
            Arc::new(entries)
        };
        Arc::clone(folders.entry(folder.to_owned()).or_insert_with(listed))
    }
}

/// The name with accents in one sign each, and its ending in small letters.
fn looks(name: &str) -> String {
    let (stem, ending) = name.rfind('.').map_or((name, ""), |dot| name.split_at(dot));
    stem.nfc().chain(ending.nfc().flat_map(char::to_lowercase)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_looks_the_same_in_either_form_of_accents_and_with_its_ending_in_capitals() {
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path();
        fs::create_dir(folder.join("cafe\u{301}")).expect("a folder");
        for name in ["cafe\u{301}/the\u{301}.JPG", "two.JPG", "two.Jpg", "Upper.png"] {
            fs::write(folder.join(name), "x").expect("a file");
        }
        let names = Names::default();
        let found = |path: &str| names.alike(folder, path).map(|found| found.is_file());
        assert_eq!(found("café/thé.jpg"), Some(true));
        assert_eq!(found("./café/../café/thé.JPG"), Some(true));
        assert_eq!(found("two.JPG"), Some(true));
        assert_eq!(found("two.jpg"), None, "two files look like it");
        assert_eq!(found("upper.png"), None, "names differ in more than their endings");
        assert_eq!(found("/two.JPG"), None);
    }
}
