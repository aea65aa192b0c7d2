//! An error that knows which exit code it ends with, and what to type next.

use std::io;

use super::NextCommand;
use crate::exit::Exit;
use crate::sheet::{Remedy, SheetError};

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
#[error("{}", Failure::text(cause))]
pub struct Failure {
    exit: Exit,
    // Not a `source`: its text is told here already.
    cause: anyhow::Error,
    next: Option<NextCommand>,
    remedy: Remedy,
}

impl Failure {
    /// A failure that ends with `exit`; the next command is the same one again.
    pub fn new(exit: Exit, cause: impl Into<anyhow::Error>) -> Self {
        Self { exit, cause: cause.into(), next: None, remedy: Remedy::default() }
    }

    /// Names the command to type next where it is another than the same one again.
    pub fn then(self, next: NextCommand) -> Self {
        Self { next: Some(next), ..self }
    }

    /// A sheet that cannot be read; the next command is the same one with what may help.
    pub fn of_sheet(error: SheetError) -> Self {
        let remedy = error.remedy();
        Self { remedy, ..Self::new(error.exit(), error) }
    }

    /// The whole of what `error` says, in one line: each cause after what it led to, unless that quotes it.
    pub fn text(error: &anyhow::Error) -> String {
        error.chain().map(ToString::to_string).fold(String::new(), |text, cause| match text.as_str() {
            "" => cause,
            text if text.contains(&cause) => text.to_owned(),
            text => format!("{text}: {cause}"),
        })
    }

    /// How `error` ends, and what to type next where it knows better than `command` again.
    ///
    /// An error that nobody classified comes from reading or writing: 66 for what is not there, else 73.
    pub fn of(error: &anyhow::Error, command: &NextCommand) -> (Exit, NextCommand) {
        if let Some(failure) = error.downcast_ref::<Self>() {
            let next = failure.next.as_ref().unwrap_or(command).clone();
            return (failure.exit, next.mending(&failure.remedy));
        }
        let kind = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
        let exit = if kind == Some(io::ErrorKind::NotFound) { Exit::NoInput } else { Exit::CannotWrite };
        (exit, command.clone())
    }
}

/// Classifies an error on its way up.
pub trait OrExit<T> {
    /// Ends with `exit` on error.
    ///
    /// # Errors
    /// The same error, as a [`Failure`].
    fn or_exit(self, exit: Exit) -> anyhow::Result<T>;

    /// Ends with `exit` on error, and says what to type next.
    ///
    /// # Errors
    /// The same error, as a [`Failure`].
    fn or_exit_then(self, exit: Exit, next: impl FnOnce() -> NextCommand) -> anyhow::Result<T>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for Result<T, E> {
    fn or_exit(self, exit: Exit) -> anyhow::Result<T> {
        self.map_err(|error| Failure::new(exit, error).into())
    }

    fn or_exit_then(self, exit: Exit, next: impl FnOnce() -> NextCommand) -> anyhow::Result<T> {
        self.map_err(|error| Failure::new(exit, error).then(next()).into())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    fn exit_of(error: &anyhow::Error) -> Exit {
        Failure::of(error, &NextCommand::new("import")).0
    }

    #[test]
    fn a_failure_keeps_its_exit_under_more_context() {
        let error = Err::<(), _>(anyhow::anyhow!("no heading row")).or_exit(Exit::BadInput);
        let error = error.context("a.xlsx").expect_err("an error");
        assert_eq!(exit_of(&error), Exit::BadInput);
        assert_eq!(format!("{error:#}"), "a.xlsx: no heading row");
    }

    #[test]
    fn a_cause_that_is_quoted_already_is_not_told_twice() {
        let cause = io::Error::other("no such file");
        let error =
            anyhow::Error::from(cause).context("a.csv: no such file; check the path").context("quota");
        assert_eq!(Failure::text(&error), "quota: a.csv: no such file; check the path");
    }

    #[test]
    fn an_unclassified_error_ends_as_its_kind_of_input_or_output() {
        let missing = anyhow::Error::from(io::Error::from(io::ErrorKind::NotFound)).context("a.xlsx");
        assert_eq!(exit_of(&missing), Exit::NoInput);
        let full = anyhow::Error::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(exit_of(&full), Exit::CannotWrite);
    }
}
