//! Texts that repeat into a file, without ever holding a whole bomb.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Bytes that are written as often as it says.
pub enum Piece {
    Once(&'static str),
    Times(usize, Vec<u8>),
    Counted(usize, fn(usize) -> String),
}

use Piece::{Counted, Once, Times};

/// A file inside an archive, or the only file there is, which then has no name.
pub type Part = (String, Vec<Piece>);

pub fn around(before: &'static str, middle: Vec<Piece>, after: &'static str) -> Vec<Piece> {
    element(before.to_owned(), middle, after)
}

pub fn element(open: String, inside: Vec<Piece>, close: &'static str) -> Vec<Piece> {
    let mut pieces = vec![Times(1, open.into())];
    pieces.extend(inside);
    pieces.push(Once(close));
    pieces
}

fn spell(pieces: &[Piece], out: &mut impl Write) {
    for piece in pieces {
        match piece {
            Once(text) => out.write_all(text.as_bytes()).expect("written"),
            Times(times, text) => {
                let many = 1 + (64 << 10) / (text.len() + 1);
                let block = text.repeat(many.min(*times));
                (0..times / many).for_each(|_| out.write_all(&block).expect("written"));
                out.write_all(&block[..times % many * text.len()]).expect("written");
            }
            Counted(times, text) => {
                (0..*times).for_each(|at| out.write_all(text(at).as_bytes()).expect("written"));
            }
        }
    }
}

pub fn write(path: &Path, parts: &[Part]) {
    let mut file = BufWriter::new(File::create(path).expect("created"));
    if let [(name, pieces)] = parts
        && name.is_empty()
    {
        spell(pieces, &mut file);
        return file.flush().expect("written");
    }
    let mut archive = ZipWriter::new(file);
    let options = SimpleFileOptions::default().compression_level(Some(1));
    for (name, pieces) in parts {
        archive.start_file(name, options).expect("started");
        let mut out = BufWriter::with_capacity(256 << 10, &mut archive);
        spell(pieces, &mut out);
        out.flush().expect("written");
    }
    archive.finish().expect("finished").flush().expect("written");
}
