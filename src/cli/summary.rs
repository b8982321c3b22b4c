//! What a labelling run did.

use crate::error::ReadError;
use crate::label::LabelledArticle;
use std::fmt::{self, Display};

/// Counts of a run.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Articles written.
    pub(super) articles: usize,
    /// Sentences written.
    pub(super) sentences: usize,
    /// Sentences by label, in the model's order.
    pub(super) labels: Vec<(String, usize)>,
    /// Rows that could not be read.
    pub(super) rows: usize,
    /// Files that could not be read.
    pub(super) files: usize,
    /// Articles that were left out because they are not English.
    pub(super) foreign: usize,
    /// Records of web crawls that hold no article.
    pub(super) pages: usize,
    /// Articles that could not be labelled.
    pub(super) failed: usize,
    /// Time.
    pub(super) seconds: f64,
}

impl Summary {
    /// Nothing yet, of these labels.
    pub(super) fn new(labels: &[String]) -> Self {
        Self { labels: labels.iter().map(|label| (label.clone(), 0)).collect(), ..Self::default() }
    }

    /// Counts an article.
    pub(super) fn add(&mut self, article: &LabelledArticle) {
        self.articles += 1;
        self.sentences += article.sentences.len();
        for row in &article.sentences {
            match self.labels.iter_mut().find(|(label, _)| *label == row.label) {
                Some((_, count)) => *count += 1,
                None => self.labels.push((row.label.clone(), 1)),
            }
        }
    }

    /// Counts an input that could not be read.
    pub(super) fn reject(&mut self, error: &ReadError) {
        match error {
            ReadError::Row { .. } => self.rows += 1,
            ReadError::Io { .. } | ReadError::File { .. } => self.files += 1,
        }
    }

    /// Everything that went wrong.
    pub(super) const fn errors(&self) -> usize {
        self.rows + self.files + self.failed
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}, {}", count(self.articles, "article"), count(self.sentences, "sentence"))?;
        for (index, (label, number)) in self.labels.iter().enumerate() {
            let gap = if index == 0 { ": " } else { ", " };
            write!(f, "{gap}{number} {label}")?;
        }
        write!(f, "; {} rejected", count(self.rows, "row"))?;
        if self.files > 0 {
            write!(f, ", {} rejected", count(self.files, "file"))?;
        }
        if self.failed > 0 {
            write!(f, ", {} failed", count(self.failed, "article"))?;
        }
        if self.foreign > 0 {
            write!(f, ", {} skipped (not English)", count(self.foreign, "article"))?;
        }
        if self.pages > 0 {
            write!(f, ", {} skipped (no article)", count(self.pages, "record"))?;
        }
        write!(f, "; {:.1} s", self.seconds)
    }
}

/// A number with its noun.
pub(super) fn count(number: usize, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_it_all() {
        let mut summary = Summary::new(&["fact".into(), "allegation".into()]);
        assert_eq!(summary.to_string(), "0 articles, 0 sentences: 0 fact, 0 allegation; 0 rows rejected; 0.0 s");
        summary.articles = 1;
        summary.files = 1;
        summary.failed = 2;
        summary.foreign = 1;
        summary.pages = 3;
        assert_eq!(
            summary.to_string(),
            "1 article, 0 sentences: 0 fact, 0 allegation; 0 rows rejected, \
             1 file rejected, 2 articles failed, 1 article skipped (not English), \
             3 records skipped (no article); 0.0 s"
        );
        assert_eq!(summary.errors(), 3);
    }
}
