//! One thread's work: task after task, each from the right to call to an outcome on disk.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::event::Notice;
use crate::quota::{Bucket, Day, Spend};
use crate::results::{Journal, JournalError, Line};
use crate::wechat::{Class, Failure, Refusal};

use super::calls::TRIES;
use super::verb::Attempted;
use super::{Calls, Verb};
use crate::exit::Stop;

/// What the threads of one round share.
pub(super) struct Round<T> {
    /// The work that no thread has taken yet.
    pub queue: Mutex<VecDeque<T>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    over: bool,
    spent: Option<(Bucket, Timestamp)>,
}

impl<T> Round<T> {
    pub fn new(queue: VecDeque<T>) -> Self {
        Self { queue: Mutex::new(queue), state: Mutex::default() }
    }

    /// Lets the threads finish what they have begun, and begin nothing more.
    pub fn end(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).over = true;
    }

    /// The bucket that the round spent, and when it is filled again.
    pub fn spent(&self) -> Option<(Bucket, Timestamp)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).spent
    }

    fn end_as_spent(&self, bucket: Bucket, turns_at: Timestamp) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.over = true;
        state.spent = Some((bucket, turns_at));
    }

    fn is_over(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).over
    }

    fn next(&self) -> Option<T> {
        if self.is_over() {
            return None;
        }
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    fn left(&self) -> u64 {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).len() as u64
    }
}

/// One thread.
pub(super) struct Worker<'a, V: Verb> {
    pub verb: &'a V,
    pub calls: &'a Calls,
    pub journal: &'a Journal,
    pub round: &'a Round<V::Task>,
    /// Takes in a row whose line is on disk.
    pub report: &'a (dyn Fn(Attempted<V::Task>) + Sync),
    /// The outcome of the row before, which goes to disk together with the next row's *sending*.
    pub carried: Option<Attempted<V::Task>>,
}

/// Where one task stands between two sends.
#[derive(Default)]
struct Progress {
    tries: u32,
    renewed: bool,
    /// What the call needs beside the row was got anew.
    replaced: bool,
    /// *sending* is the newest line on disk.
    on_disk: bool,
    /// An earlier send may have been carried out.
    again: bool,
}

/// What is to be done after an answer.
enum Next {
    Done(Box<Line>, OwnFault),
    Doubtful(Failure),
    SendAgain,
    Leave,
}

/// Whether a refusal says that the request was malformed.
type OwnFault = bool;

impl<V: Verb> Worker<'_, V> {
    /// Works until nothing is left to take.
    pub fn work(mut self) {
        while !self.calls.stop.is_set()
            && let Some(task) = self.round.next()
        {
            self.attempt(task);
        }
        self.flush();
    }

    fn attempt(&mut self, mut task: V::Task) {
        let mut progress = Progress::default();
        if self.verb.needs(&task) {
            match self.ready(&mut task) {
                Some(None) => {}
                Some(Some(line)) => {
                    self.carried = Some(Attempted::Done { task, line, own_fault: false });
                    return;
                }
                None => return self.leave(task, &progress),
            }
        }
        loop {
            let Some(day) = self.permit() else { return self.leave(task, &progress) };
            if !progress.on_disk {
                if self.record_sending(&task).is_err() {
                    return (self.report)(Attempted::Left { task, line: None });
                }
                progress.on_disk = true;
                // The outcome that went to disk with it may have been one too many.
                if self.calls.stop.is_set() {
                    self.not_called(day);
                    return self.leave(task, &progress);
                }
            }
            let answer = self.verb.call(&*self.calls.service, &task, progress.again);
            progress.tries += 1;
            match self.judge(&mut task, answer, day, &mut progress) {
                Next::SendAgain => {}
                Next::Leave => return self.leave(task, &progress),
                Next::Done(line, own_fault) => {
                    self.carried = Some(Attempted::Done { task, line: *line, own_fault });
                    return;
                }
                Next::Doubtful(failure) => {
                    let (task, line) = self.verb.in_doubt(task, &failure);
                    self.carried = Some(Attempted::Doubtful { task, line });
                    return;
                }
            }
        }
    }

    /// Gets what the call needs beside the row, unless no call may go out today anyway; `None` when there will
    /// be no call, a line when it is the outcome instead of one.
    fn ready(&mut self, task: &mut V::Task) -> Option<Option<Line>> {
        // It may take long: the outcome that is carried goes to disk first.
        self.flush();
        let bucket = V::CALL.bucket();
        let figures = match self.calls.ledger.left(bucket) {
            Ok(0) => self.calls.ledger.figures(),
            Ok(_) => Ok(Vec::new()),
            Err(error) => Err(error),
        };
        let spent = figures.map(|all| all.into_iter().find(|figures| figures.bucket == bucket));
        let got = match spent {
            Ok(None) => self.verb.ready(self.calls, task),
            Ok(Some(figures)) => Err(Stop::QuotaSpent { bucket, turns: figures.turns_at }),
            Err(error) => Err(error.into()),
        };
        match got {
            Ok(line) => Some(line),
            Err(stop) => {
                self.end(stop);
                None
            }
        }
    }

    /// A bucket that is spent ends the round, and the run only where nobody waits for the next day.
    fn end(&self, stop: Stop) {
        match stop {
            Stop::QuotaSpent { bucket, turns } => self.round.end_as_spent(bucket, turns),
            stop => self.stop(stop),
        }
    }

    /// Waits for the pace and counts one call; `None` when nothing more may go out.
    ///
    /// Whatever makes it wait, the outcome that is carried goes to disk first.
    fn permit(&mut self) -> Option<Day> {
        let bucket = V::CALL.bucket();
        if self.calls.pacer.try_now().is_err() {
            self.flush();
            if !self.calls.pacer.wait() {
                return None;
            }
        }
        if self.calls.ledger.in_hand(bucket) == 0 {
            self.flush();
        }
        if self.calls.stop.is_set() {
            return None;
        }
        match self.calls.ledger.spend(bucket, self.round.left() + 1) {
            Ok(Spend::Granted(day)) => Some(day),
            Ok(Spend::Spent { turns_at }) => {
                self.round.end_as_spent(bucket, turns_at);
                None
            }
            Err(error) => {
                self.stop(error.into());
                None
            }
        }
    }

    /// Takes back a call that was counted and certainly never went out.
    fn not_called(&self, day: Day) {
        if let Err(error) = self.calls.ledger.unspend(V::CALL.bucket(), day) {
            self.stop(error.into());
        }
    }

    fn judge(
        &mut self,
        task: &mut V::Task,
        answer: Result<Line, Failure>,
        day: Day,
        progress: &mut Progress,
    ) -> Next {
        let failure = match answer {
            Ok(line) => return Next::Done(Box::new(line), false),
            Err(failure) => failure,
        };
        match &failure {
            Failure::NotSent(_) => {
                self.not_called(day);
                self.try_later(&failure, progress)
            }
            Failure::Lost(_) => self.lost(failure, progress),
            // Done, and not told to what: sent again, it would be done twice.
            Failure::Unnamed(_) => Next::Doubtful(failure),
            Failure::Refused(refusal) => match refusal.class() {
                Class::Token if !progress.renewed => {
                    progress.renewed = true;
                    self.helped(self.calls.renew(refusal))
                }
                Class::Token | Class::Fatal => {
                    self.stop(Stop::of(&failure));
                    Next::Leave
                }
                // The next wish for a call finds the bucket closed, and ends the round.
                Class::Quota => self.helped(self.calls.close(V::CALL, day, refusal.code)),
                Class::SlowDown if progress.tries < TRIES => {
                    self.calls.slow_down(refusal.code);
                    self.put_back(task, progress)
                }
                Class::SlowDown => {
                    self.stop(Stop::of(&failure));
                    Next::Leave
                }
                Class::System => self.lost(failure, progress),
                Class::Picture if !progress.replaced && self.verb.needs(task) => {
                    progress.replaced = true;
                    self.replace(task, refusal, progress.again)
                }
                _ if self.verb.is_unclear(task, refusal, progress.again) => Next::Doubtful(failure),
                class => {
                    let line = self.verb.refused(task, refusal, progress.again);
                    Next::Done(Box::new(line), class == Class::OwnFault)
                }
            },
        }
    }

    /// The service does not know what the call needs beside the row any more.
    fn replace(&mut self, task: &mut V::Task, refusal: &Refusal, again: bool) -> Next {
        self.flush();
        match self.verb.renew(self.calls, task) {
            Ok(true) => Next::SendAgain,
            Ok(false) => Next::Done(Box::new(self.verb.refused(task, refusal, again)), false),
            Err(stop) => {
                self.end(stop);
                Next::Leave
            }
        }
    }

    fn helped(&self, result: Result<(), Stop>) -> Next {
        match result {
            Ok(()) => Next::SendAgain,
            Err(stop) => {
                self.stop(stop);
                Next::Leave
            }
        }
    }

    /// The call may have been carried out.
    fn lost(&mut self, failure: Failure, progress: &mut Progress) -> Next {
        if !V::IDEMPOTENT || progress.tries >= TRIES {
            return Next::Doubtful(failure);
        }
        progress.again = true;
        self.try_later(&failure, progress)
    }

    fn try_later(&mut self, failure: &Failure, progress: &Progress) -> Next {
        if progress.tries >= TRIES {
            self.stop(Stop::of(failure));
            return Next::Leave;
        }
        self.flush();
        self.helped(self.calls.back_off(progress.tries))
    }

    /// The call was certainly not carried out, and it will be a while until the next.
    fn put_back(&mut self, task: &V::Task, progress: &mut Progress) -> Next {
        let written = self.journal.record(&[&self.verb.unsent(task)]).wait();
        progress.on_disk = false;
        self.helped(written.map_err(Stop::from).map(drop))
    }

    /// Gives the task back. A *sending* that is on disk is taken back, unless it may have been carried out.
    fn leave(&mut self, task: V::Task, progress: &Progress) {
        self.flush();
        let line = (progress.on_disk && !progress.again).then(|| self.verb.unsent(&task));
        match line {
            Some(line) => {
                self.carried = Some(Attempted::Left { task, line: Some(line) });
                self.flush();
            }
            None if progress.again => {
                let failure = Failure::Lost("the run was stopped before it was asked again".to_owned());
                let (task, line) = self.verb.in_doubt(task, &failure);
                self.carried = Some(Attempted::Doubtful { task, line });
                self.flush();
            }
            None => (self.report)(Attempted::Left { task, line: None }),
        }
    }

    /// Puts what is carried and the next row's *sending* on disk together.
    fn record_sending(&mut self, task: &V::Task) -> Result<(), JournalError> {
        let sending = self.verb.sending(task);
        let carried = self.carried.take();
        self.commit(carried, Some(&sending))
    }

    /// Puts what is carried on disk by itself.
    fn flush(&mut self) {
        if let Some(carried) = self.carried.take() {
            // A failure stops the run; there is nothing else to do about it here.
            let _ = self.commit(Some(carried), None);
        }
    }

    fn commit(
        &self,
        carried: Option<Attempted<V::Task>>,
        sending: Option<&Line>,
    ) -> Result<(), JournalError> {
        let outcome = carried.as_ref().and_then(Attempted::line);
        let lines: Vec<&Line> = outcome.into_iter().chain(sending).collect();
        let recorded = self.journal.record(&lines).wait();
        if let Some(carried) = carried {
            match &recorded {
                Ok(stamp) => (self.report)(carried.stamped(*stamp)),
                Err(_) => self.tell_unrecorded(&carried),
            }
        }
        if let Err(error) = &recorded {
            self.stop(error.clone().into());
        }
        recorded.map(drop)
    }

    /// The last chance for an answer that cannot be written: a person may note it down.
    fn tell_unrecorded(&self, carried: &Attempted<V::Task>) {
        if let Some(line) = carried.line() {
            self.calls.tell(Notice::Unrecorded {
                row: line.row,
                goods_id: line.goods_id.clone(),
                audit_id: line.audit_id.clone(),
            });
        }
    }

    fn stop(&self, stop: Stop) {
        self.calls.stop.set(stop, &*self.calls.clock);
    }
}
