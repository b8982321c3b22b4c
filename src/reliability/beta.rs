//! Beta distributions: quantiles, masses, and the prior that fits a group of sources.

use statrs::function::beta::{beta_reg, ln_beta};

/// Steps to a quantile: to 1e-8 standard deviations.
const HALVINGS: usize = 30;

/// A Beta distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    /// Pseudo-count of right claims.
    pub a: f64,
    /// Pseudo-count of wrong claims.
    pub b: f64,
}

impl Beta {
    /// From a mean in 0..1 and a strength in claims.
    pub fn of(mean: f64, strength: f64) -> Self {
        Self { a: (mean * strength).max(1e-9), b: ((1.0 - mean) * strength).max(1e-9) }
    }

    /// The mean.
    pub fn mean(self) -> f64 {
        self.a / (self.a + self.b)
    }

    /// The strength in claims.
    pub fn strength(self) -> f64 {
        self.a + self.b
    }

    /// The value below which the share `p` of the mass lies, between bounds by Cantelli's
    /// inequality. Halving these needs no derivative, and ends whatever the parameters are.
    pub fn quantile(self, p: f64) -> f64 {
        let deviation = (self.mean() * (1.0 - self.mean()) / (self.strength() + 1.0)).sqrt();
        let mut low = (self.mean() - deviation * ((1.0 - p) / p).sqrt()).max(0.0);
        let mut high = (self.mean() + deviation * (p / (1.0 - p)).sqrt()).min(1.0);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if beta_reg(self.a, self.b, middle) < p { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    }

    /// Mass from `low` to `high`.
    pub fn mass(self, low: f64, high: f64) -> f64 {
        let below = |x: f64| if x >= 1.0 { 1.0 } else { beta_reg(self.a, self.b, x.max(0.0)) };
        below(high) - below(low)
    }
}

/// Log probability of `right` of `all` claims, up to what the prior does not change.
pub(super) fn ln_marginal(prior: Beta, right: f64, all: f64) -> f64 {
    ln_beta(prior.a + right, prior.b + all - right) - ln_beta(prior.a, prior.b)
}

/// Log density of a prior before any source is seen: Beta(2, 2) for its mean, and strength to
/// the power of -3/2 (Gelman et al., Bayesian Data Analysis, 5.3). A handful of sources that
/// agree does not make a strong prior.
fn ln_hyperprior(prior: Beta) -> f64 {
    prior.mean().ln() + (1.0 - prior.mean()).ln() - 1.5 * prior.strength().ln()
}

/// Strengths that are tried for a prior.
const STRENGTHS: [f64; 12] = [0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 40.0, 80.0, 160.0];
/// Means that are tried: 0.02, 0.04, ... 0.98.
const MEANS: usize = 49;
/// Sources that a prior is fitted on at most.
const SAMPLE: usize = 2000;

/// The prior that makes the counts of right claims among all claims, `(right, all)`,
/// most likely: empirical Bayes by the beta-binomial marginal likelihood. Beta(1, 1)
/// when there is nothing to learn from.
pub fn fit_prior(counts: &[(f64, f64)]) -> Beta {
    let telling: Vec<(f64, f64)> = counts.iter().copied().filter(|(_, n)| *n > 0.0).collect();
    let step = telling.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<(f64, f64)> = telling.into_iter().step_by(step).collect();
    if sample.is_empty() {
        return Beta { a: 1.0, b: 1.0 };
    }
    let mut best = (f64::NEG_INFINITY, Beta { a: 1.0, b: 1.0 });
    for strength in STRENGTHS {
        for m in 1..=MEANS {
            let prior = Beta::of(m as f64 / (MEANS + 1) as f64, strength);
            let all = ln_beta(prior.a, prior.b) * sample.len() as f64;
            let score: f64 = sample.iter().map(|(k, n)| ln_beta(prior.a + k, prior.b + n - k)).sum::<f64>() - all;
            let score = score + ln_hyperprior(prior);
            if score > best.0 {
                best = (score, prior);
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_masses_agree() {
        let few = [Beta { a: 2.0, b: 5.0 }, Beta { a: 0.4, b: 0.3 }, Beta { a: 900.0, b: 30.0 }];
        // Sources with very many claims.
        let many = [Beta { a: 5e3, b: 5e3 }, Beta { a: 4e3, b: 7e5 }, Beta { a: 3e6, b: 1e5 }];
        for beta in few.into_iter().chain(many) {
            for p in [0.05, 0.5, 0.95] {
                let x = beta.quantile(p);
                assert!((beta.mass(0.0, x) - p).abs() < 1e-3, "{beta:?} {p} {x}");
            }
            assert!((beta.mass(0.0, 1.0) - 1.0).abs() < 1e-9);
        }
        // scipy.stats.beta.ppf
        for (a, b, p, x) in [(1e4, 1e4, 0.05, 0.494_184_688_2), (3e6, 1e5, 0.95, 0.967_906_825_1)] {
            assert!((Beta { a, b }.quantile(p) - x).abs() < 1e-9, "{a} {b}");
        }
    }

    #[test]
    fn the_prior_follows_the_sources() {
        let alike: Vec<(f64, f64)> = (0..50).map(|i| (7.0 + f64::from(i % 3) - 1.0, 10.0)).collect();
        let prior = fit_prior(&alike);
        assert!((prior.mean() - 0.7).abs() < 0.03 && prior.strength() >= 40.0, "{prior:?}");
        let apart: Vec<(f64, f64)> = (0..50).map(|i| if i % 2 == 0 { (10.0, 10.0) } else { (0.0, 10.0) }).collect();
        assert!(fit_prior(&apart).strength() <= 1.0);
        assert_eq!(fit_prior(&[]), Beta { a: 1.0, b: 1.0 });
        let few = fit_prior(&[(1.0, 1.0); 4]);
        assert!(few.strength() <= 1.0 && few.mean() < 0.9, "four claims are no strong prior: {few:?}");
    }
}
