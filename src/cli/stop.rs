//! How a command ends.

use crate::error::Hint;
use std::fmt::Display;
use std::io;

/// All went well.
pub(super) const OK: u8 = 0;
/// Labelling failed, or the model or the output did.
pub(super) const FAILED: u8 = 1;
/// Bad usage, or some input was bad.
pub(super) const BAD_INPUT: u8 = 2;
/// Ctrl-C.
pub(super) const INTERRUPTED: u8 = 130;

/// What a command returns: its exit code, or why it stopped early.
pub(super) type Outcome = Result<u8, Stop>;

/// Why a command stopped before its end.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nobody reads standard output any more; that is no error.
    Pipe,
    /// To be shown to the user.
    Error {
        /// Exit code.
        code: u8,
        /// What is wrong.
        what: String,
        /// What the user can do.
        hint: Option<String>,
    },
}

impl Stop {
    /// Bad usage.
    pub(super) fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Error { code: BAD_INPUT, what: what.into(), hint: Some(hint.into()) }
    }

    /// Bad input that ends the run.
    pub(super) fn bad(error: &(impl Display + Hint)) -> Self {
        Self::Error { code: BAD_INPUT, what: error.to_string(), hint: error.hint() }
    }

    /// An error that ends the run.
    pub(super) fn failed(error: &(impl Display + Hint)) -> Self {
        Self::Error { code: FAILED, what: error.to_string(), hint: error.hint() }
    }

    /// Standard output failed.
    pub(super) fn stdout(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Pipe;
        }
        Self::Error { code: FAILED, what: format!("<stdout>: {error}"), hint: None }
    }
}
