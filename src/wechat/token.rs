//! Credentials into an access token that is shared, kept between runs, and renewed once.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;

use super::service::Failure;

/// Whose token it is: a sandbox's must never be taken for the service's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenKey {
    /// The address of the service.
    pub api_base: String,
    /// The mini-program.
    pub appid: String,
}

/// A token and how long it may be used.
#[derive(Clone, Debug)]
pub struct KeptToken {
    /// The token, a secret.
    pub token: SecretString,
    /// When to get another one, a margin before it expires.
    pub renew_at: Timestamp,
}

/// Where tokens are kept between runs. Losing one costs a request, so neither method can fail a run.
pub trait TokenStore: Send + Sync {
    /// The token last kept.
    fn load(&self, key: &TokenKey) -> Option<KeptToken>;

    /// Keeps a token in the place of the last one.
    fn save(&self, key: &TokenKey, token: &KeptToken);
}

/// The answer to `stable_token`.
pub(super) struct Fresh {
    pub(super) token: SecretString,
    /// Seconds.
    pub(super) expires_in: u64,
}

/// A token as a call carries it; `epoch` tells one token from the next without naming it.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) token: Arc<SecretString>,
    pub(super) epoch: u64,
    renew_at: Timestamp,
}

/// The one token of a run. Epoch 0 is the time before the first.
pub(super) struct Tokens {
    key: TokenKey,
    store: Arc<dyn TokenStore>,
    clock: Arc<dyn Clock>,
    desk: Mutex<Desk>,
    /// Where threads that want a new token queue up, so that the first to come fetches it for all.
    queue: Mutex<Fetched>,
}

#[derive(Default)]
struct Desk {
    held: Option<Held>,
    epoch: u64,
    /// Threads that came to the queue so far.
    tickets: u64,
}

/// How the last fetch ended, for those who were already waiting while it was under way.
#[derive(Default)]
struct Fetched {
    /// Every ticket below this one was drawn before the last fetch ended.
    served: u64,
    ended: Option<Result<(), Failure>>,
}

impl Tokens {
    pub(super) fn new(key: TokenKey, store: Arc<dyn TokenStore>, clock: Arc<dyn Clock>) -> Self {
        Self { key, store, clock, desk: Mutex::default(), queue: Mutex::default() }
    }

    /// The token to call with: the one in hand, the one kept by an earlier run, or a new one.
    pub(super) fn current(&self, fetch: impl Fn() -> Result<Fresh, Failure>) -> Result<Held, Failure> {
        let (held, epoch) = {
            let desk = self.desk();
            (desk.held.clone(), desk.epoch)
        };
        if let Some(held) = held.filter(|held| self.clock.now() < held.renew_at) {
            return Ok(held);
        }
        self.replace(epoch, fetch)?;
        self.desk().held.clone().ok_or_else(|| Failure::NotSent("no access token".into()))
    }

    /// Replaces the token of epoch `stale`, once for all threads that ask; says whether it was this one's doing.
    pub(super) fn replace(
        &self,
        stale: u64,
        fetch: impl Fn() -> Result<Fresh, Failure>,
    ) -> Result<bool, Failure> {
        let ticket = {
            let mut desk = self.desk();
            desk.tickets += 1;
            desk.tickets
        };
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if self.desk().epoch != stale {
            return Ok(false);
        }
        if let Some(ended) = queue.ended.as_ref().filter(|_| ticket <= queue.served) {
            return ended.clone().map(|()| false);
        }
        let ended = self.take_kept(stale).map_or_else(|| fetch().map(|fresh| self.keep(fresh)), Ok);
        queue.served = self.desk().tickets;
        queue.ended = Some(ended.clone());
        ended.map(|()| true)
    }

    /// Takes the token that another run has kept meanwhile, if it is not the stale one.
    fn take_kept(&self, stale: u64) -> Option<()> {
        let kept = self.store.load(&self.key).filter(|kept| self.clock.now() < kept.renew_at)?;
        let mut desk = self.desk();
        let is_stale = desk.epoch == stale
            && desk
                .held
                .as_ref()
                .is_some_and(|held| held.token.expose_secret() == kept.token.expose_secret());
        if is_stale {
            return None;
        }
        desk.hold(kept);
        Some(())
    }

    fn keep(&self, fresh: Fresh) {
        let kept = KeptToken { token: fresh.token, renew_at: self.clock.now() + usable(fresh.expires_in) };
        self.store.save(&self.key, &kept);
        self.desk().hold(kept);
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    fn hold(&mut self, kept: KeptToken) {
        self.epoch += 1;
        self.held = Some(Held { token: Arc::new(kept.token), epoch: self.epoch, renew_at: kept.renew_at });
    }
}

/// How long a token serves. The margin stays below the five minutes in which the service repeats nothing but
/// the old token, else every call of that time would ask again in vain.
fn usable(expires_in: u64) -> SignedDuration {
    let seconds = i64::try_from(expires_in.min(7200)).unwrap_or(7200);
    SignedDuration::from_secs(seconds - (seconds / 10).min(60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use std::cell::Cell;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    struct Nowhere;

    impl TokenStore for Nowhere {
        fn load(&self, _key: &TokenKey) -> Option<KeptToken> {
            None
        }

        fn save(&self, _key: &TokenKey, _token: &KeptToken) {}
    }

    fn tokens() -> (Tokens, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
        let key = TokenKey { api_base: "http://a".into(), appid: "wx1".into() };
        (Tokens::new(key, Arc::new(Nowhere), Arc::clone(&clock) as Arc<dyn Clock>), clock)
    }

    #[test]
    fn threads_that_wait_for_a_fetch_share_its_failure_too() {
        let (tokens, _) = tokens();
        let fetches = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let ended = tokens.replace(0, || {
                        fetches.fetch_add(1, Ordering::Relaxed);
                        while tokens.desk().tickets < 8 {
                            thread::yield_now();
                        }
                        Err(Failure::NotSent("nobody there".into()))
                    });
                    assert!(ended.is_err());
                });
            }
        });
        assert_eq!(fetches.into_inner(), 1);
    }

    #[test]
    fn a_failed_fetch_is_tried_again_by_the_next_who_comes() {
        let (tokens, _) = tokens();
        let fetches = Cell::new(0);
        for _ in 0..2 {
            let ended = tokens.current(|| {
                fetches.set(fetches.get() + 1);
                Err(Failure::NotSent("nobody there".into()))
            });
            assert!(ended.is_err());
        }
        assert_eq!(fetches.get(), 2);
    }

    #[test]
    fn a_short_lived_token_is_still_used() {
        let (tokens, clock) = tokens();
        let fetches = Cell::new(0);
        let epoch = || {
            let held = tokens.current(|| {
                fetches.set(fetches.get() + 1);
                Ok(Fresh { token: "short".into(), expires_in: 20 })
            });
            held.map(|held| held.epoch).expect("a token")
        };
        assert_eq!((epoch(), epoch()), (1, 1));
        clock.step(std::time::Duration::from_secs(18));
        assert_eq!((epoch(), fetches.get()), (2, 2));
    }
}
