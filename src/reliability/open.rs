//! Open values: each object has its own values, of which one is true.
//!
//! Expectation maximisation in which a source's accuracy is learned from what the
//! *others* say: each claim is judged by the support of its value with the source and
//! its copiers left out.

use super::copies::Copies;
use super::hierarchy::Levels;
use super::outcomes::Known;
use super::{Claims, Context, Evidence, Outcomes};
use rayon::prelude::*;

/// Passes over the claims.
const PASSES: usize = 16;
/// Exponent of the support: claims are correlated beyond what copying explains.
const TEMPER: f64 = 0.5;
/// Beta prior of an accuracy while truths are sought.
const PRIOR: (f64, f64) = (4.0, 1.0);
/// An accuracy counts at most 1 - FLOOR and at least FLOOR in a vote.
const FLOOR: f64 = 0.05;
/// Pseudo-count of each possible false value.
const FALSE_COUNT: f64 = 2.0;
/// Least number of possible false values.
const FALSE_VALUES: usize = 5;
/// Objects that one thread judges at a time.
const PART: usize = 4096;
/// Weight of the possibility that nobody claims the true value.
const UNCLAIMED: f64 = 1.0;

/// Finds truths and accuracies together.
pub(super) fn fit(claims: &Claims, outcomes: &Outcomes, context: &Context) -> Evidence {
    let levels = Levels::new(claims, &context.hierarchy);
    let known: Vec<Option<f64>> = (0..claims.values())
        .map(|v| outcomes.judge(claims, &context.hierarchy, v).map(|right| f64::from(u8::from(right))))
        .collect();
    let mut copies = Copies::new(claims, &context.copied);
    let n = claims.len();
    let mut truth: Vec<f64> = (0..claims.values())
        .map(|v| {
            let object = claims.value_object[v] as usize;
            known[v].unwrap_or_else(|| claims.claims_of(v).len() as f64 / claims.claims_on(object).len() as f64)
        })
        .collect();
    let mut right: Vec<f64> = (0..n).map(|i| truth[claims.value[i] as usize]).collect();
    let mut weight: Vec<f64> = (0..n).map(|i| copies.weight(i)).collect();
    let mut cavity = right.clone();
    let mut exact = truth.clone();
    let mut claimed = vec![1.0; claims.objects.len()];
    for pass in 0..PASSES {
        let popular = false_popularity(claims, &truth, &weight);
        let accuracy = accuracies(claims, &right);
        if pass % 2 == 1 && pass < 12 {
            copies.update(|i, j| {
                let v = claims.value[i] as usize;
                ratio(truth[v], popular[v], accuracy[claims.source[i] as usize], accuracy[claims.source[j] as usize])
            });
            weight = (0..n).map(|i| copies.weight(i)).collect();
        }
        let logit: Vec<f64> = accuracy.iter().map(|a| (a / (1.0 - a)).ln()).collect();
        let rare: Vec<f64> = popular.iter().map(|q| -q.ln()).collect();
        let log_odds = |i: usize| logit[claims.source[i] as usize] + rare[claims.value[i] as usize];
        let vote: Vec<f64> = (0..n).into_par_iter().map(|i| TEMPER * weight[i] * log_odds(i)).collect();
        let support: Vec<f64> =
            (0..claims.values()).into_par_iter().map(|v| claims.claims_of(v).map(|i| vote[i]).sum()).collect();
        // What the support of a claim's value changes by, when the source and its copiers are left out.
        let mut without: Vec<f64> = vote.iter().map(|v| -v).collect();
        copies.seen_from(|i, j, share| without[i] += vote[j] * share);
        let support = if levels.is_flat() { support } else { levels.with_coarser(&support) };
        let parts: Vec<Posterior> = (0..claims.objects.len().div_ceil(PART))
            .into_par_iter()
            .map(|p| posterior(claims, outcomes, p, &support, &without, &levels))
            .collect();
        // Values and claims lie in the order of their objects.
        exact.clear();
        claimed.clear();
        cavity.clear();
        for part in parts {
            exact.extend(part.values);
            claimed.extend(part.claimed);
            cavity.extend(part.cavity);
        }
        truth = if levels.is_flat() { exact.clone() } else { levels.with_finer(&exact) };
        truth.iter_mut().zip(&known).for_each(|(t, known)| *t = known.unwrap_or(*t));
        right = (0..n)
            .into_par_iter()
            .map(|i| {
                let v = claims.value[i] as usize;
                known[v].unwrap_or_else(|| {
                    let (a, q) = (accuracy[claims.source[i] as usize], popular[v]);
                    let yes = a * cavity[i];
                    yes / (yes + (1.0 - a) * (1.0 - cavity[i]) * q)
                })
            })
            .collect();
    }
    let of = |v: usize, p: f64| known[v].unwrap_or(p * claimed[claims.value_object[v] as usize]);
    let probability = truth.iter().enumerate().map(|(v, p)| of(v, *p)).collect();
    let exact = exact.iter().enumerate().map(|(v, p)| if known[v] == Some(0.0) { 0.0 } else { of(v, *p) }).collect();
    Evidence { probability, exact, cavity, weight, copies: copies.pairs(claims, 0.2), classes: None }
}

/// How likely a source that is wrong says each value: by how often it is said when false.
fn false_popularity(claims: &Claims, truth: &[f64], weight: &[f64]) -> Vec<f64> {
    let mut popular: Vec<f64> = (0..claims.values())
        .into_par_iter()
        .map(|v| claims.claims_of(v).map(|i| weight[i]).sum::<f64>() * (1.0 - truth[v]))
        .collect();
    for o in 0..claims.objects.len() {
        let values = claims.values_of(o);
        let possible = values.len().max(FALSE_VALUES) as f64;
        let all: f64 = popular[values.clone()].iter().sum::<f64>() + FALSE_COUNT * possible;
        for v in values {
            popular[v] = (popular[v] + FALSE_COUNT) / all;
        }
    }
    popular
}

fn accuracies(claims: &Claims, right: &[f64]) -> Vec<f64> {
    (0..claims.sources.len())
        .into_par_iter()
        .map(|s| {
            let by = claims.claims_by(s);
            let sum: f64 = by.iter().map(|i| right[*i as usize]).sum();
            ((PRIOR.0 + sum) / (PRIOR.0 + PRIOR.1 + by.len() as f64)).clamp(FLOOR, 1.0 - FLOOR)
        })
        .collect()
}

/// How much likelier a value is as a copy than as two independent claims. `p`: the value
/// is true; `q`: its popularity when false; `a`, `b`: the accuracies of the two.
fn ratio(p: f64, q: f64, a: f64, b: f64) -> f64 {
    let one = |a: f64| p * a + (1.0 - p) * (1.0 - a) * q;
    let both = p * a * b + (1.0 - p) * (1.0 - a) * (1.0 - b) * q * q;
    0.5 * (one(a) + one(b)) / both
}

/// What is believed of some objects.
#[derive(Default)]
struct Posterior {
    /// Probability of each value, if one of its object's is true.
    values: Vec<f64>,
    /// For each object, the probability that one of its values is true.
    claimed: Vec<f64>,
    /// For each claim, the probability of its value as the other sources see it.
    cavity: Vec<f64>,
}

/// Of the objects of a part.
fn posterior(
    claims: &Claims,
    outcomes: &Outcomes,
    part: usize,
    support: &[f64],
    without: &[f64],
    levels: &Levels,
) -> Posterior {
    let mut found = Posterior::default();
    for object in part * PART..((part + 1) * PART).min(claims.objects.len()) {
        let values = claims.values_of(object);
        let most = support[values.clone()].iter().copied().fold(0.0, f64::max);
        // An outcome that is known leaves no odds here; a value that is ruled out has none.
        let open = outcomes.of(object) == Known::Open;
        let odds_of = |v: usize| if open && outcomes.is_wrong(v) { 0.0 } else { (support[v] - most).exp() };
        let first = found.values.len();
        found.values.extend(values.clone().map(odds_of));
        let odds = &mut found.values[first..];
        let claimed: f64 = odds.iter().sum();
        let all = claimed + UNCLAIMED * (-most).exp();
        found.cavity.extend(claims.claims_on(object).map(|i| {
            let v = claims.value[i] as usize;
            let below: f64 = levels.finer(v).iter().map(|v| odds[*v as usize - values.start]).sum();
            let own = odds[v - values.start] + below;
            let left = own * without[i].exp();
            (left / (all - own + left)).clamp(1e-6, 1.0 - 1e-6)
        }));
        odds.iter_mut().for_each(|e| *e /= claimed.max(f64::MIN_POSITIVE));
        found.claimed.push(claimed / all);
    }
    found
}
