//! Writes labelled articles: JSON lines for programs; a table, prose and a page for people; and
//! pre-annotations for the tools in which people correct them.

mod annotation;
mod doccano;
mod error;
mod html;
mod jsonl;
mod label_studio;
mod partial;
mod prodigy;
mod table;
mod view;

pub use doccano::DoccanoSink;
pub use error::WriteError;
pub use html::HtmlSink;
pub use jsonl::JsonlSink;
pub use label_studio::LabelStudioSink;
pub use partial::PartialFile;
pub use prodigy::ProdigySink;
pub use table::TableSink;
pub use view::ViewSink;

use crate::article::Article;
use crate::label::LabelledArticle;
use std::io;

/// Takes labelled articles, one after the other.
pub trait Sink {
    /// Writes all rows of one article; `source` is the article as it was read.
    fn article(&mut self, source: &Article, article: &LabelledArticle) -> io::Result<()>;

    /// Writes what is still held back. No article follows.
    fn finish(&mut self) -> io::Result<()>;
}
