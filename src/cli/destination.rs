//! Where and in what form the rows go.

use super::args::OutputFormat;
use super::stop::Stop;
use crate::write::{Packing, Per, Rows, TableFormat};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Names of standard output; behind the last two may be a file that must not be
/// replaced under whoever opened it.
const STDOUT: [&str; 3] = ["-", "/dev/stdout", "/dev/fd/1"];

/// Where the rows go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// Standard output.
    Stdout,
    /// One file.
    File(PathBuf),
    /// Parts in a folder.
    Folder(PathBuf),
}

impl Destination {
    /// What `--output` stands for.
    pub(super) fn of(output: Option<PathBuf>) -> Self {
        match output.filter(|path| STDOUT.iter().all(|name| path.as_os_str() != *name)) {
            None => Self::Stdout,
            Some(path) if path.is_dir() || ends_in_slash(&path) => Self::Folder(path),
            Some(path) => Self::File(path),
        }
    }

    fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Stdout | Self::Folder(_) => None,
        }
    }
}

fn ends_in_slash(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(std::path::is_separator)
}

/// The form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Rows for programs.
    Table(TableFormat),
    /// A table for people.
    Terminal,
    /// Prose for people.
    View,
    /// Tasks for Label Studio.
    LabelStudio(Packing),
    /// Lines for doccano.
    Doccano(Packing),
    /// Lines for Prodigy.
    Prodigy(Packing),
}

impl Form {
    /// The form for a destination; `terminal` when standard output is one.
    pub(super) fn of(given: Option<OutputFormat>, to: &Destination, terminal: bool) -> Result<Self, Stop> {
        let told = to.path().and_then(TableFormat::of);
        let plain = TableFormat { rows: Rows::Jsonl, packing: packing(to.path()) };
        let form = match given {
            Some(given) => Self::named(given, packing(to.path())),
            None if terminal && *to == Destination::Stdout => Self::Terminal,
            None => Self::Table(told.unwrap_or(plain)),
        };
        let parquet = matches!(form, Self::Table(format) if format.rows == Rows::Parquet);
        match (form, to) {
            (Self::Table(_), Destination::Folder(_)) => Ok(form),
            (_, Destination::Folder(dir)) => Err(Stop::usage(
                format!("{}: this form is not written in parts", dir.display()),
                "give --format jsonl, csv or parquet, or name a file",
            )),
            (_, Destination::Stdout) if parquet && terminal => {
                Err(Stop::usage("Parquet is not for a terminal", "name a file: -o labels.parquet"))
            }
            _ => Ok(form),
        }
    }

    fn named(given: OutputFormat, by_name: Packing) -> Self {
        let table = |rows, packing| Self::Table(TableFormat { rows, packing });
        match given {
            OutputFormat::Jsonl => table(Rows::Jsonl, by_name),
            OutputFormat::JsonlGz => table(Rows::Jsonl, Packing::Gzip),
            OutputFormat::JsonlZst => table(Rows::Jsonl, Packing::Zstd),
            OutputFormat::Csv => table(Rows::Csv, by_name),
            OutputFormat::CsvGz => table(Rows::Csv, Packing::Gzip),
            OutputFormat::CsvZst => table(Rows::Csv, Packing::Zstd),
            OutputFormat::Parquet => table(Rows::Parquet, Packing::Plain),
            OutputFormat::Table => Self::Terminal,
            OutputFormat::View => Self::View,
            OutputFormat::LabelStudio => Self::LabelStudio(by_name),
            OutputFormat::Doccano => Self::Doccano(by_name),
            OutputFormat::Prodigy => Self::Prodigy(by_name),
        }
    }

    /// Refuses a row an article where there are no such rows.
    pub(super) fn with(self, per: Per) -> Result<Self, Stop> {
        match (self, per) {
            (Self::Table(_), _) | (_, Per::Sentence) => Ok(self),
            (_, Per::Article) => {
                Err(Stop::usage("--per article does not go with this form", "give --format jsonl, csv or parquet"))
            }
        }
    }
}

/// The compression that a name's ending tells.
fn packing(path: Option<&Path>) -> Packing {
    match path.and_then(Path::extension).and_then(OsStr::to_str) {
        Some(ending) if ending.eq_ignore_ascii_case("gz") => Packing::Gzip,
        Some(ending) if ending.eq_ignore_ascii_case("zst") => Packing::Zstd,
        _ => Packing::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(given: Option<OutputFormat>, name: &str) -> Form {
        Form::of(given, &Destination::File(name.into()), false).unwrap()
    }

    #[test]
    fn the_ending_tells_and_the_flag_wins() {
        let table = |rows, packing| Form::Table(TableFormat { rows, packing });
        assert_eq!(form(None, "a.parquet"), table(Rows::Parquet, Packing::Plain));
        assert_eq!(form(None, "a.csv.zst"), table(Rows::Csv, Packing::Zstd));
        assert_eq!(form(None, "a.json"), table(Rows::Jsonl, Packing::Plain));
        assert_eq!(form(None, "a.gz"), table(Rows::Jsonl, Packing::Gzip));
        assert_eq!(form(Some(OutputFormat::Csv), "a.gz"), table(Rows::Csv, Packing::Gzip));
        assert_eq!(form(Some(OutputFormat::Jsonl), "a.parquet"), table(Rows::Jsonl, Packing::Plain));
        assert_eq!(form(Some(OutputFormat::Prodigy), "a.jsonl.zst"), Form::Prodigy(Packing::Zstd));
        assert_eq!(Form::of(None, &Destination::Stdout, true).unwrap(), Form::Terminal);
        assert!(Form::of(Some(OutputFormat::Parquet), &Destination::Stdout, true).is_err());
        assert!(Form::of(Some(OutputFormat::Table), &Destination::Folder("d/".into()), false).is_err());
        assert!(Form::Terminal.with(Per::Article).is_err());
    }

    #[test]
    fn a_slash_makes_a_folder() {
        assert_eq!(Destination::of(Some("no-such/".into())), Destination::Folder("no-such/".into()));
        assert_eq!(Destination::of(Some("no-such".into())), Destination::File("no-such".into()));
        assert_eq!(Destination::of(Some("-".into())), Destination::Stdout);
        assert_eq!(Destination::of(None), Destination::Stdout);
    }
}
