//! Scores by class, averages, confusion matrix.

use super::{confidence, estimate, figure};
use crate::evaluate::labels::LabelReport;
use crate::evaluate::metrics::ClassScores;
use std::fmt::Write as _;

/// The blocks of the report about labels; `note` says how the intervals were made.
pub(super) fn blocks(labels: &LabelReport, note: &str) -> Vec<String> {
    let mut blocks = vec![classification(labels), estimates(labels, note)];
    blocks.extend(ranked(labels));
    blocks.push(confusion(labels));
    blocks.extend(labels.confidence.iter().flat_map(confidence::blocks));
    blocks
}

fn classification(labels: &LabelReport) -> String {
    let width = width(labels).max("weighted avg".len());
    let mut out = format!("{:>width$}  {:>9} {:>9} {:>9} {:>9}\n\n", "", "precision", "recall", "f1-score", "support");
    let row = |out: &mut String, name: &str, scores: &ClassScores| {
        let ClassScores { precision, recall, f1, support } = scores;
        let _ = writeln!(out, "{name:>width$}  {precision:>9.3} {recall:>9.3} {f1:>9.3} {support:>9}");
    };
    for class in &labels.classes {
        let [precision, recall, f1] = [class.precision, class.recall, class.f1].map(|estimate| estimate.value);
        row(&mut out, &class.label, &ClassScores { precision, recall, f1, support: class.support });
    }
    let (accuracy, support) = (labels.accuracy.value, labels.macro_average.support);
    let _ = writeln!(out, "\n{:>width$}  {:>9} {:>9} {accuracy:>9.3} {support:>9}", "accuracy", "", "");
    row(&mut out, "macro avg", &labels.macro_average);
    row(&mut out, "weighted avg", &labels.weighted_average);
    out
}

fn estimates(labels: &LabelReport, note: &str) -> String {
    let mut rows = vec![
        ("accuracy".to_owned(), labels.accuracy),
        ("balanced accuracy".into(), labels.balanced_accuracy),
        ("macro F1".into(), labels.macro_f1),
        ("weighted F1".into(), labels.weighted_f1),
        ("MCC".into(), labels.mcc),
        ("kappa".into(), labels.kappa),
    ];
    rows.extend(labels.classes.iter().map(|class| (format!("F1 {}", class.label), class.f1)));
    if let Some(more) = &labels.probabilities {
        rows.push(("ROC-AUC, macro".into(), more.macro_roc_auc));
        rows.push(("avg. precision".into(), more.macro_average_precision));
        rows.push(("log-loss".into(), more.log_loss));
        rows.push(("Brier score".into(), more.brier));
    }
    if let Some(more) = &labels.confidence {
        rows.push(("ECE".into(), more.ece));
        rows.push(("AURC".into(), more.aurc));
    }
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    for (name, value) in &rows {
        let _ = writeln!(out, "{name:<width$}  {}", estimate(value));
    }
    out + note + "\n"
}

/// One class against the rest, by its probability.
fn ranked(labels: &LabelReport) -> Option<String> {
    let width = width(labels).max("one vs rest".len());
    let mut out = format!("{:>width$}  {:>22} {:>22}\n", "one vs rest", "ROC-AUC", "average precision");
    for class in &labels.classes {
        let (auc, precision) = (class.roc_auc?, class.average_precision?);
        let _ = writeln!(out, "{:>width$}  {:>22} {:>22}", class.label, estimate(&auc), estimate(&precision));
    }
    Some(out)
}

fn confusion(labels: &LabelReport) -> String {
    let longest = width(labels);
    let corner = "gold \\ predicted";
    let (first, width) = (longest.max(corner.len()), longest.max(7));
    let mut out = format!("{corner:>first$} ");
    for label in labels.labels.iter().chain(&labels.labels) {
        let _ = write!(out, " {label:>width$}");
    }
    out.push('\n');
    for ((label, counts), shares) in labels.labels.iter().zip(&labels.confusion).zip(&labels.confusion_shares) {
        let _ = write!(out, "{label:>first$} ");
        for count in counts {
            let _ = write!(out, " {count:>width$}");
        }
        for share in shares {
            let _ = write!(out, " {:>width$}", figure(*share));
        }
        out.push('\n');
    }
    out
}

fn width(labels: &LabelReport) -> usize {
    labels.labels.iter().map(|label| label.chars().count()).max().unwrap_or(0)
}
