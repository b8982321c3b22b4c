//! Evaluation: predictions against gold labels and gold attribution spans.
//!
//! Both files hold one JSON object a line, plain or gzipped. [`evaluate`] pairs the
//! gold sentences with predicted ones (`align`), counts a confusion matrix for each
//! article, and derives every figure from these counts: point values from their sum,
//! 95 % intervals from sums over resampled articles ([`bootstrap`]).

mod align;
pub mod bootstrap;
mod document;
mod error;
mod known;
mod labels;
pub mod metrics;
mod places;
mod report;
mod rows;
pub mod spans;
mod table;

pub use error::EvaluateError;
pub use report::{AlignedBy, Estimate, LabelReport, MissingArticles, Report, Unaligned, UnalignedRow};
pub use spans::SpanReport;

use document::{Document, group};
use std::collections::HashMap;
use std::path::Path;

/// What to count, and how to resample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Field of a gold row that holds the label.
    pub label_field: String,
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
        Self { label_field: "label".into(), only: Vec::new(), draws: 2000, seed: 0 }
    }
}

/// How many of a long list an error or a report names.
const LISTED: usize = 5;

/// Compares the labels (and attribution spans, where gold has them) of `pred` with `gold`.
///
/// A row's article is its field `article`, else `doc_id`, else `id`. A gold row counts
/// when its label is not null and it passes [`Options::only`]. A gold row that no
/// predicted sentence matches is reported, and enters no figure.
pub fn evaluate(gold: &Path, pred: &Path, options: &Options) -> Result<Report, EvaluateError> {
    let gold_rows = rows::read_gold(gold, options)?;
    let pred_rows = rows::read_predictions(pred)?;
    known::check(gold, &gold_rows, &pred_rows)?;

    let gold_docs = group(gold_rows);
    let pred_docs = group(pred_rows);
    let by_id: HashMap<&str, &Document> = pred_docs.iter().map(|doc| (doc.id.as_str(), doc)).collect();
    let pairs: Vec<(&Document, Option<&Document>)> = gold_docs
        .iter()
        .filter(|doc| doc.rows.iter().any(|row| row.kept))
        .map(|doc| (doc, by_id.get(doc.id.as_str()).copied()))
        .collect();
    if pairs.iter().all(|(_, pred)| pred.is_none()) {
        return Err(EvaluateError::NoCommonArticles {
            gold: pairs.iter().take(LISTED).map(|(doc, _)| doc.id.clone()).collect(),
            pred: pred_docs.iter().take(LISTED).map(|doc| doc.id.clone()).collect(),
        });
    }
    Ok(report::build(gold, pred, options, &gold_docs, &pairs))
}
