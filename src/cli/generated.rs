//! Completions and manual pages, which the build script wrote.

use super::args::Shell;
use super::stop::{FAILED, OK, Outcome, Stop};
use std::io::{self, Write};
use std::path::Path;

mod files {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}

/// Prints the completion script of a shell.
pub(super) fn completions(shell: Shell) -> Outcome {
    let name = match shell {
        Shell::Bash => "bash",
        Shell::Zsh => "zsh",
        Shell::Fish => "fish",
        Shell::Powershell => "powershell",
        Shell::Elvish => "elvish",
    };
    match find(files::COMPLETIONS, name) {
        Some(text) => print(text),
        None => Err(Stop::usage(format!("no completion for {name}"), "try bash")),
    }
}

/// Prints one manual page, or writes all of them to a folder.
pub(super) fn man(page: Option<&str>, out: Option<&Path>) -> Outcome {
    if let Some(dir) = out {
        return write_all(dir);
    }
    let name = match page {
        None => "veracity.1".to_owned(),
        Some(command) => format!("veracity-{}.1", command.replace(' ', "-")),
    };
    match find(files::PAGES, &name) {
        Some(text) => print(text),
        None => {
            let known: Vec<&str> = files::PAGES
                .iter()
                .filter_map(|(page, _)| page.strip_prefix("veracity-")?.strip_suffix(".1"))
                .collect();
            Err(Stop::usage(
                format!("no manual page for `{}`", page.unwrap_or_default()),
                format!("there are pages for {}", known.join(", ")),
            ))
        }
    }
}

fn find(files: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    files.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

fn print(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| Stop::stdout(&error))?;
    Ok(OK)
}

fn write_all(dir: &Path) -> Outcome {
    let written = std::fs::create_dir_all(dir)
        .and_then(|()| files::PAGES.iter().try_for_each(|(name, text)| std::fs::write(dir.join(name), text)));
    written.map_err(|error| Stop::Error {
        code: FAILED,
        what: format!("{}: {error}", dir.display()),
        hint: Some("name a folder that you may write to".into()),
    })?;
    Ok(OK)
}
