//! `explain`: what a code means, in the words of a person who has to fix it.

use std::io::Write;

use anyhow::anyhow;
use clap::Args;
use serde_json::json;

use super::{Failure, NextCommand, Session};
use crate::exit::Exit;
use crate::terminal::{self, words};

/// Flags of `explain`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  livegoods explain 300007\n  livegoods explain price-decimals")]
pub struct Explain {
    /// An errcode of the service, or a code at the start of a note
    #[arg(value_name = "CODE", allow_hyphen_values = true)]
    code: String,
}

impl Explain {
    /// Prints the code's line of the one table.
    ///
    /// # Errors
    /// Exit 2 for a code nobody knows.
    pub fn run(self, session: &Session) -> anyhow::Result<Exit> {
        let code = self.code.trim().trim_end_matches(':');
        let Some(known) = words::explanation(code) else { return Err(unknown(code)) };
        if session.output.json {
            let mut out = terminal::stdout();
            let words::Explanation { code, kind, meaning, remedy } = &known;
            writeln!(
                out,
                "{}",
                json!({ "code": code, "kind": kind.name(), "meaning": meaning, "remedy": remedy })
            )?;
            out.flush()?;
        }
        session.say(|out| words::explain(out, &known))?;
        Ok(Exit::Done)
    }
}

fn unknown(code: &str) -> anyhow::Error {
    let near = words::near_codes(code);
    let next = NextCommand::new("explain");
    let next = near.first().map_or(next.clone().flag("help"), |near| next.value(near));
    Failure::new(Exit::Usage, anyhow!(words::unknown_code(code, &near))).then(next).into()
}
