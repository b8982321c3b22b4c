//! Reliability diagram and coverage-risk curve, as tables.

use super::{bounds, figure};
use crate::evaluate::labels::ConfidenceReport;
use std::fmt::Write as _;

/// Both tables.
pub(super) fn blocks(report: &ConfidenceReport) -> [String; 2] {
    [reliability(report), coverage(report)]
}

/// Is a confidence of 0.8 right in 80 of 100 cases? Empty bins are left out.
fn reliability(report: &ConfidenceReport) -> String {
    let mut out =
        format!("{:>15} {:>9} {:>15} {:>8} {:>7}\n", "confidence", "sentences", "mean confidence", "accuracy", "gap");
    for bin in report.bins.iter().filter(|bin| bin.count > 0) {
        let range = format!("{:.3} - {:.3}", bin.low, bin.high);
        let gap = bin.accuracy - bin.confidence;
        let _ =
            writeln!(out, "{range:>15} {:>9} {:>15.3} {:>8.3} {gap:>+7.3}", bin.count, bin.confidence, bin.accuracy);
    }
    out
}

/// How good are the labels if the least sure are left to a person? Every second step.
fn coverage(report: &ConfidenceReport) -> String {
    let mut out = format!("{:>9} {:>15} {:>8}  95 % interval\n", "coverage", "min. confidence", "accuracy");
    for point in report.coverage.iter().rev().step_by(2) {
        let (share, accuracy) = (100.0 * point.coverage, &point.accuracy);
        let confidence = point.min_confidence;
        let _ = writeln!(out, "{share:>7.1} % {confidence:>15.3} {:>8}  {}", figure(accuracy.value), bounds(accuracy));
    }
    out
}
