//! What goes to standard error: `error: what`, and below it `  hint: remedy`.

use crate::report::plain;
use anstyle::{AnsiColor, Style};
use std::fmt::Display;
use std::io::Write;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// Prints an error with its remedy. Coloured only where colour is wanted.
pub(super) fn error(what: &dyn Display, hint: Option<&str>) {
    let mut text = format!("{ERROR}error{ERROR:#}: {}\n", plain(&what.to_string()));
    if let Some(hint) = hint {
        text.push_str(&format!("  {HINT}hint{HINT:#}: {}\n", plain(hint)));
    }
    print(&text);
}

/// Prints a line that is no error.
pub(super) fn note(what: &dyn Display) {
    print(&format!("{}\n", plain(&what.to_string())));
}

/// Prints a line as it is.
pub(super) fn line(text: &str) {
    print(&format!("{text}\n"));
}

fn print(text: &str) {
    // When standard error is gone there is nobody left to tell.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
