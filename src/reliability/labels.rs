//! A small set of labels that come back on every object: Dawid and Skene's model, "Maximum
//! likelihood estimation of observer error-rates using the EM algorithm" (1979), with
//! each source's confusions shrunk to those of all sources together.

use super::confusions::{Confusions, Rates};
use super::copies::Copies;
use super::outcomes::Known;
use super::supervised;
use super::{Claims, Classes, Context, Evidence, Outcomes};
use rayon::prelude::*;

/// Most passes of the expectation maximisation.
const PASSES: usize = 30;
/// It ends when no probability changes by more.
const SETTLED: f64 = 1e-7;
/// Strength of the pooled confusions, in claims, for each true label.
const SHRINK: f64 = 4.0;
/// Pass at which copying is first looked for.
const FIRST_COPIES: usize = 3;
/// From this pass on the weights of copied claims stay as they are.
const LAST_COPIES: usize = 16;
/// Outcomes of each label from which the confusions are learned from outcomes alone.
const ENOUGH: usize = 5;

/// Tables that all label models share. Label l is text l of the claims.
pub(super) struct Labels<'a> {
    pub(super) claims: &'a Claims,
    /// Labels that can be true.
    pub(super) classes: Vec<usize>,
    /// For each label, its place in `classes`.
    pub(super) class_of: Vec<Option<usize>>,
    /// For each object, the class of its outcome.
    pub(super) known: Vec<Option<usize>>,
}

impl<'a> Labels<'a> {
    pub(super) fn new(claims: &'a Claims, outcomes: &Outcomes) -> Self {
        let labels = claims.texts.len();
        let mut count = vec![0usize; labels];
        for o in 0..claims.objects.len() {
            if let Known::Text(text) = outcomes.of(o) {
                count[text as usize] += 1;
            }
        }
        // With outcomes at hand, a label that never came true is a stance ("observing")
        // rather than something that can be true.
        let told = count.iter().sum::<usize>() >= 20 && count.iter().filter(|c| **c > 0).count() >= 2;
        let classes: Vec<usize> = (0..labels).filter(|l| !told || count[*l] > 0).collect();
        let class_of: Vec<Option<usize>> = (0..labels).map(|l| classes.iter().position(|c| *c == l)).collect();
        let known = (0..claims.objects.len()).map(|o| match outcomes.of(o) {
            Known::Text(text) => class_of[text as usize],
            _ => None,
        });
        let known = known.collect();
        Self { claims, classes, class_of, known }
    }

    pub(super) fn label(&self, claim: usize) -> usize {
        self.claims.value_text[self.claims.value[claim] as usize] as usize
    }

    /// Number of labels.
    pub(super) fn labels(&self) -> usize {
        self.class_of.len()
    }

    fn enough_outcomes(&self) -> bool {
        let mut count = vec![0; self.classes.len()];
        self.known.iter().flatten().for_each(|k| count[*k] += 1);
        count.iter().all(|c| *c >= ENOUGH)
    }
}

/// Makes each row of a table sum to 1.
pub(super) fn normalise(p: &mut [f64], row: usize) {
    for row in p.chunks_mut(row) {
        let sum: f64 = row.iter().sum();
        row.iter_mut().for_each(|x| *x /= sum);
    }
}

/// Finds truths and confusions.
pub(super) fn fit(claims: &Claims, outcomes: &Outcomes, context: &Context) -> Evidence {
    let of = Labels::new(claims, outcomes);
    if of.enough_outcomes() {
        return supervised::fit(&of);
    }
    let (classes, n) = (of.classes.len(), claims.len());
    let mut copies = Copies::new(claims, &context.copied);
    let mut weight: Vec<f64> = (0..n).map(|i| copies.weight(i)).collect();
    let mut truth = first_guess(&of);
    let mut confusions = Confusions::new(&of);
    for pass in 0..PASSES {
        let prior = class_prior(&truth, classes);
        let rates = learn(&mut confusions, &of, &truth, &weight);
        if (FIRST_COPIES..LAST_COPIES).contains(&pass) && (pass - FIRST_COPIES).is_multiple_of(2) {
            copies.update(|i, j| ratio(&of, &truth, &rates, i, j));
            weight = (0..n).map(|i| copies.weight(i)).collect();
        }
        let before = truth;
        truth = support(&of, &prior, &rates, &weight);
        truth.par_chunks_mut(classes).with_min_len(256).for_each(softmax);
        fix_known(&of, &mut truth);
        if pass >= LAST_COPIES && truth.par_iter().zip(&before).all(|(t, b)| (t - b).abs() < SETTLED) {
            break;
        }
    }
    let rates = learn(&mut confusions, &of, &truth, &weight);
    let cavity = cavity(&of, &class_prior(&truth, classes), &rates, &weight, &copies);
    evidence(&of, truth, cavity, weight, copies.pairs(claims, 0.2))
}

/// What each claim says of the classes, learned from their probabilities.
fn learn<'a>(confusions: &'a mut Confusions, of: &Labels<'_>, truth: &[f64], weight: &[f64]) -> Rates<'a> {
    confusions.count(of, truth, weight);
    confusions.rates(&confusions.pooled(of, 1.0), SHRINK)
}

/// Puts class probabilities where the values are.
pub(super) fn evidence(
    of: &Labels<'_>,
    truth: Vec<f64>,
    cavity: Vec<f64>,
    weight: Vec<f64>,
    copies: Vec<(u32, u32, f64)>,
) -> Evidence {
    let classes = of.classes.len();
    let claims = of.claims;
    let probability: Vec<f64> = (0..claims.values())
        .map(|v| match of.class_of[claims.value_text[v] as usize] {
            Some(k) => truth[claims.value_object[v] as usize * classes + k],
            None => 0.0,
        })
        .collect();
    let texts = of.classes.iter().map(|l| *l as u32).collect();
    Evidence {
        exact: probability.clone(),
        probability,
        cavity,
        weight,
        copies,
        classes: Some(Classes { texts, probability: truth }),
    }
}

/// Shares of the votes.
fn first_guess(of: &Labels<'_>) -> Vec<f64> {
    let classes = of.classes.len();
    let mut truth = vec![0.1; of.claims.objects.len() * classes];
    for i in 0..of.claims.len() {
        if let Some(k) = of.class_of[of.label(i)] {
            truth[of.claims.object_of(i) * classes + k] += 1.0;
        }
    }
    normalise(&mut truth, classes);
    fix_known(of, &mut truth);
    truth
}

fn fix_known(of: &Labels<'_>, truth: &mut [f64]) {
    let classes = of.classes.len();
    for (row, known) in truth.chunks_mut(classes).zip(&of.known) {
        if let Some(known) = known {
            row.fill(0.0);
            row[*known] = 1.0;
        }
    }
}

fn class_prior(truth: &[f64], classes: usize) -> Vec<f64> {
    let mut prior = vec![1.0; classes];
    for row in truth.chunks(classes) {
        prior.iter_mut().zip(row).for_each(|(p, t)| *p += t);
    }
    normalise(&mut prior, classes);
    prior
}

/// Log weights of the classes of each object, `[object][class]`: the prior and all votes.
fn support(of: &Labels<'_>, prior: &[f64], rates: &Rates<'_>, weight: &[f64]) -> Vec<f64> {
    let prior: Vec<f64> = prior.iter().map(|p| p.ln()).collect();
    let mut log = vec![0.0; of.claims.objects.len() * prior.len()];
    log.par_chunks_mut(prior.len()).with_min_len(256).enumerate().for_each(|(o, row)| {
        row.copy_from_slice(&prior);
        for i in of.claims.claims_on(o) {
            row.iter_mut().zip(rates.log_of(i)).for_each(|(l, vote)| *l += weight[i] * vote);
        }
    });
    log
}

/// Log weights to probabilities.
pub(super) fn softmax(log: &mut [f64]) {
    let most = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    log.iter_mut().for_each(|l| *l = (*l - most).exp());
    let sum: f64 = log.iter().sum();
    log.iter_mut().for_each(|l| *l /= sum);
}

fn ratio(of: &Labels<'_>, truth: &[f64], rates: &Rates<'_>, i: usize, j: usize) -> f64 {
    let row = &truth[of.claims.object_of(i) * of.classes.len()..];
    let (mut one, mut other, mut both) = (0.0, 0.0, 0.0);
    for ((t, a), b) in row.iter().zip(rates.of(i)).zip(rates.of(j)) {
        one += t * a;
        other += t * b;
        both += t * a * b;
    }
    0.5 * (one + other) / both
}

/// For each claim, the probability of its label as the other sources see it.
fn cavity(of: &Labels<'_>, prior: &[f64], rates: &Rates<'_>, weight: &[f64], copies: &Copies) -> Vec<f64> {
    let (claims, classes) = (of.claims, of.classes.len());
    let all = support(of, prior, rates, weight);
    let mut log = vec![0.0; claims.len() * classes];
    log.par_chunks_mut(classes).with_min_len(256).enumerate().for_each(|(i, row)| {
        let all = &all[claims.object_of(i) * classes..];
        for ((l, all), vote) in row.iter_mut().zip(all).zip(rates.log_of(i)) {
            *l = all - weight[i] * vote;
        }
    });
    copies.seen_from(|i, j, share| {
        let row = &mut log[i * classes..(i + 1) * classes];
        row.iter_mut().zip(rates.log_of(j)).for_each(|(l, vote)| *l += share * weight[j] * vote);
    });
    let own = |(i, row): (usize, &mut [f64])| {
        softmax(row);
        of.class_of[of.label(i)].map_or(0.0, |k| row[k])
    };
    log.par_chunks_mut(classes).with_min_len(256).enumerate().map(own).collect()
}
