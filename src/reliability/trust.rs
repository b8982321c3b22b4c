//! From the evidence to a source's trust, with an interval and a grade.

use super::beta::{Beta, fit_prior};
use super::grade::{Grade, grade};
use super::outcomes::Known;
use super::{Claims, DataKind, Evidence, Outcomes};
use rayon::prelude::*;

/// Weight of a corroborated claim in the interval: corroboration is correlated, so that
/// eight such claims narrow it as much as one confirmed claim.
pub const CORROBORATION: f64 = 0.125;
/// Sources of a kind from which the kind has a prior of its own.
const OWN_PRIOR: usize = 5;

/// How reliable a source is.
#[derive(Clone, Debug)]
pub struct SourceTrust {
    /// Probability that the source's next claim is right: the posterior mean.
    pub trust: f64,
    /// The posterior.
    pub posterior: Beta,
    /// Claims that an outcome has decided.
    pub confirmed: usize,
    /// Claims that an independent source makes too.
    pub corroborated: usize,
    /// Mean effective number of independent sources that make the corroborated claims too.
    pub independent: f64,
    /// Share of the prior in the posterior.
    pub prior_share: f64,
    /// Admiralty grade.
    pub grade: Grade,
}

impl SourceTrust {
    /// Bounds of the 90 % interval.
    pub fn interval(&self) -> (f64, f64) {
        (self.posterior.quantile(0.05).min(self.trust), self.posterior.quantile(0.95).max(self.trust))
    }
}

/// Counts of right and of all claims of a source.
#[derive(Clone, Copy, Default)]
struct Tally {
    confirmed: usize,
    confirmed_right: f64,
    /// Corroborated claims, each as far as there is anybody else to speak of its object.
    others: f64,
    others_right: f64,
    corroborated: usize,
    independent: f64,
}

/// Trust of every source. `near` judges numbers; elsewhere the evidence does.
pub(super) fn trust(
    claims: &Claims,
    outcomes: &Outcomes,
    kind: DataKind,
    evidence: &Evidence,
    near: Option<&[Option<bool>]>,
) -> Vec<SourceTrust> {
    let stance = stances(claims, outcomes, kind);
    let crowd: Vec<f64> =
        (0..claims.objects.len()).map(|o| claims.claims_on(o).map(|i| evidence.weight[i]).sum()).collect();
    let agreeing: Vec<f64> =
        (0..claims.values()).map(|v| claims.claims_of(v).map(|i| evidence.weight[i]).sum()).collect();
    let tally = |s: usize| {
        let mut t = Tally::default();
        for i in claims.claims_by(s).iter().map(|i| *i as usize) {
            let (v, o) = (claims.value[i] as usize, claims.object_of(i));
            if stance[claims.value_text[v] as usize] {
                continue;
            }
            let with = agreeing[v] - evidence.weight[i];
            if with >= 0.5 {
                t.corroborated += 1;
                t.independent += with;
            }
            match (outcomes.of(o), near) {
                (Known::Open, None) => {
                    let anybody = (crowd[o] - evidence.weight[i]).clamp(0.0, 1.0);
                    t.others += anybody;
                    t.others_right += anybody * evidence.cavity[i];
                }
                (Known::Open, Some(near)) => {
                    if let Some(near) = near[i] {
                        t.others += 1.0;
                        t.others_right += f64::from(u8::from(near));
                    }
                }
                (known, near) => {
                    let right = match (known, near) {
                        (_, Some(near)) => near[i] == Some(true),
                        (Known::Text(text), None) => text == claims.value_text[v],
                        _ => false,
                    };
                    t.confirmed += 1;
                    t.confirmed_right += f64::from(u8::from(right));
                }
            }
        }
        t
    };
    let tallies: Vec<Tally> = (0..claims.sources.len()).into_par_iter().map(tally).collect();
    // Beside outcomes, corroboration is what it is in the interval. Without any, it is
    // all there is, and its weight sets the interval's width but not its middle.
    let in_mean = if outcomes.is_empty() { 1.0 } else { CORROBORATION };
    let counted: Vec<(f64, f64)> = tallies
        .iter()
        .map(|t| (t.confirmed_right + in_mean * t.others_right, t.confirmed as f64 + in_mean * t.others))
        .collect();
    let priors = priors(claims, &counted);
    (0..claims.sources.len())
        .into_par_iter()
        .map(|s| {
            let (prior, t, (right, all)) = (priors[claims.source_kind[s] as usize], &tallies[s], counted[s]);
            let trust = (prior.a + right) / (prior.strength() + all);
            let strength = prior.strength() + t.confirmed as f64 + CORROBORATION * t.others;
            let posterior = Beta::of(trust, strength);
            SourceTrust {
                trust,
                posterior,
                confirmed: t.confirmed,
                corroborated: t.corroborated,
                independent: if t.corroborated > 0 { t.independent / t.corroborated as f64 } else { 0.0 },
                prior_share: prior.strength() / strength,
                grade: if outcomes.is_empty() { Grade::F } else { grade(posterior) },
            }
        })
        .collect()
}

/// Texts that are stances and not claims: labels that never came true, with 20 outcomes
/// or more at hand.
fn stances(claims: &Claims, outcomes: &Outcomes, kind: DataKind) -> Vec<bool> {
    let mut came_true = vec![0usize; claims.texts.len()];
    for o in 0..claims.objects.len() {
        if let Known::Text(text) = outcomes.of(o) {
            came_true[text as usize] += 1;
        }
    }
    let told = came_true.iter().sum::<usize>() >= 20 && came_true.iter().filter(|n| **n > 0).count() >= 2;
    came_true.iter().map(|n| kind == DataKind::Labels && told && *n == 0).collect()
}

/// A prior for each kind; kinds with few sources share that of all sources.
fn priors(claims: &Claims, counted: &[(f64, f64)]) -> Vec<Beta> {
    let all = fit_prior(counted);
    (0..claims.kinds.len().max(1))
        .map(|kind| {
            let own: Vec<(f64, f64)> = (0..counted.len())
                .filter(|s| claims.source_kind[*s] as usize == kind && counted[*s].1 > 0.0)
                .map(|s| counted[s])
                .collect();
            if own.len() < OWN_PRIOR || claims.kinds.len() < 2 { all } else { fit_prior(&own) }
        })
        .collect()
}
