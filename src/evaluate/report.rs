//! What an evaluation found.

use super::annotators::Agreement;
use super::compare::Comparison;
use super::document::Document;
use super::labels::{LabelReport, Scored};
use super::names::{self, NameReport};
use super::pair::{self, AlignedBy, Pair, Paired};
use super::read::Rows;
use super::sample::Sample;
use super::slices::Slice;
use super::spans::SpanReport;
use super::suspects::{Suspect, Uncertain};
use super::{LISTED, Options, html, labels, slices, spans, suspects, table};
use serde::Serialize;

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
    /// How many suspects were asked for.
    pub suspects: usize,
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
    /// Whether the sources have the right names; `None` when gold names none.
    pub source_names: Option<NameReport>,
    /// Accuracy by [`Options::by`].
    pub slices: Vec<Slice>,
    /// Gold labels that are likely wrong, likeliest first; see [`Options::suspects`].
    pub suspects: Vec<Suspect>,
    /// Sentences to label next, least sure first.
    pub uncertain: Vec<Uncertain>,
    /// Sentences labelled wrong.
    pub wrong: usize,
    /// The surest of them, at most [`Options::errors`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ErrorRow>,
}

/// A wrongly labelled sentence between its neighbours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ErrorRow {
    /// Line of the gold file, from 1.
    pub line: usize,
    /// The article's id.
    pub article: String,
    /// The sentence before it, as the predictions split the article; else empty.
    pub before: String,
    /// The predicted sentence.
    pub text: String,
    /// The sentence after it; else empty.
    pub after: String,
    /// Gold label.
    pub gold: String,
    /// Predicted label.
    pub predicted: String,
    /// Probability of the predicted label.
    pub confidence: Option<f64>,
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
    fn of(documents: &[&Document]) -> Self {
        let first = documents.iter().take(LISTED).map(|doc| doc.id.to_string());
        Self { count: documents.len(), first: first.collect() }
    }
}

impl Report {
    /// The report for people: plain text, ending in a newline.
    pub fn to_text(&self) -> String {
        table::text(self)
    }

    /// The report as one HTML file that needs no network.
    pub fn to_html(&self) -> String {
        html::page(self)
    }
}

/// Scores one prediction file.
pub(super) fn system(name: &str, rows: &Rows, documents: &[Document], paired: &Paired, options: &Options) -> System {
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
    let said: Vec<_> = paired
        .documents
        .iter()
        .filter(|(gold, _)| gold.rows.iter().any(|row| row.places.is_some()))
        .map(|(gold, pred)| (gold.said(), pred.said()))
        .collect();
    System {
        predictions: name.to_owned(),
        articles: sample.articles,
        sentences: sample.len(),
        abstained: paired.abstained,
        aligned_by: paired.aligned_by,
        unaligned: unaligned.collect(),
        missing: Articles::of(&paired.missing),
        extra: Articles::of(&paired.extra),
        labels: labels::report(&sample, &scored),
        spans: spans::score(&places, options.resample()),
        source_names: names::score(&said, options.resample()),
        slices: slices::slices(&paired.pairs, &sample, options),
        suspects: suspects::suspects(&paired.pairs, &sample, options.suspects),
        wrong: (0..sample.len()).filter(|&at| !sample.right(at)).count(),
        errors: errors(&paired.pairs, &sample, options.errors),
        uncertain: suspects::uncertain(&paired.pairs, documents, &rows.classes, options.suspects),
    }
}

/// The `count` errors of which the predictions are surest.
fn errors(pairs: &[Pair], sample: &Sample, count: usize) -> Vec<ErrorRow> {
    if count == 0 {
        return Vec::new();
    }
    let sure = |at: usize| sample.confidence.as_ref().map_or(0.0, |all| all[at]);
    let mut wrong: Vec<usize> = (0..sample.len()).filter(|&at| !sample.right(at)).collect();
    wrong.sort_by(|a, b| sure(*b).total_cmp(&sure(*a)).then(a.cmp(b)));
    let row = |&at: &usize| {
        let Pair { gold, pred, place: (document, number), .. } = pairs[at];
        let near = |at: Option<usize>| at.and_then(|at| document.rows.get(at)).map(|row| row.text.to_string());
        let text = if pred.text.is_empty() { &gold.text } else { &pred.text };
        ErrorRow {
            line: gold.line as usize,
            article: gold.article.to_string(),
            before: near(number.checked_sub(1)).unwrap_or_default(),
            text: text.to_string(),
            after: near(Some(number + 1)).unwrap_or_default(),
            gold: sample.classes[usize::from(sample.gold[at])].clone(),
            predicted: sample.classes[usize::from(sample.pred[at])].clone(),
            confidence: sample.confidence.as_ref().map(|all| all[at]),
        }
    };
    wrong.iter().take(count).map(row).collect()
}
