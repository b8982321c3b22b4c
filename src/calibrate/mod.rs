//! Calibration: a model's confidence made to mean what it says, and the confidence below
//! which a sentence is better left to a person.
//!
//! One number, the temperature, divides the logits before the softmax (Guo et al. 2017,
//! "On calibration of modern neural networks"). It is the one that minimises the mean
//! logarithmic loss on gold labels. It keeps the order of the classes: no label changes.
//!
//! How much it helps is measured on articles that it was not fitted to: articles are dealt
//! into folds, and each is judged with the temperature of the others.

mod error;
mod fit;
mod store;

pub use error::CalibrateError;
pub use fit::{rescale, temperature};
pub use store::{Calibration, Change, Coverage};

use crate::evaluate::bootstrap::Resample;
use crate::evaluate::figures::Measure;
use crate::evaluate::{Sample, estimates};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// How to fit and judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Folds of the cross-fit.
    pub folds: usize,
    /// Draws of the intervals.
    pub draws: usize,
    /// Seed of folds and draws.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { folds: 5, draws: 2000, seed: 0 }
    }
}

/// Points of the stored coverage-risk curve.
const POINTS: usize = 200;

/// Fits the temperature of a model whose current one, `now`, made the probabilities of
/// `sample`.
pub fn calibrate(sample: &Sample, now: f64, gold: &str, options: &Options) -> Result<Calibration, CalibrateError> {
    if sample.probabilities.is_none() || sample.articles < 2 {
        return Err(CalibrateError::TooLittle { articles: sample.articles });
    }
    let factor = temperature(sample, |_| true);
    let fitted = rescale(sample, |_| factor);
    let crossed = cross_fit(sample, options);
    let resample = Resample { draws: options.draws, seed: options.seed };
    let measures = [Measure::Ece, Measure::LogLoss, Measure::Brier];
    let (before, after) = (estimates(sample, resample, &measures), estimates(&crossed, resample, &measures));
    let change = |at: usize| Change { before: before[at], after: after[at] };
    Ok(Calibration {
        temperature: now * factor,
        gold: gold.to_owned(),
        sentences: sample.len(),
        articles: sample.articles,
        folds: options.folds.min(sample.articles),
        seed: options.seed,
        ece: change(0),
        log_loss: change(1),
        brier: change(2),
        coverage: coverage(&fitted),
    })
}

/// Each article's probabilities with the temperature of the other folds.
fn cross_fit(sample: &Sample, options: &Options) -> Sample {
    let folds = options.folds.clamp(2, sample.articles.max(2));
    let mut order: Vec<usize> = (0..sample.articles).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(options.seed));
    let mut fold = vec![0; sample.articles];
    order.iter().enumerate().for_each(|(at, article)| fold[*article] = at % folds);
    let factors: Vec<f64> =
        (0..folds).map(|own| temperature(sample, |at| fold[sample.article[at] as usize] != own)).collect();
    rescale(sample, |at| factors[fold[sample.article[at] as usize]])
}

/// Share of sentences and of errors among them, for falling least confidences.
fn coverage(sample: &Sample) -> Vec<Coverage> {
    let confidence = sample.confidence.as_deref().unwrap_or_default();
    let mut order: Vec<usize> = (0..sample.len()).collect();
    order.sort_by(|a, b| confidence[*b].total_cmp(&confidence[*a]));
    let mut points: Vec<Coverage> = Vec::new();
    let mut wrong = 0usize;
    for (rank, &at) in order.iter().enumerate() {
        wrong += usize::from(!sample.right(at));
        let all = rank + 1;
        let due = all * POINTS >= (points.len() + 1) * order.len();
        // A threshold cannot part sentences of equal confidence.
        let tied = order.get(rank + 1).is_some_and(|&next| confidence[next] == confidence[at]);
        if due && !tied {
            let (whole, some) = (order.len() as f64, all as f64);
            let min_confidence = confidence[at];
            points.push(Coverage { min_confidence, coverage: some / whole, risk: wrong as f64 / some });
        }
    }
    points
}
