//! Headings and lines into the bytes of a results file.

use std::borrow::Cow;

use csv::{Terminator, Writer, WriterBuilder};
use jiff::Timestamp;

use super::cell::guard;
use super::{Line, OWN};

/// Lines as the file has them, under `width` columns of the user's and with `stamp` as their time, if there is one.
pub fn encode<'a>(lines: impl Iterator<Item = &'a Line>, width: usize, stamp: Option<Timestamp>) -> Vec<u8> {
    let mut writer = csv_writer();
    for line in lines {
        let written = line
            .cells_at(stamp.or(line.updated_at), width)
            .try_for_each(|cell| writer.write_field(cell.as_ref()));
        written.and_then(|()| writer.write_record(None::<&[u8]>)).expect("memory takes every record");
    }
    writer.into_inner().expect("memory takes every byte")
}

/// The first line of a file: the user's headings, then ours.
pub fn encode_headings(user: &[String]) -> Vec<u8> {
    let mut writer = csv_writer();
    let headings = user.iter().map(|heading| guard(heading)).chain(OWN.map(Cow::Borrowed));
    writer.write_record(headings.map(|cell| cell.into_owned())).expect("memory takes every record");
    writer.into_inner().expect("memory takes every byte")
}

/// CSV as the results are written: CRLF, quotes where they are needed.
fn csv_writer() -> Writer<Vec<u8>> {
    // The buffer before the buffer need not be large.
    WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .flexible(true)
        .buffer_capacity(1024)
        .from_writer(Vec::new())
}
