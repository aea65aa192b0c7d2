//! The map of the rooms, held against the imports: a room may use those before it in a row's walk, and no others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may use of the crate; every other import is a short cut through a wall.
const MAP: [(&str, &[&str]); 13] = [
    ("sheet", &["exit"]),
    ("goods", &["sheet"]),
    ("results", &["sheet", "goods", "clock"]),
    ("library", &["sheet", "goods"]),
    ("plan", &["sheet", "goods", "results", "library"]),
    ("quota", &["clock"]),
    ("cover", &["sheet", "goods", "quota", "clock"]),
    ("wechat", &["goods", "library", "quota", "clock"]),
    (
        "pass",
        &[
            "sheet", "goods", "results", "library", "plan", "cover", "quota", "wechat", "clock", "event",
            "exit",
        ],
    ),
    ("report", &["sheet", "goods", "results", "exit"]),
    ("sandbox", &["clock"]),
    (
        "terminal",
        &[
            "sheet", "goods", "results", "library", "plan", "cover", "quota", "wechat", "pass", "report",
            "clock", "event", "exit",
        ],
    ),
    (
        "commands",
        &[
            "sheet", "goods", "results", "library", "plan", "cover", "quota", "wechat", "pass", "report",
            "sandbox", "terminal", "clock", "event", "exit", "cli",
        ],
    ),
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the source");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

/// The names that follow `crate::` in the part of a file that is not its tests.
fn rooms_used_by(file: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(file).expect("source text");
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let names = code.split("crate::").skip(1);
    names
        .map(|rest| rest.chars().take_while(|letter| letter.is_ascii_lowercase()).collect::<String>())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn every_room_uses_only_the_rooms_the_map_allows() {
    let map: BTreeMap<&str, &[&str]> = MAP.into_iter().collect();
    let mut wrong = Vec::new();
    for file in files_under(&source()) {
        let inside = file.strip_prefix(source()).expect("a file of the source");
        let Some(room) = inside.parent().and_then(|folder| folder.iter().next()) else { continue };
        let room = room.to_str().expect("a plain name");
        let allowed = map.get(room).unwrap_or_else(|| panic!("{room} is not on the map"));
        for used in rooms_used_by(&file) {
            if used != room && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_opens_by_saying_what_it_turns_into_what() {
    let silent: Vec<PathBuf> = files_under(&source())
        .into_iter()
        .filter(|file| !fs::read_to_string(file).expect("source text").starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn a_mod_file_holds_its_rooms_doc_and_names_and_no_logic() {
    let logical: Vec<PathBuf> = files_under(&source())
        .into_iter()
        .filter(|file| file.ends_with("mod.rs"))
        .filter(|file| fs::read_to_string(file).expect("source text").contains("fn "))
        .collect();
    assert!(logical.is_empty(), "{logical:#?}");
}
