//! What an evaluation found.

use super::annotators::Agreement;
use super::compare::Comparison;
use super::labels::{LabelReport, Scored};
use super::pair::{self, AlignedBy, Paired};
use super::read::Rows;
use super::spans::SpanReport;
use super::{LISTED, Options, labels, spans, table};
use serde::Serialize;
use std::path::Path;

/// The result of [`super::evaluate`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The gold file.
    pub gold: String,
    /// Field that gave the gold label.
    pub label_field: String,
    /// Filters on the gold rows.
    pub only: Vec<(String, String)>,
    /// Bootstrap draws.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
    /// Gold rows left out because their label is null.
    pub unlabelled: usize,
    /// Gold rows left out by the filters.
    pub filtered: usize,
    /// How far the annotators of gold agree; `None` with fewer than two.
    pub agreement: Option<Agreement>,
    /// One for each prediction file, in the order given.
    pub systems: Vec<System>,
    /// Each system against each that was given before it.
    pub comparisons: Vec<Comparison>,
}

/// One prediction file against gold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct System {
    /// The prediction file.
    pub predictions: String,
    /// Articles with at least one counted sentence.
    pub articles: usize,
    /// Counted sentences: labelled in gold, kept by the filters, aligned, and answered.
    pub sentences: usize,
    /// Aligned sentences whose prediction is `uncertain`; they enter no figure.
    pub abstained: usize,
    /// How the aligned sentences were found.
    pub aligned_by: AlignedBy,
    /// Labelled gold sentences without a predicted one; they enter no figure.
    pub unaligned: Vec<UnalignedRow>,
    /// Gold articles that the predictions lack. Their sentences are among the unaligned;
    /// their attributions are not compared.
    pub missing: Articles,
    /// Predicted articles that gold lacks; they enter no figure.
    pub extra: Articles,
    /// Figures about labels; `None` when no sentence was counted.
    pub labels: Option<LabelReport>,
    /// Figures about attributions; `None` when gold has none.
    pub spans: Option<SpanReport>,
}

/// A gold sentence that no predicted one matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnalignedRow {
    /// Line of the gold file, from 1.
    pub line: usize,
    /// The article's id.
    pub article: String,
    /// The sentence.
    pub text: String,
}

/// Articles that one side lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Articles {
    /// How many.
    pub count: usize,
    /// The first five ids.
    pub first: Vec<String>,
}

impl Articles {
    fn of(documents: &[&super::document::Document]) -> Self {
        let first = documents.iter().take(LISTED).map(|doc| doc.id.to_string());
        Self { count: documents.len(), first: first.collect() }
    }
}

impl Report {
    /// The report for people: plain text, ending in a newline.
    pub fn to_text(&self) -> String {
        table::text(self)
    }
}

/// Scores one prediction file.
pub(super) fn system(pred: &Path, rows: &Rows, paired: &Paired, options: &Options) -> System {
    let sample = pair::sample(&paired.pairs, rows);
    let scored = Scored::new(&sample, options.resample());
    let unaligned = paired.unaligned.iter().map(|row| UnalignedRow {
        line: row.line as usize,
        article: row.article.to_string(),
        text: row.text.to_string(),
    });
    let places: Vec<_> = paired
        .documents
        .iter()
        .filter_map(|(gold, pred)| Some((gold.places()?, pred.places().unwrap_or_default())))
        .collect();
    System {
        predictions: pred.display().to_string(),
        articles: sample.articles,
        sentences: sample.len(),
        abstained: paired.abstained,
        aligned_by: paired.aligned_by,
        unaligned: unaligned.collect(),
        missing: Articles::of(&paired.missing),
        extra: Articles::of(&paired.extra),
        labels: labels::report(&sample, &scored),
        spans: spans::score(&places, options.resample()),
    }
}
