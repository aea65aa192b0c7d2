//! What a plan writes into lines by itself: why a wish is refused, and what came of newer lines of the same goods.

use std::collections::HashMap;

use super::{Pile, Step, Steps};
use crate::results::{Action, Held, Line, Outcome, Wording};

impl Pile {
    /// Writes the reasons of refused wishes and of rows at fault into their lines; a line that says so already is
    /// left as it is.
    pub fn note_refusals(&mut self, steps: &Steps, action: Action, wording: Wording) {
        for (line, step) in steps.iter() {
            let (outcome, note) = match step {
                Step::Refuse(note) => (Outcome::Failed, wording(note)),
                Step::Invalid(note) => (Outcome::Invalid, note.clone()),
                _ => continue,
            };
            let before = &self.lines[line].line;
            let refused = Line {
                action: Some(action),
                outcome: Some(outcome),
                errcode: String::new(),
                errmsg: String::new(),
                note,
                updated_at: None,
                ..before.clone()
            };
            let said = before.action == Some(action) && before.outcome == Some(outcome);
            if !said || before.note_code() != refused.note_code() {
                self.lines[line].line = refused;
            }
        }
    }

    /// Lets lines of the same goods say what came of the one that was worked on.
    pub fn echo(&mut self, steps: &Steps, reached: &HashMap<usize, Outcome>, appid: &str) {
        for (line, step) in steps.iter() {
            let Step::Follow(leader) = step else { continue };
            let refused = matches!(steps.of_line(*leader), Some(Step::Refuse(_)));
            if refused || reached.contains_key(leader) {
                let leader = self.lines[*leader].line.clone();
                self.lines[line].repeat(&leader, appid);
            }
        }
    }
}

impl Held {
    /// Takes over what `leader`, a newer line of the same goods, says of them.
    fn repeat(&mut self, leader: &Line, appid: &str) {
        let own = &self.line;
        let mut line = Line {
            user: own.user.clone(),
            row: own.row,
            file: own.file,
            cover_digest: own.cover_digest.clone(),
            updated_at: None,
            check: own.check.clone(),
            ..leader.clone()
        };
        line.seal(appid, &self.keys, own.check().and_then(|check| check.content));
        if (Line { updated_at: own.updated_at, ..line.clone() }) != self.line {
            self.line = line;
        }
    }
}
