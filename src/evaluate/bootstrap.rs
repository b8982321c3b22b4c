//! Percentile intervals from a bootstrap that resamples whole articles.
//!
//! Sentences of one article resemble each other, so the article, not the sentence, is
//! the unit that is drawn with replacement (Field and Welsh 2007, "Bootstrapping
//! clustered data", J. R. Statist. Soc. B 69(3)). The interval runs from the 2.5th to
//! the 97.5th percentile of the drawn statistics (Efron 1979; Efron and Tibshirani
//! 1993, ch. 13), percentiles interpolated linearly as `numpy.percentile` does.
//!
//! A draw is a weight for each article: how often it was drawn. Draw `i` of a seed is the
//! same whatever is computed from it, so that two systems can be compared draw by draw
//! (the paired bootstrap), and draws can be computed in any order and number of threads.

use super::metrics::{LANES, Lanes};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::Serialize;

/// A 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The 2.5th percentile.
    pub low: f64,
    /// The 97.5th percentile.
    pub high: f64,
}

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resample {
    /// Bootstrap draws; 0 gives no intervals.
    pub draws: usize,
    /// Seed; equal seeds give equal intervals on every machine.
    pub seed: u64,
}

/// The statistics of every draw: `draws` lists of equal length. Empty without draws, and
/// with fewer than two articles, which do not vary.
///
/// `statistics` gets the weights of [`LANES`] draws, `weights[article][lane]`, and gives
/// the statistics of each. NaN stands for a statistic that is undefined in a draw.
pub fn draws<F>(articles: usize, resample: Resample, statistics: F) -> Vec<Vec<f64>>
where
    F: Fn(&[Lanes<u16>]) -> Vec<Vec<f64>> + Sync,
{
    if articles < 2 {
        return Vec::new();
    }
    let blocks = resample.draws.div_ceil(LANES);
    let block = |block: usize| statistics(&weights(articles, resample.seed, block * LANES));
    let mut all: Vec<Vec<f64>> = (0..blocks).into_par_iter().flat_map_iter(block).collect();
    all.truncate(resample.draws);
    all
}

/// The weights of the articles in draws `first` to `first + LANES`.
fn weights(articles: usize, seed: u64, first: usize) -> Vec<Lanes<u16>> {
    let mut weights = vec![[0u16; LANES]; articles];
    let draw = |lane: usize| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((first + lane) as u64);
        (0..articles).for_each(|_| weights[rng.random_range(0..articles)][lane] += 1);
    };
    (0..LANES).for_each(draw);
    weights
}

/// The interval of one statistic over all draws in which it is defined; `None` when it is
/// in none.
pub fn interval(values: impl IntoIterator<Item = f64>) -> Option<Interval> {
    let mut list: Vec<f64> = values.into_iter().filter(|value| !value.is_nan()).collect();
    list.sort_unstable_by(f64::total_cmp);
    (!list.is_empty()).then(|| Interval { low: percentile(&list, 0.025), high: percentile(&list, 0.975) })
}

/// The value at `share` of the way through a sorted, non-empty list.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

/// Sums over articles: `sums[statistic][lane]` for statistics that an article adds to.
///
/// `article(i)` lists what article `i` adds: (statistic, amount).
pub fn sums<'a, I>(weights: &[Lanes<u16>], statistics: usize, article: impl Fn(usize) -> I) -> Vec<Lanes<f64>>
where
    I: IntoIterator<Item = &'a (u32, f64)>,
{
    let mut sums = vec![[0.0; LANES]; statistics];
    for (at, weight) in weights.iter().enumerate() {
        let weight = weight.map(f64::from);
        for (statistic, amount) in article(at) {
            for (sum, weight) in sums[*statistic as usize].iter_mut().zip(weight) {
                *sum += weight * amount;
            }
        }
    }
    sums
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

    /// The mean index of the drawn articles.
    fn mean(articles: usize, draws: usize, seed: u64) -> Vec<f64> {
        let each: Vec<Vec<(u32, f64)>> = (0..articles).map(|at| vec![(0, at as f64)]).collect();
        let statistic = |weights: &[Lanes<u16>]| {
            sums(weights, 1, |at| &each[at])[0].iter().map(|sum| vec![sum / articles as f64]).collect()
        };
        super::draws(articles, Resample { draws, seed }, statistic).into_iter().map(|row| row[0]).collect()
    }

    /// The mean of 0..100 drawn 100 times has standard deviation 28.866 / 10, so the
    /// normal interval is 49.5 -+ 1.96 * 2.8866 = [43.84, 55.16].
    #[test]
    fn width_agrees_with_theory() {
        let Interval { low, high } = interval(mean(100, 4000, 1)).unwrap();
        assert!((low - 43.84).abs() < 0.5, "{low}");
        assert!((high - 55.16).abs() < 0.5, "{high}");
    }

    #[test]
    fn seed_decides() {
        assert_eq!(mean(9, 50, 3), mean(9, 50, 3));
        assert_ne!(mean(9, 50, 3), mean(9, 50, 4));
        assert_eq!(mean(9, 50, 3)[..20], mean(9, 20, 3));
    }

    #[test]
    fn no_interval_without_variation() {
        assert!(mean(1, 50, 0).is_empty());
        assert!(mean(5, 0, 0).is_empty());
        assert_eq!(interval([f64::NAN]), None);
        assert_eq!(interval([f64::NAN, 2.0]), Some(Interval { low: 2.0, high: 2.0 }));
    }
}
