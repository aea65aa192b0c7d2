//! Everything known of a sheet's pictures into the picture of a row, and that into its bytes when its turn comes.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::guard::guarded;
use super::super::{Limits, Problem};
use super::cells::Holds;
use super::package::{Package, attribute, opened};
use super::{anchors, cells, dispimg, picture_id, rich};

const WORKBOOK: &str = "xl/workbook.xml";

/// The picture that sits in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RowPicture {
    /// None does.
    #[default]
    None,
    /// The part of the workbook that holds it.
    One(Arc<str>),
    /// Several do, and none of them stands out by being alone in the cover's column.
    Several(u32),
}

/// A picture in no row of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Astray {
    /// The row it starts in.
    pub row: u32,
    /// The column it starts in, 1 for the first.
    pub column: usize,
}

/// The pictures of one sheet: where they sit, and the open workbook that holds them. A picture's bytes are read
/// when they are asked for, and not kept.
pub struct Pictures {
    package: Mutex<Package>,
    rows: BTreeMap<u32, Row>,
    /// WPS Office's, by the IDs that cells name.
    named: HashMap<String, Arc<str>>,
}

#[derive(Default)]
struct Row {
    pictures: Vec<(usize, Arc<str>)>,
    is_goods: AtomicBool,
}

impl Pictures {
    /// Finds the pictures of the sheet called `sheet` in the workbook at `path`; `None` when it has none.
    pub(in crate::sheet) fn find(path: &Path, sheet: &str, limits: Limits) -> Result<Option<Self>, Problem> {
        guarded(|| {
            let mut package = Package::open(path)?;
            let Some(part) = part_of(&mut package, sheet)? else { return Ok(None) };
            let named = dispimg::read(&mut package)?;
            let mut rows = BTreeMap::<u32, Row>::new();
            let mut place = |row: u32, column: usize, part: Arc<str>| {
                let pictures = &mut rows.entry(row).or_default().pictures;
                if !pictures.contains(&(column, Arc::clone(&part))) {
                    pictures.push((column, part));
                }
            };
            for relation in package.relations(&part)?.iter().filter(|relation| relation.kind == "drawing") {
                for picture in anchors::read(&mut package, &relation.target)? {
                    place(picture.row, picture.column, picture.part.into());
                }
            }
            let rich: Vec<Option<Arc<str>>> =
                rich::read(&mut package)?.into_iter().map(|part| part.map(Arc::from)).collect();
            if !named.is_empty() || !rich.is_empty() {
                for cell in cells::read(&mut package, &part, limits.worksheet)? {
                    let picture = match cell.holds {
                        Holds::Rich(number) => rich.get(number.wrapping_sub(1)).cloned().flatten(),
                        Holds::Named(id) => named.get(&id).cloned(),
                    };
                    if let Some(picture) = picture {
                        place(cell.row, cell.column, picture);
                    }
                }
            }
            let some = !rows.is_empty() || !named.is_empty();
            Ok(some.then(|| Self { package: Mutex::new(package), rows, named }))
        })
    }

    /// The picture of a goods row; `cover` is the column of covers, if there is one, and `text` what stands in it.
    /// One in that column goes before those elsewhere in the row.
    pub(in crate::sheet) fn of_row(&self, row: u32, cover: Option<usize>, text: &str) -> RowPicture {
        let found = self.rows.get(&row);
        if let Some(row) = found {
            row.is_goods.store(true, Ordering::Relaxed);
        }
        // A formula's value that was pasted without the formula still names its picture.
        if let Some(part) = picture_id(text).and_then(|id| self.named.get(id)) {
            return RowPicture::One(Arc::clone(part));
        }
        let Some(row) = found else { return RowPicture::None };
        let mut under_heading = row.pictures.iter().filter(|(column, _)| Some(*column) == cover);
        match (under_heading.next(), under_heading.next(), row.pictures.as_slice()) {
            (Some((_, part)), None, _) | (None, None, [(_, part)]) => RowPicture::One(Arc::clone(part)),
            (_, _, pictures) => RowPicture::Several(u32::try_from(pictures.len()).unwrap_or(u32::MAX)),
        }
    }

    /// The pictures in rows that nobody asked for: once all goods rows were read, those in no goods row.
    pub fn astray(&self) -> Vec<Astray> {
        let rows = self.rows.iter().filter(|(_, row)| !row.is_goods.load(Ordering::Relaxed));
        rows.flat_map(|(&number, row)| {
            row.pictures.iter().map(move |(column, _)| Astray { row: number, column: column + 1 })
        })
        .collect()
    }

    /// The bytes of a picture; more than `limit` of them are `None`, like a part that is not there.
    ///
    /// # Errors
    /// The workbook cannot be read any more, or is damaged there.
    pub fn read(&self, part: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let mut package = self.package.lock().unwrap_or_else(PoisonError::into_inner);
        package.bytes(part, limit).map_err(io::Error::other)
    }
}

/// The part of the sheet called `name`.
fn part_of(package: &mut Package, name: &str) -> Result<Option<String>, Problem> {
    let mut id = None;
    package.read_small(WORKBOOK, |event| {
        if let Some(tag) = opened(&event, "sheet")
            && attribute(tag, "name")?.as_deref() == Some(name)
        {
            id = attribute(tag, "id")?;
        }
        Ok(())
    })?;
    let relations = package.relations(WORKBOOK)?;
    Ok(relations
        .into_iter()
        .find(|relation| Some(&relation.id) == id.as_ref())
        .map(|relation| relation.target))
}
