//! From what the user names to files.

use super::format::{self, Format};
use super::source::Source;
use crate::error::ReadError;
use std::path::{Path, PathBuf};

/// One input as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input, `-` on the command line.
    Stdin,
    /// A file, a folder, or a pattern such as `news/**/*.jsonl.gz`.
    Path(PathBuf),
}

impl From<&Path> for Input {
    fn from(path: &Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::Path(path.to_owned()) }
    }
}

/// The files behind one input.
pub(super) fn expand(input: &Input) -> Vec<Result<Source, ReadError>> {
    let path = match input {
        Input::Stdin => return vec![Ok(Source::Stdin)],
        Input::Path(path) => path,
    };
    if path.is_dir() {
        return folder(path);
    }
    // A file may have a star or a bracket in its name.
    match path.to_str() {
        Some(pattern) if pattern.contains(['*', '?', '[']) && path.symlink_metadata().is_err() => matching(pattern),
        _ => vec![Ok(Source::File { name: format::stem(path), path: path.clone() })],
    }
}

fn folder(path: &Path) -> Vec<Result<Source, ReadError>> {
    let mut found = Vec::new();
    walk(path, "", &mut found);
    if found.is_empty() {
        found.push(Err(ReadError::File {
            place: path.display().to_string(),
            reason: "the folder holds no article".into(),
            hint: "a folder is searched for .txt, .jsonl, .ndjson, .csv, .tsv, .parquet, .html, .htm, .warc and \
                   .wet files, also with .gz or .zst behind; name other files one by one"
                .into(),
        }));
    }
    found
}

/// The files that match a pattern, in the order of their paths; hidden ones only where
/// the pattern names the dot.
fn matching(pattern: &str) -> Vec<Result<Source, ReadError>> {
    let fault = |reason: String, hint: &str| {
        vec![Err(ReadError::File { place: pattern.to_owned(), reason, hint: hint.into() })]
    };
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let paths = match glob::glob_with(pattern, options) {
        Ok(paths) => paths,
        Err(error) => return fault(format!("not a pattern: {error}"), "** stands alone between two slashes"),
    };
    // The part of the pattern without wildcards; what is below it names the file's rows.
    let fixed = pattern.find(['*', '?', '[']).map_or("", |at| &pattern[..at]);
    let base = Path::new(&fixed[..fixed.rfind('/').map_or(0, |at| at + 1)]);
    let mut found = Vec::new();
    for path in paths {
        match path {
            Ok(path) if path.is_dir() => {}
            Ok(path) => {
                let below = path.strip_prefix(base).ok().and_then(Path::parent).unwrap_or(Path::new(""));
                let name = below.join(format::stem(&path)).to_string_lossy().into_owned();
                found.push(Ok(Source::File { path, name }));
            }
            Err(error) => {
                let place = error.path().display().to_string();
                found.push(Err(ReadError::Io { place, error: error.into() }));
            }
        }
    }
    if found.is_empty() {
        return fault("no file matches".into(), "check the pattern; * stops at a slash, ** does not");
    }
    found
}

/// Files of one folder and its subfolders, sorted by name; hidden ones are left out.
fn walk(folder: &Path, prefix: &str, found: &mut Vec<Result<Source, ReadError>>) {
    let entries = std::fs::read_dir(folder).and_then(|all| all.collect::<Result<Vec<_>, _>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => {
            found.push(Err(ReadError::Io { place: folder.display().to_string(), error }));
            return;
        }
    };
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let file_name = entry.file_name();
        let file_name = file_name.to_string_lossy();
        if file_name.starts_with('.') {
            continue;
        }
        // A linked folder could lead back here, so only real ones are entered.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&path, &format!("{prefix}{file_name}/"), found);
        } else if Format::wanted(&path) && !path.is_dir() {
            let name = format!("{prefix}{}", format::stem(&path));
            found.push(Ok(Source::File { path, name }));
        }
    }
}
