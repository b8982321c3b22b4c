//! Numbers that are nearly right: each source has a spread, each object a true number.
//!
//! In the spirit of Li et al., "Resolving conflicts in heterogeneous data by truth
//! discovery and source reliability estimation" (CRH, SIGMOD 2014), with Huber's weights
//! against gross errors and each source's spread shrunk to that of all.

use super::{Claims, Outcomes};
use rayon::prelude::*;

/// Passes between numbers and spreads.
const PASSES: usize = 12;
/// Deviations beyond this many spreads lose weight.
const HUBER: f64 = 1.5;
/// Strength of the pooled spread, in claims.
const SHRINK: f64 = 4.0;

/// What numbers say.
pub(super) struct Found {
    /// Estimate of each object.
    pub(super) truth: Vec<f64>,
    /// Typical deviation of a claim.
    pub(super) scale: f64,
    /// For each claim, whether it lies within `scale` of what the others (or the
    /// outcome) say; `None` where there is nobody else.
    pub(super) near: Vec<Option<bool>>,
}

/// Finds the numbers and the spreads. Every text that is no number is left out.
pub(super) fn fit(claims: &Claims, outcomes: &Outcomes) -> Found {
    let number = |text: &str| text.parse::<f64>().ok().filter(|x| x.is_finite());
    let x: Vec<Option<f64>> =
        (0..claims.len()).into_par_iter().map(|i| number(claims.text_of(claims.value[i] as usize))).collect();
    let known: Vec<Option<f64>> =
        (0..claims.objects.len()).map(|o| outcomes.text(claims, o).and_then(number)).collect();
    let mut truth: Vec<f64> = (0..claims.objects.len())
        .into_par_iter()
        .map(|o| known[o].unwrap_or_else(|| median(claims.claims_on(o).filter_map(|i| x[i]).collect())))
        .collect();
    // Numbers that there is something to compare with: an outcome, or somebody else's.
    let told: Vec<Option<f64>> = (0..claims.len())
        .map(|i| {
            x[i].filter(|_| known[claims.object_of(i)].is_some() || claims.claims_on(claims.object_of(i)).len() > 1)
        })
        .collect();
    let deviations = |truth: &[f64]| -> Vec<f64> {
        let all = told.iter().enumerate();
        all.filter_map(|(i, x)| x.map(|x| (x - truth[claims.object_of(i)]).abs())).collect()
    };
    let scale = (1.4826 * median(deviations(&truth))).max(f64::MIN_POSITIVE);
    let mut spread = vec![1.0; claims.sources.len()];
    let weight = |i: usize, truth: f64, spread: &[f64]| {
        let spread = spread[claims.source[i] as usize];
        let away = x[i].map_or(0.0, |x| ((x - truth) / (scale * spread)).abs());
        (HUBER / away).min(1.0) / (spread * spread)
    };
    for _ in 0..PASSES {
        spread.par_iter_mut().enumerate().for_each(|(s, spread)| {
            let by = claims.claims_by(s).iter().map(|i| *i as usize);
            let squares: Vec<f64> = by
                .filter_map(|i| {
                    told[i].map(|x| ((x - truth[claims.object_of(i)]) / scale).abs().min(2.0 * HUBER).powi(2))
                })
                .collect();
            *spread = ((SHRINK + squares.iter().sum::<f64>()) / (SHRINK + squares.len() as f64)).sqrt();
        });
        truth.par_iter_mut().with_min_len(256).enumerate().for_each(|(o, truth)| {
            let parts = claims.claims_on(o).filter_map(|i| x[i].map(|x| (x, weight(i, *truth, &spread))));
            let (sum, all) = parts.fold((0.0, 0.0), |(s, a), (x, w)| (s + w * x, a + w));
            *truth = known[o].unwrap_or(if all > 0.0 { sum / all } else { *truth });
        });
    }
    let near = (0..claims.len())
        .into_par_iter()
        .with_min_len(256)
        .map(|i| {
            let o = claims.object_of(i);
            let target = known[o].or_else(|| {
                let others = claims.claims_on(o).filter(|j| *j != i);
                let parts = others.filter_map(|j| x[j].map(|x| (x, weight(j, truth[o], &spread))));
                let (sum, all) = parts.fold((0.0, 0.0), |(s, a), (x, w)| (s + w * x, a + w));
                (all > 0.0).then(|| sum / all)
            });
            target.zip(x[i]).map(|(t, x)| (x - t).abs() <= scale)
        })
        .collect();
    Found { truth, scale, near }
}

/// The middle number; 0 of none.
fn median(mut x: Vec<f64>) -> f64 {
    if x.is_empty() {
        return 0.0;
    }
    x.sort_by(f64::total_cmp);
    let n = x.len();
    if n % 2 == 1 { x[n / 2] } else { 0.5 * (x[n / 2 - 1] + x[n / 2]) }
}
