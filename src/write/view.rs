//! Prose for the terminal.

use super::Sink;
use crate::article::Article;
use crate::label::LabelledArticle;
use crate::report::{TableStyle, article_view};
use std::io::{self, Write};

/// Writes each article as tinted prose, with an empty line between two of them.
pub struct ViewSink<W> {
    out: W,
    style: TableStyle,
    first: bool,
}

impl<W: Write> ViewSink<W> {
    /// Writes to `out`.
    pub const fn new(out: W, style: TableStyle) -> Self {
        Self { out, style, first: true }
    }
}

impl<W: Write> Sink for ViewSink<W> {
    fn article(&mut self, source: &Article, article: &LabelledArticle) -> io::Result<()> {
        let gap = if self.first { "" } else { "\n\n" };
        self.first = false;
        let view = format!("{gap}{}", article_view(Some(source), article, self.style));
        self.out.write_all(view.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
