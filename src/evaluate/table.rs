//! The report as plain text, in the layout of scikit-learn's `classification_report`.

use super::metrics::ClassScores;
use super::report::{Estimate, LabelReport, Report};
use super::spans::{SpanReport, SpanScores};
use std::fmt::Write as _;

/// Characters of an unaligned sentence that are shown.
const SHOWN: usize = 80;

/// The whole report.
pub(super) fn text(report: &Report) -> String {
    let mut blocks = vec![header(report)];
    match &report.labels {
        Some(labels) => blocks.extend([classification(labels), estimates(labels, report), confusion(labels)]),
        None => blocks.push("no labelled gold sentence was counted\n".into()),
    }
    blocks.extend(report.spans.as_ref().map(spans));
    blocks.join("\n")
}

fn header(report: &Report) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(out, "{name:<12} {value}");
    };
    line("gold", format!("{} (label: {})", report.gold, report.label_field));
    line("predictions", report.predictions.clone());
    let only: Vec<String> = report.only.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if !only.is_empty() {
        line("only", format!("{} ({} gold rows left out)", only.join(", "), report.filtered));
    }
    let by = report.aligned_by;
    line("articles", report.articles.to_string());
    line(
        "sentences",
        format!("{} (by offsets {}, by text {}, by overlap {})", report.sentences, by.offsets, by.text, by.overlap),
    );
    line("unlabelled", report.unlabelled.to_string());
    line("unaligned", report.unaligned.count.to_string());
    for row in &report.unaligned.first {
        let words: Vec<&str> = row.text.split_whitespace().collect();
        let text = words.join(" ");
        let cut: String = text.chars().take(SHOWN).collect();
        let dots = if cut.len() < text.len() { "..." } else { "" };
        line("", format!("line {}, {}: {cut}{dots}", row.line, row.article));
    }
    if report.missing.count > 0 {
        let dots = if report.missing.count > report.missing.first.len() { ", ..." } else { "" };
        line("missing", format!("{} articles: {}{dots}", report.missing.count, report.missing.first.join(", ")));
    }
    out
}

fn classification(labels: &LabelReport) -> String {
    let width = width(labels).max("weighted avg".len());
    let mut out = format!("{:>width$}  {:>9} {:>9} {:>9} {:>9}\n\n", "", "precision", "recall", "f1-score", "support");
    let row = |out: &mut String, name: &str, scores: &ClassScores| {
        let ClassScores { precision, recall, f1, support } = scores;
        let _ = writeln!(out, "{name:>width$}  {precision:>9.3} {recall:>9.3} {f1:>9.3} {support:>9}");
    };
    for (label, scores) in labels.labels.iter().zip(&labels.classes) {
        row(&mut out, label, scores);
    }
    let (accuracy, support) = (labels.accuracy.value, labels.macro_average.support);
    let _ = writeln!(out, "\n{:>width$}  {:>9} {:>9} {accuracy:>9.3} {support:>9}", "accuracy", "", "");
    row(&mut out, "macro avg", &labels.macro_average);
    row(&mut out, "weighted avg", &labels.weighted_average);
    out
}

fn estimates(labels: &LabelReport, report: &Report) -> String {
    let kappa = labels.kappa.map_or("undefined".into(), |kappa| format!("{kappa:.3}"));
    let note = match labels.accuracy.interval {
        Some(_) => format!("95 % intervals: {} draws of articles, seed {}", report.draws, report.seed),
        None if report.draws == 0 => "no intervals: no draws asked for".into(),
        None => "no intervals: they need two articles".into(),
    };
    format!(
        "{:<12} {}\n{:<12} {}\n{:<12} {kappa}\n{note}\n",
        "accuracy",
        estimate(&labels.accuracy),
        "macro-F1",
        estimate(&labels.macro_f1),
        "kappa",
    )
}

fn confusion(labels: &LabelReport) -> String {
    let longest = width(labels);
    let corner = "gold \\ predicted";
    let (first, width) = (longest.max(corner.len()), longest.max(7));
    let mut out = format!("{corner:>first$} ");
    for label in &labels.labels {
        let _ = write!(out, " {label:>width$}");
    }
    out.push('\n');
    for (label, counts) in labels.labels.iter().zip(&labels.confusion) {
        let _ = write!(out, "{label:>first$} ");
        for count in counts {
            let _ = write!(out, " {count:>width$}");
        }
        out.push('\n');
    }
    out
}

fn spans(report: &SpanReport) -> String {
    let mut out = format!(
        "attribution spans in {} articles\n\n{:>8} {:>7} {:>9} {:>9}  {:>9} {:>9} {:>9}  95 % interval\n",
        report.articles, "", "gold", "predicted", "match", "precision", "recall", "f1-score"
    );
    for role in &report.roles {
        let mut row = |name: &str, gold: &str, predicted: &str, kind: &str, scores: &SpanScores| {
            let SpanScores { precision, recall, f1 } = scores;
            let interval = f1.interval.map_or("-".into(), |bounds| format!("[{:.3}, {:.3}]", bounds.low, bounds.high));
            let _ = writeln!(
                out,
                "{name:>8} {gold:>7} {predicted:>9} {kind:>9}  {precision:>9.3} {recall:>9.3} {:>9.3}  {interval}",
                f1.value
            );
        };
        row(&role.role, &role.gold.to_string(), &role.predicted.to_string(), "exact", &role.exact);
        row("", "", "", "bytes", &role.bytes);
        row("", "", "", "overlap", &role.overlap);
    }
    out
}

fn estimate(estimate: &Estimate) -> String {
    match estimate.interval {
        Some(bounds) => format!("{:.3} [{:.3}, {:.3}]", estimate.value, bounds.low, bounds.high),
        None => format!("{:.3}", estimate.value),
    }
}

fn width(labels: &LabelReport) -> usize {
    labels.labels.iter().map(|label| label.chars().count()).max().unwrap_or(0)
}
