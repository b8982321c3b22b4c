//! Plots as SVG. Coordinates: x to the right, y down; plot areas are [`Area`]s.

use super::escape;
use crate::evaluate::labels::{ConfidenceReport, Estimate, LabelReport};
use std::fmt::Write as _;

/// A square of the plot in which both axes run from `low` to 1.
struct Area {
    left: f64,
    top: f64,
    size: f64,
    low: f64,
}

impl Area {
    const fn new(low: f64) -> Self {
        Self { left: 60.0, top: 12.0, size: 300.0, low }
    }

    fn x(&self, share: f64) -> f64 {
        self.left + self.size * share
    }

    fn y(&self, value: f64) -> f64 {
        self.top + self.size * (1.0 - (value.clamp(self.low, 1.0) - self.low) / (1.0 - self.low))
    }

    /// Axes, ticks and their names.
    fn frame(&self, x: &str, y: &str) -> String {
        let (right, bottom) = (self.x(1.0), self.top + self.size);
        let mut out = format!("<path class=\"axis\" d=\"M{} {}V{bottom}H{right}\"/>\n", self.left, self.top);
        for tick in 0..=4 {
            let share = f64::from(tick) / 4.0;
            let value = self.low + (1.0 - self.low) * share;
            let (tx, ty) = (self.x(share), self.y(value));
            let _ = writeln!(
                out,
                "<text class=\"soft\" x=\"{tx:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{share:.2}</text>\
                 <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                bottom + 16.0,
                self.left - 6.0,
                ty + 4.0,
                decimals(value)
            );
        }
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{x}</text>\
             <text transform=\"translate(12 {:.1}) rotate(-90)\" text-anchor=\"middle\">{y}</text>",
            self.x(0.5),
            bottom + 34.0,
            self.top + self.size / 2.0
        );
        out
    }
}

/// Two decimals, or three where the third is not 0.
fn decimals(value: f64) -> String {
    let text = format!("{value:.3}");
    text.strip_suffix('0').unwrap_or(&text).to_owned()
}

/// The beginning of a label, and about how wide the widest of all is.
fn names(labels: &[String]) -> (Vec<String>, f64) {
    let short = |label: &String| match label.char_indices().nth(20) {
        Some((at, _)) => format!("{}\u{2026}", &label[..at]),
        None => label.clone(),
    };
    let names: Vec<String> = labels.iter().map(short).collect();
    let most = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    (names.iter().map(|name| escape(name)).collect(), 7.5 * most as f64)
}

fn figure(title: &str, width: f64, height: f64, body: &str, note: &str) -> String {
    format!(
        "<figure>\n<h3>{title}</h3>\n<svg viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{title}\">\n\
         {body}</svg>\n<figcaption>{note}</figcaption>\n</figure>\n"
    )
}

/// Counts and row shares.
pub(super) fn confusion(labels: &LabelReport) -> String {
    let n = labels.labels.len() as f64;
    let cell = (300.0 / n).clamp(50.0, 90.0);
    let (names, wide) = names(&labels.labels);
    // Where names are wider than their columns they stand upright.
    let upright = wide > cell;
    let (left, top) = (wide.max(84.0) + 14.0, if upright { wide + 12.0 } else { 30.0 });
    let mut body = String::new();
    for (at, name) in names.iter().enumerate() {
        let middle = (at as f64 + 0.5) * cell;
        let (x, y) = (left + middle, top - 8.0);
        let how = match upright {
            true => format!("transform=\"translate({:.1} {y:.1}) rotate(-90)\"", x + 4.0),
            false => format!("x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\""),
        };
        let _ = writeln!(
            body,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text><text {how}>{name}</text>",
            left - 8.0,
            top + middle + 4.0
        );
    }
    for (row, (counts, shares)) in labels.confusion.iter().zip(&labels.confusion_shares).enumerate() {
        for (column, (count, share)) in counts.iter().zip(shares).enumerate() {
            let (x, y) = (left + column as f64 * cell, top + row as f64 * cell);
            let _ = writeln!(
                body,
                "<rect class=\"cell\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{0:.1}\" height=\"{0:.1}\" opacity=\"{1:.3}\"/>\
                 <text x=\"{2:.1}\" y=\"{3:.1}\" text-anchor=\"middle\">{count}</text>\
                 <text x=\"{2:.1}\" y=\"{4:.1}\" text-anchor=\"middle\">{5:.1} %</text>",
                cell - 2.0,
                0.06 + 0.54 * share,
                x + cell / 2.0 - 1.0,
                y + cell / 2.0 - 2.0,
                y + cell / 2.0 + 13.0,
                100.0 * share
            );
        }
    }
    figure(
        "Confusion matrix",
        left + n * cell + 8.0,
        top + n * cell + 8.0,
        &body,
        "Rows: gold. Columns: predicted. Shares of the row.",
    )
}

/// Precision, recall and F1 of each class with their intervals.
pub(super) fn classes(labels: &LabelReport) -> String {
    let labels_of: Vec<String> = labels.classes.iter().map(|class| class.label.clone()).collect();
    let (names, wide) = names(&labels_of);
    let (left, size, row) = (wide.max(80.0) + 70.0, 220.0, 20.0);
    let mut body = String::new();
    let mut y = 24.0;
    let x = |value: f64| left + size * value;
    for (class, name) in labels.classes.iter().zip(&names) {
        let _ = writeln!(body, "<text x=\"0\" y=\"{:.1}\">{name}</text>", y + 4.0);
        for (name, estimate) in [("precision", class.precision), ("recall", class.recall), ("F1", class.f1)] {
            let Estimate { value, interval } = estimate;
            let _ = writeln!(
                body,
                "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>\
                 <rect class=\"bar\" x=\"{left}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\"/>\
                 <text x=\"{:.1}\" y=\"{:.1}\">{value:.3}</text>",
                left - 6.0,
                y + 4.0,
                y - 6.0,
                size * value,
                x(1.0) + 8.0,
                y + 4.0
            );
            if let Some(bounds) = interval {
                let (low, high) = (x(bounds.low), x(bounds.high));
                let _ = writeln!(
                    body,
                    "<path class=\"hair\" d=\"M{low:.1} {y:.1}H{high:.1}M{low:.1} {0:.1}v8M{high:.1} {0:.1}v8\"/>",
                    y - 4.0
                );
            }
            y += row;
        }
        y += 10.0;
    }
    let _ = writeln!(body, "<path class=\"axis\" d=\"M{left} 10V{0:.1}M{1:.1} 10V{0:.1}\"/>", y - 14.0, x(1.0));
    figure("Scores by label", x(1.0) + 56.0, y, &body, "Bars from 0 to 1; whiskers are 95 % intervals.")
}

/// Accuracy against confidence.
pub(super) fn reliability(report: &ConfidenceReport) -> String {
    let area = Area::new(0.0);
    let most = report.bins.iter().map(|bin| bin.count).max().unwrap_or(1).max(1) as f64;
    let mut body = area.frame("confidence", "share labelled right");
    let _ =
        writeln!(body, "<path class=\"axis\" d=\"M{} {}L{} {}\"/>", area.x(0.0), area.y(0.0), area.x(1.0), area.y(1.0));
    for bin in report.bins.iter().filter(|bin| bin.count > 0) {
        let (x, width) = (area.x(bin.low), area.x(bin.high) - area.x(bin.low) - 1.0);
        let height = 60.0 * bin.count as f64 / most;
        let at = area.x(bin.confidence);
        let _ = writeln!(
            body,
            "<rect class=\"band\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{} sentences</title></rect>\
             <path class=\"gap\" d=\"M{at:.1} {:.1}V{:.1}\"/><circle class=\"dot\" cx=\"{at:.1}\" cy=\"{:.1}\" r=\"4\"/>",
            area.y(0.0) - height,
            bin.count,
            area.y(bin.confidence),
            area.y(bin.accuracy),
            area.y(bin.accuracy)
        );
    }
    let note = format!(
        "ECE {:.4}. Dots on the diagonal mean that confidence is what it says; low bars show how many sentences.",
        report.ece.value
    );
    figure("Reliability", 380.0, 360.0, &body, &note)
}

/// Accuracy if the least sure sentences are left to a person.
pub(super) fn coverage(report: &ConfidenceReport) -> String {
    let lows =
        report.coverage.iter().map(|point| point.accuracy.interval.map_or(point.accuracy.value, |bounds| bounds.low));
    let low = (lows.fold(1.0, f64::min) * 10.0).floor() / 10.0;
    let area = Area::new(low.min(0.9));
    let mut body = area.frame("coverage", "accuracy");
    let (mut line, mut upper, mut lower) = (String::new(), String::new(), Vec::new());
    for point in report.coverage.iter().filter(|point| !point.accuracy.value.is_nan()) {
        let x = area.x(point.coverage);
        let letter = if line.is_empty() { 'M' } else { 'L' };
        let _ = write!(line, "{letter}{x:.1} {:.1}", area.y(point.accuracy.value));
        if let Some(bounds) = point.accuracy.interval {
            let letter = if upper.is_empty() { 'M' } else { 'L' };
            let _ = write!(upper, "{letter}{x:.1} {:.1}", area.y(bounds.high));
            lower.push(format!("L{x:.1} {:.1}", area.y(bounds.low)));
        }
    }
    lower.reverse();
    if !upper.is_empty() {
        let _ = writeln!(body, "<path class=\"band\" d=\"{upper}{}Z\"/>", lower.concat());
    }
    let _ = writeln!(body, "<path class=\"one\" d=\"{line}\"/>");
    let note = format!(
        "AURC {:.4}. The share of sentences labelled, surest first, against their accuracy, with its 95 % interval.",
        report.aurc.value
    );
    figure("Coverage and accuracy", 380.0, 360.0, &body, &note)
}
