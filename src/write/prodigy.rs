//! Prodigy: JSON lines for `spans.manual`, one an article. Its relations are between
//! tokens of Prodigy's own, so that the parts of an attribution are not linked.

use super::Sink;
use super::annotation::Marks;
use crate::article::Article;
use crate::label::LabelledArticle;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes examples.
pub struct ProdigySink<W> {
    out: W,
}

impl<W: Write> ProdigySink<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Sink for ProdigySink<W> {
    fn article(&mut self, source: &Article, article: &LabelledArticle) -> io::Result<()> {
        let marks = Marks::of(source, article).marks;
        let span = |mark: &super::annotation::Mark| json!({"start": mark.start, "end": mark.end, "label": mark.label});
        let spans: Vec<Value> = marks.iter().map(span).collect();
        let meta = json!({"article": article.id, "title": article.title, "outlet": article.source});
        let example = json!({"text": source.text, "meta": meta, "spans": spans});
        self.out.write_all(format!("{example}\n").as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
