//! The table for people.

use super::Sink;
use crate::article::Article;
use crate::label::LabelledArticle;
use crate::report::{TableStyle, article_table};
use std::io::{self, Write};

/// Writes one table an article, with an empty line between two of them.
pub struct TableSink<W> {
    out: W,
    style: TableStyle,
    first: bool,
}

impl<W: Write> TableSink<W> {
    /// Writes to `out`.
    pub const fn new(out: W, style: TableStyle) -> Self {
        Self { out, style, first: true }
    }
}

impl<W: Write> Sink for TableSink<W> {
    fn article(&mut self, _source: &Article, article: &LabelledArticle) -> io::Result<()> {
        let gap = if self.first { "" } else { "\n" };
        self.first = false;
        let table = format!("{gap}{}", article_table(article, self.style));
        self.out.write_all(table.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
