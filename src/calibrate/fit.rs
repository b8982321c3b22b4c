//! The temperature that fits, and what it makes of probabilities.

use crate::evaluate::Sample;
use crate::evaluate::metrics::log_loss;

/// Temperatures looked at, in logarithms: 1/20 to 20.
const RANGE: (f64, f64) = (-3.0, 3.0);
/// Golden sections: the range shrinks to 1e-8 of itself.
const STEPS: usize = 40;
/// A probability that was rounded to 0 still has a logarithm.
const LEAST: f64 = 1e-30;

/// The factor on the temperature that minimises the mean logarithmic loss over the
/// sentences that `counts` names; 1 without any. The loss is convex in its inverse, so
/// golden-section search finds the minimum.
pub fn temperature(sample: &Sample, counts: impl Fn(usize) -> bool) -> f64 {
    let rows: Vec<(&[f64], usize)> = (0..sample.len())
        .filter(|at| counts(*at))
        .filter_map(|at| Some((sample.row(at)?, usize::from(sample.gold[at]))))
        .collect();
    if rows.is_empty() {
        return 1.0;
    }
    let loss = |log: f64| -> f64 { rows.iter().map(|(row, gold)| log_loss(scaled(row, log.exp())[*gold])).sum() };
    let ratio = (5f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = RANGE;
    let (mut a, mut b) = (high - ratio * (high - low), low + ratio * (high - low));
    let (mut at_a, mut at_b) = (loss(a), loss(b));
    for _ in 0..STEPS {
        if at_a < at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - ratio * (high - low);
            at_a = loss(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + ratio * (high - low);
            at_b = loss(b);
        }
    }
    ((low + high) / 2.0).exp()
}

/// The sample with every row's temperature multiplied by `factor(row)`.
pub fn rescale(sample: &Sample, factor: impl Fn(usize) -> f64) -> Sample {
    let mut changed = sample.clone();
    let rows: Vec<Vec<f64>> = (0..sample.len()).filter_map(|at| Some(scaled(sample.row(at)?, factor(at)))).collect();
    changed.confidence = Some(rows.iter().zip(&sample.pred).map(|(row, pred)| row[usize::from(*pred)]).collect());
    changed.probabilities = Some(rows.concat());
    changed
}

/// Softmax of ln p / factor: the logits are ln p up to a constant.
fn scaled(row: &[f64], factor: f64) -> Vec<f64> {
    let logits: Vec<f64> = row.iter().map(|p| p.max(LEAST).ln() / factor).collect();
    let top = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let all: Vec<f64> = logits.iter().map(|logit| (logit - top).exp()).collect();
    let sum: f64 = all.iter().sum();
    all.into_iter().map(|p| p / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says 0.9 and is right in three of four cases: the best is to say 0.75.
    fn overconfident() -> Sample {
        let n = 400;
        Sample {
            classes: vec!["a".into(), "b".into()],
            occurring: 2,
            articles: 4,
            article: (0..n).map(|at| at / 100).collect(),
            gold: (0..n).map(|at| u16::from(at % 4 == 0)).collect(),
            pred: vec![0; n as usize],
            probabilities: Some([0.9, 0.1].repeat(n as usize)),
            confidence: Some(vec![0.9; n as usize]),
        }
    }

    #[test]
    fn the_temperature_that_fits() {
        let sample = overconfident();
        let factor = temperature(&sample, |_| true);
        // logit(0.9) / factor = logit(0.75)
        assert!((factor - 2.0).abs() < 1e-6, "{factor}");
        let scaled = rescale(&sample, |_| factor);
        assert!(scaled.confidence.is_some_and(|all| all.iter().all(|p| (p - 0.75).abs() < 1e-7)));
        assert_eq!(temperature(&sample, |_| false), 1.0);
    }

    #[test]
    fn a_temperature_of_one_changes_nothing() {
        let row = scaled(&[0.7, 0.2, 0.1], 1.0);
        assert!(row.iter().zip([0.7, 0.2, 0.1]).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
