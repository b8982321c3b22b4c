//! Slices, suspects and uncertain sentences.

use super::compare::p_value;
use super::{bounds, cut, figure};
use crate::evaluate::slices::Slice;
use crate::evaluate::suspects::{Suspect, Uncertain};
use crate::report::one_line;
use std::fmt::Write as _;

/// The table of all slices, and which of them are worse.
pub(super) fn slices(slices: &[Slice]) -> Option<String> {
    let width = slices.iter().map(|slice| slice.value.chars().count()).max()?.clamp(5, 40);
    let mut out = String::new();
    let mut by = "";
    for slice in slices {
        if slice.by != by {
            by = &slice.by;
            let gap = if out.is_empty() { "" } else { "\n" };
            let _ = writeln!(
                out,
                "{gap}by {by}\n{:<width$} {:>9} {:>8} {:>8}  {:<16} {:>8} {:>10} {:>8}",
                "", "sentences", "articles", "accuracy", "95 % interval", "macro F1", "difference", "p (Holm)"
            );
        }
        let name: String = one_line(&slice.value).chars().take(width).collect();
        let (accuracy, macro_f1) = (figure(slice.accuracy.value), figure(slice.macro_f1));
        let p = slice.p.map_or("-".into(), p_value);
        let _ = writeln!(
            out,
            "{name:<width$} {:>9} {:>8} {accuracy:>8}  {:<16} {macro_f1:>8} {:>+10.3} {p:>8}",
            slice.sentences,
            slice.articles,
            bounds(&slice.accuracy),
            slice.difference.value
        );
    }
    let worse: Vec<String> = slices
        .iter()
        .filter(|slice| slice.worse)
        .map(|slice| format!("{} = {}", slice.by, one_line(&slice.value)))
        .collect();
    let worse = if worse.is_empty() { "none".into() } else { worse.join("; ") };
    let _ = writeln!(out, "\nsignificantly below average: {worse}");
    Some(out)
}

/// Gold labels that are likely wrong.
pub(super) fn suspects(rows: &[Suspect]) -> String {
    let mut out = String::from("gold labels that are likely wrong, likeliest first (confident learning)\n");
    for row in rows {
        let place = format!("line {}, {}", row.line, one_line(&row.article));
        let (gold, likely) = (one_line(&row.gold), one_line(&row.likely));
        let _ = writeln!(
            out,
            "  {place}: {gold} ({:.2}), likely {likely} ({:.2})\n      {}",
            row.gold_probability,
            row.likely_probability,
            cut(&row.text)
        );
    }
    if rows.is_empty() {
        out.push_str("  none\n");
    }
    out
}

/// Sentences to label next.
pub(super) fn uncertain(rows: &[Uncertain]) -> String {
    let mut out = String::from("sentences to label next, least sure first\n");
    for row in rows {
        let (label, second) = (one_line(&row.label), one_line(&row.second));
        let place = format!("{}, sentence {}", one_line(&row.article), row.sentence);
        let _ = writeln!(out, "  {place}: {label} or {second} (margin {:.3})\n      {}", row.margin, cut(&row.text));
    }
    if rows.is_empty() {
        out.push_str("  none: they need predictions with probabilities\n");
    }
    out
}
