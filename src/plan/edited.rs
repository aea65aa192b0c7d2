//! An edited sheet and its results into the lines that an update works on: the sheet says what is wanted, the
//! results remember whose goods they are.

use csv::StringRecord;

use super::import::{SheetRow, is_repeat, mark_repeats, meet_rows};
use super::{Step, Trust, trust};
use crate::goods::Keys;
use crate::results::{Book, Held, Known, Layout, Line, Lost, Meeting, Note, Presence, Wording, meet};
use crate::sheet::Columns;

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
}

/// Lays the rows of a sheet over what the results say of them.
///
/// Lines of goods take over the cells of their rows; lines that cannot be believed, or whose goods do not exist,
/// stay as they are. Rows that no line knows are the business of `import`.
pub fn edited(
    columns: &Columns,
    mut rows: Vec<SheetRow>,
    history: Book,
    appid: &str,
    wording: Wording,
) -> Edited {
    mark_repeats(&mut rows);
    let meetings = meetings(&rows, &history.lines);
    let mut takes_over = vec![false; history.lines.len()];
    let mut is_met = vec![false; history.lines.len()];
    for line in meetings.iter().filter_map(met_line) {
        is_met[line] = true;
        takes_over[line] = may_take_over(&history.lines[line], appid);
    }
    let mut layout = Layout::of_sheet(columns);
    let moved = layout.adopt(&history.layout.columns, |column| {
        let holds = |held: &Held| held.line.user.get(column).is_some_and(|cell| !cell.is_empty());
        history.lines.iter().zip(&takes_over).any(|(held, takes_over)| !takes_over && holds(held))
    });
    let cells = Cells { layout: &layout, moved: &moved };
    let (mut lines, mut strangers, mut fates) = (Vec::new(), Vec::new(), Vec::new());
    let total = rows.len();
    for (row, meeting) in rows.into_iter().zip(meetings) {
        match meeting {
            Meeting::Line(line) if takes_over[line] => {
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
    Edited { book: Book { layout, lines, lost: Lost::Nothing }, rows: total, strangers, fates }
}

/// Lines of goods meet first; lines that were never sent only keep their rows' numbers.
fn meetings(rows: &[SheetRow], lines: &[Held]) -> Vec<Meeting> {
    let mut meetings = meet_rows(rows, lines);
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
