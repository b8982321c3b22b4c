//! Attribution spans.

use super::bounds;
use crate::evaluate::spans::{SpanReport, SpanScores};
use std::fmt::Write as _;

/// The table of all roles.
pub(super) fn block(report: &SpanReport) -> String {
    let mut out = format!(
        "attribution spans in {} articles\n\n{:>8} {:>7} {:>9} {:>9}  {:>9} {:>9} {:>9}  95 % interval\n",
        report.articles, "", "gold", "predicted", "match", "precision", "recall", "f1-score"
    );
    for role in &report.roles {
        let mut row = |name: &str, gold: &str, predicted: &str, kind: &str, scores: &SpanScores| {
            let SpanScores { precision, recall, f1 } = scores;
            let _ = writeln!(
                out,
                "{name:>8} {gold:>7} {predicted:>9} {kind:>9}  {precision:>9.3} {recall:>9.3} {:>9.3}  {}",
                f1.value,
                bounds(f1)
            );
        };
        row(&role.role, &role.gold.to_string(), &role.predicted.to_string(), "exact", &role.exact);
        row("", "", "", "bytes", &role.bytes);
        row("", "", "", "overlap", &role.overlap);
    }
    out
}
