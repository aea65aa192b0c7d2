//! A control file and the results it was made from into one book: the file chooses, the results remember.

use std::collections::HashMap;

use super::{Trust, trust};
use crate::goods::AuditStatus::InReview;
use crate::results::{Action, Book, Held, Line, Lost, Note, Outcome, Presence, Wording, relaid};

/// The lines of `control`, in its order and with its cells, each as `memory` knows it where that is newer; behind
/// them the rest of the memory. Also how many lines the control file has.
pub fn chosen(control: Book, memory: Book, appid: &str) -> (Book, usize) {
    let Book { mut layout, lines: chosen, .. } = control;
    let moved = layout.adopt(&memory.layout.columns, |column| {
        memory.lines.iter().any(|held| held.line.user.get(column).is_some_and(|cell| !cell.is_empty()))
    });
    let width = layout.columns.headings.len();
    let mut known: HashMap<(String, String), Held> = HashMap::with_capacity(memory.lines.len());
    let mut unnamed = Vec::new();
    for mut held in memory.lines {
        held.line.user = relaid(&held.line.user, &moved, width);
        let name = name_of(&held);
        // Without a goodsId there is nothing a control file could name it by.
        if held.line.goods_id.is_empty() || known.contains_key(&name) {
            unnamed.push(held);
        } else {
            known.insert(name, held);
        }
    }
    let mut lines = Vec::with_capacity(chosen.len() + known.len());
    for held in chosen {
        lines.push(match known.remove(&name_of(&held)) {
            Some(known) if known.line.updated_at >= held.line.updated_at => {
                let Line { row, user, .. } = held.line;
                Held { line: Line { row, user, ..known.line }, keys: held.keys }
            }
            Some(known) => remembering(held, &known, appid),
            None => held,
        });
    }
    let given = lines.len();
    let mut rest: Vec<Held> = known.into_values().chain(unnamed).collect();
    rest.sort_by_key(|held| held.line.row);
    // Numbered on, so that a row number names one line only.
    let next = 1 + lines.iter().map(|held| held.line.row).max().unwrap_or(1);
    lines.extend(rest.into_iter().zip(next..).map(|(mut held, row)| {
        held.line.row = row;
        held
    }));
    (Book { layout, lines, lost: memory.lost }, given)
}

/// A new export over what was done with an older one: an auditId is told once, and what was sent is told by
/// nobody.
fn remembering(mut held: Held, known: &Held, appid: &str) -> Held {
    let review = |line: &Line| line.audit_status() == Some(InReview);
    let is_export = held.line.action == Some(Action::Export) && trust(&held, appid) == Trust::Own;
    if is_export && trust(known, appid) == Trust::Own {
        if review(&held.line) && review(&known.line) {
            held.line.audit_id.clone_from(&known.line.audit_id);
        }
        let content = known.line.check().and_then(|check| check.content);
        held.line.seal(appid, &held.keys, content);
    }
    held
}

fn name_of(held: &Held) -> (String, String) {
    (held.line.goods_id.clone(), held.keys.identity())
}

/// Keeps in the lines what a torn end of the file says of them: the add of such a row may have gone out, and
/// once the file is written anew only its line can tell.
pub fn heal(book: &mut Book, appid: &str, wording: Wording) {
    let lost = std::mem::replace(&mut book.lost, Lost::Nothing);
    for held in &mut book.lines {
        let unsent = held.line.presence() == Presence::Absent && held.line.outcome != Some(Outcome::Invalid);
        if lost.may_be_of(&held.keys) && unsent {
            held.line.outcome = Some(Outcome::InDoubt);
            held.line.note = wording(&Note::LineLost);
            held.line.seal(appid, &held.keys, None);
            held.line.updated_at = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goods::Keys;
    use crate::results::Layout;
    use crate::sheet::Columns;

    fn held(row: u32, goods_id: &str, seconds: i64, note: &str) -> Held {
        let line = Line {
            user: [note].iter().collect(),
            note: note.into(),
            row,
            action: Some(Action::Add),
            outcome: Some(if goods_id.is_empty() { Outcome::Pending } else { Outcome::Ok }),
            goods_id: goods_id.into(),
            updated_at: jiff::Timestamp::from_second(seconds).ok(),
            ..Line::default()
        };
        Held { line, keys: Keys { sku: Some(format!("T-{goods_id}")), page: format!("page {row}") } }
    }

    fn book(lines: Vec<Held>, headings: &[&str]) -> Book {
        let headings = headings.iter().map(ToString::to_string).collect();
        let columns = Columns { headings, ..Columns::default() };
        Book { layout: Layout { columns, source: vec![Some(0)] }, lines, lost: Lost::Nothing }
    }

    #[test]
    fn a_control_file_chooses_and_orders_and_the_newer_line_counts() {
        let control =
            book(vec![held(9, "7", 5, "new"), held(4, "5", 1, "stale"), held(3, "6", 9, "fresh")], &["a"]);
        let memory =
            book(vec![held(2, "5", 8, "known"), held(3, "6", 8, "older"), held(4, "8", 8, "else")], &["a"]);
        let (book, given) = chosen(control, memory, "wx1");
        let told: Vec<_> = book
            .lines
            .iter()
            .map(|held| (held.line.row, &held.line.goods_id[..], &held.line.note[..]))
            .collect();
        assert_eq!(given, 3);
        assert_eq!(told, [(9, "7", "new"), (4, "5", "known"), (3, "6", "fresh"), (10, "8", "else")]);
        assert_eq!(&book.lines[1].line.user[0], "stale", "the cells are the control file's");
    }

    #[test]
    fn columns_that_only_the_memory_has_are_kept_while_they_hold_something() {
        let control = book(vec![held(2, "5", 1, "x")], &["a"]);
        let memory = book(vec![held(2, "6", 1, "kept")], &["b"]);
        let (book, _) = chosen(control, memory, "wx1");
        assert_eq!(book.layout.columns.headings, ["a", "b"]);
        assert_eq!(book.lines[1].line.user, vec!["", "kept"]);
    }

    #[test]
    fn a_row_whose_line_was_torn_is_in_doubt_in_its_own_line_from_then_on() {
        let wording: Wording = |note| note.code().to_owned();
        for (lost, doubtful) in [
            (Lost::Nothing, vec![]),
            (Lost::Line(Keys { sku: None, page: "page 2".into() }), vec![2]),
            (Lost::Somebody, vec![2, 3]),
        ] {
            let lines = vec![held(2, "", 1, ""), held(3, "", 1, ""), held(4, "5", 1, "")];
            let mut book = Book { lost, ..book(lines, &["a"]) };
            heal(&mut book, "wx1", wording);
            let found = book.lines.iter().filter(|held| held.line.outcome == Some(Outcome::InDoubt));
            assert_eq!(found.map(|held| held.line.row).collect::<Vec<_>>(), doubtful);
            assert_eq!(book.lost, Lost::Nothing);
        }
    }
}
