//! `livegoods`: from a merchandiser's spreadsheet to goods on the shelf of a WeChat live broadcast.
//!
//! ```text
//! sheet ──▶ goods ──▶ plan ──▶ pass ──▶ results ──▶ report
//! a file    valid, or  what is  calls,   durable    what people
//! in rows   issues     left     outcomes lines      look at
//!                        ▲                  │
//!                        └── the next run ──┘
//! ```
//!
//! The rooms, in the order a row walks through them; a room uses those above it.

/// A file into raw rows: open by kind, encodings, headings.
pub mod sheet;
/// Raw rows into goods or issues: the rules one by one, repeats across rows.
pub mod goods;
/// Outcomes into durable lines and back: the result CSV that is its own journal.
pub mod results;
/// The service's goods as values: walking the list, finding goods again.
pub mod library;
/// Goods, history and library into what is left to do; pure.
pub mod plan;
/// The right to make one call: buckets, the day, the ledger, the pacer.
pub mod quota;
/// A picture from anywhere into bytes the service takes, and what was uploaded when.
pub mod cover;
/// The service as a trait, and its client.
pub mod wechat;
/// A plan into outcomes: threads, retries, doubt, and when to stop.
pub mod pass;
/// Results into a summary.
pub mod report;
/// A stand-in for the service, written from its documents alone.
pub mod sandbox;
/// Events into progress and words: the only room that draws or speaks.
pub mod terminal;
/// A verb's flags and its run, wiring the rooms.
pub mod commands;

/// The command line as a whole.
pub mod cli;
/// The only reader of time and the only sleeper.
pub mod clock;
/// What a run tells the world.
pub mod event;
/// How a run ended.
pub mod exit;
