//! An edited sheet and its results into the lines that an update works on: the sheet says what is wanted, the
//! results remember whose goods they are.

use std::collections::HashMap;

use csv::StringRecord;

use super::import::{SheetRow, is_repeat, mark_repeats, meet_rows};
use super::renamed::renamed;
use super::{Step, Trust, trust};
use crate::goods::Keys;
use crate::results::{Book, Held, Known, Layout, Line, Lost, Meeting, Note, Presence, Wording, meet};
use crate::sheet::{Columns, Look};

/// A sheet laid over its results.
#[derive(Debug)]
pub struct Edited {
    /// The rows of the sheet in order, then the lines that no row meets any more.
    pub book: Book,
    /// How many of the lines are rows of the sheet.
    pub rows: usize,
    /// Lines of the book that stand in no file: rows that the results do not know.
    pub strangers: Vec<usize>,
    /// What is decided about lines already.
    pub fates: Vec<(usize, Step)>,
    /// What the rows of these lines say beside the lines' cells.
    pub of_sheet: HashMap<usize, OfSheet>,
}

/// What the row of a line says in the sheet, and its cells do not; nothing for most rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfSheet {
    /// The row's cells, where it is most likely the goods of the line under another sku or name.
    pub renamed: Option<StringRecord>,
    /// What the eye sees of its cells beside their text.
    pub looks: Vec<(usize, Look)>,
}

/// Lays the rows of a sheet over what the results say of them.
///
/// Lines of goods take over the cells of their rows; lines that cannot be believed, or whose goods do not exist,
/// stay as they are, and so do lines of goods whose rows most likely got another sku or name, until that is
/// recorded. Rows that no line knows are the business of `import`.
pub fn edited(
    columns: &Columns,
    mut rows: Vec<SheetRow>,
    history: Book,
    appid: &str,
    wording: Wording,
) -> Edited {
    mark_repeats(&mut rows);
    let Met { meetings, same_goods, is_met } = met(&rows, &history.lines);
    let mut takes_over = vec![false; history.lines.len()];
    let own = meetings.iter().enumerate().filter(|(row, _)| !same_goods.contains_key(row));
    for line in own.filter_map(|(_, meeting)| met_line(meeting)) {
        takes_over[line] = may_take_over(&history.lines[line], appid);
    }
    let mut layout = Layout::of_sheet(columns);
    let moved = layout.adopt(&history.layout.columns, |column| {
        let holds = |held: &Held| held.line.user.get(column).is_some_and(|cell| !cell.is_empty());
        history.lines.iter().zip(&takes_over).any(|(held, takes_over)| !takes_over && holds(held))
    });
    let cells = Cells { layout: &layout, moved: &moved };
    let (mut lines, mut strangers, mut fates) = (Vec::new(), Vec::new(), Vec::new());
    let mut of_sheet = HashMap::new();
    let total = rows.len();
    for (at, (row, meeting)) in rows.into_iter().zip(meetings).enumerate() {
        match meeting {
            Meeting::Line(line) if same_goods.contains_key(&at) => {
                if may_take_over(&history.lines[line], appid) {
                    let renamed = Some(cells.of_row(&row));
                    of_sheet.insert(lines.len(), OfSheet { renamed, looks: cells.looks_of(&row) });
                }
                lines.push(cells.kept(&history.lines[line], row.raw.number));
            }
            Meeting::Line(line) if takes_over[line] => {
                if !row.raw.looks.is_empty() {
                    of_sheet.insert(lines.len(), OfSheet { renamed: None, looks: cells.looks_of(&row) });
                }
                lines.push(taken_over(&history.lines[line], cells.of_row(&row), row, appid));
            }
            Meeting::Line(line) => lines.push(cells.kept(&history.lines[line], row.raw.number)),
            Meeting::Nobody | Meeting::Ambiguous => {
                if is_repeat(&row) {
                    let note = wording(&Note::Invalid { issues: &row.judged.issues, columns });
                    fates.push((lines.len(), Step::Invalid(note)));
                } else if meeting == Meeting::Ambiguous {
                    fates.push((lines.len(), Step::Refuse(Note::IdentityAmbiguous)));
                }
                strangers.push(lines.len());
                let line = Line { user: cells.of_row(&row), row: row.raw.number, ..Line::default() };
                lines.push(Held { line, keys: row.judged.keys });
            }
        }
    }
    // Numbered on, so that a row number names one line only.
    let next = 1 + lines.iter().map(|held| held.line.row).max().unwrap_or(1);
    let unmet = history.lines.iter().zip(is_met).filter(|(_, is_met)| !is_met);
    lines.extend(unmet.zip(next..).map(|((held, _), row)| cells.kept(held, row)));
    Edited { book: Book { layout, lines, lost: Lost::Nothing }, rows: total, strangers, fates, of_sheet }
}

/// How rows and lines met.
struct Met {
    meetings: Vec<Meeting>,
    /// The rows that met their lines under another sku or name.
    same_goods: hashbrown::HashMap<usize, usize>,
    /// The lines that stand in a row's place, or give way to one that does.
    is_met: Vec<bool>,
}

fn met(rows: &[SheetRow], lines: &[Held]) -> Met {
    let meetings = meet_rows(rows, lines);
    let same_goods = renamed(rows, lines, &meetings);
    let mut meetings = with_unsent(meetings, rows, lines);
    let mut is_met = vec![false; lines.len()];
    meetings.iter().filter_map(met_line).for_each(|line| is_met[line] = true);
    for (row, line) in &same_goods {
        meetings[*row] = Meeting::Line(*line);
        is_met[*line] = true;
    }
    Met { meetings, same_goods, is_met }
}

/// Lines of goods meet first; lines that were never sent only keep their rows' numbers.
fn with_unsent(mut meetings: Vec<Meeting>, rows: &[SheetRow], lines: &[Held]) -> Vec<Meeting> {
    let is_free = |row: &usize| meetings[*row] == Meeting::Nobody && !is_repeat(&rows[*row]);
    let free_rows: Vec<usize> = (0..rows.len()).filter(is_free).collect();
    let is_unsent = |line: &usize| lines[*line].line.presence() == Presence::Absent;
    let unsent: Vec<usize> = (0..lines.len()).filter(is_unsent).collect();
    let row_keys: Vec<&Keys> = free_rows.iter().map(|row| &rows[*row].judged.keys).collect();
    let line_keys: Vec<Known<'_>> = unsent.iter().map(|line| lines[*line].known()).collect();
    for (row, meeting) in free_rows.into_iter().zip(meet(&row_keys, &line_keys)) {
        if let Meeting::Line(line) = meeting {
            meetings[row] = Meeting::Line(unsent[line]);
        }
    }
    meetings
}

fn met_line(meeting: &Meeting) -> Option<usize> {
    match meeting {
        Meeting::Line(line) => Some(*line),
        Meeting::Nobody | Meeting::Ambiguous => None,
    }
}

/// Whether the line's cells only say what the goods are to be: those of an add in doubt say what was sent.
fn may_take_over(held: &Held, appid: &str) -> bool {
    let exists = matches!(held.line.presence(), Presence::Present | Presence::Gone);
    exists && matches!(trust(held, appid), Trust::Own | Trust::Unchecked)
}

/// The same check over the row's present names, so that a name may change where a sku stays.
fn taken_over(held: &Held, user: StringRecord, row: SheetRow, appid: &str) -> Held {
    let mut line = Line { user, row: row.raw.number, ..held.line.clone() };
    if let Some(check) = held.line.check() {
        line.seal(appid, &row.judged.keys, check.content);
    }
    Held { line, keys: row.judged.keys }
}

/// Where cells go in the new layout.
struct Cells<'a> {
    layout: &'a Layout,
    moved: &'a [Option<usize>],
}

impl Cells<'_> {
    fn of_row(&self, row: &SheetRow) -> StringRecord {
        let cell = |source: &Option<usize>| source.and_then(|at| row.raw.cells.get(at)).unwrap_or("");
        self.layout.source.iter().map(cell).collect()
    }

    /// What the eye sees of a row's cells, under their columns in the new layout.
    fn looks_of(&self, row: &SheetRow) -> Vec<(usize, Look)> {
        let looks = |at: usize| row.raw.looks.iter().filter(move |(column, _)| *column == at);
        let placed = self.layout.source.iter().enumerate().filter_map(|(to, from)| Some((to, (*from)?)));
        placed.flat_map(|(to, from)| looks(from).map(move |(_, look)| (to, look.clone()))).collect()
    }

    /// An old line under a new number, its own cells in the new layout.
    fn kept(&self, held: &Held, row: u32) -> Held {
        let mut cells = vec![""; self.layout.columns.headings.len()];
        for (cell, target) in held.line.user.iter().zip(self.moved) {
            if let Some(target) = target {
                cells[*target] = cell;
            }
        }
        let line = Line { user: cells.iter().collect(), row, ..held.line.clone() };
        Held { line, keys: held.keys.clone() }
    }
}
