//! What an evaluation found.

use super::align::{How, align};
use super::bootstrap::Interval;
use super::document::Document;
use super::metrics::ClassScores;
use super::spans::{self, SpanReport};
use super::{LISTED, Options, labels, table};
use serde::Serialize;
use std::path::Path;

/// The result of [`super::evaluate`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The gold file.
    pub gold: String,
    /// The prediction file.
    pub predictions: String,
    /// Field that gave the gold label.
    pub label_field: String,
    /// Filters on the gold rows.
    pub only: Vec<(String, String)>,
    /// Bootstrap draws.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Articles with at least one counted sentence.
    pub articles: usize,
    /// Counted sentences: labelled in gold, kept by the filters, and aligned.
    pub sentences: usize,
    /// Gold rows left out because their label is null.
    pub unlabelled: usize,
    /// Gold rows left out by the filters.
    pub filtered: usize,
    /// How the counted sentences were found.
    pub aligned_by: AlignedBy,
    /// Labelled gold sentences without a predicted one.
    pub unaligned: Unaligned,
    /// Gold articles without any prediction.
    pub missing: MissingArticles,
    /// Figures about labels; `None` when no sentence was counted.
    pub labels: Option<LabelReport>,
    /// Figures about attributions; `None` when gold has none.
    pub spans: Option<SpanReport>,
}

/// Counted sentences by the way they were found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AlignedBy {
    /// Same offsets.
    pub offsets: usize,
    /// Same text.
    pub text: usize,
    /// Greatest overlap in bytes.
    pub overlap: usize,
}

/// Gold sentences that no predicted sentence matches; they enter no figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Unaligned {
    /// How many.
    pub count: usize,
    /// The first five.
    pub first: Vec<UnalignedRow>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnalignedRow {
    /// Line of the gold file, from 1.
    pub line: usize,
    /// The article's id.
    pub article: String,
    /// The sentence.
    pub text: String,
}

/// Gold articles that the predictions lack. Their sentences are among the unaligned;
/// their attributions are not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MissingArticles {
    /// How many.
    pub count: usize,
    /// The first five ids.
    pub first: Vec<String>,
}

/// A figure and its 95 % interval; the interval is `None` without draws or with fewer
/// than two articles.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// From all articles.
    pub value: f64,
    /// Percentile interval over resampled articles.
    pub interval: Option<Interval>,
}

/// Figures about labels; see [`super::metrics`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelReport {
    /// The classes, sorted: every label of gold or predictions.
    pub labels: Vec<String>,
    /// Share of sentences labelled right.
    pub accuracy: Estimate,
    /// Mean F1 over all classes, in each draw over the classes of the full data.
    pub macro_f1: Estimate,
    /// Mean F1 weighted with support.
    pub weighted_f1: f64,
    /// Cohen's kappa; `None` where it is undefined.
    pub kappa: Option<f64>,
    /// Scores in the order of `labels`.
    pub classes: Vec<ClassScores>,
    /// Unweighted means.
    pub macro_average: ClassScores,
    /// Means weighted with support.
    pub weighted_average: ClassScores,
    /// Counts: a row for each gold label, a column for each predicted one.
    pub confusion: Vec<Vec<u64>>,
}

impl Report {
    /// The report for people: plain text, ending in a newline.
    pub fn to_text(&self) -> String {
        table::text(self)
    }
}

/// Counts and scores the paired articles of `pairs`; `all` are the gold articles with
/// those that the filters left out.
pub(super) fn build(
    gold: &Path,
    pred: &Path,
    options: &Options,
    all: &[Document],
    pairs: &[(&Document, Option<&Document>)],
) -> Report {
    let mut aligned_by = AlignedBy::default();
    let mut unaligned = Unaligned::default();
    let mut articles = Vec::new();
    let mut places = Vec::new();
    for (gold, pred) in pairs {
        let rows = pred.map_or(&[][..], |pred| &pred.rows);
        let found = align(&gold.rows, rows);
        let mut counted = Vec::new();
        for (row, found) in gold.rows.iter().zip(found).filter(|(row, _)| row.kept) {
            let Some(label) = row.label.as_deref() else { continue };
            let pair = found.and_then(|(at, how)| Some((rows[at].label.as_deref()?, how)));
            let Some((predicted, how)) = pair else {
                unaligned.count += 1;
                if unaligned.first.len() < LISTED {
                    let (line, article, text) = (row.line, row.article.clone(), row.text.clone());
                    unaligned.first.push(UnalignedRow { line, article, text });
                }
                continue;
            };
            match how {
                How::Offsets => aligned_by.offsets += 1,
                How::Text => aligned_by.text += 1,
                How::Overlap => aligned_by.overlap += 1,
            }
            counted.push((label, predicted));
        }
        articles.push(counted);
        if let (Some(pred), Some(wanted)) = (pred, gold.places()) {
            places.push((wanted, pred.places().unwrap_or_default()));
        }
    }
    let lacking: Vec<&str> = pairs.iter().filter(|(_, pred)| pred.is_none()).map(|(doc, _)| doc.id.as_str()).collect();
    let rows = || all.iter().flat_map(|doc| &doc.rows);
    Report {
        gold: gold.display().to_string(),
        predictions: pred.display().to_string(),
        label_field: options.label_field.clone(),
        only: options.only.clone(),
        draws: options.draws,
        seed: options.seed,
        articles: articles.iter().filter(|counted| !counted.is_empty()).count(),
        sentences: articles.iter().map(Vec::len).sum(),
        unlabelled: rows().filter(|row| row.kept && row.label.is_none()).count(),
        filtered: rows().filter(|row| !row.kept).count(),
        aligned_by,
        unaligned,
        missing: MissingArticles {
            count: lacking.len(),
            first: lacking.iter().take(LISTED).map(|id| (*id).to_owned()).collect(),
        },
        labels: labels::score(&articles, options),
        spans: spans::score(&places, options),
    }
}
