//! Writes labelled articles: JSON lines, CSV and Parquet for programs; a table, prose and a page
//! for people; and pre-annotations for the tools in which people correct them.

mod annotation;
pub mod arrow;
mod csv;
mod doccano;
mod error;
mod format;
mod html;
mod jsonl;
mod label_studio;
mod lineage;
mod packed;
mod parquet;
mod partial;
mod prodigy;
mod record;
mod table;
mod view;

pub use arrow::Per;
pub use csv::CsvSink;
pub use doccano::DoccanoSink;
pub use error::WriteError;
pub use format::{Rows, TableFormat};
pub use html::HtmlSink;
pub use jsonl::JsonlSink;
pub use label_studio::LabelStudioSink;
pub use lineage::Lineage;
pub use packed::{Packed, Packing, Written};
pub use parquet::ParquetSink;
pub use partial::PartialFile;
pub use prodigy::ProdigySink;
pub use record::{ArticleRow, SentenceRow};
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
