//! Evaluation: predictions against gold labels and gold attribution spans.
//!
//! [`evaluate`] pairs the gold sentences with predicted ones (`align`), and computes every
//! figure from the pairs (`figures`): values from all of them, 95 % intervals from
//! resampled articles ([`bootstrap`]). docs/evaluation.md states formulas and sources.

mod align;
mod annotators;
pub mod bootstrap;
mod compare;
mod document;
mod error;
pub mod figures;
mod fuzzy;
mod known;
mod labels;
pub mod metrics;
mod pair;
mod read;
mod report;
mod sample;
pub mod spans;
mod table;

pub use annotators::{Agreement, Annotator, PairAgreement};
pub use compare::{Comparison, Difference, Verdict};
pub use error::EvaluateError;
pub use labels::{ClassReport, ConfidenceReport, Covered, Estimate, LabelReport, ProbabilityReport};
pub use pair::{ABSTAINED, AlignedBy};
pub use read::GoldFormat;
pub use report::{Articles, Report, System, UnalignedRow};
pub use sample::Sample;
pub use spans::SpanReport;

use bootstrap::Resample;
use document::group;
use std::path::{Path, PathBuf};

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
    /// Bootstrap draws; 0 gives no intervals.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { label_field: "label".into(), gold_format: None, map: Vec::new(), only: Vec::new(), draws: 2000, seed: 0 }
    }
}

impl Options {
    const fn resample(&self) -> Resample {
        Resample { draws: self.draws, seed: self.seed }
    }
}

/// How many of a long list an error or a report names.
const LISTED: usize = 5;

/// Compares the labels (and attribution spans, where gold has them) of each file of
/// `preds` with `gold`.
///
/// A row's article is its field `article`, else `doc_id`, else `id`. A gold row counts
/// when its label is not null and it passes [`Options::only`]. A gold row that no
/// predicted sentence matches is reported, and enters no figure.
pub fn evaluate(gold: &Path, preds: &[PathBuf], options: &Options) -> Result<Report, EvaluateError> {
    let (gold_rows, agreement) = annotators::consensus(read::gold(gold, options, &[])?.rows);
    let unlabelled = gold_rows.iter().filter(|row| row.kept && row.label.is_none()).count();
    let filtered = gold_rows.iter().filter(|row| !row.kept).count();
    let mut files = Vec::new();
    for path in preds {
        let mut rows = read::predictions(path, &[])?;
        known::check(gold, &gold_rows, &rows)?;
        let documents = group(std::mem::take(&mut rows.rows));
        files.push((path, rows, documents));
    }
    let gold_docs = group(gold_rows);
    let mut paired = Vec::new();
    for (path, _, documents) in &files {
        let pairs = pair::pair(&gold_docs, documents);
        check_common(gold, path, &gold_docs, documents, &pairs)?;
        paired.push(pairs);
    }
    let each = || files.iter().zip(&paired);
    let systems = each().map(|((path, rows, _), paired)| report::system(path, rows, paired, options)).collect();
    let names: Vec<String> = preds.iter().map(|path| path.display().to_string()).collect();
    let answers: Vec<compare::Answers> =
        each().zip(&names).map(|(((_, rows, _), paired), name)| (name.as_str(), &paired.pairs[..], rows)).collect();
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
        unlabelled,
        filtered,
        agreement,
        systems,
        comparisons,
    })
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
