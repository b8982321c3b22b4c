//! Evaluation: predictions against gold labels and gold attribution spans.
//!
//! [`evaluate`] pairs the gold sentences with predicted ones (`align`), and computes every
//! figure from the pairs (`figures`): values from all of them, 95 % intervals from
//! resampled articles ([`bootstrap`]). docs/evaluation.md states formulas and sources.

mod align;
mod annotators;
mod articles;
pub mod bootstrap;
mod compare;
mod document;
mod error;
pub mod figures;
mod fuzzy;
mod html;
mod known;
mod labels;
pub mod metrics;
pub mod names;
mod pair;
mod read;
mod report;
mod said;
mod sample;
mod slices;
pub mod spans;
mod suspects;
mod table;

pub use annotators::{Agreement, Annotator, PairAgreement};
pub use articles::gold_articles;
pub use compare::{Comparison, Difference, Verdict};
pub use error::EvaluateError;
pub use labels::{ClassReport, ConfidenceReport, Covered, Estimate, LabelReport, ProbabilityReport};
pub use names::NameReport;
pub use pair::AlignedBy;
pub use read::GoldFormat;
pub use report::{Articles, ErrorRow, Report, System, UnalignedRow};
pub use sample::Sample;
pub use slices::Slice;
pub use spans::SpanReport;
pub use suspects::{Suspect, Uncertain};

use crate::label::LabelledArticle;
use bootstrap::Resample;
use document::group;
use figures::Measure;
use std::path::Path;

/// What to count, and how to resample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Field of a gold row that holds the label.
    pub label_field: String,
    /// Format of the gold file; `None` tells it by name and content.
    pub gold_format: Option<GoldFormat>,
    /// Gold labels to rename: (name in the file, name that the predictions use).
    pub map: Vec<(String, String)>,
    /// Count only gold rows whose field equals the value, both as the text of a JSON
    /// scalar: `("adj_firm", "true")`. All pairs must hold.
    pub only: Vec<(String, String)>,
    /// Slice accuracy by these: fields of gold or predicted rows, or `length`, `position`,
    /// `attributed`.
    pub by: Vec<String>,
    /// List so many likely errors of gold, and as many sentences to label next.
    pub suspects: usize,
    /// Keep so many wrongly labelled sentences, for the HTML report.
    pub errors: usize,
    /// Bootstrap draws; 0 gives no intervals.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            label_field: "label".into(),
            gold_format: None,
            map: Vec::new(),
            only: Vec::new(),
            by: Vec::new(),
            suspects: 0,
            errors: 0,
            draws: 2000,
            seed: 0,
        }
    }
}

impl Options {
    const fn resample(&self) -> Resample {
        Resample { draws: self.draws, seed: self.seed }
    }
}

/// How many of a long list an error or a report names.
const LISTED: usize = 5;

/// What is to be scored.
#[derive(Clone, Copy, Debug)]
pub enum Predictions<'a> {
    /// A file of rows as veracity writes them, or CSV with the same columns.
    File(&'a Path),
    /// Articles that a model has just labelled.
    Labelled(&'a str, &'a [LabelledArticle]),
}

impl Predictions<'_> {
    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Labelled(name, _) => (*name).to_owned(),
        }
    }

    fn rows(&self, options: &Options) -> Result<read::Rows, EvaluateError> {
        match self {
            Self::File(path) => read::predictions(path, options),
            Self::Labelled(name, articles) => read::labelled(Path::new(name), articles, options),
        }
    }
}

/// Compares the labels (and attribution spans, where gold has them) of each of
/// `predictions` with `gold`, and with each other where there are several.
///
/// A row's article is its field `article`, else `doc_id`, else `id`. A gold row counts
/// when its label is not null and it passes [`Options::only`]. A gold row that no
/// predicted sentence matches is reported, and enters no figure.
pub fn evaluate(gold: &Path, predictions: &[Predictions], options: &Options) -> Result<Report, EvaluateError> {
    let (gold_rows, agreement) = annotators::consensus(read::gold(gold, options)?.rows);
    let unlabelled = gold_rows.iter().filter(|row| row.kept && row.label.is_none()).count();
    let filtered = gold_rows.iter().filter(|row| !row.kept).count();
    let mut files = Vec::new();
    for system in predictions {
        let mut rows = system.rows(options)?;
        known::check(gold, &gold_rows, &rows)?;
        let documents = group(std::mem::take(&mut rows.rows));
        files.push((system.name(), rows, documents));
    }
    let gold_docs = group(gold_rows);
    let mut paired = Vec::new();
    for (name, _, documents) in &files {
        let pairs = pair::pair(&gold_docs, documents);
        check_common(gold, Path::new(name), &gold_docs, documents, &pairs)?;
        paired.push(pairs);
    }
    let each = || files.iter().zip(&paired);
    let system =
        |((name, rows, documents), paired): (&(String, read::Rows, Vec<document::Document>), &pair::Paired)| {
            report::system(name, rows, documents, paired, options)
        };
    let systems = each().map(system).collect();
    let answers: Vec<compare::Answers> =
        each().map(|((name, rows, _), paired)| (name.as_str(), &paired.pairs[..], rows)).collect();
    let comparisons = answers
        .iter()
        .enumerate()
        .flat_map(|(at, second)| answers[..at].iter().map(move |first| (*first, *second)))
        .filter_map(|(first, second)| compare::compare(first, second, options))
        .collect();
    Ok(Report {
        gold: gold.display().to_string(),
        label_field: options.label_field.clone(),
        only: options.only.clone(),
        draws: options.draws,
        seed: options.seed,
        suspects: options.suspects,
        unlabelled,
        filtered,
        agreement,
        systems,
        comparisons,
    })
}

/// The counted sentences of labelled articles, as numbers.
pub fn sample(gold: &Path, predictions: Predictions, options: &Options) -> Result<Sample, EvaluateError> {
    let (gold_rows, _) = annotators::consensus(read::gold(gold, options)?.rows);
    let mut rows = predictions.rows(options)?;
    known::check(gold, &gold_rows, &rows)?;
    let (gold_docs, documents) = (group(gold_rows), group(std::mem::take(&mut rows.rows)));
    let pairs = pair::pair(&gold_docs, &documents);
    check_common(gold, Path::new(&predictions.name()), &gold_docs, &documents, &pairs)?;
    Ok(pair::sample(&pairs.pairs, &rows))
}

/// Figures of a sample with their intervals; NaN for one that it does not have.
pub fn estimates(sample: &Sample, resample: Resample, measures: &[Measure]) -> Vec<Estimate> {
    let scored = labels::Scored::new(sample, resample);
    let none = Estimate { value: f64::NAN, interval: None };
    measures.iter().map(|measure| scored.get(*measure).unwrap_or(none)).collect()
}

/// Fails when gold and predictions have no article, or no sentence, in common.
fn check_common(
    gold: &Path,
    pred: &Path,
    gold_docs: &[document::Document],
    pred_docs: &[document::Document],
    paired: &pair::Paired,
) -> Result<(), EvaluateError> {
    if paired.documents.is_empty() {
        let ids = |docs: &[document::Document]| docs.iter().take(LISTED).map(|doc| doc.id.to_string()).collect();
        return Err(EvaluateError::NoCommonArticles { gold: ids(gold_docs), pred: ids(pred_docs) });
    }
    if paired.pairs.is_empty() && paired.abstained == 0 && !paired.unaligned.is_empty() {
        let row = paired.unaligned[0];
        return Err(EvaluateError::NoCommonSentences {
            gold: gold.into(),
            pred: pred.into(),
            line: row.line as usize,
            text: row.text.chars().take(80).collect(),
        });
    }
    Ok(())
}
