//! Percentile intervals from a bootstrap that resamples whole articles.
//!
//! Sentences of one article resemble each other, so the article, not the sentence, is
//! the unit that is drawn with replacement (Field and Welsh 2007, "Bootstrapping
//! clustered data", J. R. Statist. Soc. B 69(3)). The interval runs from the 2.5th to
//! the 97.5th percentile of the drawn statistics (Efron 1979; Efron and Tibshirani
//! 1993, ch. 13), percentiles interpolated linearly as `numpy.percentile` does.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// A 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The 2.5th percentile.
    pub low: f64,
    /// The 97.5th percentile.
    pub high: f64,
}

/// Intervals of the `N` values that `statistic` gives for a list of drawn clusters
/// (indices below `clusters`, as many as there are clusters).
///
/// `None` without draws, and with fewer than two clusters, which do not vary. Equal
/// seeds give equal intervals on every machine.
pub fn intervals<const N: usize>(
    clusters: usize,
    draws: usize,
    seed: u64,
    mut statistic: impl FnMut(&[usize]) -> [f64; N],
) -> Option<[Interval; N]> {
    if draws == 0 || clusters < 2 {
        return None;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut drawn = vec![0; clusters];
    let mut values: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(draws));
    for _ in 0..draws {
        drawn.fill_with(|| rng.random_range(0..clusters));
        for (list, value) in values.iter_mut().zip(statistic(&drawn)) {
            list.push(value);
        }
    }
    Some(values.map(|mut list| {
        list.sort_unstable_by(f64::total_cmp);
        Interval { low: percentile(&list, 0.025), high: percentile(&list, 0.975) }
    }))
}

/// The value at `share` of the way through a sorted, non-empty list.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// `numpy.percentile([1, 2, 3, 4, 10], [2.5, 50, 97.5])` is 1.1, 3, 9.4.
    #[test]
    fn percentiles_as_numpy() {
        let list = [1.0, 2.0, 3.0, 4.0, 10.0];
        for (share, wanted) in [(0.025, 1.1), (0.5, 3.0), (0.975, 9.4)] {
            assert!((percentile(&list, share) - wanted).abs() < 1e-12);
        }
        assert_eq!(percentile(&[7.0], 0.975), 7.0);
    }

    fn mean(drawn: &[usize]) -> [f64; 1] {
        [drawn.iter().sum::<usize>() as f64 / drawn.len() as f64]
    }

    /// The mean of 0..100 drawn 100 times has standard deviation 28.866 / 10, so the
    /// normal interval is 49.5 -+ 1.96 * 2.8866 = [43.84, 55.16].
    #[test]
    fn width_agrees_with_theory() {
        let [Interval { low, high }] = intervals(100, 4000, 1, mean).unwrap();
        assert!((low - 43.84).abs() < 0.5, "{low}");
        assert!((high - 55.16).abs() < 0.5, "{high}");
    }

    #[test]
    fn seed_decides() {
        assert_eq!(intervals(9, 50, 3, mean), intervals(9, 50, 3, mean));
        assert_ne!(intervals(9, 50, 3, mean), intervals(9, 50, 4, mean));
    }

    #[test]
    fn no_interval_without_variation() {
        assert_eq!(intervals(1, 50, 0, mean), None);
        assert_eq!(intervals(5, 0, 0, mean), None);
    }
}
