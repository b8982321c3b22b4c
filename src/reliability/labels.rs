//! A small set of labels that come back on every object: Dawid and Skene's model, "Maximum
//! likelihood estimation of observer error-rates using the EM algorithm" (1979), with
//! each source's confusions shrunk to those of all sources together.

use super::copies::Copies;
use super::outcomes::Known;
use super::supervised;
use super::{Claims, Classes, Context, Evidence, Outcomes};
use rayon::prelude::*;

/// Passes of the expectation maximisation.
const PASSES: usize = 30;
/// Strength of the pooled confusions, in claims, for each true label.
pub(super) const SHRINK: f64 = 4.0;
/// Pass at which copying is first looked for.
const FIRST_COPIES: usize = 3;
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
    fn new(claims: &'a Claims, outcomes: &Outcomes) -> Self {
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

/// Probabilities of labels given the true class: `at(k, l)`.
#[derive(Clone)]
pub(super) struct Confusion {
    pub(super) labels: usize,
    pub(super) p: Vec<f64>,
}

impl Confusion {
    pub(super) fn at(&self, class: usize, label: usize) -> f64 {
        self.p[class * self.labels + label]
    }

    /// From counts and a pooled confusion with a strength.
    pub(super) fn shrunk(counts: &[f64], pooled: &Self, strength: f64) -> Self {
        let mut p: Vec<f64> = counts.iter().zip(&pooled.p).map(|(c, q)| c + strength * q).collect();
        normalise(&mut p, pooled.labels);
        Self { labels: pooled.labels, p }
    }

    /// Of all sources together; `diagonal` is a pseudo-count of right claims.
    pub(super) fn pooled(mut counts: Vec<f64>, of: &Labels<'_>, diagonal: f64) -> Self {
        let labels = of.labels();
        counts.iter_mut().for_each(|c| *c += 0.5);
        for (k, l) in of.classes.iter().enumerate() {
            counts[k * labels + l] += diagonal;
        }
        normalise(&mut counts, labels);
        Self { labels, p: counts }
    }
}

fn normalise(p: &mut [f64], row: usize) {
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
    let mut confusion = Vec::new();
    for pass in 0..PASSES {
        let prior = class_prior(&truth, classes);
        confusion = confusions(&of, &truth, &weight);
        if pass >= FIRST_COPIES && (pass - FIRST_COPIES).is_multiple_of(2) && pass < 16 {
            copies.update(|i, j| ratio(&of, &truth, &confusion, i, j));
            weight = (0..n).map(|i| copies.weight(i)).collect();
        }
        truth = posterior(&of, &prior, &confusion, &weight);
    }
    let cavity = cavity(&of, &class_prior(&truth, classes), &confusion, &weight, &copies);
    evidence(&of, truth, cavity, weight, copies.pairs(claims, 0.2))
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

/// Expected counts of labels by class of one source's claims.
fn counts(of: &Labels<'_>, truth: &[f64], weight: &[f64], source: usize) -> Vec<f64> {
    let (classes, labels) = (of.classes.len(), of.labels());
    let mut counts = vec![0.0; classes * labels];
    for &i in of.claims.claims_by(source) {
        let (i, label) = (i as usize, of.label(i as usize));
        let row = of.claims.object_of(i) * classes;
        for k in 0..classes {
            counts[k * labels + label] += weight[i] * truth[row + k];
        }
    }
    counts
}

fn confusions(of: &Labels<'_>, truth: &[f64], weight: &[f64]) -> Vec<Confusion> {
    let sources = of.claims.sources.len();
    let counts: Vec<Vec<f64>> = (0..sources).into_par_iter().map(|s| counts(of, truth, weight, s)).collect();
    let mut all = vec![0.0; of.classes.len() * of.labels()];
    for row in &counts {
        all.iter_mut().zip(row).for_each(|(a, c)| *a += c);
    }
    let pooled = Confusion::pooled(all, of, 1.0);
    counts.par_iter().map(|c| Confusion::shrunk(c, &pooled, SHRINK)).collect()
}

fn posterior(of: &Labels<'_>, prior: &[f64], confusion: &[Confusion], weight: &[f64]) -> Vec<f64> {
    let classes = of.classes.len();
    let rows: Vec<Vec<f64>> = (0..of.claims.objects.len())
        .into_par_iter()
        .with_min_len(256)
        .map(|o| {
            let mut log: Vec<f64> = prior.iter().map(|p| p.ln()).collect();
            for i in of.claims.claims_on(o) {
                let c = &confusion[of.claims.source[i] as usize];
                log.iter_mut().enumerate().for_each(|(k, l)| *l += weight[i] * c.at(k, of.label(i)).ln());
            }
            softmax(&mut log);
            log
        })
        .collect();
    let mut truth = Vec::with_capacity(rows.len() * classes);
    rows.iter().for_each(|row| truth.extend_from_slice(row));
    fix_known(of, &mut truth);
    truth
}

/// Log weights to probabilities.
pub(super) fn softmax(log: &mut [f64]) {
    let most = log.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    log.iter_mut().for_each(|l| *l = (*l - most).exp());
    let sum: f64 = log.iter().sum();
    log.iter_mut().for_each(|l| *l /= sum);
}

fn ratio(of: &Labels<'_>, truth: &[f64], confusion: &[Confusion], i: usize, j: usize) -> f64 {
    let classes = of.classes.len();
    let row = of.claims.object_of(i) * classes;
    let (a, b) = (&confusion[of.claims.source[i] as usize], &confusion[of.claims.source[j] as usize]);
    let label = of.label(i);
    let (mut one, mut other, mut both) = (0.0, 0.0, 0.0);
    for k in 0..classes {
        let (t, a, b) = (truth[row + k], a.at(k, label), b.at(k, label));
        one += t * a;
        other += t * b;
        both += t * a * b;
    }
    0.5 * (one + other) / both
}

/// For each claim, the probability of its label as the other sources see it.
fn cavity(of: &Labels<'_>, prior: &[f64], confusion: &[Confusion], weight: &[f64], copies: &Copies) -> Vec<f64> {
    let (claims, classes) = (of.claims, of.classes.len());
    let vote = |i: usize, k: usize| weight[i] * confusion[claims.source[i] as usize].at(k, of.label(i)).ln();
    let mut log = vec![0.0; claims.len() * classes];
    for o in 0..claims.objects.len() {
        let mut all: Vec<f64> = prior.iter().map(|p| p.ln()).collect();
        for i in claims.claims_on(o) {
            all.iter_mut().enumerate().for_each(|(k, l)| *l += vote(i, k));
        }
        for i in claims.claims_on(o) {
            for (k, all) in all.iter().enumerate() {
                log[i * classes + k] = all - vote(i, k);
            }
        }
    }
    copies.seen_from(|i, j, share| {
        for k in 0..classes {
            log[i * classes + k] += share * vote(j, k);
        }
    });
    log.chunks_mut(classes)
        .enumerate()
        .map(|(i, row)| {
            softmax(row);
            of.class_of[of.label(i)].map_or(0.0, |k| row[k])
        })
        .collect()
}
