//! Labelled sentences, put together to articles.

use crate::error::ReadError;
use crate::label::{LabelledArticle, LabelledSentence};
use crate::read::{LabelledRows, labelled_rows};
use std::path::Path;

/// The articles of a file of rows as `veracity label` writes them, plain or compressed; `-` is
/// standard input. Rows of one article follow each other. A row that cannot be read is an
/// error, and the others are read all the same.
pub fn labelled_articles(path: &Path) -> Result<LabelledArticles, ReadError> {
    Ok(LabelledArticles { rows: labelled_rows(path)?, open: LabelledArticle::default() })
}

/// See [`labelled_articles`].
pub struct LabelledArticles {
    rows: LabelledRows,
    open: LabelledArticle,
}

impl LabelledArticles {
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
}

impl Iterator for LabelledArticles {
    type Item = Result<LabelledArticle, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(row) = self.rows.next() {
            match row.map(|row| self.put(row)) {
                Ok(None) => {}
                Ok(Some(article)) => return Some(Ok(article)),
                Err(error) => return Some(Err(error)),
            }
        }
        self.close().map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn rows_become_articles_and_bad_ones_are_named() {
        let row = |article: &str, sentence: usize| {
            format!(
                r#"{{"article":"{article}","outlet":"Post","sentence":{sentence},"start":0,"end":1,"text":"x","label":"fact","confidence":0.9,"probabilities":{{}}}}"#
            )
        };
        let text = [row("a", 0), row("a", 1), r#"{"article":"a"}"#.into(), String::new(), row("b", 0)].join("\n");
        let rows = LabelledRows::new(Box::new(Cursor::new(text)), "f".into()).unwrap();
        let all: Vec<_> = LabelledArticles { rows, open: LabelledArticle::default() }.collect();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0].as_ref().unwrap_err().to_string(), "f:3: not a labelled sentence: missing field `sentence`");
        let first = all[1].as_ref().unwrap();
        assert_eq!((first.id.as_str(), first.source.as_deref(), first.sentences.len()), ("a", Some("Post"), 2));
        assert_eq!(all[2].as_ref().unwrap().sentences.len(), 1);
    }
}
