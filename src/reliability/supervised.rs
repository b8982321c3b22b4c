//! Labels with enough outcomes: the confusions are those on the objects that turned out.
//!
//! Votes on one object are correlated, for sources read each other. How much is fitted
//! on the outcomes: n votes count as n / (1 + c (n - 1)) (Kish's design effect with
//! intraclass correlation c), where c and the shrinkage make the outcomes most likely
//! when each is left out in turn.
//!
//! Where many sources speak of few objects each, who says it tells less than how many say
//! it: the outcomes may be likelier by the shares of the labels (`shares`), rows that were
//! replaced included. Both are mixed, with the weights that make the left-out outcomes most
//! likely (stacking: Yao, Vehtari, Simpson and Gelman, Bayesian Analysis 13, 2018).

use super::Evidence;
use super::confusions::{Confusions, Pooled};
use super::labels::{Labels, evidence, softmax};
use super::shares::Shares;

/// Intraclass correlations that are tried.
const CORRELATIONS: [f64; 7] = [0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];
/// Steps in which the weights of votes and shares are found.
const STEPS: usize = 100;
/// Strengths of the pooled confusions that are tried, in claims for each true label.
const STRENGTHS: [f64; 4] = [1.0, 2.0, 4.0, 16.0];

/// Counts on the outcomes.
struct Learned<'a, 'b> {
    of: &'b Labels<'a>,
    confusions: Confusions,
    /// Counts of all sources, `[class][label]`.
    all: Vec<f64>,
    outcomes: Vec<f64>,
}

impl<'a, 'b> Learned<'a, 'b> {
    fn new(of: &'b Labels<'a>) -> Self {
        let all = vec![0.0; of.classes.len() * of.labels()];
        let mut new = Self { of, confusions: Confusions::new(of), all, outcomes: vec![0.0; of.classes.len()] };
        for (o, k) in of.known.iter().enumerate() {
            if let Some(k) = *k {
                new.add(o, k, 1.0);
            }
        }
        new
    }

    /// Adds an object's claims, or with -1 takes them away.
    fn add(&mut self, object: usize, class: usize, times: f64) {
        self.outcomes[class] += times;
        for i in self.of.claims.claims_on(object) {
            self.confusions.add(i, class, times);
            self.all[class * self.of.labels() + self.of.label(i)] += times;
        }
    }

    /// Log weights of the classes of an object, before its votes, and each vote's part.
    fn votes(&self, object: usize, correlation: f64, strength: f64) -> (Vec<f64>, Vec<Vec<f64>>, f64) {
        let classes = self.of.classes.len();
        let total: f64 = self.outcomes.iter().sum::<f64>() + classes as f64;
        let prior = self.outcomes.iter().map(|n| ((n + 1.0) / total).ln()).collect();
        let pooled = Pooled::new(self.all.clone(), self.of, 0.0);
        let range = self.of.claims.claims_on(object);
        let weight = 1.0 / (1.0 + correlation * (range.len().saturating_sub(1)) as f64);
        let vote = |i, k| weight * self.confusions.rate(i, k, &pooled, strength).ln();
        (prior, range.map(|i| (0..classes).map(|k| vote(i, k)).collect()).collect(), weight)
    }

    fn posterior(&self, object: usize, correlation: f64, strength: f64) -> Vec<f64> {
        let (mut log, votes, _) = self.votes(object, correlation, strength);
        for vote in votes {
            log.iter_mut().zip(vote).for_each(|(l, v)| *l += v);
        }
        softmax(&mut log);
        log
    }

    /// Log probability of each outcome when it is left out.
    fn left_out(&mut self, correlation: f64, strength: f64) -> Vec<f64> {
        let mut found = Vec::new();
        for o in 0..self.of.known.len() {
            if let Some(k) = self.of.known[o] {
                self.add(o, k, -1.0);
                found.push(self.posterior(o, correlation, strength)[k].max(1e-12).ln());
                self.add(o, k, 1.0);
            }
        }
        found
    }
}

/// What the shares have to say beside the votes.
struct Mix {
    shares: Shares,
    by_shares: f64,
}

impl Mix {
    /// Mixes the classes' probabilities by votes with those by the counts of the labels.
    fn add(&self, by_votes: &mut [f64], counts: &[f64]) {
        let by_shares = self.shares.posterior(counts);
        by_votes.iter_mut().zip(by_shares).for_each(|(p, s)| *p += self.by_shares * (s - *p));
    }
}

/// The weight of the second of two predictions that makes what they gave to the outcomes most
/// likely, as if each had been right once more.
fn stack(given: &[[f64; 2]]) -> f64 {
    let mut second = 0.5;
    for _ in 0..STEPS {
        let shares = given.iter().map(|[a, b]| second * b / ((1.0 - second) * a + second * b));
        second = (shares.sum::<f64>() + 1.0) / (given.len() as f64 + 2.0);
    }
    second
}

/// How often each label is given to each object, by rows that a later one replaced too.
fn label_counts(of: &Labels<'_>) -> Vec<Vec<f64>> {
    let mut counts = vec![vec![0.0; of.labels()]; of.claims.objects.len()];
    (0..of.claims.len()).for_each(|i| counts[of.claims.object_of(i)][of.label(i)] += 1.0);
    of.claims.replaced.iter().for_each(|(o, text)| counts[*o as usize][*text as usize] += 1.0);
    counts
}

/// Truths of the other objects from what the sources said of those that turned out.
pub(super) fn fit(of: &Labels<'_>) -> Evidence {
    let mut learned = Learned::new(of);
    let mut best = (f64::NEG_INFINITY, 0.0, STRENGTHS[0], Vec::new());
    for correlation in CORRELATIONS {
        for strength in STRENGTHS {
            let found = learned.left_out(correlation, strength);
            let score = found.iter().sum();
            if score > best.0 {
                best = (score, correlation, strength, found);
            }
        }
    }
    let (_, correlation, strength, by_votes) = best;
    let counts = label_counts(of);
    let rows: Vec<(Vec<f64>, usize)> =
        of.known.iter().zip(&counts).filter_map(|(k, c)| k.map(|k| (c.clone(), k))).collect();
    let (by_shares, shares) = Shares::fit(&rows, of.classes.len());
    let both: Vec<[f64; 2]> = by_shares.iter().map(|&(row, shares)| [by_votes[row].exp(), shares.exp()]).collect();
    let mix = Mix { by_shares: stack(&both), shares };
    let (claims, classes) = (of.claims, of.classes.len());
    let mut truth = Vec::with_capacity(claims.objects.len() * classes);
    let mut cavity = vec![0.0; claims.len()];
    let mut weight = vec![1.0; claims.len()];
    for (o, count) in counts.iter().enumerate() {
        let (mut log, votes, w) = learned.votes(o, correlation, strength);
        for vote in &votes {
            log.iter_mut().zip(vote).for_each(|(l, v)| *l += v);
        }
        for (i, vote) in claims.claims_on(o).zip(&votes) {
            weight[i] = w;
            let mut others: Vec<f64> = log.iter().zip(vote).map(|(l, v)| l - v).collect();
            softmax(&mut others);
            let mut left = count.clone();
            left[of.label(i)] -= 1.0;
            mix.add(&mut others, &left);
            cavity[i] = of.class_of[of.label(i)].map_or(0.0, |k| others[k]);
        }
        softmax(&mut log);
        mix.add(&mut log, count);
        if let Some(k) = of.known[o] {
            log.fill(0.0);
            log[k] = 1.0;
        }
        truth.extend(log);
    }
    evidence(of, truth, cavity, weight, Vec::new())
}

#[cfg(test)]
mod tests {
    use super::stack;

    #[test]
    fn the_better_prediction_has_the_greater_weight() {
        assert!((stack(&[[0.5, 0.5]; 9]) - 0.5).abs() < 1e-9);
        assert!(stack(&[[0.3, 0.9]; 50]) > 0.9);
        assert!(stack(&[[0.9, 0.3]; 50]) < 0.1);
        // Each is right where the other is not.
        let mixed: Vec<[f64; 2]> = (0..60).map(|i| if i % 2 == 0 { [0.9, 0.2] } else { [0.2, 0.9] }).collect();
        assert!((stack(&mixed) - 0.5).abs() < 1e-6);
        assert!((stack(&[]) - 0.5).abs() < 1e-9);
    }
}
