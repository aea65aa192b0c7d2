//! A path in a cell into a file's bytes, within the folder of the sheet.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::CoverFault;
use super::names::Names;

/// Where the paths of a sheet lead, and what they may not leave.
#[derive(Debug)]
pub struct Folder {
    names: Names,
    sheet: PathBuf,
    root: Option<PathBuf>,
    largest: u64,
}

impl Folder {
    /// The folder of `sheet` (`-` is in the current one). Paths may also lead into `root`, and are looked for
    /// there when the sheet's folder has no such file. At most `largest` bytes are read of a file.
    pub fn of(sheet: &Path, root: Option<&Path>, largest: u64) -> Self {
        let parent = sheet.parent().filter(|parent| !parent.as_os_str().is_empty());
        let sheet = parent.unwrap_or_else(|| Path::new(".")).to_owned();
        Self { names: Names::default(), sheet, root: root.map(Path::to_owned), largest }
    }

    /// Whether the file that a cell names is there and may be read, as far as its path tells.
    ///
    /// # Errors
    /// Why not.
    pub fn look(&self, text: &str) -> Result<(), CoverFault> {
        self.find(text).map(drop)
    }

    /// Reads the file that a cell names, relative to the folder, once `room` has been made for its bytes.
    ///
    /// # Errors
    /// Why it cannot be had: it is not there, is no file, is too large, or lies outside. Links are followed
    /// before that is judged.
    pub fn read<R>(&self, text: &str, room: impl FnOnce(u64) -> R) -> Result<(Vec<u8>, R), CoverFault> {
        let path = || text.to_owned();
        let unreadable =
            |error: io::Error| CoverFault::FileUnreadable { path: path(), why: error.to_string() };
        let real = self.find(text)?;
        let metadata = fs::metadata(&real).map_err(unreadable)?;
        // A pipe would be waited for without end.
        if !metadata.is_file() {
            return Err(CoverFault::FileUnreadable { path: path(), why: "not a file".to_owned() });
        }
        let limit = self.largest;
        if metadata.len() > limit {
            return Err(CoverFault::TooManyBytes { limit });
        }
        let room = room(metadata.len());
        // One byte more than there should be, so that a list need not grow to find the end.
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default() + 1);
        File::open(&real)
            .and_then(|file| file.take(metadata.len() + 1).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        if bytes.len() as u64 > metadata.len() {
            return Err(CoverFault::FileUnreadable { path: path(), why: "it is being written".to_owned() });
        }
        Ok((bytes, room))
    }

    /// The real path of the file, links followed.
    fn find(&self, text: &str) -> Result<PathBuf, CoverFault> {
        let folders: Vec<PathBuf> = [Some(&self.sheet), self.root.as_ref()]
            .into_iter()
            .flatten()
            .filter_map(|folder| folder.canonicalize().ok())
            .collect();
        let mut fault = CoverFault::FileMissing { path: text.to_owned() };
        for spelling in spellings(text) {
            for folder in &folders {
                match self.real(folder, &spelling) {
                    Ok(real) if folders.iter().any(|folder| real.starts_with(folder)) => return Ok(real),
                    Ok(_) => fault = CoverFault::FileOutside { path: text.to_owned() },
                    // What lies outside must not be told from what is not there.
                    Err(_) if self.leaves(&spelling) => {
                        fault = CoverFault::FileOutside { path: text.to_owned() }
                    }
                    Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                        fault = CoverFault::FileUnreadable { path: text.to_owned(), why: error.to_string() };
                    }
                    Err(_) => {}
                }
            }
        }
        Err(fault)
    }

    /// The real path of the file of this name, else of the one that looks the same.
    fn real(&self, folder: &Path, spelling: &str) -> io::Result<PathBuf> {
        folder.join(spelling).canonicalize().or_else(|error| {
            let is_missing = error.kind() == io::ErrorKind::NotFound && !self.leaves(spelling);
            match is_missing.then(|| self.names.alike(folder, spelling)).flatten() {
                Some(path) => path.canonicalize(),
                None => Err(error),
            }
        })
    }

    /// Whether the path leaves the sheet's folder by its spelling alone, and nothing allows it to.
    fn leaves(&self, spelling: &str) -> bool {
        let drive = matches!(spelling.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
        self.root.is_none()
            && (drive || spelling.starts_with('/') || spelling.split('/').any(|part| part == ".."))
    }
}

/// As it stands, and with the separators of another system made this one's.
fn spellings(text: &str) -> Vec<String> {
    let mut spellings = vec![text.to_owned()];
    if text.contains('\\') {
        spellings.push(text.replace('\\', "/"));
    }
    spellings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> tempfile::TempDir {
        let place = tempfile::tempdir().expect("a folder");
        for (path, bytes) in [("shop/img/a.png", "a"), ("shop/茶 1.jpg", "tea"), ("secret.png", "s")] {
            let path = place.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        fs::write(place.path().join("shop/large.png"), vec![0; 101]).expect("a file");
        place
    }

    fn read(place: &tempfile::TempDir, root: Option<&str>, path: &str) -> Result<String, &'static str> {
        let root = root.map(|root| place.path().join(root));
        let folder = Folder::of(&place.path().join("shop/goods.csv"), root.as_deref(), 100);
        let (bytes, ()) = folder.read(path, drop).map_err(|fault| fault.code())?;
        Ok(String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn a_path_is_relative_to_the_sheet_and_may_be_spelled_as_on_another_system() {
        let place = place();
        for path in ["img/a.png", "./img/a.png", "img\\a.png", "img/../img/a.png"] {
            assert_eq!(read(&place, None, path).as_deref(), Ok("a"), "{path}");
        }
        assert_eq!(read(&place, None, "茶 1.jpg").as_deref(), Ok("tea"));
    }

    #[test]
    fn no_path_leaves_the_folder_whether_or_not_there_is_something() {
        let place = place();
        let absolute = place.path().join("secret.png").display().to_string();
        for path in [
            "../secret.png",
            "../nothing.png",
            "img/../../secret.png",
            "..\\secret.png",
            absolute.as_str(),
            "/etc/hostname",
            "/nothing/at/all.png",
            "C:\\pictures\\a.png",
            "C:/a.png",
        ] {
            assert_eq!(read(&place, None, path), Err("cover-file-outside"), "{path}");
        }
    }

    #[test]
    fn a_name_that_looks_the_same_is_found_and_never_outside() {
        let place = place();
        let shop = place.path().join("shop");
        fs::write(shop.join("cafe\u{301}.PNG"), "c").expect("a file");
        assert_eq!(read(&place, None, "café.png").as_deref(), Ok("c"));
        assert_eq!(read(&place, None, "img\\A.png"), Err("cover-file-missing"));
        assert_eq!(read(&place, None, "../secret.PNG"), Err("cover-file-outside"));
        assert_eq!(read(&place, Some("."), "../secret.PNG").as_deref(), Ok("s"));
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leaves_the_folder_and_one_within_it_is_followed() {
        let place = place();
        let shop = place.path().join("shop");
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, shop.join(name)).expect("a link");
        link("../secret.png", "out.png");
        link("..", "up");
        link("img/a.png", "in.png");
        assert_eq!(read(&place, None, "out.png"), Err("cover-file-outside"));
        assert_eq!(read(&place, None, "up/secret.png"), Err("cover-file-outside"));
        assert_eq!(read(&place, None, "in.png").as_deref(), Ok("a"));
    }

    #[test]
    fn a_root_lets_paths_lead_into_it_and_no_further() {
        let place = place();
        assert_eq!(read(&place, Some("."), "../secret.png").as_deref(), Ok("s"));
        assert_eq!(read(&place, Some("."), "secret.png").as_deref(), Ok("s"), "looked for in the root too");
        assert_eq!(read(&place, Some("shop/img"), "../secret.png"), Err("cover-file-outside"));
        assert_eq!(read(&place, Some("shop/img"), "a.png").as_deref(), Ok("a"));
        assert_eq!(read(&place, Some("."), "/etc/hostname"), Err("cover-file-outside"));
    }

    #[test]
    fn what_is_not_there_no_file_or_too_large_is_told_apart() {
        let place = place();
        assert_eq!(read(&place, None, "img/b.png"), Err("cover-file-missing"));
        assert_eq!(read(&place, None, "img"), Err("cover-file-unreadable"));
        assert_eq!(read(&place, None, "large.png"), Err("cover-too-many-bytes"));
    }
}
