//! Figures from class probabilities, each as a term of one row: figures are means of
//! these terms, so that they can be added up by article.

use serde::Serialize;

/// Bins of the reliability diagram.
pub const BINS: usize = 15;

/// One bin of the reliability diagram.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Bin {
    /// Confidence above which the bin begins (the first holds 0 too).
    pub low: f64,
    /// Highest confidence of the bin.
    pub high: f64,
    /// Sentences in the bin.
    pub count: u64,
    /// Their mean confidence; 0 in an empty bin.
    pub confidence: f64,
    /// Share of them that is labelled right; 0 in an empty bin.
    pub accuracy: f64,
}

/// Logarithmic loss of one row, -ln p of its gold class, with p kept from 0 by the
/// machine epsilon as scikit-learn's `log_loss` does. In nats; from 0, lower is better.
pub fn log_loss(gold: f64) -> f64 {
    -gold.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
}

/// Brier's score of one row: the sum over all classes of (p - y)^2, where y is 1 for the
/// gold class and else 0 (Brier 1950, "Verification of forecasts expressed in terms of
/// probability"). From 0 to 2, lower is better; scikit-learn's `brier_score_loss` with
/// `scale_by_half=False`. `gold` is `None` for a class that has no probability.
pub fn brier(probabilities: &[f64], gold: Option<usize>) -> f64 {
    let term = |(class, p): (usize, &f64)| (p - f64::from(u8::from(Some(class) == gold))).powi(2);
    let absent = f64::from(u8::from(gold.is_none()));
    probabilities.iter().enumerate().map(term).sum::<f64>() + absent
}

/// The bin of a confidence: [`BINS`] of equal width, each open below and closed above.
pub fn bin_of(confidence: f64) -> usize {
    let width = 1.0 / BINS as f64;
    (1..BINS).take_while(|edge| *edge as f64 * width < confidence).count()
}

/// Expected calibration error: the mean over rows of the distance between accuracy and
/// mean confidence of the row's bin (Guo et al. 2017, "On calibration of modern neural
/// networks", eq. 5). From 0 to 1, lower is better; 0 without rows.
pub fn expected_calibration_error(bins: &[Bin]) -> f64 {
    let total: u64 = bins.iter().map(|bin| bin.count).sum();
    let gap = |bin: &Bin| bin.count as f64 * (bin.accuracy - bin.confidence).abs();
    if total == 0 { 0.0 } else { bins.iter().map(gap).sum::<f64>() / total as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_closed_above() {
        assert_eq!([0.0, 1.0 / 15.0, 0.0667, 0.5, 0.999, 1.0].map(bin_of), [0, 0, 1, 7, 14, 14]);
    }

    #[test]
    fn by_hand() {
        assert!((brier(&[0.5, 0.3, 0.2], Some(0)) - 0.38).abs() < 1e-12);
        assert!((brier(&[0.5, 0.5], None) - 1.5).abs() < 1e-12);
        assert!((log_loss(0.5) - std::f64::consts::LN_2).abs() < 1e-12);
        assert!(log_loss(0.0) < 37.0 && log_loss(1.0) >= 0.0);
        let bin = |count, confidence, accuracy| Bin { count, confidence, accuracy, ..Bin::default() };
        let error = expected_calibration_error(&[bin(3, 0.5, 1.0 / 3.0), bin(1, 0.9, 1.0)]);
        assert!((error - (0.5 + 0.1) / 4.0).abs() < 1e-12);
        assert_eq!(expected_calibration_error(&[]), 0.0);
    }
}
