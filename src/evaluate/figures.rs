//! Every figure about labels, for any weights of the articles: once with weight 1 for
//! the values, and for each draw of the bootstrap.
//!
//! Most figures follow from sums that each article adds to (counts of the confusion
//! matrix, of the reliability diagram, of log-loss); ranked figures take a pass over the
//! sorted sentences. Both are exact for every draw: nothing is approximated.

use super::bootstrap::{self, Resample};
use super::metrics::{
    BINS, Bin, Confusion, LANES, Lanes, Ranking, bin_of, brier, expected_calibration_error, log_loss,
};
use super::sample::Sample;
use serde::Serialize;
use std::collections::BTreeMap;

/// Points of the coverage-risk curve: coverage 1/STEPS, 2/STEPS, ... 1.
pub const STEPS: usize = 20;

/// A figure. Classes are indices into [`Sample::classes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Share of sentences labelled right.
    Accuracy,
    /// Mean recall of the classes in gold.
    BalancedAccuracy,
    /// Mean precision of all classes.
    MacroPrecision,
    /// Mean recall of all classes.
    MacroRecall,
    /// Mean F1 of all classes.
    MacroF1,
    /// Mean F1, weighted with support.
    WeightedF1,
    /// Matthews' correlation.
    Mcc,
    /// Cohen's kappa.
    Kappa,
    /// Precision of a class.
    Precision(usize),
    /// Recall of a class.
    Recall(usize),
    /// F1 of a class.
    F1(usize),
    /// Mean of the areas under the ROC curves that are defined.
    MacroRocAuc,
    /// Mean of the average precisions that are defined.
    MacroAveragePrecision,
    /// Area under the ROC curve of a class against all others.
    RocAuc(usize),
    /// Average precision of a class against all others.
    AveragePrecision(usize),
    /// Mean logarithmic loss.
    LogLoss,
    /// Brier's score.
    Brier,
    /// Expected calibration error.
    Ece,
    /// Area under the risk-coverage curve.
    Aurc,
    /// Accuracy among the surest sentences, up to this step of [`STEPS`].
    AccuracyAt(usize),
}

/// A sample, sorted and added up.
pub struct Figures {
    labels: usize,
    /// Of each article the sums it adds to, zeros left out.
    terms: Vec<Vec<(u32, f64)>>,
    /// Rankings of each class by its probability.
    rankings: Vec<Ranking>,
    /// Errors ranked by confidence.
    errors: Option<Ranking>,
    /// Confidence above which (inclusively) a sentence counts at each step.
    pub(super) thresholds: Vec<f64>,
    with: Offsets,
}

/// Where each kind of sum begins.
#[derive(Clone, Copy, Debug, Default)]
struct Offsets {
    /// Log-loss and Brier's score: two sums.
    losses: usize,
    /// Count, right ones and confidence of each bin.
    bins: usize,
    /// Count and right ones of each step.
    steps: usize,
    end: usize,
}

impl Figures {
    /// Prepares a sample.
    pub fn new(sample: &Sample) -> Self {
        let labels = sample.occurring;
        let losses = labels * labels;
        let bins = losses + 2;
        let steps = bins + 3 * BINS;
        let with = Offsets { losses, bins, steps, end: steps + 2 * STEPS };
        let cuts = sample.confidence.as_deref().map(cuts).unwrap_or_default();
        let thresholds = cuts.clone();
        let mut terms = vec![BTreeMap::<u32, f64>::new(); sample.articles];
        for at in 0..sample.len() {
            let mut add = |place: usize, amount: f64| {
                *terms[sample.article[at] as usize].entry(place as u32).or_default() += amount;
            };
            let (gold, pred) = (sample.gold[at] as usize, sample.pred[at] as usize);
            let right = f64::from(u8::from(gold == pred));
            add(gold * labels + pred, 1.0);
            if let Some(row) = sample.row(at) {
                add(losses, log_loss(row[gold]));
                add(losses + 1, brier(row, Some(gold)));
            }
            if let Some(confidence) = sample.confidence.as_ref().map(|all| all[at]) {
                let bin = bins + 3 * bin_of(confidence);
                let step = steps + 2 * cuts.iter().take_while(|cut| confidence < **cut).count();
                add(bin, 1.0);
                add(bin + 1, right);
                add(bin + 2, confidence);
                add(step, 1.0);
                add(step + 1, right);
            }
        }
        let rows = 0..sample.len();
        let ranked = |class: usize| {
            let scored = |at: usize| {
                sample.row(at).map(|row| (sample.article[at], row[class], sample.gold[at] as usize == class))
            };
            Ranking::new(rows.clone().filter_map(scored))
        };
        let classes = sample.probabilities.as_ref().map_or(0, |_| labels);
        let rankings = (0..classes).map(ranked).collect();
        let errors = sample
            .confidence
            .as_ref()
            .map(|all| Ranking::new(rows.clone().map(|at| (sample.article[at], all[at], !sample.right(at)))));
        let terms = terms.into_iter().map(|sums| sums.into_iter().collect()).collect();
        Self { labels, terms, rankings, errors, thresholds, with }
    }

    /// The figures that this sample has, in the order in which they are computed.
    pub fn measures(&self) -> Vec<Measure> {
        use Measure as M;
        let mut all = vec![M::Accuracy, M::BalancedAccuracy, M::MacroPrecision, M::MacroRecall];
        all.extend([M::MacroF1, M::WeightedF1, M::Mcc, M::Kappa]);
        all.extend((0..self.labels).flat_map(|class| [M::Precision(class), M::Recall(class), M::F1(class)]));
        if !self.rankings.is_empty() {
            all.extend([M::LogLoss, M::Brier, M::MacroRocAuc, M::MacroAveragePrecision]);
            all.extend((0..self.labels).flat_map(|class| [M::RocAuc(class), M::AveragePrecision(class)]));
        }
        if self.errors.is_some() {
            all.extend([M::Ece, M::Aurc]);
            all.extend((0..STEPS).map(M::AccuracyAt));
        }
        all
    }

    /// The values, every article once; NaN where a figure is undefined.
    pub fn values(&self) -> Vec<f64> {
        let mut lanes = self.lanes(&vec![[1; LANES]; self.terms.len()]);
        lanes.swap_remove(0)
    }

    /// The values where each article counts as often as `weights` says.
    pub fn weighted(&self, weights: &[u16]) -> Vec<f64> {
        let weights: Vec<Lanes<u16>> = weights.iter().map(|weight| [*weight; LANES]).collect();
        self.lanes(&weights).swap_remove(0)
    }

    /// The figures of each draw.
    pub fn draws(&self, resample: Resample) -> Vec<Vec<f64>> {
        bootstrap::draws(self.terms.len(), resample, |weights| self.lanes(weights))
    }

    /// The confusion matrix of all articles.
    pub fn confusion(&self) -> Confusion {
        self.matrix(&self.once(), 0)
    }

    /// The reliability diagram of all articles.
    pub fn bins(&self) -> Vec<Bin> {
        self.diagram(&self.once(), 0)
    }

    /// Sentences, and those labelled right, with at least the confidence of each step.
    pub fn covered(&self) -> Vec<(f64, f64)> {
        self.steps(&self.once(), 0)
    }

    fn once(&self) -> Vec<Lanes<f64>> {
        self.sums(&vec![[1; LANES]; self.terms.len()])
    }

    fn sums(&self, weights: &[Lanes<u16>]) -> Vec<Lanes<f64>> {
        bootstrap::sums(weights, self.with.end, |article| &self.terms[article])
    }

    /// The measures of each lane.
    fn lanes(&self, weights: &[Lanes<u16>]) -> Vec<Vec<f64>> {
        let sums = self.sums(weights);
        let ranked: Vec<_> = self.rankings.iter().map(|ranking| ranking.pass(weights)).collect();
        let errors = self.errors.as_ref().map(|ranking| ranking.mean_share(weights));
        let lane = |lane: usize| {
            let matrix = self.matrix(&sums, lane);
            let average = matrix.macro_average();
            let mut all = vec![matrix.accuracy(), matrix.balanced_accuracy(), average.precision, average.recall];
            let kappa = matrix.kappa().unwrap_or(f64::NAN);
            all.extend([average.f1, matrix.weighted_average().f1, matrix.mcc(), kappa]);
            for class in 0..self.labels {
                let scores = matrix.class(class);
                all.extend([scores.precision, scores.recall, scores.f1]);
            }
            if !ranked.is_empty() {
                let total = matrix.total() as f64;
                all.extend([sums[self.with.losses][lane] / total, sums[self.with.losses + 1][lane] / total]);
                let each: Vec<_> = ranked.iter().map(|r| [r.roc_auc[lane], r.average_precision[lane]]).collect();
                all.extend([mean(each.iter().map(|both| both[0])), mean(each.iter().map(|both| both[1]))]);
                all.extend(each.into_iter().flatten());
            }
            if let Some(errors) = errors {
                all.extend([expected_calibration_error(&self.diagram(&sums, lane)), errors[lane]]);
                all.extend(self.steps(&sums, lane).into_iter().map(|(count, right)| right / count));
            }
            all
        };
        (0..LANES).map(lane).collect()
    }

    fn matrix(&self, sums: &[Lanes<f64>], lane: usize) -> Confusion {
        Confusion::from_counts(self.labels, sums[..self.with.losses].iter().map(|sum| sum[lane] as u64).collect())
    }

    fn diagram(&self, sums: &[Lanes<f64>], lane: usize) -> Vec<Bin> {
        let bin = |bin: usize| {
            let [count, right, confidence] = [0, 1, 2].map(|i| sums[self.with.bins + 3 * bin + i][lane]);
            let whole = count.max(1.0);
            let edge = |edge: usize| edge as f64 / BINS as f64;
            let (confidence, accuracy) = (confidence / whole, right / whole);
            Bin { low: edge(bin), high: edge(bin + 1), count: count as u64, confidence, accuracy }
        };
        (0..BINS).map(bin).collect()
    }

    fn steps(&self, sums: &[Lanes<f64>], lane: usize) -> Vec<(f64, f64)> {
        let (mut count, mut right) = (0.0, 0.0);
        let step = |step: usize| {
            count += sums[self.with.steps + 2 * step][lane];
            right += sums[self.with.steps + 2 * step + 1][lane];
            (count, right)
        };
        (0..STEPS).map(step).collect()
    }
}

/// The confidence of the last sentence that each step covers, surest first; the last
/// step covers all. Without sentences 0.
fn cuts(confidence: &[f64]) -> Vec<f64> {
    let mut sorted = confidence.to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let cut = |step: usize| sorted.get((sorted.len() * step).div_ceil(STEPS).max(1) - 1).copied().unwrap_or(0.0);
    (1..=STEPS).map(cut).collect()
}

/// The mean of the values that are defined; NaN without any.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let defined: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
    if defined.is_empty() { f64::NAN } else { defined.iter().sum::<f64>() / defined.len() as f64 }
}
