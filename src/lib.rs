//! `livegoods`: from a merchandiser's spreadsheet to goods on the shelf of a WeChat live broadcast.
//!
//! The rooms, in the order a row walks through them:

/// A verb's flags and its run, wiring the rooms.
pub mod commands;
/// A picture from anywhere into bytes the service takes, and what was uploaded when.
pub mod cover;
/// Raw rows into goods or issues: the rules one by one, repeats across rows.
pub mod goods;
/// The service's goods as values: walking the list, finding goods again.
pub mod library;
/// A plan into outcomes: threads, retries, doubt, and when to stop.
pub mod pass;
/// Goods, history and library into what is left to do; pure.
pub mod plan;
/// The right to make one call: buckets, the day, the ledger, the pacer.
pub mod quota;
/// Results into a summary.
pub mod report;
/// Outcomes into durable lines and back: the result CSV that is its own journal.
pub mod results;
/// A stand-in for the service, written from its documents alone.
pub mod sandbox;
/// A file into raw rows: open by kind, encodings, headings.
pub mod sheet;
/// Events into progress and words: the only room that draws or speaks.
pub mod terminal;
/// The service as a trait, and its client.
pub mod wechat;

/// The command line as a whole.
pub mod cli;
/// The only reader of time and the only sleeper.
pub mod clock;
/// What a run tells the world.
pub mod event;
/// How a run ended.
pub mod exit;
