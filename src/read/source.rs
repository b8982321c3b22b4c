//! From a file to the reader of its format.

use super::csv::Table;
use super::format::{self, Format};
use super::html::HtmlReader;
use super::parquet::ParquetReader;
use super::peek::Bytes;
use super::text::TextReader;
use super::warc::WarcReader;
use super::{Counter, JsonLines, ReadOptions, Reader, Skipped, compress};
use crate::error::ReadError;
use std::fs::File;
use std::io::{self, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Bytes that are read from a file at once.
const BUFFER: usize = 1 << 16;

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

/// What a reader knows beside the bytes.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// What errors call the input.
    pub(super) place: String,
    /// The id of its article, or the front part of its rows' ids.
    pub(super) name: String,
    /// How to read.
    pub(super) options: ReadOptions,
    /// Counts what is left out without being an error.
    pub(super) skipped: Arc<Skipped>,
}

impl Context {
    /// An error of the whole input.
    pub(super) fn file(&self, reason: impl Into<String>, hint: impl Into<String>) -> ReadError {
        ReadError::File { place: self.place.clone(), reason: reason.into(), hint: hint.into() }
    }

    /// An error of one row or record.
    pub(super) fn row(&self, line: usize, reason: impl Into<String>, hint: impl Into<String>) -> ReadError {
        ReadError::Row { place: self.place.clone(), line, reason: reason.into(), hint: hint.into() }
    }

    pub(super) fn io(&self, error: io::Error) -> ReadError {
        ReadError::Io { place: self.place.clone(), error }
    }
}

impl Source {
    /// The file, unless this is standard input.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::File { path, .. } => Some(path),
            Self::Stdin | Self::Done => None,
        }
    }

    /// What errors call it.
    pub(super) fn place(&self) -> String {
        self.path().map_or_else(|| "<stdin>".into(), |path| path.display().to_string())
    }

    pub(super) fn open(
        &self,
        options: &ReadOptions,
        skipped: &Arc<Skipped>,
        counter: &Counter,
    ) -> Result<Box<dyn Reader>, ReadError> {
        let context = |name: &str| Context {
            place: self.place(),
            name: name.to_owned(),
            options: options.clone(),
            skipped: skipped.clone(),
        };
        match self {
            Self::Stdin => {
                let bytes = Box::new(BufReader::with_capacity(BUFFER, io::stdin()));
                reader(bytes, options.format.unwrap_or(Format::Sniff), context("stdin"))
            }
            Self::File { path, name } => {
                let context = context(name);
                let format = options.format.unwrap_or_else(|| Format::of(path));
                let file = File::open(path).map_err(|error| context.io(error))?;
                // A Parquet file is read from its end, so that a plain one is not streamed.
                if format == Format::Parquet && is_parquet(path) {
                    return Ok(Box::new(ParquetReader::open(file, context, counter.clone())?));
                }
                reader(Box::new(BufReader::with_capacity(BUFFER, counter.count(file))), format, context)
            }
            Self::Done => Ok(Box::new(std::iter::empty())),
        }
    }
}

/// Whether a file begins as Parquet does, and is not compressed once more.
fn is_parquet(path: &Path) -> bool {
    // A pipe can be opened only once.
    if !path.is_file() {
        return false;
    }
    let mut mark = [0; 4];
    let read = File::open(path).and_then(|mut file| io::Read::read_exact(&mut file, &mut mark));
    read.is_ok() && mark == *b"PAR1"
}

/// The reader of `bytes`, decompressed first where they are compressed.
pub(super) fn reader(bytes: Bytes, format: Format, context: Context) -> Result<Box<dyn Reader>, ReadError> {
    let bytes = compress::decompress(bytes).map_err(|error| context.io(error))?;
    let (format, bytes) = match format {
        Format::Sniff => format::sniff(bytes, &context.options.fields).map_err(|error| context.io(error))?,
        told => (told, bytes),
    };
    Ok(match format {
        Format::Text | Format::Sniff => {
            Box::new(TextReader::new(bytes, context.place, context.name, context.options.max_line))
        }
        Format::Lines => Box::new(JsonLines::new(bytes, context.place, context.name, context.options)),
        Format::Csv => Box::new(Table::new(bytes, None, context)),
        Format::Tsv => Box::new(Table::new(bytes, Some(b'\t'), context)),
        Format::Html => Box::new(HtmlReader::new(bytes, context)),
        Format::Warc => Box::new(WarcReader::new(bytes, context)),
        Format::Parquet => Box::new(ParquetReader::open(spool(bytes, &context)?, context, Counter::default())?),
    })
}

/// Puts a stream on the disk, for what must be read from its end. The file has no name and
/// goes with the process.
fn spool(mut bytes: Bytes, context: &Context) -> Result<File, ReadError> {
    let failed = |error| context.io(error);
    let mut file = tempfile::tempfile().map_err(failed)?;
    io::copy(&mut bytes, &mut file).map_err(failed)?;
    file.rewind().map_err(failed)?;
    Ok(file)
}
