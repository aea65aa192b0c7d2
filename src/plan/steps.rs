//! The lines of results files into what one verb does with each of them.

use std::collections::HashMap;

use super::{Pile, Standing, Trust, trust};
use crate::goods::{GoodsId, Keys};
use crate::results::{Counts, Line, Note, Outcome, Presence};

/// What a verb does with one line.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// The verb does not concern it: counted, never written.
    Skip,
    /// The verb was here before: nothing is left to do.
    Done,
    /// A wish that cannot be granted; no call goes out.
    Refuse(Note<'static>),
    /// The row breaks rules, and this is what its note says; no call goes out.
    Invalid(String),
    /// Its call goes out.
    Call,
    /// Its call may have been carried out already: that is asked first.
    Settle,
    /// Another verb's call may have been carried out: `import` finds out of an add, `status` of the others.
    Unsettled,
    /// Its turn comes in another run.
    Later,
    /// The line with this index is of the same goods and newer: what comes of that one comes of this one.
    Follow(usize),
}

/// Which lines a run may work on.
pub struct Scope<'a> {
    /// The mini-program.
    pub appid: &'a str,
    /// Lines without a check are believed.
    pub trust_ids: bool,
    /// Whether a row number is one of those asked for.
    pub selected: &'a dyn Fn(u32) -> bool,
    /// At most this many rows are worked on.
    pub limit: Option<usize>,
}

/// What a verb does with every line of a pile; lines that were not given are left out of every count.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    steps: Vec<Option<Step>>,
}

/// One row's call for goods that exist.
#[derive(Clone, Debug, PartialEq)]
pub struct GoodsTask<W = ()> {
    /// The index of the row's line in the pile.
    pub line: usize,
    /// That line before the call.
    pub before: Line,
    /// The names the row goes by.
    pub keys: Keys,
    /// The goods.
    pub goods_id: GoodsId,
    /// An earlier call of the same verb may have been carried out.
    pub again: bool,
    /// What is wished for them, where the verb alone does not say it.
    pub wish: W,
}

impl GoodsTask {
    /// The same task with a wish, over the line as it is known now. One in doubt may have been carried out.
    pub fn wishing<W>(self, before: Line, wish: W) -> GoodsTask<W> {
        let again = before.doubt().is_some();
        let Self { line, keys, goods_id, .. } = self;
        GoodsTask { line, before, keys, goods_id, again, wish }
    }
}

impl Steps {
    /// Decides for each line. `judge` is the verb's own table; it sees only lines of goods whose ids can be
    /// believed, one for each of the goods.
    pub fn plan(pile: &Pile, scope: &Scope<'_>, judge: impl Fn(usize, &Line) -> Step) -> Self {
        let mut steps: Vec<Option<Step>> = (0..pile.lines.len())
            .map(|line| pile.given[line].then(|| first_look(pile, scope, line)))
            .collect();
        let leaders = leaders(pile, &steps);
        let mut room = scope.limit.unwrap_or(usize::MAX);
        for (line, step) in steps.iter_mut().enumerate().filter(|(_, step)| **step == Some(Step::Call)) {
            let leader = pile.goods_id(line).and_then(|id| leaders.get(&id)).copied().unwrap_or(line);
            *step = Some(match leader {
                own if own == line => within(&mut room, judge(line, &pile.lines[line].line)),
                leader => Step::Follow(leader),
            });
        }
        Self { steps }
    }

    /// Decides for lines whose steps somebody knows already.
    pub fn of(steps: Vec<Option<Step>>) -> Self {
        Self { steps }
    }

    /// The same, with what is decided about some lines otherwise; those that are not selected stay skipped.
    #[must_use]
    pub fn with(mut self, fates: Vec<(usize, Step)>, pile: &Pile, scope: &Scope<'_>) -> Self {
        for (line, fate) in fates.into_iter().filter(|(line, _)| (scope.selected)(pile.lines[*line].line.row))
        {
            self.steps[line] = Some(fate);
        }
        self
    }

    /// The step of a line; `None` for one that was not given.
    pub fn of_line(&self, line: usize) -> Option<&Step> {
        self.steps.get(line).and_then(Option::as_ref)
    }

    /// The lines with this step.
    pub fn lines_to<'a>(&'a self, step: &'a Step) -> impl Iterator<Item = usize> + 'a {
        (0..self.steps.len()).filter(move |line| self.of_line(*line) == Some(step))
    }

    /// Every given line with its step.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Step)> {
        self.steps.iter().enumerate().filter_map(|(line, step)| Some((line, step.as_ref()?)))
    }

    /// How many rows the verb works on.
    pub fn todo(&self) -> u64 {
        self.iter().filter(|(_, step)| matches!(step, Step::Call | Step::Settle)).count() as u64
    }

    /// How many rows are counted.
    pub fn rows(&self) -> u64 {
        self.iter().count() as u64
    }

    /// The tasks of the rows with this step, in order.
    pub fn tasks(&self, pile: &Pile, step: &Step) -> Vec<GoodsTask> {
        let task = |line: usize| {
            let held = &pile.lines[line];
            Some(GoodsTask {
                line,
                before: held.line.clone(),
                keys: held.keys.clone(),
                goods_id: pile.goods_id(line)?,
                again: *step == Step::Settle,
                wish: (),
            })
        };
        self.lines_to(step).filter_map(task).collect()
    }

    /// Where a row stands, `reached` being what came of those that were worked on.
    pub fn standing(&self, line: usize, reached: &HashMap<usize, Outcome>) -> Option<Standing> {
        let step = self.of_line(line)?;
        if let Step::Follow(leader) = step {
            return self.standing(*leader, reached);
        }
        Some(match reached.get(&line) {
            Some(Outcome::Ok) => Standing::Ok,
            Some(Outcome::Failed) => Standing::Failed,
            Some(Outcome::Invalid) => Standing::Invalid,
            Some(Outcome::Sending | Outcome::InDoubt) => Standing::InDoubt,
            Some(Outcome::Pending) => Standing::Pending,
            None => match step {
                Step::Skip | Step::Follow(_) => Standing::Skipped,
                Step::Done => Standing::Ok,
                Step::Refuse(_) => Standing::Failed,
                Step::Invalid(_) => Standing::Invalid,
                Step::Call | Step::Later => Standing::Pending,
                Step::Settle | Step::Unsettled => Standing::InDoubt,
            },
        })
    }

    /// The counts, `reached` being what came of the rows that were worked on.
    pub fn counts(&self, reached: &HashMap<usize, Outcome>) -> Counts {
        let mut counts = Counts::default();
        let lines = self.iter().map(|(line, _)| line);
        lines.filter_map(|line| self.standing(line, reached)).for_each(|standing| counts.add(standing));
        counts
    }
}

/// What can be said of a line before the verb is asked; [`Step::Call`] when nothing can.
fn first_look(pile: &Pile, scope: &Scope<'_>, line: usize) -> Step {
    let held = &pile.lines[line];
    if !(scope.selected)(held.line.row) {
        return Step::Skip;
    }
    if held.line.goods_id.is_empty() && held.line.presence() != Presence::Present {
        // Only an import can tell what became of an add.
        return if held.line.is_open() { Step::Unsettled } else { Step::Skip };
    }
    match refusal(pile, scope, line) {
        // A refusal would take the place of the only word that a call may have been carried out.
        Some(_) if held.line.is_open() => Step::Unsettled,
        Some(note) => Step::Refuse(note),
        None if pile.console[line] => Step::Skip,
        None => Step::Call,
    }
}

/// Why the ids of a line cannot be believed.
fn refusal(pile: &Pile, scope: &Scope<'_>, line: usize) -> Option<Note<'static>> {
    if pile.goods_id(line).is_none() {
        return Some(Note::GoodsIdMangled);
    }
    match trust(&pile.lines[line], scope.appid) {
        Trust::Own => None,
        Trust::Unchecked => (!scope.trust_ids).then_some(Note::CheckMissing),
        Trust::Changed | Trust::Foreign => Some(Note::CheckMismatch),
    }
}

/// For each of the goods, the newest of its lines.
fn leaders(pile: &Pile, steps: &[Option<Step>]) -> HashMap<GoodsId, usize> {
    let mut leaders: HashMap<GoodsId, usize> = HashMap::new();
    for (line, step) in steps.iter().enumerate() {
        let Some(id) = pile.goods_id(line).filter(|_| *step == Some(Step::Call)) else { continue };
        let leader = leaders.entry(id).or_insert(line);
        if pile.lines[line].line.updated_at > pile.lines[*leader].line.updated_at {
            *leader = line;
        }
    }
    leaders
}

/// The step, as far as `--limit` has room for it.
fn within(room: &mut usize, step: Step) -> Step {
    match (step, *room) {
        (Step::Call, 0) => Step::Later,
        (Step::Settle, 0) => Step::Unsettled,
        (step @ (Step::Call | Step::Settle), _) => {
            *room -= 1;
            step
        }
        (step, _) => step,
    }
}
