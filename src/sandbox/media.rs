//! An uploaded picture into a media id that ages, and a media id into leave to use it.

use std::collections::HashMap;

use axum::body::Bytes;
use rand::RngExt;
use rand::distr::Alphanumeric;
use rusqlite::{OptionalExtension, params};
use serde_json::{Map, json};

use super::picture;
use super::refusal::Refusal;
use super::visit::{Reply, Visit};

const LARGEST: usize = 2 * 1024 * 1024;
const WIDEST: u32 = 300;
const DAYS_3: i64 = 3 * 86_400_000;
/// Known from birth; they never age, so that samples can use them.
const BORN_WITH: &str = "SANDBOX-COVER-IMAGE-0";

/// The one part of an upload.
pub(super) struct Part {
    pub(super) name: Option<String>,
    pub(super) filename: Option<String>,
    pub(super) bytes: Bytes,
}

/// `media/upload`. A picture that is too wide is taken; goods that use it are refused.
pub(super) fn upload(visit: &Visit<'_>, query: &HashMap<String, String>, parts: &[Part]) -> Reply {
    if query.get("type").map(String::as_str) != Some("image") {
        return Err(Refusal::new(40004));
    }
    let [part] = parts else { return Err(Refusal::because(41005, "one part named media is wanted")) };
    let named = part.filename.as_ref().is_some_and(|name| !name.is_empty());
    if part.name.as_deref() != Some("media") || !named {
        return Err(Refusal::because(41005, "a part named media with a filename is wanted"));
    }
    if part.bytes.is_empty() {
        return Err(Refusal::new(40006));
    }
    if part.bytes.len() > LARGEST {
        return Err(Refusal::new(40009));
    }
    let (width, height) = picture::size(&part.bytes).ok_or_else(|| Refusal::new(40005))?;
    let media_id: String = rand::rng().sample_iter(Alphanumeric).take(64).map(char::from).collect();
    let oversize = width.max(height) > WIDEST;
    visit.memory.execute(
        "INSERT INTO media (media_id, created, oversize) VALUES (?1, ?2, ?3)",
        params![media_id, visit.now, oversize],
    )?;
    Ok(Map::from_iter([
        ("type".to_owned(), json!("image")),
        ("media_id".to_owned(), json!(media_id)),
        ("created_at".to_owned(), json!(visit.now.div_euclid(1000))),
    ]))
}

/// Whether goods may use a cover: known here, at most 3 days old, at most 300 pixels a side.
pub(super) fn usable(visit: &Visit<'_>, media_id: &str) -> Result<(), Refusal> {
    if media_id.strip_prefix(BORN_WITH).is_some_and(|digit| matches!(digit.as_bytes(), [b'1'..=b'8'])) {
        return Ok(());
    }
    let known = visit
        .memory
        .prepare_cached("SELECT created, oversize FROM media WHERE media_id = ?1")?
        .query_row([media_id], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))
        .optional()?;
    match known {
        Some((created, _)) if visit.now - created > DAYS_3 => {
            Err(Refusal::because(300_006, "media_id expired"))
        }
        Some((_, true)) => Err(Refusal::new(300_018)),
        Some((_, false)) => Ok(()),
        None => Err(Refusal::because(300_006, "invalid media_id")),
    }
}
