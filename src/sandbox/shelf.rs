//! Goods into rows of the memory and back, and what time does to those in review.

use rusqlite::{Connection, OptionalExtension, Row, params};

/// Not submitted, or withdrawn.
pub(super) const NOT_SUBMITTED: u8 = 0;
/// In review.
pub(super) const IN_REVIEW: u8 = 1;
/// Approved.
pub(super) const APPROVED: u8 = 2;
/// Refused.
pub(super) const REFUSED: u8 = 3;

/// The tag of goods that were added through the API.
pub(super) const BY_API: u8 = 2;
/// The tag of goods that were added in the console.
pub(super) const BY_CONSOLE: u8 = 0;

/// Goods as the stand-in holds them; prices in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// The service's id.
    pub goods_id: i64,
    /// The submission under way or last decided; `None` where none is known.
    pub audit_id: Option<i64>,
    /// The name.
    pub name: String,
    /// The media id.
    pub cover: String,
    /// 1, 2 or 3.
    pub price_type: u8,
    /// The first price, in fen.
    pub price: i64,
    /// The second price, in fen.
    pub price2: Option<i64>,
    /// The page path.
    pub url: String,
    /// The other mini-program's appid, or empty.
    pub third_party_appid: String,
    /// 0 not submitted, 1 in review, 2 approved, 3 refused.
    pub status: u8,
    /// 1 or 2: added through the API.
    pub tag: u8,
}

const COLUMNS: &str =
    "goods_id, audit_id, name, cover, price_type, price, price2, url, third_party_appid, status, tag";

fn read(row: &Row<'_>) -> rusqlite::Result<Shelved> {
    Ok(Shelved {
        goods_id: row.get(0)?,
        audit_id: row.get(1)?,
        name: row.get(2)?,
        cover: row.get(3)?,
        price_type: row.get(4)?,
        price: row.get(5)?,
        price2: row.get(6)?,
        url: row.get(7)?,
        third_party_appid: row.get(8)?,
        status: row.get(9)?,
        tag: row.get(10)?,
    })
}

/// Decides the reviews that have ended by `now`.
pub(super) fn settle(memory: &Connection, now: i64) -> rusqlite::Result<()> {
    memory
        .prepare_cached("UPDATE goods SET status = verdict WHERE status = 1 AND review_ends <= ?1")?
        .execute([now])?;
    Ok(())
}

/// Puts goods on the shelf, in review until `review_ends` where they are submitted, and gives them their id;
/// the id in `goods` is not looked at.
pub(super) fn insert(
    memory: &Connection,
    goods: &Shelved,
    review_ends: Option<i64>,
) -> rusqlite::Result<i64> {
    memory
        .prepare_cached(
            "INSERT INTO goods (audit_id, name, cover, price_type, price, price2, url, third_party_appid,
             status, tag, review_ends, verdict) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?
        .insert(params![
            goods.audit_id,
            goods.name,
            goods.cover,
            goods.price_type,
            goods.price,
            goods.price2,
            goods.url,
            goods.third_party_appid,
            goods.status,
            goods.tag,
            review_ends,
            verdict(&goods.name)
        ])
}

/// The id of a new submission; none is given twice.
pub(super) fn new_submission(memory: &Connection) -> rusqlite::Result<i64> {
    memory.prepare_cached("UPDATE audits SET next = next + 1 RETURNING next")?.query_row([], |row| row.get(0))
}

/// Submits goods of the shelf to a review that ends at `ends`.
pub(super) fn submit(memory: &Connection, goods: &Shelved, ends: i64) -> rusqlite::Result<i64> {
    let audit_id = new_submission(memory)?;
    memory
        .prepare_cached(
            "UPDATE goods SET status = 1, audit_id = ?2, review_ends = ?3, verdict = ?4 WHERE goods_id = ?1",
        )?
        .execute(params![goods.goods_id, audit_id, ends, verdict(&goods.name)])?;
    Ok(audit_id)
}

/// Goods whose name holds `拒审` will be refused, all others approved.
fn verdict(name: &str) -> u8 {
    if name.contains("拒审") { REFUSED } else { APPROVED }
}

/// Takes goods out of review.
pub(super) fn withdraw(memory: &Connection, goods_id: i64) -> rusqlite::Result<usize> {
    memory.prepare_cached("UPDATE goods SET status = 0 WHERE goods_id = ?1")?.execute([goods_id])
}

/// Removes goods for good.
pub(super) fn delete(memory: &Connection, goods_id: i64) -> rusqlite::Result<usize> {
    memory.prepare_cached("DELETE FROM goods WHERE goods_id = ?1")?.execute([goods_id])
}

/// Writes the fields that an update may change.
pub(super) fn rewrite(memory: &Connection, goods: &Shelved) -> rusqlite::Result<usize> {
    memory
        .prepare_cached(
            "UPDATE goods SET name = ?2, cover = ?3, price_type = ?4, price = ?5, price2 = ?6, url = ?7,
             third_party_appid = ?8 WHERE goods_id = ?1",
        )?
        .execute(params![
            goods.goods_id,
            goods.name,
            goods.cover,
            goods.price_type,
            goods.price,
            goods.price2,
            goods.url,
            goods.third_party_appid
        ])
}

/// The goods of an id.
pub(super) fn find(memory: &Connection, goods_id: u64) -> rusqlite::Result<Option<Shelved>> {
    let Ok(goods_id) = i64::try_from(goods_id) else { return Ok(None) };
    memory
        .prepare_cached(&format!("SELECT {COLUMNS} FROM goods WHERE goods_id = ?1"))?
        .query_row([goods_id], read)
        .optional()
}

/// Up to `limit` goods of one status from `offset` on, newest first, so that what is added while somebody
/// turns the pages shows up on the next page a second time.
pub(super) fn page(
    memory: &Connection,
    status: u8,
    offset: i64,
    limit: i64,
) -> rusqlite::Result<Vec<Shelved>> {
    memory
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM goods WHERE status = ?1 ORDER BY goods_id DESC LIMIT ?2 OFFSET ?3"
        ))?
        .query_map(params![status, limit, offset], read)?
        .collect()
}

/// How many goods have a status.
pub(super) fn count(memory: &Connection, status: u8) -> rusqlite::Result<i64> {
    memory
        .prepare_cached("SELECT COUNT(*) FROM goods WHERE status = ?1")?
        .query_row([status], |row| row.get(0))
}

/// Everything on the shelf, oldest first.
pub(super) fn all(memory: &Connection) -> rusqlite::Result<Vec<Shelved>> {
    memory
        .prepare_cached(&format!("SELECT {COLUMNS} FROM goods ORDER BY goods_id"))?
        .query_map([], read)?
        .collect()
}
