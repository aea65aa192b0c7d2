//! The right and the way to call the service: pace, quota, and reads that are asked again until they answer.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::clock::Clock;
use crate::event::{Event, Listener, Notice, WaitReason};
use crate::quota::{Day, Ledger, Pacer, Spend};
use crate::wechat::{Call, Class, Failure, Refusal, Service};

use super::{StopCell, learn_quota};
use crate::exit::Stop;

/// After 45011 (too many calls this minute): a minute, and a little for the clocks to differ.
const MINUTE: Duration = Duration::from_secs(61);
/// After 300000, which does not say how long.
const MOMENT: Duration = Duration::from_secs(10);
/// Between two looks: goods that were just added may not be listed yet.
const BETWEEN_LOOKS: Duration = Duration::from_secs(5);
/// The wall clock is looked at this often while a day is waited for: it may be set, or the machine sleep.
const GLANCE: Duration = Duration::from_secs(60);
/// After the turn of the day, for a service whose clock is behind: it would say that the new day is spent.
const PAST_THE_TURN: Duration = Duration::from_secs(3);
/// How often one call is sent before the service is said to keep failing.
pub const TRIES: u32 = 4;

/// Everything a call needs.
#[derive(Clone)]
pub struct Calls {
    /// The service.
    pub service: Arc<dyn Service>,
    /// Counts each call before it goes out.
    pub ledger: Arc<Ledger>,
    /// Spaces them.
    pub pacer: Arc<Pacer>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Hears what happens.
    pub listener: Arc<dyn Listener>,
    /// Says whether the run was stopped.
    pub stop: StopCell,
}

impl Calls {
    /// Makes a call that changes nothing, and makes it again until it answers or there is no hope.
    pub fn read<T>(&self, call: Call, ask: impl Fn(&dyn Service) -> Result<T, Failure>) -> Result<T, Stop> {
        self.ask(call, ask)?.map_err(|refusal| Stop::of(&Failure::Refused(refusal)))
    }

    /// The same where a refusal of what was asked, and not of the caller, is an answer.
    pub fn ask<T>(
        &self,
        call: Call,
        ask: impl Fn(&dyn Service) -> Result<T, Failure>,
    ) -> Result<Result<T, Refusal>, Stop> {
        let mut renewed = false;
        let mut tries = 0;
        loop {
            let day = self.permit(call)?;
            let failure = match ask(&*self.service) {
                Ok(answer) => return Ok(Ok(answer)),
                Err(failure) => failure,
            };
            tries += 1;
            if let Failure::Refused(refusal) = &failure {
                match refusal.class() {
                    Class::Token if !renewed => {
                        renewed = true;
                        self.renew(refusal)?;
                        continue;
                    }
                    Class::SlowDown if tries < TRIES => {
                        self.slow_down(refusal.code);
                        continue;
                    }
                    Class::Quota => {
                        self.close(call, day, refusal.code)?;
                        continue;
                    }
                    Class::System => {}
                    Class::Row | Class::Picture | Class::PartlyDone | Class::OwnFault => {
                        return Ok(Err(refusal.clone()));
                    }
                    Class::Token | Class::Fatal | Class::SlowDown => return Err(Stop::of(&failure)),
                }
            }
            if tries >= TRIES {
                return Err(Stop::of(&failure));
            }
            self.back_off(tries)?;
        }
    }

    /// Waits for the pace and counts one call.
    fn permit(&self, call: Call) -> Result<Day, Stop> {
        if !self.pacer.wait() {
            return Err(self.stopped());
        }
        match self.ledger.spend(call.bucket(), 1)? {
            Spend::Granted(day) => Ok(day),
            Spend::Spent { turns_at } => Err(Stop::QuotaSpent { bucket: call.bucket(), turns: turns_at }),
        }
    }

    /// Gets a new token in place of the one the service called stale.
    pub fn renew(&self, refusal: &Refusal) -> Result<(), Stop> {
        if self.service.renew(refusal.token).map_err(|failure| Stop::of(&failure))? {
            self.tell(Notice::TokenRenewed);
        }
        Ok(())
    }

    /// Lets nobody call for a while.
    pub fn slow_down(&self, code: i64) {
        let span = if code == 45011 { MINUTE } else { MOMENT };
        self.pacer.pause(span);
        self.waiting(WaitReason::SlowDown, span);
    }

    /// Closes the bucket of a call until the day turns: the service said that it is spent.
    pub fn close(&self, call: Call, day: Day, code: i64) -> Result<(), Stop> {
        self.ledger.close(call.bucket(), day)?;
        self.tell(Notice::BucketClosed { bucket: call.bucket(), code });
        Ok(())
    }

    /// Pauses longer after each try: 1, 2, 4 seconds.
    pub fn back_off(&self, tries: u32) -> Result<(), Stop> {
        let span = Duration::from_secs(1 << (tries.clamp(1, 6) - 1));
        self.waiting(WaitReason::Retry, span);
        if self.clock.sleep(span) { Ok(()) } else { Err(self.stopped()) }
    }

    /// Waits a little before the second look that absence needs to be believed: what was just changed may not
    /// show yet.
    pub fn before_second_look(&self) -> Result<(), Stop> {
        self.waiting(WaitReason::SecondLook, BETWEEN_LOOKS);
        if self.clock.sleep(BETWEEN_LOOKS) { Ok(()) } else { Err(self.stopped()) }
    }

    /// Sleeps until the day turns, and asks the service for its new figures of `call`.
    pub fn next_day(&self, call: Call, turns_at: Timestamp) -> Result<(), Stop> {
        let reason = WaitReason::NextDay(call.bucket());
        let until = turns_at + PAST_THE_TURN;
        self.listener.hear(&Event::Waiting { reason, until });
        while let Ok(rest) = Duration::try_from(until.duration_since(self.clock.now()))
            && !rest.is_zero()
        {
            if !self.clock.sleep(rest.min(GLANCE)) {
                return Err(self.stopped());
            }
        }
        self.listener.hear(&Event::Resumed);
        match learn_quota(&*self.service, &self.ledger, call) {
            Ok(figures) => figures.notice.into_iter().for_each(|notice| self.tell(notice)),
            // After a night the network may take a moment; the calls themselves are patient.
            Err(Stop::Unreachable { why }) => self.tell(Notice::QuotaFiguresUnknown { why }),
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    /// Says what the run waits for.
    pub fn waiting(&self, reason: WaitReason, span: Duration) {
        self.listener.hear(&Event::Waiting { reason, until: self.clock.now() + span });
    }

    /// Says something a person should know.
    pub fn tell(&self, notice: Notice) {
        self.listener.hear(&Event::Notice(notice));
    }

    /// Why a sleep ended early.
    pub fn stopped(&self) -> Stop {
        self.stop.get().unwrap_or_else(|| Stop::Unreachable { why: "the run was stopped".to_owned() })
    }
}
