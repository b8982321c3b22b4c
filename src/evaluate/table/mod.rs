//! The report as plain text; the figures of labels in the layout of scikit-learn's
//! `classification_report`.

mod agreement;
mod compare;
mod confidence;
mod labels;
mod names;
mod slices;
mod spans;

use super::LISTED;
use super::labels::Estimate;
use super::report::{Report, System};
use crate::report::one_line;
use std::fmt::Write as _;

/// Characters of a sentence that are shown.
const SHOWN: usize = 80;

/// The whole report.
pub(super) fn text(report: &Report) -> String {
    let mut blocks = vec![header(report)];
    blocks.extend(report.agreement.as_ref().map(self::agreement::block));
    for system in &report.systems {
        blocks.push(heading(system));
        match &system.labels {
            Some(labels) => {
                blocks.extend(self::labels::blocks(labels, &note(report, labels.accuracy.interval.is_some())))
            }
            None => blocks.push("no labelled gold sentence was counted\n".into()),
        }
        blocks.extend(system.spans.as_ref().map(self::spans::block));
        blocks.extend(system.source_names.as_ref().map(self::names::block));
        blocks.extend(self::slices::slices(&system.slices));
        if report.suspects > 0 {
            blocks.push(self::slices::suspects(&system.suspects));
            blocks.push(self::slices::uncertain(&system.uncertain));
        }
    }
    blocks.extend(report.comparisons.iter().map(self::compare::block));
    blocks.join("\n")
}

fn header(report: &Report) -> String {
    let mut out = String::new();
    line(&mut out, "gold", &format!("{} (label: {})", report.gold, report.label_field));
    let only: Vec<String> = report.only.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if !only.is_empty() {
        line(&mut out, "only", &format!("{} ({} gold rows left out)", only.join(", "), report.filtered));
    }
    line(&mut out, "unlabelled", &report.unlabelled.to_string());
    out
}

fn heading(system: &System) -> String {
    let mut out = String::new();
    line(&mut out, "predictions", &system.predictions);
    line(&mut out, "articles", &system.articles.to_string());
    let by = system.aligned_by;
    let ways = [("offsets", by.offsets), ("text", by.text), ("overlap", by.overlap), ("words in common", by.fuzzy)];
    let ways: Vec<String> = ways.iter().filter(|(_, n)| *n > 0).map(|(way, n)| format!("by {way} {n}")).collect();
    let ways = if ways.is_empty() { String::new() } else { format!(" ({})", ways.join(", ")) };
    line(&mut out, "sentences", &format!("{}{ways}", system.sentences));
    if system.abstained > 0 {
        let all = system.abstained + system.sentences;
        let share = 100.0 * system.abstained as f64 / all as f64;
        line(&mut out, "uncertain", &format!("{} of {all} ({share:.1} %), in no figure", system.abstained));
    }
    line(&mut out, "unaligned", &system.unaligned.len().to_string());
    for row in system.unaligned.iter().take(LISTED) {
        line(&mut out, "", &format!("line {}, {}: {}", row.line, one_line(&row.article), cut(&row.text)));
    }
    if system.unaligned.len() > LISTED {
        line(&mut out, "", "... (--json lists all)");
    }
    for (name, articles) in [("missing", &system.missing), ("not in gold", &system.extra)] {
        if articles.count > 0 {
            let dots = if articles.count > articles.first.len() { ", ..." } else { "" };
            line(
                &mut out,
                name,
                &format!("{} articles: {}{dots}", articles.count, one_line(&articles.first.join(", "))),
            );
        }
    }
    out
}

fn note(report: &Report, intervals: bool) -> String {
    match intervals {
        true => format!("95 % intervals: {} draws of articles, seed {}", report.draws, report.seed),
        false if report.draws == 0 => "no intervals: no draws asked for".into(),
        false => "no intervals: they need two articles".into(),
    }
}

fn line(out: &mut String, name: &str, value: &str) {
    // Writing into a String cannot fail.
    let _ = writeln!(out, "{name:<12} {value}");
}

/// The beginning of a sentence, on one line.
fn cut(text: &str) -> String {
    let text = one_line(text);
    let cut: String = text.chars().take(SHOWN).collect();
    let dots = if cut.len() < text.len() { "..." } else { "" };
    format!("{cut}{dots}")
}

/// A figure with three decimals, or "undefined".
fn figure(value: f64) -> String {
    if value.is_nan() { "undefined".into() } else { format!("{value:.3}") }
}

/// An interval in brackets, or a dash.
fn bounds(estimate: &Estimate) -> String {
    estimate.interval.map_or("-".into(), |bounds| format!("[{:.3}, {:.3}]", bounds.low, bounds.high))
}

/// A figure and its interval in brackets.
fn estimate(estimate: &Estimate) -> String {
    match estimate.interval {
        Some(_) => format!("{} {}", figure(estimate.value), bounds(estimate)),
        None => figure(estimate.value),
    }
}
