//! The wish to call into the right to call: counted durably, before the call, once for all processes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::clock::Clock;

use super::{Bucket, Day, DayRule, StateDir, StateError};

/// How many blocks a day's limit is divided into, at least: what a killed run wastes is at most one of them.
const BLOCKS_A_DAY: u64 = 500;

/// Whose calls are counted, and how.
#[derive(Clone, Debug)]
pub struct LedgerSettings {
    /// The mini-program; a sandbox has an appid of its own.
    pub appid: String,
    /// When the day turns.
    pub rule: DayRule,
    /// The limits that a person gave (`--quota`), which go before all others.
    pub given: Vec<(Bucket, u64)>,
}

/// What the service itself says of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Calls a day.
    pub daily_limit: u64,
    /// Calls left today, by whomever the others were made.
    pub remain: u64,
}

/// The answer to the wish for one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spend {
    /// One call may go out; it is counted for this day already.
    Granted(Day),
    /// Nothing is left before this instant.
    Spent {
        /// When the day turns.
        turns_at: Timestamp,
    },
}

/// What is known of one bucket today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// The bucket.
    pub bucket: Bucket,
    /// Calls a day.
    pub limit: u64,
    /// Calls counted today by every run that uses the same state.
    pub counted: u64,
    /// Calls that may still go out today.
    pub left: u64,
    /// Whether the service itself said that the bucket is spent.
    pub closed: bool,
    /// When the day turns.
    pub turns_at: Timestamp,
}

/// The ledger of one mini-program, shared by threads here and through the state database by processes.
pub struct Ledger {
    state: StateDir,
    settings: LedgerSettings,
    clock: Arc<dyn Clock>,
    book: Mutex<Book>,
}

struct Book {
    connection: Connection,
    pages: [Page; Bucket::ALL.len()],
}

/// What this process knows and holds of one bucket.
#[derive(Clone, Copy, Default)]
struct Page {
    /// The service's own daily limit, once it told one.
    told_limit: Option<u64>,
    /// On the day it was told: the count at which the service will say that nothing remains.
    ceiling: Option<(Day, u64)>,
    /// Calls counted in the database and not spent yet.
    block: Option<Block>,
}

#[derive(Clone, Copy)]
struct Block {
    day: Day,
    left: u64,
    /// What nobody had reserved when this block was.
    beyond: u64,
}

/// A row of the database.
#[derive(Clone, Copy, Default)]
struct Entry {
    count: u64,
    closed: bool,
}

impl Ledger {
    /// Opens the ledger that `state` holds for the mini-program of `settings`.
    pub fn open(
        state: &StateDir,
        settings: LedgerSettings,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StateError> {
        let book = Book { connection: state.connect()?, pages: Default::default() };
        Ok(Self { state: state.clone(), settings, clock, book: Mutex::new(book) })
    }

    /// Asks for one call. What is granted is on disk before this returns.
    ///
    /// `rows_left` is how many more calls the run may want, this one included: no more is ever reserved.
    pub fn spend(&self, bucket: Bucket, rows_left: u64) -> Result<Spend, StateError> {
        let now = self.clock.now();
        let day = self.settings.rule.day_of(now);
        let mut book = self.book();
        let page = &mut book.pages[bucket as usize];
        if let Some(block) = page.block.as_mut().filter(|block| block.day == day && block.left > 0) {
            block.left -= 1;
            return Ok(Spend::Granted(day));
        }
        let limit = self.limit(bucket, page);
        let cap = page.cap(day, limit);
        let want = (limit / BLOCKS_A_DAY).min(rows_left).max(1);
        let (taken, beyond) = self.checked(book.reserve(&self.place(bucket, day), cap, want))?;
        book.pages[bucket as usize].block = Some(Block { day, left: taken.saturating_sub(1), beyond });
        Ok(match taken {
            0 => Spend::Spent { turns_at: self.settings.rule.turns_at(now) },
            _ => Spend::Granted(day),
        })
    }

    /// Calls that can be granted at once, without a look at the database.
    pub fn in_hand(&self, bucket: Bucket) -> u64 {
        let day = self.settings.rule.day_of(self.clock.now());
        self.book().pages[bucket as usize]
            .block
            .filter(|block| block.day == day)
            .map_or(0, |block| block.left)
    }

    /// Takes back a call that was granted and certainly never sent, for no connection was made.
    pub fn unspend(&self, bucket: Bucket, granted: Day) -> Result<(), StateError> {
        let mut book = self.book();
        self.checked(book.give(&self.place(bucket, granted), 1))?;
        if let Some(block) = book.pages[bucket as usize].block.as_mut().filter(|block| block.day == granted) {
            block.beyond += 1;
        }
        Ok(())
    }

    /// Closes a bucket for the day on which the refused call was granted: the service said that it is spent.
    pub fn close(&self, bucket: Bucket, granted: Day) -> Result<(), StateError> {
        let mut book = self.book();
        if book.pages[bucket as usize].block.is_some_and(|block| block.day == granted) {
            self.return_block(&mut book, bucket)?;
        }
        self.checked(book.close(&self.place(bucket, granted)))
    }

    /// Calls counted today. Read it before the service is asked, and hand it to [`Ledger::learn`].
    pub fn counted(&self, bucket: Bucket) -> Result<u64, StateError> {
        Ok(self.figures_of(bucket)?.counted)
    }

    /// Takes in the service's own figures: no more than what `remain`s is spent today beyond what was
    /// `counted` when it was asked, for others may call with the same appid.
    pub fn learn(&self, bucket: Bucket, counted: u64, told: Told) -> Result<(), StateError> {
        let day = self.settings.rule.day_of(self.clock.now());
        let mut book = self.book();
        self.return_block(&mut book, bucket)?;
        let page = &mut book.pages[bucket as usize];
        page.told_limit = Some(told.daily_limit);
        page.ceiling = Some((day, counted.saturating_add(told.remain)));
        Ok(())
    }

    /// Calls left today, as far as this run knows: exact when it last reserved or looked.
    pub fn left(&self, bucket: Bucket) -> Result<u64, StateError> {
        let day = self.settings.rule.day_of(self.clock.now());
        let block = self.book().pages[bucket as usize].block.filter(|block| block.day == day);
        match block {
            Some(block) => Ok(block.left + block.beyond),
            None => Ok(self.figures_of(bucket)?.left),
        }
    }

    /// What is known of every bucket today.
    pub fn figures(&self) -> Result<Vec<Figures>, StateError> {
        Bucket::ALL.into_iter().map(|bucket| self.figures_of(bucket)).collect()
    }

    /// Gives back what is reserved and unused; every end but a kill does so, at the latest when the ledger
    /// is dropped.
    pub fn give_back(&self) -> Result<(), StateError> {
        let mut book = self.book();
        Bucket::ALL.into_iter().try_for_each(|bucket| self.return_block(&mut book, bucket))
    }

    fn return_block(&self, book: &mut Book, bucket: Bucket) -> Result<(), StateError> {
        match book.pages[bucket as usize].block.take() {
            Some(block) if block.left > 0 => {
                self.checked(book.give(&self.place(bucket, block.day), block.left))
            }
            _ => Ok(()),
        }
    }

    fn figures_of(&self, bucket: Bucket) -> Result<Figures, StateError> {
        let now = self.clock.now();
        let day = self.settings.rule.day_of(now);
        let book = self.book();
        let page = &book.pages[bucket as usize];
        let entry = self.checked(book.entry(&self.place(bucket, day)))?;
        let limit = self.limit(bucket, page);
        let held = page.block.filter(|block| block.day == day).map_or(0, |block| block.left);
        let free = page.cap(day, limit).saturating_sub(entry.count);
        Ok(Figures {
            bucket,
            limit,
            counted: entry.count - held.min(entry.count),
            left: if entry.closed { 0 } else { free + held },
            closed: entry.closed,
            turns_at: self.settings.rule.turns_at(now),
        })
    }

    fn limit(&self, bucket: Bucket, page: &Page) -> u64 {
        let given = self.settings.given.iter().rev().find(|(given, _)| *given == bucket);
        given.map(|(_, limit)| *limit).or(page.told_limit).unwrap_or_else(|| bucket.documented_limit())
    }

    fn place(&self, bucket: Bucket, day: Day) -> Place<'_> {
        Place { appid: &self.settings.appid, bucket, day: day.to_string() }
    }

    fn checked<T>(&self, result: rusqlite::Result<T>) -> Result<T, StateError> {
        result.map_err(|error| self.state.failed(error))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if let Err(error) = self.give_back() {
            tracing::warn!(%error, "unused calls cannot be given back");
        }
    }
}

impl Page {
    /// The count that must not be passed on `day`.
    fn cap(&self, day: Day, limit: u64) -> u64 {
        match self.ceiling {
            Some((told, ceiling)) if told == day => limit.min(ceiling),
            _ => limit,
        }
    }
}

/// A row of the table `spent`.
struct Place<'a> {
    appid: &'a str,
    bucket: Bucket,
    day: String,
}

impl Book {
    /// Counts up to `want` more calls, never beyond `cap`: how many, and how many are left beyond them.
    fn reserve(&mut self, place: &Place<'_>, cap: u64, want: u64) -> rusqlite::Result<(u64, u64)> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let entry = read(&transaction, place)?;
        let free = if entry.closed { 0 } else { cap.saturating_sub(entry.count) };
        let taken = want.min(free);
        if taken > 0 {
            let signed = i64::try_from(taken).unwrap_or(i64::MAX);
            transaction
                .prepare_cached(
                    "INSERT INTO spent (appid, bucket, day, count) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT DO UPDATE SET count = count + excluded.count",
                )?
                .execute(params![place.appid, place.bucket.name(), place.day, signed])?;
        }
        transaction.commit()?;
        Ok((taken, free - taken))
    }

    fn give(&self, place: &Place<'_>, unused: u64) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE spent SET count = MAX(0, count - ?4) WHERE appid = ?1 AND bucket = ?2 AND day = ?3",
            )?
            .execute(params![
                place.appid,
                place.bucket.name(),
                place.day,
                i64::try_from(unused).unwrap_or(i64::MAX)
            ])
            .map(drop)
    }

    fn close(&self, place: &Place<'_>) -> rusqlite::Result<()> {
        self.connection
            .execute(
                "INSERT INTO spent (appid, bucket, day, closed) VALUES (?1, ?2, ?3, 1)
                 ON CONFLICT DO UPDATE SET closed = 1",
                params![place.appid, place.bucket.name(), place.day],
            )
            .map(drop)
    }

    fn entry(&self, place: &Place<'_>) -> rusqlite::Result<Entry> {
        read(&self.connection, place)
    }
}

fn read(connection: &Connection, place: &Place<'_>) -> rusqlite::Result<Entry> {
    let entry = connection
        .prepare_cached("SELECT count, closed FROM spent WHERE appid = ?1 AND bucket = ?2 AND day = ?3")?
        .query_row(params![place.appid, place.bucket.name(), place.day], |row| {
            Ok(Entry { count: u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0), closed: row.get(1)? })
        })
        .optional()?;
    Ok(entry.unwrap_or_default())
}
