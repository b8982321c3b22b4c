//! What people read in a browser: one file, no network, nothing that runs but our own script.
//!
//! `shell` is what every page of ours has in common; the rest is the report of labelled
//! articles, [`HtmlReport`].

mod article;
mod bar;
mod overview;
mod page;
mod palette;
mod shell;
mod sources;
mod whisker;

pub use page::HtmlReport;
pub(crate) use shell::{BASE_STYLE, escape, page, scroll};
pub(crate) use whisker::whisker;

/// The style of a labelled article; the page of `veracity serve` has the same.
pub(crate) const ARTICLE_STYLE: &str = include_str!("article.css");

/// Cards, keys and filters of labelled articles; of the same two.
pub(crate) const READER_SCRIPT: &str = include_str!("reader.js");
