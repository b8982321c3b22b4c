//! The report as one HTML file that needs no network: figures, plots as SVG, and the
//! errors in their context. Light or dark as the reader's system is; fit for paper and
//! phones. Without JavaScript all errors are shown, unfiltered.

mod errors;
mod plots;
mod tables;

use super::report::{Report, System};
use crate::report::html::{self, escape, scroll};
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");

/// The whole page.
pub(super) fn page(report: &Report) -> String {
    let title = format!("Evaluation against {}", report.gold);
    let mut out = format!("<main>\n<h1>{}</h1>\n", escape(&title));
    let only: Vec<String> = report.only.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let only = if only.is_empty() { String::new() } else { format!(", only {}", escape(&only.join(", "))) };
    let intervals = match report.draws {
        0 => "no intervals".to_owned(),
        draws => format!("95 % intervals from {draws} draws of whole articles, seed {}", report.seed),
    };
    let _ = writeln!(out, "<p class=\"note\">Gold label: {}{only}; {intervals}.</p>", escape(&report.label_field));
    out.push_str(&report.agreement.as_ref().map(tables::agreement).unwrap_or_default());
    for system in &report.systems {
        out.push_str(&section(system));
    }
    report.comparisons.iter().for_each(|comparison| out.push_str(&tables::comparison(comparison)));
    html::page(&title, STYLE, SCRIPT, &(out + "</main>\n"))
}

fn section(system: &System) -> String {
    let mut out = format!("<h2>{}</h2>\n{}", escape(&system.predictions), tables::counts(system));
    if let Some(labels) = &system.labels {
        out.push_str(&tables::classes(labels));
        out.push_str(&tables::estimates(labels));
        out.push_str(&tables::ranked(labels));
        out.push_str("<div class=\"plots\">\n");
        out.push_str(&plots::confusion(labels));
        out.push_str(&plots::classes(labels));
        if let Some(confidence) = &labels.confidence {
            out.push_str(&plots::reliability(confidence));
            out.push_str(&plots::coverage(confidence));
        }
        out.push_str("</div>\n");
    }
    out.push_str(&system.spans.as_ref().map(tables::spans).unwrap_or_default());
    out.push_str(&system.source_names.as_ref().map(tables::names).unwrap_or_default());
    out.push_str(&tables::slices(&system.slices));
    out.push_str(&tables::suspects(system));
    out.push_str(&errors::browser(&system.errors, system.wrong));
    out
}
