//! Outcomes into durable lines and back: the result CSV that is its own journal.

mod batch;
mod book;
mod cell;
mod check;
mod columns;
mod disk;
mod encode;
mod fold;
mod journal;
mod line;
mod lock;
mod meet;
mod note;
mod outcome;
mod read;

pub use book::{Book, BookError, Lost};
pub use check::{Check, Content, Guarded, digest_of};
pub use columns::{Layout, OWN, relaid};
pub use disk::{Disk, FileDisk};
pub use fold::{Held, fold};
pub use journal::{Journal, JournalError, Receipt};
pub use line::{
    ADDED_NOT_SUBMITTED, Decoder, GONE, GOODS_ID_UNVERIFIED, IDENTITY_CHANGED, Line, NotALine, Presence,
};
pub use lock::{Lock, LockError};
pub use meet::{Known, Meeting, meet};
pub use note::{Note, Wording};
pub use outcome::{Action, Counts, Outcome};
