//! Repeated measurements: median, interval, outliers.

use serde::{Deserialize, Serialize};

/// The median of repeated measurements and an interval for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Median.
    pub median: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Probability that the interval holds the median of all measurements that could have
    /// been made; from order statistics (Hahn and Meeker, Statistical Intervals, 1991), which
    /// assume nothing of their distribution.
    pub coverage: f64,
    /// Measurements more than three scaled median deviations and 5 % away from the median.
    pub outliers: usize,
}

impl Spread {
    /// Of at least one value: the narrowest pair of order statistics with a coverage of 95 %,
    /// or the extremes where there are too few.
    pub fn of(values: &[f64]) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        let mut from = 0;
        while from + 1 < n - from - 1 && coverage(n, from + 1) >= 0.95 {
            from += 1;
        }
        let median = middle(&sorted);
        let mut away: Vec<f64> = sorted.iter().map(|v| (v - median).abs()).collect();
        away.sort_by(f64::total_cmp);
        let far = (3.0 * 1.4826 * middle(&away)).max(0.05 * median.abs());
        Self {
            median,
            low: sorted.get(from).copied().unwrap_or(f64::NAN),
            high: sorted.get(n.wrapping_sub(from + 1)).copied().unwrap_or(f64::NAN),
            coverage: coverage(n, from),
            outliers: away.iter().filter(|&&a| a > far).count(),
        }
    }

    /// Every value passed through a falling or rising function.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        let (a, b) = (f(self.low), f(self.high));
        Self { median: f(self.median), low: a.min(b), high: a.max(b), ..self.clone() }
    }
}

/// Probability that the median lies between the values `from` places from either end.
fn coverage(n: usize, from: usize) -> f64 {
    // 1 - 2 P(Binomial(n, 1/2) <= from).
    let mut term = 0.5f64.powi(n as i32);
    let mut below = 0.0;
    for k in 0..=from {
        below += term;
        term *= (n - k) as f64 / (k + 1) as f64;
    }
    (1.0 - 2.0 * below).max(0.0)
}

/// Median of sorted values.
fn middle(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0,
    }
}

/// The value below which a share of sorted values lies (nearest rank).
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_runs_by_hand() {
        let spread = Spread::of(&[3.0, 1.0, 2.0, 5.0, 4.0, 6.0, 100.0]);
        // All but 1/64 of the samples of seven have the median between their extremes.
        assert_eq!((spread.median, spread.low, spread.high), (4.0, 1.0, 100.0));
        assert!((spread.coverage - (1.0 - 2.0 / 128.0)).abs() < 1e-12);
        assert_eq!(spread.outliers, 1);
    }

    #[test]
    fn many_runs_leave_the_ends_out() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        let spread = Spread::of(&values);
        // The textbook interval for n = 20: sixth to fifteenth value, 95.9 %.
        assert_eq!((spread.low, spread.high), (6.0, 15.0));
        assert!((spread.coverage - 0.9586).abs() < 1e-4);
    }

    #[test]
    fn one_run_says_nothing_of_its_spread() {
        let spread = Spread::of(&[2.0]);
        assert_eq!((spread.median, spread.low, spread.high, spread.coverage), (2.0, 2.0, 2.0, 0.0));
        assert_eq!(spread.map(|v| 1.0 / v).median, 0.5);
    }

    #[test]
    fn quantiles_are_nearest_ranks() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!([0.5, 0.95, 0.99, 1.0].map(|q| quantile(&values, q)), [50.0, 95.0, 99.0, 100.0]);
        assert_eq!(quantile(&[7.0], 0.01), 7.0);
    }
}
