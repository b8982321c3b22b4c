//! Attribution spans: source, cue and content against gold.
//!
//! For each article and role the *set* of distinct spans is compared; which source
//! belongs to which cue is not. Counts are summed over articles (micro-average), and a
//! ratio with denominator 0 is 0. Three pairs of precision P and recall R are made,
//! each with F1 = 2 P R / (P + R):
//!
//! - exact: a span is right when the other side has one with the same start and end;
//! - bytes: P is the share of bytes under predicted spans that lie under a gold span,
//!   R the share of gold bytes that lie under a predicted span; a byte counts once,
//!   however many spans cover it;
//! - overlap: a predicted span is right when it shares at least one byte with a gold
//!   span, and a gold span is found when it shares one with a predicted span.

use super::bootstrap::{self, Resample, interval};
use super::labels::Estimate;
use super::metrics::{LANES, Lanes, ratio};
use super::read::{Places, ROLES};
use crate::article::Span;
use serde::Serialize;

/// Scores of all roles.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpanReport {
    /// Articles compared: in both files, with attributions in gold.
    pub articles: usize,
    /// Source, cue, content.
    pub roles: Vec<RoleReport>,
}

/// Scores of one role.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RoleReport {
    /// `source`, `cue` or `content`.
    pub role: String,
    /// Distinct gold spans.
    pub gold: u64,
    /// Distinct predicted spans.
    pub predicted: u64,
    /// Same start and end.
    pub exact: SpanScores,
    /// By bytes covered.
    pub bytes: SpanScores,
    /// At least one byte shared.
    pub overlap: SpanScores,
}

/// Precision and recall of spans, and their F1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SpanScores {
    /// Of what was predicted, the share that is right.
    pub precision: f64,
    /// Of gold, the share that is found.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: Estimate,
}

/// Counts of one role in one article: (right, all) for precision and for recall, for
/// each of exact, bytes and overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts([[u64; 4]; 3]);

impl Counts {
    fn of(gold: &[Span], pred: &[Span]) -> Self {
        let exact = gold.iter().filter(|span| pred.binary_search(span).is_ok()).count() as u64;
        let (gold_cover, pred_cover) = (merged(gold), merged(pred));
        let shared = gold_cover.iter().map(|span| under(*span, &pred_cover)).sum();
        let hit = |spans: &[Span], cover: &[Span]| spans.iter().filter(|span| under(**span, cover) > 0).count() as u64;
        let bytes = |cover: &[Span]| cover.iter().map(|span| span.len() as u64).sum();
        let (all_gold, all_pred) = (gold.len() as u64, pred.len() as u64);
        Self([
            [exact, all_pred, exact, all_gold],
            [shared, bytes(&pred_cover), shared, bytes(&gold_cover)],
            [hit(pred, &gold_cover), all_pred, hit(gold, &pred_cover), all_gold],
        ])
    }

    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().flatten().zip(other.0.iter().flatten()) {
            *mine += theirs;
        }
    }

    /// What an article adds to the sums, zeros left out.
    fn terms(&self) -> Vec<(u32, f64)> {
        let all = self.0.iter().flatten().enumerate();
        all.filter(|(_, count)| **count > 0).map(|(at, count)| (at as u32, *count as f64)).collect()
    }

    fn f1(&self, kind: usize) -> f64 {
        let (p, r) = self.precision_recall(kind);
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }

    fn precision_recall(&self, kind: usize) -> (f64, f64) {
        let [right, predicted, found, gold] = self.0[kind];
        (ratio(right, predicted), ratio(found, gold))
    }
}

/// F1 of each kind in each draw.
fn f1s(terms: &[Vec<(u32, f64)>], weights: &[Lanes<u16>]) -> Vec<Vec<f64>> {
    let sums = bootstrap::sums(weights, 12, |article| &terms[article]);
    let of = |lane: usize| {
        let mut counts = Counts::default();
        counts.0.iter_mut().flatten().zip(&sums).for_each(|(count, sum)| *count = sum[lane] as u64);
        (0..3).map(|kind| counts.f1(kind)).collect()
    };
    (0..LANES).map(of).collect()
}

/// Scores the articles, each given as (gold, predicted); `None` without a gold span.
pub(super) fn score(articles: &[(Places, Places)], resample: Resample) -> Option<SpanReport> {
    if articles.iter().all(|(gold, _)| gold.iter().all(Vec::is_empty)) {
        return None;
    }
    let report = |role: usize| {
        let each: Vec<Counts> = articles.iter().map(|(gold, pred)| Counts::of(&gold[role], &pred[role])).collect();
        let mut sum = Counts::default();
        each.iter().for_each(|counts| sum.add(counts));
        let terms: Vec<Vec<(u32, f64)>> = each.iter().map(Counts::terms).collect();
        let draws = bootstrap::draws(each.len(), resample, |weights| f1s(&terms, weights));
        let scores = |kind: usize| {
            let (precision, recall) = sum.precision_recall(kind);
            let interval = interval(draws.iter().map(|draw| draw[kind]));
            SpanScores { precision, recall, f1: Estimate { value: sum.f1(kind), interval } }
        };
        RoleReport {
            role: ROLES[role].into(),
            gold: sum.0[0][3],
            predicted: sum.0[0][1],
            exact: scores(0),
            bytes: scores(1),
            overlap: scores(2),
        }
    };
    Some(SpanReport { articles: articles.len(), roles: (0..ROLES.len()).map(report).collect() })
}

/// The union of sorted spans as disjoint spans.
fn merged(sorted: &[Span]) -> Vec<Span> {
    let mut cover: Vec<Span> = Vec::new();
    for span in sorted {
        match cover.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => cover.push(*span),
        }
    }
    cover
}

/// Bytes of `span` that lie under the disjoint, sorted `cover`.
fn under(span: Span, cover: &[Span]) -> u64 {
    let first = cover.partition_point(|other| other.end <= span.start);
    let near = cover[first..].iter().take_while(|other| other.start < span.end);
    near.map(|other| (span.end.min(other.end) - span.start.max(other.start)) as u64).sum()
}

#[cfg(test)]
mod tests {
    use super::super::bootstrap::Interval;
    use super::*;

    const RESAMPLE: Resample = Resample { draws: 2000, seed: 0 };

    fn spans(list: &[(usize, usize)]) -> Vec<Span> {
        list.iter().map(|&(start, end)| Span::new(start, end)).collect()
    }

    /// By hand: one span is equal (0-10); gold covers 0-10, 20-30, 50-60 = 30 bytes,
    /// predictions 0-10, 25-45, 70-75 = 35 bytes, shared 10 + 5 = 15 bytes.
    #[test]
    fn counts_by_hand() {
        let counts =
            Counts::of(&spans(&[(0, 10), (20, 30), (50, 60)]), &spans(&[(0, 10), (25, 40), (30, 45), (70, 75)]));
        assert_eq!(counts.0, [[1, 4, 1, 3], [15, 35, 15, 30], [2, 4, 2, 3]]);
        assert!((counts.f1(0) - 2.0 / 7.0).abs() < 1e-12);
        assert!((counts.f1(1) - 30.0 / 65.0).abs() < 1e-12);
        assert!((counts.f1(2) - 2.0 * 0.5 * (2.0 / 3.0) / (0.5 + 2.0 / 3.0)).abs() < 1e-12);
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        let counts = Counts::of(&spans(&[(0, 5)]), &spans(&[(5, 9)]));
        assert_eq!(counts.0, [[0, 1, 0, 1], [0, 4, 0, 5], [0, 1, 0, 1]]);
        assert_eq!(counts.f1(1), 0.0);
    }

    /// One article is right and one is missed, so a draw of both gives R = 1/2 and
    /// F1 = 2/3, and draws of one of them twice give 1 and 0.
    #[test]
    fn interval_over_articles() {
        let cue = |list: &[(usize, usize)]| [Vec::new(), spans(list), Vec::new()];
        let articles = [(cue(&[(0, 4)]), cue(&[(0, 4)])), (cue(&[(3, 9)]), cue(&[]))];
        let report = score(&articles, RESAMPLE);
        let f1 = report.map(|report| report.roles[1].exact.f1);
        let interval = Some(Interval { low: 0.0, high: 1.0 });
        assert_eq!(f1, Some(Estimate { value: 2.0 / 3.0, interval }));
    }

    #[test]
    fn no_report_without_gold_spans() {
        assert_eq!(score(&[Default::default()], RESAMPLE), None);
    }
}
