//! CSV: a header, then one row a sentence or article. Quoted as RFC 4180 has it, rows end
//! with `\n`.

use super::{ArticleRow, Per, Sink};
use crate::article::Article;
use crate::label::{LabelledArticle, LabelledSentence, TextSpan};
use std::io::{self, Write};

/// Writes rows. Those of an article go out in one write.
pub struct CsvSink<W> {
    out: W,
    per: Per,
    labels: Vec<String>,
    started: bool,
}

impl<W: Write> CsvSink<W> {
    /// Writes to `out` what a model with these labels says.
    pub const fn new(labels: Vec<String>, per: Per, out: W) -> Self {
        Self { out, per, labels, started: false }
    }

    /// The first row.
    pub fn header(labels: &[String], per: Per) -> Vec<String> {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        match per {
            Per::Article => names(&["article", "title", "outlet", "date", "sentences"]),
            Per::Sentence => {
                let mut all =
                    names(&["article", "outlet", "date", "sentence", "start", "end", "text", "label", "confidence"]);
                all.extend(labels.iter().map(|label| format!("p_{label}")));
                all.extend(names(&["source", "cue", "content", "attributions"]));
                all
            }
        }
    }

    fn rows(&mut self, rows: Vec<Vec<String>>) -> io::Result<()> {
        let mut table = csv::WriterBuilder::new().from_writer(Vec::new());
        if !self.started {
            table.write_record(Self::header(&self.labels, self.per))?;
            self.started = true;
        }
        for row in rows {
            table.write_record(row)?;
        }
        let bytes = table.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        self.out.write_all(&bytes)
    }

    fn sentence(&self, row: &LabelledSentence) -> io::Result<Vec<String>> {
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let mut all = vec![row.article.clone(), or_empty(&row.outlet), or_empty(&row.date)];
        all.extend([row.sentence, row.start, row.end].map(|number| number.to_string()));
        all.extend([row.text.clone(), row.label.clone(), row.confidence.to_string()]);
        for label in &self.labels {
            let found = row.probabilities.iter().find(|(name, _)| name == label);
            all.push(found.map(|(_, p)| p.to_string()).unwrap_or_default());
        }
        let first = row.attributions.first();
        let part = |span: Option<&TextSpan>| span.map(|span| span.text.clone()).unwrap_or_default();
        all.push(part(first.and_then(|a| a.source.as_ref())));
        all.push(part(first.and_then(|a| a.cue.as_ref())));
        all.push(part(first.and_then(|a| a.content.as_ref())));
        all.push(serde_json::to_string(&row.attributions)?);
        Ok(all)
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn article(&mut self, _source: &Article, article: &LabelledArticle) -> io::Result<()> {
        let rows = match self.per {
            Per::Sentence => article.sentences.iter().map(|row| self.sentence(row)).collect::<io::Result<_>>()?,
            Per::Article => {
                let ArticleRow { article, title, outlet, date, sentences } = ArticleRow::from(article);
                let sentences = serde_json::to_string(&sentences)?;
                let text = Option::unwrap_or_default;
                vec![vec![article, text(title), text(outlet), text(date), sentences]]
            }
        };
        self.rows(rows)
    }

    fn finish(&mut self) -> io::Result<()> {
        if !self.started {
            self.rows(Vec::new())?;
        }
        self.out.flush()
    }
}
