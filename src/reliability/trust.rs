//! From the evidence to a source's trust, with an interval and a grade.

use super::beta::{Beta, fit_prior};
use super::grade::{Grade, grade};
use super::outcomes::Known;
use super::ratings::{Link, link};
use super::{Claims, Context, DataKind, Evidence, Outcomes};
use rayon::prelude::*;

/// Weight of a corroborated claim in the interval: corroboration is correlated, so that
/// eight such claims narrow it as much as one confirmed claim.
pub const CORROBORATION: f64 = 0.125;
/// Weight of a claim that an independent source later states as fact in its own voice, or
/// whose contrary it states: half an outcome.
pub const STATED: f64 = 0.5;
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
    /// Claims that others later stated as fact, or the contrary.
    stated: f64,
    stated_right: f64,
    corroborated: usize,
    independent: f64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.confirmed += other.confirmed;
        self.confirmed_right += other.confirmed_right;
        self.others += other.others;
        self.others_right += other.others_right;
        self.stated += other.stated;
        self.stated_right += other.stated_right;
        self.corroborated += other.corroborated;
        self.independent += other.independent;
    }
}

/// Trust of every source, and what ratings are worth. `near` judges numbers; elsewhere the
/// evidence does.
pub(super) fn trust(
    claims: &Claims,
    outcomes: &Outcomes,
    kind: DataKind,
    evidence: &Evidence,
    near: Option<&[Option<bool>]>,
    context: &Context,
) -> (Vec<SourceTrust>, Option<Link>) {
    let stance = stances(claims, outcomes, kind);
    let crowd: Vec<f64> =
        (0..claims.objects.len()).map(|o| claims.claims_on(o).map(|i| evidence.weight[i]).sum()).collect();
    let agreeing: Vec<f64> =
        (0..claims.values()).map(|v| claims.claims_of(v).map(|i| evidence.weight[i]).sum()).collect();
    // A claim's own weight, with that of claims that are one vote with it.
    let mut own = evidence.weight.clone();
    for (i, j) in &context.copied {
        own[*i as usize] += evidence.weight[*j as usize];
        own[*j as usize] += evidence.weight[*i as usize];
    }
    let tally = |s: usize| {
        let mut t = Tally::default();
        for i in claims.claims_by(s).iter().map(|i| *i as usize) {
            let (v, o) = (claims.value[i] as usize, claims.object_of(i));
            if stance[claims.value_text[v] as usize] {
                continue;
            }
            let with = agreeing[v] - own[i];
            if with >= 0.5 {
                t.corroborated += 1;
                t.independent += with;
            }
            let confirmed = match near {
                Some(near) if outcomes.of(o) != Known::Open => Some(near[i] == Some(true)),
                Some(_) => None,
                None => outcomes.judge(claims, &context.hierarchy, v),
            };
            let stated = context.stated.get(&(i as u32));
            match (confirmed, stated, near) {
                (Some(right), _, _) => {
                    t.confirmed += 1;
                    t.confirmed_right += f64::from(u8::from(right));
                }
                (None, Some(right), _) => {
                    t.stated += 1.0;
                    t.stated_right += f64::from(u8::from(*right));
                }
                (None, None, None) => {
                    let anybody = (crowd[o] - own[i]).clamp(0.0, 1.0);
                    t.others += anybody;
                    t.others_right += anybody * evidence.cavity[i];
                }
                (None, None, Some(near)) => {
                    if let Some(near) = near[i] {
                        t.others += 1.0;
                        t.others_right += f64::from(u8::from(near));
                    }
                }
            }
        }
        t
    };
    let mut tallies: Vec<Tally> = (0..claims.sources.len()).into_par_iter().map(tally).collect();
    let units = units(claims, context);
    for (s, unit) in units.iter().enumerate().filter(|(s, unit)| s != *unit) {
        let part = tallies[s];
        tallies[*unit].add(&part);
    }
    // Beside outcomes, corroboration is what it is in the interval. Without any, it is
    // all there is, and its weight sets the interval's width but not its middle.
    let in_mean = if outcomes.is_empty() { 1.0 } else { CORROBORATION };
    let stated_in_mean = in_mean * STATED / CORROBORATION;
    let counted: Vec<(f64, f64)> = tallies
        .iter()
        .map(|t| {
            let right = t.confirmed_right + stated_in_mean * t.stated_right + in_mean * t.others_right;
            (right, t.confirmed as f64 + stated_in_mean * t.stated + in_mean * t.others)
        })
        .collect();
    let (priors, link) = priors(claims, &counted, &units, context);
    let trusts = units
        .par_iter()
        .map(|s| {
            let (prior, t, (right, all)) = (priors[*s], &tallies[*s], counted[*s]);
            let trust = (prior.a + right) / (prior.strength() + all);
            let strength = prior.strength() + t.confirmed as f64 + STATED * t.stated + CORROBORATION * t.others;
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
        .collect();
    (trusts, link)
}

/// For each source the one that stands for it: itself, or the first of its pooled kind.
fn units(claims: &Claims, context: &Context) -> Vec<usize> {
    let mut first: Vec<Option<usize>> = vec![None; claims.kinds.len()];
    let unit = |s: usize| {
        let kind = claims.source_kind[s] as usize;
        let pooled = claims.kinds.get_index(kind).is_some_and(|name| context.pooled.contains(name));
        if pooled { *first[kind].get_or_insert(s) } else { s }
    };
    (0..claims.sources.len()).map(unit).collect()
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

/// A prior for each source: that of its kind, or of all where the kind has few sources, or
/// what its rating says where ratings have told something.
fn priors(claims: &Claims, counted: &[(f64, f64)], units: &[usize], context: &Context) -> (Vec<Beta>, Option<Link>) {
    let telling: Vec<usize> = (0..counted.len()).filter(|s| units[*s] == *s && counted[*s].1 > 0.0).collect();
    let of = |sources: &[usize]| fit_prior(&sources.iter().map(|s| counted[*s]).collect::<Vec<_>>());
    let all = of(&telling);
    let kinds: Vec<Beta> = (0..claims.kinds.len().max(1))
        .map(|kind| {
            let own: Vec<usize> = telling.iter().copied().filter(|s| claims.source_kind[*s] as usize == kind).collect();
            if own.len() < OWN_PRIOR || claims.kinds.len() < 2 { all } else { of(&own) }
        })
        .collect();
    let rating = |s: usize| claims.sources.get_index(s).and_then(|name| context.ratings.of(name));
    let rated: Vec<(f64, f64, f64)> =
        telling.iter().filter_map(|s| rating(*s).map(|r| (r, counted[*s].0, counted[*s].1))).collect();
    let link = link(&rated, all);
    let prior = |s: usize| match (link, rating(s)) {
        (Some(link), Some(rating)) => link.prior(rating),
        _ => kinds[claims.source_kind[s] as usize],
    };
    ((0..counted.len()).map(prior).collect(), link)
}
