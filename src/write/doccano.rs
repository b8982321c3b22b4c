//! doccano: JSON lines for a project of sequence labelling with relations, one an article.
//! Spans overlap, which the project must allow.

use super::Sink;
use super::annotation::Marks;
use crate::article::Article;
use crate::label::LabelledArticle;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes documents.
pub struct DoccanoSink<W> {
    out: W,
    /// Ids are unique in the whole file.
    entities: usize,
    relations: usize,
}

impl<W: Write> DoccanoSink<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, entities: 0, relations: 0 }
    }
}

impl<W: Write> Sink for DoccanoSink<W> {
    fn article(&mut self, source: &Article, article: &LabelledArticle) -> io::Result<()> {
        let Marks { marks, links } = Marks::of(source, article);
        let first = self.entities;
        self.entities += marks.len();
        let entity = |(at, mark): (usize, &super::annotation::Mark)| json!({"id": first + at, "label": mark.label, "start_offset": mark.start, "end_offset": mark.end});
        let entities: Vec<Value> = marks.iter().enumerate().map(entity).collect();
        let base = self.relations;
        self.relations += links.len();
        let relation = |(at, (from, to)): (usize, &(usize, usize))| json!({"id": base + at, "from_id": first + from, "to_id": first + to, "type": "attribution"});
        let relations: Vec<Value> = links.iter().enumerate().map(relation).collect();
        let document = json!({
            "text": source.text, "article": article.id, "title": article.title, "outlet": article.source,
            "entities": entities, "relations": relations,
        });
        self.out.write_all(format!("{document}\n").as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
