//! Reads articles: text, JSON lines, tables, Parquet, web pages and crawls, also
//! compressed, from files, folders, patterns and standard input.
//!
//! Everything is an iterator of `Result<Article, ReadError>`. An error stands for
//! one record or one file; the iterator goes on with the next.
//!
//! ```no_run
//! use veracity::read::{Articles, Input, ReadOptions};
//!
//! let inputs = [Input::from("news/".as_ref()), Input::Stdin];
//! for article in Articles::open(&inputs, ReadOptions::default()) {
//!     match article {
//!         Ok(article) => drop(article.text),
//!         Err(error) => drop(error.to_string()),
//!     }
//! }
//! ```

mod charset;
mod compress;
mod counter;
mod csv;
mod fields;
mod format;
mod guard;
mod html;
mod input;
mod jsonl;
mod labelled;
mod language;
mod lines;
mod parquet;
mod peek;
mod record;
mod source;
mod suggest;
mod text;
mod utf8;
mod warc;

pub(crate) use compress::open;
pub use counter::Counter;
pub use fields::{Field, FieldMap};
pub use format::Format;
pub use guard::hush_caught_panics;
pub(crate) use guard::{Batches, guarded};
pub use input::Input;
pub use jsonl::JsonLines;
pub use labelled::{LabelledRows, labelled_rows};
pub use language::is_english;
pub use source::Source;
pub use text::read_text;

use crate::article::Article;
use crate::error::ReadError;
use compress::Corrupt;
use source::Context;
use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Anything that yields articles one by one and goes on after a bad one.
pub trait Reader: Iterator<Item = Result<Article, ReadError>> + Send {}

impl<T: Iterator<Item = Result<Article, ReadError>> + Send> Reader for T {}

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Where in a record each field is: a key of JSON, a column of a table.
    pub fields: FieldMap,
    /// Longest article in bytes: a JSON line, a row, a page, a text. A longer one is an
    /// error and is not held in memory.
    pub max_line: usize,
    /// What the inputs hold; `None` tells it of each by its name or content.
    pub format: Option<Format>,
    /// Whether to read articles that are not English too.
    pub any_language: bool,
}

impl ReadOptions {
    /// The longest article that is read when nothing else is said: 16 MB.
    pub const MAX_LINE: usize = 16_000_000;
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { fields: FieldMap::default(), max_line: Self::MAX_LINE, format: None, any_language: false }
    }
}

/// What was left out without being an error; it grows while articles are read.
#[derive(Debug, Default)]
pub struct Skipped {
    foreign: AtomicUsize,
    pages: AtomicUsize,
}

impl Skipped {
    /// Articles that are not English.
    pub fn foreign(&self) -> usize {
        self.foreign.load(Relaxed)
    }

    /// Records of web crawls that hold no article: pictures, redirects, overviews.
    pub fn pages(&self) -> usize {
        self.pages.load(Relaxed)
    }
}

/// One article from one JSON object, as a line of JSON lines has it; errors call it `line` of
/// `place`. `id` is for an article that has none.
pub fn read_value(value: &serde_json::Value, place: &str, line: usize, id: &str) -> Result<Article, ReadError> {
    record::article(value, &FieldMap::default(), || id.to_owned()).map_err(|problem| ReadError::Row {
        place: place.to_owned(),
        line,
        reason: problem.reason,
        hint: problem.hint,
    })
}

/// All articles of all inputs, in order.
pub struct Articles {
    sources: Vec<Result<Source, ReadError>>,
    next: usize,
    current: Option<Current>,
    options: ReadOptions,
    skipped: Arc<Skipped>,
    counter: Counter,
}

/// The file that is being read.
struct Current {
    reader: Box<dyn Reader>,
    /// Articles that came of it.
    count: usize,
}

impl Articles {
    /// Lists the files behind `inputs`; opens none of them yet.
    pub fn open(inputs: &[Input], options: ReadOptions) -> Self {
        let sources = inputs.iter().flat_map(input::expand).collect();
        Self { sources, next: 0, current: None, options, skipped: Arc::default(), counter: Counter::default() }
    }

    /// Counts of what is left out, to be looked at when all is read.
    pub fn skipped(&self) -> Arc<Skipped> {
        self.skipped.clone()
    }

    /// Tells, at any time and on any thread, how many bytes of the files have been read.
    pub fn counter(&self) -> Counter {
        self.counter.clone()
    }

    /// The files that will be read, folders taken apart.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.sources.iter().filter_map(|s| s.as_ref().ok().and_then(Source::path))
    }
}

impl Articles {
    /// Whether to leave an article out; it is counted then.
    fn skips(&self, article: &Article) -> bool {
        let skips = !self.options.any_language && !is_english(&article.text);
        self.skipped.foreign.fetch_add(usize::from(skips), Relaxed);
        skips
    }
}

impl Iterator for Articles {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(current) = &mut self.current {
                match current.reader.next() {
                    Some(Ok(article)) => {
                        current.count += 1;
                        if !self.skips(&article) {
                            return Some(Ok(article));
                        }
                    }
                    Some(Err(error)) => return Some(Err(explained(error, current.count))),
                    None => self.current = None,
                }
                continue;
            }
            let slot = self.sources.get_mut(self.next)?;
            self.next += 1;
            let source = match std::mem::replace(slot, Ok(Source::Done)) {
                Ok(source) => source,
                Err(error) => return Some(Err(error)),
            };
            match source.open(&self.options, &self.skipped, &self.counter) {
                Ok(reader) => self.current = Some(Current { reader, count: 0 }),
                Err(error) => return Some(Err(explained(error, 0))),
            }
        }
    }
}

/// Reads `bytes` as the file called `place` would be read, with `name` in the ids of its
/// rows, and with the same care for compression, format and language.
pub fn read_bytes(
    bytes: impl BufRead + Send + 'static,
    place: &str,
    name: &str,
    options: ReadOptions,
) -> Result<Articles, ReadError> {
    let skipped = Arc::<Skipped>::default();
    let format = options.format.unwrap_or_else(|| Format::of(Path::new(place)));
    let context =
        Context { place: place.into(), name: name.into(), options: options.clone(), skipped: skipped.clone() };
    let reader = source::reader(Box::new(bytes), format, context).map_err(|error| explained(error, 0))?;
    Ok(Articles {
        sources: Vec::new(),
        next: 0,
        current: Some(Current { reader, count: 0 }),
        options,
        skipped,
        counter: Counter::default(),
    })
}

/// Says of a broken stream how far it was read.
fn explained(error: ReadError, read: usize) -> ReadError {
    let ReadError::Io { place, error } = error else { return error };
    let Some(corrupt) = error.get_ref().and_then(|inner| inner.downcast_ref::<Corrupt>()) else {
        return ReadError::Io { place, error };
    };
    let s = if read == 1 { "" } else { "s" };
    ReadError::File {
        place,
        reason: format!("{} after {read} article{s}", corrupt.reason()),
        hint: "what came before was read; copy or download the file again for the rest".into(),
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod properties;
