//! A picture's digest into the media id it was uploaded as, while that is young enough: per mini-program, across
//! rows, runs and processes; and, within a run, the right to be the one that uploads it.

use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use crate::clock::Clock;
use crate::quota::{StateDir, StateError};

use super::Digest;

/// How long a media id is used again. The service's documents say three days; half a day of them is left to
/// the row that gets it last.
const YOUNG: SignedDuration = SignedDuration::from_hours(60);

/// What one mini-program uploaded, and when.
pub struct Uploads {
    state: StateDir,
    appid: String,
    clock: Arc<dyn Clock>,
    connection: Mutex<Connection>,
    under_way: Mutex<HashSet<Digest>>,
    bell: Condvar,
}

/// What is to be done about a picture.
pub enum Turn<'u> {
    /// It was uploaded not long ago, as this media id.
    Known(String),
    /// Nobody has uploaded it: the one who holds this does, and others wait until it is dropped.
    Ours(Upload<'u>),
}

/// The right to upload one picture.
pub struct Upload<'u> {
    uploads: &'u Uploads,
    digest: Digest,
}

impl Uploads {
    /// What `state` remembers of the mini-program `appid`. Media ids too old to be used are forgotten.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub fn open(state: &StateDir, appid: &str, clock: Arc<dyn Clock>) -> Result<Self, StateError> {
        let connection = state.connect()?;
        connection
            .execute("DELETE FROM uploads WHERE at <= ?1", [oldest(clock.now())])
            .map_err(|error| state.failed(error))?;
        Ok(Self {
            state: state.clone(),
            appid: appid.to_owned(),
            clock,
            connection: Mutex::new(connection),
            under_way: Mutex::default(),
            bell: Condvar::new(),
        })
    }

    /// The media id of a picture that was uploaded not long ago.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn find(&self, digest: Digest) -> Result<Option<String>, StateError> {
        let oldest = oldest(self.clock.now());
        let found = self.connection().query_row(
            "SELECT media_id FROM uploads WHERE appid = ?1 AND digest = ?2 AND at > ?3",
            params![self.appid, digest.as_bytes(), oldest],
            |row| row.get(0),
        );
        found.optional().map_err(|error| self.state.failed(error))
    }

    /// The media id of a picture, or the right to upload it. Waits while another thread uploads the same one:
    /// when that fails, the next in line takes its turn.
    ///
    /// # Errors
    /// The state cannot be read.
    pub fn turn(&self, digest: Digest) -> Result<Turn<'_>, StateError> {
        let busy = |under_way: &mut HashSet<Digest>| under_way.contains(&digest);
        let mut under_way =
            self.bell.wait_while(self.under_way(), busy).unwrap_or_else(PoisonError::into_inner);
        if let Some(media_id) = self.find(digest)? {
            return Ok(Turn::Known(media_id));
        }
        under_way.insert(digest);
        Ok(Turn::Ours(Upload { uploads: self, digest }))
    }

    /// Remembers that the picture `digest` goes by the media id of another, from which it was made.
    ///
    /// # Errors
    /// The state cannot be written.
    pub fn alias(&self, digest: Digest, of: Digest) -> Result<(), StateError> {
        self.connection()
            .execute(
                "INSERT OR REPLACE INTO uploads (appid, digest, media_id, at)
                 SELECT appid, ?2, media_id, at FROM uploads WHERE appid = ?1 AND digest = ?3",
                params![self.appid, digest.as_bytes(), of.as_bytes()],
            )
            .map(drop)
            .map_err(|error| self.state.failed(error))
    }

    /// Forgets a media id that the service does not know any more; a newer one of the same picture stays.
    ///
    /// # Errors
    /// The state cannot be written.
    pub fn forget(&self, media_id: &str) -> Result<(), StateError> {
        self.connection()
            .execute("DELETE FROM uploads WHERE appid = ?1 AND media_id = ?2", params![self.appid, media_id])
            .map(drop)
            .map_err(|error| self.state.failed(error))
    }

    fn keep(&self, digest: Digest, media_id: &str, at: Timestamp) -> Result<(), StateError> {
        self.connection()
            .execute(
                "INSERT OR REPLACE INTO uploads (appid, digest, media_id, at) VALUES (?1, ?2, ?3, ?4)",
                params![self.appid, digest.as_bytes(), media_id, at.as_millisecond()],
            )
            .map(drop)
            .map_err(|error| self.state.failed(error))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn under_way(&self) -> MutexGuard<'_, HashSet<Digest>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Upload<'_> {
    /// Remembers the media id that the picture was given by a call that began at `at`.
    ///
    /// # Errors
    /// The state cannot be written.
    pub fn done(self, media_id: &str, at: Timestamp) -> Result<(), StateError> {
        self.uploads.keep(self.digest, media_id, at)
    }
}

impl Drop for Upload<'_> {
    fn drop(&mut self) {
        self.uploads.under_way().remove(&self.digest);
        self.uploads.bell.notify_all();
    }
}

/// In milliseconds since 1970; what was uploaded then or before is too old.
fn oldest(now: Timestamp) -> i64 {
    now.as_millisecond().saturating_sub(i64::try_from(YOUNG.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    struct Shop {
        _dir: tempfile::TempDir,
        state: StateDir,
        clock: Arc<ManualClock>,
    }

    impl Shop {
        fn new() -> Self {
            let dir = tempfile::tempdir().expect("a directory");
            let state = StateDir::open(dir.path()).expect("a state");
            let clock = Arc::new(ManualClock::at("2026-11-21T00:00:00Z".parse().expect("a time")));
            Self { _dir: dir, state, clock }
        }

        fn uploads(&self, appid: &str) -> Uploads {
            Uploads::open(&self.state, appid, Arc::clone(&self.clock) as Arc<dyn Clock>).expect("uploads")
        }
    }

    fn upload(uploads: &Uploads, digest: Digest, media_id: &str) {
        match uploads.turn(digest).expect("a turn") {
            Turn::Ours(upload) => upload.done(media_id, uploads.clock.now()).expect("kept"),
            Turn::Known(known) => panic!("it is {known} already"),
        }
    }

    #[test]
    fn a_picture_is_known_to_every_later_run_of_the_same_mini_program_alone() {
        let shop = Shop::new();
        let digest = Digest::of(b"tea");
        upload(&shop.uploads("wx1"), digest, "media-1");
        assert_eq!(shop.uploads("wx1").find(digest).expect("read").as_deref(), Some("media-1"));
        assert_eq!(shop.uploads("wx1").find(Digest::of(b"coffee")).expect("read"), None);
        assert_eq!(shop.uploads("wx2").find(digest).expect("read"), None);
    }

    #[test]
    fn a_media_id_is_too_old_after_two_and_a_half_days() {
        let shop = Shop::new();
        let (uploads, digest) = (shop.uploads("wx1"), Digest::of(b"tea"));
        upload(&uploads, digest, "media-1");
        uploads.alias(Digest::of(b"large tea"), digest).expect("kept");
        shop.clock.step(Duration::from_secs(60 * 3600) - Duration::from_millis(1));
        assert_eq!(uploads.find(digest).expect("read").as_deref(), Some("media-1"));
        assert_eq!(uploads.find(Digest::of(b"large tea")).expect("read").as_deref(), Some("media-1"));
        shop.clock.step(Duration::from_millis(1));
        assert_eq!(uploads.find(digest).expect("read"), None);
        assert_eq!(uploads.find(Digest::of(b"large tea")).expect("read"), None, "as old as its picture");
        upload(&uploads, digest, "media-2");
        assert_eq!(uploads.find(digest).expect("read").as_deref(), Some("media-2"));
    }

    #[test]
    fn a_forgotten_media_id_is_gone_under_every_digest_and_a_newer_one_stays() {
        let shop = Shop::new();
        let (uploads, digest, large) = (shop.uploads("wx1"), Digest::of(b"tea"), Digest::of(b"large tea"));
        upload(&uploads, digest, "media-1");
        uploads.alias(large, digest).expect("kept");
        uploads.forget("media-1").expect("forgotten");
        assert_eq!(uploads.find(large).expect("read"), None);
        upload(&uploads, digest, "media-2");
        uploads.forget("media-1").expect("forgotten");
        assert_eq!(uploads.find(digest).expect("read").as_deref(), Some("media-2"));
    }

    #[test]
    fn of_many_threads_with_one_picture_one_uploads_and_the_others_wait_for_it() {
        let shop = Shop::new();
        let (uploads, calls) = (shop.uploads("wx1"), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| match uploads.turn(Digest::of(b"tea")).expect("a turn") {
                    Turn::Known(media_id) => assert_eq!(media_id, "media-2"),
                    // The first one fails, and the next in line takes its turn.
                    Turn::Ours(upload) => match calls.fetch_add(1, Ordering::SeqCst) {
                        0 => drop(upload),
                        _ => upload.done("media-2", shop.clock.now()).expect("kept"),
                    },
                });
            }
        });
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }
}
