//! From what the user names to files, and from files to readers.

use super::text::TextReader;
use super::{Counter, JsonLines, ReadOptions, Reader};
use crate::error::ReadError;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

/// White space this long before the first character ends the search for a `{`.
const SNIFF: u64 = 1 << 16;

/// One input as the user names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Standard input, `-` on the command line.
    Stdin,
    /// A file or a folder.
    Path(PathBuf),
}

impl From<&Path> for Input {
    fn from(path: &Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdin } else { Self::Path(path.to_owned()) }
    }
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One article, plain text.
    Text,
    /// One JSON object a line.
    Lines,
    /// Lines when the first character that is not white space is `{`, else text.
    Sniff,
}

impl Format {
    /// Told by the ending of the name.
    pub fn of(path: &Path) -> Self {
        let ending = path.extension().and_then(OsStr::to_str).unwrap_or("");
        match ending.to_ascii_lowercase().as_str() {
            "txt" => Self::Text,
            "jsonl" | "ndjson" | "json" => Self::Lines,
            _ => Self::Sniff,
        }
    }
}

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file; `name` is the id of its article, or the front part of its rows' ids.
    File {
        /// Where it is.
        path: PathBuf,
        /// The name without ending; with the subfolder when it was found in a folder.
        name: String,
    },
    /// Read already.
    Done,
}

impl Source {
    /// The file, unless this is standard input.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Stdin | Self::Done => None,
        }
    }

    pub(super) fn open(&self, options: &ReadOptions, counter: &Counter) -> Result<Box<dyn Reader>, ReadError> {
        match self {
            Self::Stdin => {
                reader(Box::new(BufReader::new(io::stdin())), Format::Sniff, "<stdin>".into(), "stdin".into(), options)
            }
            Self::File { path, name } => {
                let place = path.display().to_string();
                let file = File::open(path).map_err(|error| ReadError::Io { place: place.clone(), error })?;
                let bytes = Box::new(BufReader::with_capacity(1 << 16, counter.count(file)));
                reader(bytes, Format::of(path), place, name.clone(), options)
            }
            Self::Done => Ok(Box::new(std::iter::empty())),
        }
    }
}

fn reader(
    bytes: Box<dyn BufRead + Send>,
    format: Format,
    place: String,
    name: String,
    options: &ReadOptions,
) -> Result<Box<dyn Reader>, ReadError> {
    Ok(match format {
        Format::Text => Box::new(TextReader::new(bytes, place, name)),
        Format::Lines => Box::new(JsonLines::new(bytes, place, name, options.clone())),
        Format::Sniff => {
            let (format, bytes) = sniff(bytes).map_err(|error| ReadError::Io { place: place.clone(), error })?;
            reader(bytes, format, place, name, options)?
        }
    })
}

/// Reads up to the first character that is not white space, and puts all of it back.
fn sniff(mut bytes: Box<dyn BufRead + Send>) -> io::Result<(Format, Box<dyn BufRead + Send>)> {
    let mut seen = Vec::new();
    let mut one = [0u8; 1];
    let mut format = Format::Text;
    while (seen.len() as u64) < SNIFF && bytes.read(&mut one)? == 1 {
        seen.push(one[0]);
        let blank = one[0].is_ascii_whitespace() || b"\xef\xbb\xbf".starts_with(&seen[..]);
        if !blank {
            if one[0] == b'{' {
                format = Format::Lines;
            }
            break;
        }
    }
    Ok((format, Box::new(Cursor::new(seen).chain(bytes))))
}

/// The files behind one input.
pub(super) fn expand(input: &Input) -> Vec<Result<Source, ReadError>> {
    let path = match input {
        Input::Stdin => return vec![Ok(Source::Stdin)],
        Input::Path(path) => path,
    };
    if !path.is_dir() {
        let name = stem(path);
        return vec![Ok(Source::File { path: path.clone(), name })];
    }
    let mut found = Vec::new();
    walk(path, "", &mut found);
    if found.is_empty() {
        found.push(Err(ReadError::File {
            place: path.display().to_string(),
            reason: "the folder holds no article".into(),
            hint: "a folder is searched for .txt, .jsonl and .ndjson files; \
                   name other files one by one"
                .into(),
        }));
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
        } else if wanted(&path) && !path.is_dir() {
            let name = format!("{prefix}{}", stem(&path));
            found.push(Ok(Source::File { path, name }));
        }
    }
}

fn wanted(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or("");
    ["txt", "jsonl", "ndjson"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
