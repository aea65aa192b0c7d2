//! The end of a run that could not do its work, told once.

use std::io::Write;

use clap::builder::StyledStr;
use serde::Serialize;

use super::Paint;
use crate::exit::Exit;

/// `error: …` and the command to type next. A stream that cannot be written has nobody to tell it to.
pub fn say_error(out: &mut impl Write, paint: Paint, message: &str, next: &str) {
    let _ = writeln!(out, "{} {message}\n{} {next}", paint.error("error:"), paint.bold("next:"));
    let _ = out.flush();
}

/// The same as one JSON object: `exit`, `error`, `next_command`.
pub fn say_error_as_json(out: &mut impl Write, exit: Exit, message: &str, next: &str) {
    #[derive(Serialize)]
    struct Told<'a> {
        exit: u8,
        error: &'a str,
        next_command: &'a str,
    }
    let told = Told { exit: exit.code(), error: message, next_command: next };
    if serde_json::to_writer(&mut *out, &told).is_ok() {
        let _ = writeln!(out);
        let _ = out.flush();
    }
}

/// clap's complaint and usage; its own advice at the end makes room for the exact command.
pub fn say_usage_error(out: &mut impl Write, paint: Paint, text: &StyledStr, next: &str) {
    let text = match paint {
        Paint::Colors => text.ansi().to_string(),
        Paint::Plain => text.to_string(),
    };
    let complaint = text.split("For more information").next().unwrap_or_default().trim_end();
    let _ = writeln!(out, "{complaint}\n\n{} {next}", paint.bold("next:"));
    let _ = out.flush();
}

/// What clap complains of, without its advice: the first paragraph.
pub fn usage_complaint(text: &StyledStr) -> String {
    let text = text.to_string();
    let complaint = text.split("\n\n").next().unwrap_or_default();
    complaint.trim_start_matches("error: ").trim_end().to_owned()
}

/// Help that was asked for.
pub fn say_styled(out: &mut impl Write, paint: Paint, text: &StyledStr) {
    let _ = match paint {
        Paint::Colors => write!(out, "{}", text.ansi()),
        Paint::Plain => write!(out, "{text}"),
    };
    let _ = out.flush();
}
