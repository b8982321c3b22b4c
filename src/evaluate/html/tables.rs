//! Tables.

use super::{escape, scroll};
use crate::evaluate::annotators::Agreement;
use crate::evaluate::compare::{Comparison, Verdict};
use crate::evaluate::labels::{Estimate, LabelReport};
use crate::evaluate::names::NameReport;
use crate::evaluate::report::System;
use crate::evaluate::slices::Slice;
use crate::evaluate::spans::SpanReport;
use std::fmt::Write as _;

/// A table, told what it shows; cells are HTML.
fn table(name: &str, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = String::from("<table>\n<thead><tr>");
    head.iter().for_each(|name| out.push_str(&format!("<th>{name}</th>")));
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<td>{cell}</td>")).collect();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    scroll(name, &(out + "</tbody></table>"))
}

fn figure(value: f64) -> String {
    if value.is_nan() { "undefined".into() } else { format!("{value:.3}") }
}

fn with_bounds(estimate: &Estimate) -> String {
    let bounds = estimate
        .interval
        .map_or(String::new(), |b| format!(" <span class=\"soft\">[{:.3}, {:.3}]</span>", b.low, b.high));
    figure(estimate.value) + &bounds
}

/// How many sentences were found, and which were not.
pub(super) fn counts(system: &System) -> String {
    let mut out = format!("<p>{} sentences in {} articles.", system.sentences, system.articles);
    if system.abstained > 0 {
        let _ = write!(out, " {} were left uncertain and are in no figure.", system.abstained);
    }
    if !system.unaligned.is_empty() {
        let _ = write!(
            out,
            " {} gold sentences have no prediction and are in no figure:</p>\n<ul>",
            system.unaligned.len()
        );
        for row in system.unaligned.iter().take(20) {
            let _ = write!(out, "<li>line {}, {}: {}</li>", row.line, escape(&row.article), escape(&row.text));
        }
        return out + "</ul>\n";
    }
    out + "</p>\n"
}

/// scikit-learn's report.
pub(super) fn classes(labels: &LabelReport) -> String {
    let class = |class: &crate::evaluate::labels::ClassReport| {
        let scores = [&class.precision, &class.recall, &class.f1].map(with_bounds);
        [vec![escape(&class.label)], scores.to_vec(), vec![class.support.to_string()]].concat()
    };
    let average = |(name, scores): (&str, &crate::evaluate::metrics::ClassScores)| {
        let cells = [scores.precision, scores.recall, scores.f1].map(figure);
        [vec![name.to_owned()], cells.to_vec(), vec![scores.support.to_string()]].concat()
    };
    let averages = [("macro avg", &labels.macro_average), ("weighted avg", &labels.weighted_average)];
    let rows = labels.classes.iter().map(class).chain(averages.map(average));
    table("Scores by label", &["label", "precision", "recall", "F1", "support"], rows)
}

/// One label against the rest, by its probability; nothing where gold or predictions have none.
pub(super) fn ranked(labels: &LabelReport) -> String {
    let row = |class: &crate::evaluate::labels::ClassReport| {
        let scores = [class.roc_auc?, class.average_precision?];
        Some([vec![escape(&class.label)], scores.iter().map(with_bounds).collect()].concat())
    };
    let Some(rows) = labels.classes.iter().map(row).collect::<Option<Vec<_>>>() else { return String::new() };
    let name = "One label against the rest";
    format!("<h3>{name}</h3>\n{}", table(name, &["label", "ROC-AUC", "average precision"], rows))
}

const ABBREVIATIONS: &str = "All from 0 to 1, and more is better, save MCC and kappa, which start at -1, and the last four, of which less is \
     better: log-loss, Brier score, ECE (expected calibration error) and AURC (area under the risk-coverage curve).";

/// Figures over all labels.
pub(super) fn estimates(labels: &LabelReport) -> String {
    let mut rows = vec![
        ("accuracy", labels.accuracy),
        ("balanced accuracy", labels.balanced_accuracy),
        ("macro F1", labels.macro_f1),
        ("weighted F1", labels.weighted_f1),
        ("MCC", labels.mcc),
        ("kappa", labels.kappa),
    ];
    if let Some(more) = &labels.probabilities {
        rows.extend([("ROC-AUC, macro", more.macro_roc_auc), ("avg. precision, macro", more.macro_average_precision)]);
        rows.extend([("log-loss", more.log_loss), ("Brier score", more.brier)]);
    }
    if let Some(more) = &labels.confidence {
        rows.extend([("ECE", more.ece), ("AURC", more.aurc)]);
    }
    let row = |(name, estimate): (&str, Estimate)| vec![name.to_owned(), with_bounds(&estimate)];
    format!(
        "<h3>Overall</h3>\n{}<p class=\"note\">{ABBREVIATIONS}</p>\n",
        table("Overall", &["figure", "value and 95 % interval"], rows.into_iter().map(row))
    )
}

/// Attribution spans.
pub(super) fn spans(report: &SpanReport) -> String {
    let mut rows = Vec::new();
    for role in &report.roles {
        for (kind, scores) in [("exact", &role.exact), ("bytes", &role.bytes), ("overlap", &role.overlap)] {
            let name = format!("{}, {kind}", role.role);
            rows.push(vec![name, figure(scores.precision), figure(scores.recall), with_bounds(&scores.f1)]);
        }
    }
    let name = format!("Attribution spans in {} articles", report.articles);
    format!("<h3>{name}</h3>\n{}", table(&name, &["span", "precision", "recall", "F1"], rows))
}

/// Names of sources.
pub(super) fn names(report: &NameReport) -> String {
    let row = |(name, scores): (&str, &crate::evaluate::names::NameScores)| {
        let counts = [scores.gold, scores.predicted, scores.right].map(|count| count.to_string());
        let shares = [figure(scores.precision), figure(scores.recall), with_bounds(&scores.f1)];
        [vec![name.to_owned()], counts.to_vec(), shares.to_vec()].concat()
    };
    let name = format!("Names of sources in {} articles", report.articles);
    let head = ["sources", "gold", "predicted", "right", "precision", "recall", "F1"];
    format!(
        "<h3>{name}</h3>\n{}<p class=\"note\">named: those that gold calls by a proper name; all: pronouns and descriptions \
         too.</p>\n",
        table(&name, &head, [("named", &report.named), ("all", &report.all)].map(row))
    )
}

/// Slices; nothing without any.
pub(super) fn slices(slices: &[Slice]) -> String {
    if slices.is_empty() {
        return String::new();
    }
    let row = |slice: &Slice| {
        let name = format!("{}: {}", escape(&slice.by), escape(&slice.value));
        let name = if slice.worse { format!("<b class=\"worse\">{name}</b>") } else { name };
        let p = slice.p.map_or("-".into(), |p| if p < 0.0001 { "&lt; 0.0001".into() } else { format!("{p:.4}") });
        let difference = format!("{:+.3}", slice.difference.value);
        let (sentences, articles) = (slice.sentences.to_string(), slice.articles.to_string());
        vec![name, sentences, articles, with_bounds(&slice.accuracy), figure(slice.macro_f1), difference, p]
    };
    let head = ["slice", "sentences", "articles", "accuracy", "macro F1", "difference", "p (Holm)"];
    format!(
        "<h3>Slices</h3>\n{}<p class=\"note\">In bold: significantly below average.</p>\n",
        table("Slices", &head, slices.iter().map(row))
    )
}

/// Likely errors of gold and sentences to label next; nothing without any.
pub(super) fn suspects(system: &System) -> String {
    let mut out = String::new();
    if !system.suspects.is_empty() {
        out.push_str("<h3>Gold labels that are likely wrong</h3>\n<ol>\n");
        for row in &system.suspects {
            let (gold, likely) = (escape(&row.gold), escape(&row.likely));
            let _ = writeln!(
                out,
                "<li>{} <span class=\"soft\">({}, line {})</span>: {gold} ({:.2}), likely <b>{likely}</b> ({:.2})</li>",
                escape(&row.text),
                escape(&row.article),
                row.line,
                row.gold_probability,
                row.likely_probability
            );
        }
        out.push_str("</ol>\n");
    }
    if !system.uncertain.is_empty() {
        out.push_str("<h3>Sentences to label next</h3>\n<ol>\n");
        for row in &system.uncertain {
            let (label, second) = (escape(&row.label), escape(&row.second));
            let place = escape(&row.article);
            let _ = writeln!(
                out,
                "<li>{} <span class=\"soft\">({place})</span>: {label} or {second}</li>",
                escape(&row.text)
            );
        }
        out.push_str("</ol>\n");
    }
    out
}

/// One system against another.
pub(super) fn comparison(comparison: &Comparison) -> String {
    let row = |row: &crate::evaluate::compare::Difference| {
        let class = match row.verdict {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::NoEvidence => "soft",
        };
        let verdict = format!("<span class=\"{class}\">{}</span>", row.verdict);
        vec![escape(&row.figure), figure(row.first), figure(row.second), with_bounds(&row.difference), verdict]
    };
    let rows = comparison.differences.iter().map(row);
    format!(
        "<h2>{} against {}</h2>\n<p>On {} sentences that both answered, in {} articles. Right in the first alone: {}; \
         in the second alone: {}; McNemar's exact p = {:.4}.</p>\n{}",
        escape(&comparison.second),
        escape(&comparison.first),
        comparison.sentences,
        comparison.articles,
        comparison.only_first_right,
        comparison.only_second_right,
        comparison.mcnemar_p,
        table("Comparison", &["figure", "first", "second", "difference", "the second is"], rows)
    )
}

/// Annotators of gold.
pub(super) fn agreement(agreement: &Agreement) -> String {
    let shown = |value: Option<f64>| value.map_or("undefined".into(), |value| format!("{value:.3}"));
    format!(
        "<p>{} annotators; {} sentences shared by two or more, {} disputed. Fleiss' kappa {}, Krippendorff's alpha {}. \
         Gold is their consensus (Dawid and Skene).</p>\n",
        agreement.annotators.len(),
        agreement.shared,
        agreement.disputed,
        shown(agreement.fleiss),
        shown(agreement.alpha)
    )
}
