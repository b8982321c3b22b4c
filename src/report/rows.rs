//! Labelled sentences, read back as articles.

use crate::error::ReadError;
use crate::label::{LabelledArticle, LabelledSentence};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// The articles of a file of rows as `veracity label` writes them, plain or gzipped; `-` is
/// standard input. Rows of one article follow each other. A row that cannot be read is an
/// error, and the others are read all the same.
pub fn labelled_articles(path: &Path) -> Result<LabelledArticles, ReadError> {
    if path.as_os_str() == "-" {
        return Ok(LabelledArticles::new(Box::new(BufReader::new(io::stdin())), "<stdin>".into()));
    }
    let place = path.display().to_string();
    let io = |error| ReadError::Io { place: place.clone(), error };
    let mut plain = BufReader::with_capacity(1 << 16, File::open(path).map_err(io)?);
    let zipped = plain.fill_buf().map_err(io)?.starts_with(&[0x1f, 0x8b]);
    let bytes: Box<dyn BufRead> =
        if zipped { Box::new(BufReader::new(MultiGzDecoder::new(plain))) } else { Box::new(plain) };
    Ok(LabelledArticles::new(bytes, place))
}

/// See [`labelled_articles`].
pub struct LabelledArticles {
    bytes: Box<dyn BufRead>,
    place: String,
    line: usize,
    open: LabelledArticle,
    done: bool,
}

impl LabelledArticles {
    /// Reads `bytes`, which errors call `place`.
    pub fn new(bytes: Box<dyn BufRead>, place: String) -> Self {
        Self { bytes, place, line: 0, open: LabelledArticle::default(), done: false }
    }

    /// The article that is open, if it has any row.
    fn close(&mut self) -> Option<LabelledArticle> {
        let article = std::mem::take(&mut self.open);
        (!article.sentences.is_empty()).then_some(article)
    }

    /// Puts a row to the open article; gives that back when the row belongs to another.
    fn put(&mut self, row: LabelledSentence) -> Option<LabelledArticle> {
        let closed = if self.open.id == row.article { None } else { self.close() };
        if self.open.sentences.is_empty() {
            self.open.id.clone_from(&row.article);
            self.open.source.clone_from(&row.outlet);
            self.open.date.clone_from(&row.date);
        }
        self.open.sentences.push(row);
        closed
    }

    fn row(&self, reason: String) -> ReadError {
        ReadError::Row {
            place: self.place.clone(),
            line: self.line,
            reason,
            hint: "give the rows that `veracity label FILE -o LABELLED.jsonl` writes, one JSON object a line".into(),
        }
    }
}

impl Iterator for LabelledArticles {
    type Item = Result<LabelledArticle, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        while !self.done {
            line.clear();
            self.line += 1;
            match self.bytes.read_until(b'\n', &mut line) {
                Ok(0) => self.done = true,
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => match serde_json::from_slice(&line) {
                    Ok(row) => {
                        if let Some(article) = self.put(row) {
                            return Some(Ok(article));
                        }
                    }
                    Err(error) => return Some(Err(self.row(format!("not a labelled sentence: {}", reason(&error))))),
                },
                Err(error) => {
                    self.done = true;
                    return Some(Err(ReadError::Io { place: self.place.clone(), error }));
                }
            }
        }
        self.close().map(Ok)
    }
}

/// serde's words without the line, which is always 1.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line ").map_or(text.clone(), |(reason, _)| reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_articles_and_bad_ones_are_named() {
        let row = |article: &str, sentence: usize| {
            format!(
                r#"{{"article":"{article}","outlet":"Post","sentence":{sentence},"start":0,"end":1,"text":"x","label":"fact","confidence":0.9,"probabilities":{{}}}}"#
            )
        };
        let text = [row("a", 0), row("a", 1), r#"{"article":"a"}"#.into(), String::new(), row("b", 0)].join("\n");
        let all: Vec<_> = LabelledArticles::new(Box::new(io::Cursor::new(text)), "f".into()).collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].as_ref().unwrap_err().to_string(), "f:3: not a labelled sentence: missing field `sentence`");
        let first = all[1].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.source.as_deref(), first.sentences.len()), ("a", Some("Post"), 2));
        assert_eq!(all[2].as_ref().unwrap().sentences.len(), 1);
    }
}
