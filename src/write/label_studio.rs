//! Label Studio: a JSON list of tasks with predictions, one an article.
//!
//! The project's labelling configuration needs a `Text` called `text` with
//! `value="$text"`, `Labels` called `label`, and `Relations`; docs/evaluation.md has one.

use super::Sink;
use super::annotation::Marks;
use crate::article::Article;
use crate::label::LabelledArticle;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Writes tasks.
pub struct LabelStudioSink<W> {
    out: W,
    any: bool,
}

impl<W: Write> LabelStudioSink<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, any: false }
    }
}

impl<W: Write> Sink for LabelStudioSink<W> {
    fn article(&mut self, source: &Article, article: &LabelledArticle) -> io::Result<()> {
        let start = if self.any { ",\n" } else { "[\n" };
        self.any = true;
        self.out.write_all(format!("{start}{}", task(source, article)).as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.any { b"\n]\n" } else { b"[]\n" })?;
        self.out.flush()
    }
}

fn task(source: &Article, article: &LabelledArticle) -> Value {
    let Marks { marks, links } = Marks::of(source, article);
    let mut results: Vec<Value> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        let value = json!({"start": mark.start, "end": mark.end, "text": mark.text, "labels": [mark.label]});
        let mut result =
            json!({"id": format!("m{at}"), "from_name": "label", "to_name": "text", "type": "labels", "value": value});
        if let Some(score) = mark.score {
            result["score"] = json!(score);
        }
        results.push(result);
    }
    for (from, to) in links {
        let (from, to) = (format!("m{from}"), format!("m{to}"));
        results.push(json!({"type": "relation", "from_id": from, "to_id": to, "direction": "right", "labels": []}));
    }
    let sure = marks
        .iter()
        .filter_map(|mark| mark.score)
        .fold(None, |least: Option<f32>, score| Some(least.map_or(score, |least| least.min(score))));
    json!({
        "data": {"text": source.text, "article": article.id, "title": article.title, "outlet": article.source},
        // The least sure sentence: tasks can be sorted by it.
        "predictions": [{"model_version": "veracity", "score": sure, "result": results}],
    })
}
