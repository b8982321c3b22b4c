//! What a labelling run did.

use crate::corpus::Counts;
use serde_json::{Value, json};
use std::fmt::{self, Display};

/// Counts of a run.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Labels in the model's order.
    pub(super) labels: Vec<String>,
    /// What is in the output.
    pub(super) counts: Counts,
    /// Parts and articles that an earlier run had done.
    pub(super) resumed: (usize, u64),
    /// Articles that were left out because they are not English.
    pub(super) foreign: u64,
    /// Records of web crawls that hold no article.
    pub(super) pages: u64,
    /// Time.
    pub(super) seconds: f64,
    /// Seconds that each stage has worked, beside the others.
    pub(super) stages: Vec<(&'static str, f64)>,
}

impl Summary {
    /// Sentences by label, in the model's order; a label that is not the model's behind them.
    fn labels(&self) -> Vec<(&str, u64)> {
        let counts = &self.counts.labels;
        let own = self.labels.iter().map(|label| (label.as_str(), counts.get(label).copied().unwrap_or(0)));
        let others = counts.iter().filter(|(label, _)| !self.labels.contains(label));
        own.chain(others.map(|(label, count)| (label.as_str(), *count))).collect()
    }

    /// The same, for programs.
    pub(super) fn json(&self) -> Value {
        let labels: serde_json::Map<String, Value> =
            self.labels().into_iter().map(|(label, count)| (label.to_owned(), count.into())).collect();
        let stages: serde_json::Map<String, Value> =
            self.stages.iter().map(|(name, seconds)| ((*name).to_owned(), json!(milli(*seconds)))).collect();
        let counts = &self.counts;
        json!({
            "articles": counts.articles, "sentences": counts.sentences, "labels": labels,
            "rows_rejected": counts.bad_rows, "files_rejected": counts.bad_files, "articles_failed": counts.failed,
            "resumed_parts": self.resumed.0, "resumed_articles": self.resumed.1,
            "seconds": milli(self.seconds), "stages": stages,
        })
    }
}

fn milli(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let counts = &self.counts;
        write!(f, "{}, {}", count(counts.articles, "article"), count(counts.sentences, "sentence"))?;
        for (index, (label, number)) in self.labels().into_iter().enumerate() {
            let gap = if index == 0 { ": " } else { ", " };
            write!(f, "{gap}{number} {label}")?;
        }
        write!(f, "; {} rejected", count(counts.bad_rows, "row"))?;
        if counts.bad_files > 0 {
            write!(f, ", {} rejected", count(counts.bad_files, "file"))?;
        }
        if counts.failed > 0 {
            write!(f, ", {} failed", count(counts.failed, "article"))?;
        }
        if self.foreign > 0 {
            write!(f, ", {} skipped (not English)", count(self.foreign, "article"))?;
        }
        if self.pages > 0 {
            write!(f, ", {} skipped (no article)", count(self.pages, "record"))?;
        }
        if self.resumed.0 > 0 {
            write!(f, "; {} had been labelled before", count(self.resumed.1, "article"))?;
        }
        write!(f, "; {:.1} s", self.seconds)?;
        for (index, (name, seconds)) in self.stages.iter().enumerate() {
            write!(f, "{}{name} {seconds:.1}", if index == 0 { " (" } else { ", " })?;
        }
        if self.stages.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}

/// A number with its noun.
pub(super) fn count(number: u64, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_says_it_all() {
        let mut summary = Summary { labels: vec!["fact".into(), "allegation".into()], ..Summary::default() };
        assert_eq!(summary.to_string(), "0 articles, 0 sentences: 0 fact, 0 allegation; 0 rows rejected; 0.0 s");
        summary.counts = Counts { articles: 1, bad_files: 1, failed: 2, ..Counts::default() };
        summary.counts.labels.insert("uncertain".into(), 3);
        summary.resumed = (2, 9);
        (summary.foreign, summary.pages) = (1, 3);
        summary.stages = vec![("read", 0.25), ("write", 1.0)];
        assert_eq!(
            summary.to_string(),
            "1 article, 0 sentences: 0 fact, 0 allegation, 3 uncertain; 0 rows rejected, 1 file rejected, \
             2 articles failed, 1 article skipped (not English), 3 records skipped (no article); \
             9 articles had been labelled before; 0.0 s (read 0.2, write 1.0)"
        );
        assert_eq!(summary.json()["stages"]["write"], 1.0);
    }
}
