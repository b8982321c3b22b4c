//! Writes labelled articles: JSON lines for programs, a table for people.

mod error;
mod jsonl;
mod partial;
mod table;

pub use error::WriteError;
pub use jsonl::JsonlSink;
pub use partial::PartialFile;
pub use table::TableSink;

use crate::label::LabelledArticle;
use std::io;

/// Takes labelled articles, one after the other.
pub trait Sink {
    /// Writes all rows of one article.
    fn article(&mut self, article: &LabelledArticle) -> io::Result<()>;

    /// Writes what is still held back. No article follows.
    fn finish(&mut self) -> io::Result<()>;
}
