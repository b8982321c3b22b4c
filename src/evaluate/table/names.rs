//! Names of sources.

use super::bounds;
use crate::evaluate::names::{NameReport, NameScores};
use std::fmt::Write as _;

/// The table of both figures.
pub(super) fn block(report: &NameReport) -> String {
    let mut out = format!(
        "names of sources in {} articles\n\n{:>8} {:>7} {:>9} {:>7}  {:>9} {:>9} {:>9}  95 % interval\n",
        report.articles, "", "gold", "predicted", "right", "precision", "recall", "f1-score"
    );
    for (name, scores) in [("named", &report.named), ("all", &report.all)] {
        let NameScores { gold, predicted, right, precision, recall, f1 } = scores;
        let _ = writeln!(
            out,
            "{name:>8} {gold:>7} {predicted:>9} {right:>7}  {precision:>9.3} {recall:>9.3} {:>9.3}  {}",
            f1.value,
            bounds(f1)
        );
    }
    out
}
