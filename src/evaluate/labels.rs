//! From figures to the report about labels.

use super::bootstrap::{Interval, Resample, interval};
use super::figures::{Figures, Measure, STEPS};
use super::metrics::{Bin, ClassScores};
use super::sample::Sample;
use serde::Serialize;

/// A figure and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// From all articles; NaN (in JSON null) where the figure is undefined.
    pub value: f64,
    /// Percentile interval over resampled articles; `None` without draws, with fewer than
    /// two articles, and where the figure is undefined in every draw.
    pub interval: Option<Interval>,
}

/// Figures about labels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelReport {
    /// The classes, sorted: every label of gold or predictions.
    pub labels: Vec<String>,
    /// Share of sentences labelled right.
    pub accuracy: Estimate,
    /// Mean recall of the classes in gold.
    pub balanced_accuracy: Estimate,
    /// Mean F1 over all classes, in each draw over the classes of the full data.
    pub macro_f1: Estimate,
    /// Mean F1 weighted with support.
    pub weighted_f1: Estimate,
    /// Matthews' correlation.
    pub mcc: Estimate,
    /// Cohen's kappa of gold and predictions.
    pub kappa: Estimate,
    /// Scores in the order of `labels`.
    pub classes: Vec<ClassReport>,
    /// Unweighted means.
    pub macro_average: ClassScores,
    /// Means weighted with support.
    pub weighted_average: ClassScores,
    /// Counts: a row for each gold label, a column for each predicted one.
    pub confusion: Vec<Vec<u64>>,
    /// Shares of each row of `confusion`; 0 in a row without counts.
    pub confusion_shares: Vec<Vec<f64>>,
    /// Figures from probabilities; `None` unless every counted prediction has them.
    pub probabilities: Option<ProbabilityReport>,
    /// Figures from confidence; `None` unless every counted prediction has one.
    pub confidence: Option<ConfidenceReport>,
}

/// One class against all others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassReport {
    /// The class.
    pub label: String,
    /// Share of its predictions that are right.
    pub precision: Estimate,
    /// Share of its gold sentences that are found.
    pub recall: Estimate,
    /// Harmonic mean of both.
    pub f1: Estimate,
    /// Gold sentences.
    pub support: u64,
    /// Area under the ROC curve of its probability.
    pub roc_auc: Option<Estimate>,
    /// Average precision of its probability.
    pub average_precision: Option<Estimate>,
}

/// Figures from the probabilities of all classes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProbabilityReport {
    /// Mean of the one-vs-rest areas under the ROC curve.
    pub macro_roc_auc: Estimate,
    /// Mean of the one-vs-rest average precisions.
    pub macro_average_precision: Estimate,
    /// Mean logarithmic loss, in nats.
    pub log_loss: Estimate,
    /// Brier's score, from 0 to 2.
    pub brier: Estimate,
}

/// Figures from the probability of the predicted label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConfidenceReport {
    /// Expected calibration error, over `bins`.
    pub ece: Estimate,
    /// The reliability diagram.
    pub bins: Vec<Bin>,
    /// Area under the risk-coverage curve.
    pub aurc: Estimate,
    /// What accuracy, if the least sure sentences are left to a person.
    pub coverage: Vec<Covered>,
}

/// A point of the coverage-risk curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Covered {
    /// Share of sentences with at least this confidence.
    pub coverage: f64,
    /// The confidence.
    pub min_confidence: f64,
    /// Share of them labelled right; 1 minus it is the risk. The interval keeps the
    /// confidence fixed.
    pub accuracy: Estimate,
}

/// Values and draws of every measure of a sample.
pub(super) struct Scored {
    pub(super) figures: Figures,
    pub(super) measures: Vec<Measure>,
    pub(super) values: Vec<f64>,
    pub(super) draws: Vec<Vec<f64>>,
}

impl Scored {
    /// Computes all.
    pub(super) fn new(sample: &Sample, resample: Resample) -> Self {
        let figures = Figures::new(sample);
        let (measures, values, draws) = (figures.measures(), figures.values(), figures.draws(resample));
        Self { figures, measures, values, draws }
    }

    /// Where a measure is in the lists.
    pub(super) fn place(&self, measure: Measure) -> Option<usize> {
        self.measures.iter().position(|known| *known == measure)
    }

    /// A measure with its interval; `None` when the sample does not have it.
    pub(super) fn get(&self, measure: Measure) -> Option<Estimate> {
        let at = self.place(measure)?;
        let value = self.values[at];
        let bounds = if value.is_nan() { None } else { interval(self.draws.iter().map(|draw| draw[at])) };
        Some(Estimate { value, interval: bounds })
    }

    fn of(&self, measure: Measure) -> Estimate {
        self.get(measure).unwrap_or(Estimate { value: f64::NAN, interval: None })
    }
}

/// The report of a sample; `None` without any sentence.
pub(super) fn report(sample: &Sample, scored: &Scored) -> Option<LabelReport> {
    if sample.is_empty() {
        return None;
    }
    use Measure as M;
    let matrix = scored.figures.confusion();
    let class = |class: usize| ClassReport {
        label: sample.classes[class].clone(),
        precision: scored.of(M::Precision(class)),
        recall: scored.of(M::Recall(class)),
        f1: scored.of(M::F1(class)),
        support: matrix.class(class).support,
        roc_auc: scored.get(M::RocAuc(class)),
        average_precision: scored.get(M::AveragePrecision(class)),
    };
    let confusion = matrix.rows();
    let share = |row: &Vec<u64>| {
        let whole = row.iter().sum();
        row.iter().map(|&count| super::metrics::ratio(count, whole)).collect()
    };
    Some(LabelReport {
        accuracy: scored.of(M::Accuracy),
        balanced_accuracy: scored.of(M::BalancedAccuracy),
        macro_f1: scored.of(M::MacroF1),
        weighted_f1: scored.of(M::WeightedF1),
        mcc: scored.of(M::Mcc),
        kappa: scored.of(M::Kappa),
        classes: (0..sample.occurring).map(class).collect(),
        macro_average: matrix.macro_average(),
        weighted_average: matrix.weighted_average(),
        confusion_shares: confusion.iter().map(share).collect(),
        confusion,
        probabilities: scored.get(M::LogLoss).map(|log_loss| ProbabilityReport {
            macro_roc_auc: scored.of(M::MacroRocAuc),
            macro_average_precision: scored.of(M::MacroAveragePrecision),
            log_loss,
            brier: scored.of(M::Brier),
        }),
        confidence: scored.get(M::Ece).map(|ece| ConfidenceReport {
            ece,
            bins: scored.figures.bins(),
            aurc: scored.of(M::Aurc),
            coverage: coverage(sample, scored),
        }),
        labels: sample.classes[..sample.occurring].to_vec(),
    })
}

fn coverage(sample: &Sample, scored: &Scored) -> Vec<Covered> {
    let covered = scored.figures.covered();
    let point = |step: usize| Covered {
        coverage: covered[step].0 / sample.len() as f64,
        min_confidence: scored.figures.thresholds[step],
        accuracy: scored.of(Measure::AccuracyAt(step)),
    };
    let mut points: Vec<Covered> = (0..STEPS).map(point).collect();
    // Steps within a tie are one point.
    points.dedup_by(|next, last| {
        let same = next.min_confidence == last.min_confidence;
        if same {
            *last = next.clone();
        }
        same
    });
    points
}
