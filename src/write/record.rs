//! The row of an article, for `--per article`.

use crate::label::{Attribution, LabelledArticle, LabelledSentence, Probabilities, probability_map};
use serde::{Deserialize, Serialize};

/// An article with the list of its sentences, as one JSON object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArticleRow {
    /// The article's id.
    pub article: String,
    /// The headline, given or found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Who published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outlet: Option<String>,
    /// When, as it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Its sentences, in order.
    pub sentences: Vec<SentenceRow>,
}

/// A sentence within an [`ArticleRow`]; see [`LabelledSentence`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct SentenceRow {
    pub sentence: usize,
    pub start: usize,
    pub end: usize,
    pub text: String,
    pub label: String,
    pub confidence: f32,
    #[serde(with = "probability_map")]
    pub probabilities: Probabilities,
    pub attributions: Vec<Attribution>,
}

impl From<&LabelledArticle> for ArticleRow {
    fn from(article: &LabelledArticle) -> Self {
        Self {
            article: article.id.clone(),
            title: article.title.clone(),
            outlet: article.source.clone(),
            date: article.date.clone(),
            sentences: article.sentences.iter().map(SentenceRow::from).collect(),
        }
    }
}

impl From<&LabelledSentence> for SentenceRow {
    fn from(row: &LabelledSentence) -> Self {
        Self {
            sentence: row.sentence,
            start: row.start,
            end: row.end,
            text: row.text.clone(),
            label: row.label.clone(),
            confidence: row.confidence,
            probabilities: row.probabilities.clone(),
            attributions: row.attributions.clone(),
        }
    }
}

impl From<ArticleRow> for LabelledArticle {
    fn from(row: ArticleRow) -> Self {
        let ArticleRow { article, title, outlet, date, sentences } = row;
        let one = |row: SentenceRow| LabelledSentence {
            article: article.clone(),
            outlet: outlet.clone(),
            date: date.clone(),
            sentence: row.sentence,
            start: row.start,
            end: row.end,
            text: row.text,
            label: row.label,
            confidence: row.confidence,
            probabilities: row.probabilities,
            attributions: row.attributions,
        };
        let sentences = sentences.into_iter().map(one).collect();
        Self { id: article, title, source: outlet, date, sentences }
    }
}
