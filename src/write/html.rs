//! The page for the browser.

use super::Sink;
use crate::article::Article;
use crate::label::LabelledArticle;
use crate::report::{HtmlReport, TrustTable};
use std::io::{self, Write};

/// Collects all articles, and writes one page at the end.
pub struct HtmlSink<W> {
    out: W,
    report: HtmlReport,
}

impl<W: Write> HtmlSink<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, report: HtmlReport::default() }
    }
}

impl<W: Write> Sink for HtmlSink<W> {
    fn article(&mut self, source: &Article, article: &LabelledArticle) -> io::Result<()> {
        self.report.add(Some(source), article);
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        let page = self.report.finish("Labelled articles", &TrustTable::default());
        self.out.write_all(page.as_bytes())?;
        self.out.flush()
    }
}
