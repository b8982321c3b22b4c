//! Reads articles: text files, JSON lines, folders of both, and standard input.
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

mod fields;
mod jsonl;
mod lines;
mod record;
mod source;
mod suggest;
mod text;
mod utf8;

pub use fields::{Field, FieldMap};
pub use jsonl::JsonLines;
pub use source::{Format, Input, Source};
pub use text::read_text;

use crate::article::Article;
use crate::error::ReadError;
use std::path::Path;

/// Anything that yields articles one by one and goes on after a bad one.
pub trait Reader: Iterator<Item = Result<Article, ReadError>> + Send {}

impl<T: Iterator<Item = Result<Article, ReadError>> + Send> Reader for T {}

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// Where in a JSON record each field is.
    pub fields: FieldMap,
    /// Longest JSON line in bytes; a longer one is an error and is not held in memory.
    pub max_line: usize,
}

impl ReadOptions {
    /// The longest line that is read when nothing else is said: 16 MB.
    pub const MAX_LINE: usize = 16_000_000;
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { fields: FieldMap::default(), max_line: Self::MAX_LINE }
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
    current: Option<Box<dyn Reader>>,
    options: ReadOptions,
}

impl Articles {
    /// Lists the files behind `inputs`; opens none of them yet.
    pub fn open(inputs: &[Input], options: ReadOptions) -> Self {
        let sources = inputs.iter().flat_map(source::expand).collect();
        Self { sources, next: 0, current: None, options }
    }

    /// The files that will be read, folders taken apart.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.sources.iter().filter_map(|s| s.as_ref().ok().and_then(Source::path))
    }
}

impl Iterator for Articles {
    type Item = Result<Article, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(reader) = &mut self.current {
                if let Some(item) = reader.next() {
                    return Some(item);
                }
                self.current = None;
            }
            let slot = self.sources.get_mut(self.next)?;
            self.next += 1;
            match std::mem::replace(slot, Ok(Source::Done)) {
                Ok(source) => match source.open(&self.options) {
                    Ok(reader) => self.current = Some(reader),
                    Err(error) => return Some(Err(error)),
                },
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

#[cfg(test)]
mod tests;
