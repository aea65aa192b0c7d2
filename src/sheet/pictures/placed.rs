//! Everything known of a sheet's pictures into the picture of a row, and that into its bytes when its turn comes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::guard::guarded;
use super::super::zipped::{MOST, Parts, Relations, attribute, bounded, opened};
use super::super::{Limits, Problem};
use super::cells::Holds;
use super::view::View;
use super::{anchors, cells, dispimg, over, picture_id, rich, sizes};

/// The picture that sits in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RowPicture {
    /// None does.
    #[default]
    None,
    /// One does, or one stands out.
    One(SheetPicture),
    /// Several do, and none of them stands out by being alone in the cover's column.
    Several(u32),
}

/// A picture of a workbook, as a sheet shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SheetPicture {
    /// The part of the workbook that holds it.
    pub part: Arc<str>,
    /// What is seen of it.
    pub view: View,
    /// Whether the sheet shows it turned by something else than quarters, which the view leaves out.
    pub tilted: bool,
}

impl SheetPicture {
    /// The whole picture that a part holds.
    pub fn whole(part: impl Into<Arc<str>>) -> Self {
        Self { part: part.into(), view: View::default(), tilted: false }
    }
}

/// A picture in no row of goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Astray {
    /// The row that holds most of it.
    pub row: u32,
    /// The column that holds most of it, 1 for the first.
    pub column: usize,
}

/// The pictures of one sheet: where they sit, and the open workbook that holds them. A picture's bytes are read
/// when they are asked for, and not kept.
pub struct Pictures {
    package: Mutex<Parts>,
    rows: BTreeMap<u32, Row>,
    /// WPS Office's, by the IDs that cells name.
    named: HashMap<String, SheetPicture>,
}

#[derive(Default)]
struct Row {
    pictures: Vec<(usize, SheetPicture)>,
    is_goods: AtomicBool,
}

impl Pictures {
    /// Finds the pictures of the sheet called `sheet` in the workbook at `path`; `None` when it has none.
    pub(in crate::sheet) fn find(path: &Path, sheet: &str, limits: Limits) -> Result<Option<Self>, Problem> {
        guarded(|| {
            let mut package = Parts::open(File::open(path).map_err(Problem::opening)?, limits)?;
            let (workbook, parts) = package.workbook()?;
            let Some(part) = part_of(&mut package, &workbook, &parts, sheet)? else { return Ok(None) };
            let named = dispimg::read(&mut package, &parts)?;
            let mut found = Found::default();
            found.add_anchored(&mut package, &part, limits)?;
            let rich = rich::read(&mut package, &parts)?;
            if !named.is_empty() || !rich.is_empty() {
                cells::read(&mut package, &part, limits.worksheet, |cell| {
                    let picture = match cell.holds {
                        Holds::Rich(number) => {
                            rich.get(number.wrapping_sub(1)).cloned().flatten().map(SheetPicture::whole)
                        }
                        Holds::Named(id) => named.get(id).cloned(),
                    };
                    found.add(&part, cell.row, cell.column, picture)
                })?;
            }
            let some = !found.rows.is_empty() || !named.is_empty();
            Ok(some.then(|| Self { package: Mutex::new(package), rows: found.rows(), named }))
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
        if let Some(picture) = picture_id(text).and_then(|id| self.named.get(id)) {
            return RowPicture::One(picture.clone());
        }
        let Some(row) = found else { return RowPicture::None };
        let mut under_heading = row.pictures.iter().filter(|(column, _)| Some(*column) == cover);
        match (under_heading.next(), under_heading.next(), row.pictures.as_slice()) {
            (Some((_, picture)), None, _) | (None, None, [(_, picture)]) => RowPicture::One(picture.clone()),
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

    /// How many bytes a picture says it has; `None` for a part that is not there.
    ///
    /// # Errors
    /// As [`Pictures::read`].
    pub fn size(&self, part: &str) -> io::Result<Option<u64>> {
        self.package().size(part).map_err(io::Error::other)
    }

    /// The bytes of a picture, at most `limit` of them and one more; `None` for a part that is not there.
    ///
    /// # Errors
    /// The workbook cannot be read any more, or is damaged there.
    pub fn read(&self, part: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        self.package().bytes(part, limit).map_err(io::Error::other)
    }

    fn package(&self) -> MutexGuard<'_, Parts> {
        self.package.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pictures met so far, by row; the same one twice in a cell is one.
#[derive(Default)]
struct Found {
    rows: BTreeMap<u32, BTreeSet<(usize, SheetPicture)>>,
    count: usize,
}

impl Found {
    fn add(
        &mut self,
        sheet: &str,
        row: u32,
        column: usize,
        picture: Option<SheetPicture>,
    ) -> Result<(), Problem> {
        let Some(picture) = picture else { return Ok(()) };
        if self.rows.entry(row).or_default().insert((column, picture)) {
            self.count += 1;
        }
        bounded(self.count, MOST, sheet)
    }

    /// Adds the pictures over the cells of a sheet, whose rows and columns are looked at only if there are some.
    fn add_anchored(&mut self, package: &mut Parts, sheet: &str, limits: Limits) -> Result<(), Problem> {
        for drawing in package.relations(sheet)?.of_kind("drawing") {
            let pictures = anchors::read(package, &drawing)?;
            if pictures.is_empty() {
                continue;
            }
            let sizes = sizes::read(package, sheet, limits.worksheet, over::reach(&pictures))?;
            for picture in pictures {
                let Some((row, column)) = over::cell(&picture, &sizes) else { continue };
                let column = usize::try_from(column).unwrap_or(usize::MAX);
                let anchors::Anchored { part, view, tilted, .. } = picture;
                self.add(sheet, row.saturating_add(1), column, Some(SheetPicture { part, view, tilted }))?;
            }
        }
        Ok(())
    }

    fn rows(self) -> BTreeMap<u32, Row> {
        let row = |pictures: BTreeSet<_>| Row {
            pictures: pictures.into_iter().collect(),
            is_goods: AtomicBool::default(),
        };
        self.rows.into_iter().map(|(number, pictures)| (number, row(pictures))).collect()
    }
}

/// The part of the sheet called `name`; `parts` are the ways from the workbook to its parts.
fn part_of(
    package: &mut Parts,
    workbook: &str,
    parts: &Relations,
    name: &str,
) -> Result<Option<Arc<str>>, Problem> {
    let mut id = None;
    package.read_small(workbook, |event| {
        if let Some(tag) = opened(&event, "sheet")
            && id.is_none()
            && attribute(tag, "name")?.as_deref() == Some(name)
        {
            id = attribute(tag, "id")?;
        }
        Ok(())
    })?;
    Ok(id.and_then(|id| parts.target(&id).cloned()))
}
