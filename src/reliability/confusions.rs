//! How often each source gives each label to objects of each true class.
//!
//! A source has a column only for the labels that it uses: memory grows with the claims, and
//! not with sources times labels.

use super::labels::{Labels, normalise};
use rayon::prelude::*;

/// Most parts of the objects that are counted side by side. Their sums are added in order,
/// so that the result does not depend on the number of threads.
const PARTS: usize = 8;

/// Counts of labels by true class.
pub(super) struct Confusions {
    classes: usize,
    /// Column of each claim.
    column: Vec<u32>,
    /// Source and label of each column.
    of_column: Vec<(u32, u32)>,
    /// `[column][class]`.
    counts: Vec<f64>,
    /// Counts of all labels of a source, `[source][class]`.
    sums: Vec<f64>,
}

impl Confusions {
    /// With all counts 0.
    pub(super) fn new(of: &Labels<'_>) -> Self {
        let (claims, classes) = (of.claims, of.classes.len());
        let mut column = vec![0; claims.len()];
        let mut of_column = Vec::new();
        let mut own = vec![None; of.labels()];
        for source in 0..claims.sources.len() {
            own.fill(None);
            for i in claims.claims_by(source).iter().map(|i| *i as usize) {
                let label = of.label(i);
                column[i] = *own[label].get_or_insert_with(|| {
                    of_column.push((source as u32, label as u32));
                    of_column.len() as u32 - 1
                });
            }
        }
        let counts = vec![0.0; of_column.len() * classes];
        Self { classes, column, of_column, counts, sums: vec![0.0; claims.sources.len() * classes] }
    }

    /// Adds a claim on an object of a class, or with -1 takes it away.
    pub(super) fn add(&mut self, claim: usize, class: usize, times: f64) {
        let column = self.column[claim] as usize;
        self.counts[column * self.classes + class] += times;
        self.sums[self.of_column[column].0 as usize * self.classes + class] += times;
    }

    /// Counts all claims anew, by the probabilities of the classes, `[object][class]`, and the
    /// weights of the claims.
    pub(super) fn count(&mut self, of: &Labels<'_>, truth: &[f64], weight: &[f64]) {
        let (classes, size, objects) = (self.classes, self.counts.len(), of.claims.objects.len());
        let parts = (self.column.len() / self.of_column.len().max(1)).clamp(1, PARTS);
        let part = |p: usize| {
            let mut counts = vec![0.0; size];
            for o in objects * p / parts..objects * (p + 1) / parts {
                let row = &truth[o * classes..(o + 1) * classes];
                for i in of.claims.claims_on(o) {
                    let column = self.column[i] as usize * classes;
                    let counts = &mut counts[column..column + classes];
                    counts.iter_mut().zip(row).for_each(|(c, t)| *c += weight[i] * t);
                }
            }
            counts
        };
        let found: Vec<Vec<f64>> = (0..parts).into_par_iter().map(part).collect();
        self.counts.fill(0.0);
        for part in &found {
            self.counts.iter_mut().zip(part).for_each(|(c, p)| *c += p);
        }
        self.sums.fill(0.0);
        for ((source, _), counts) in self.of_column.iter().zip(self.counts.chunks(classes)) {
            let sums = &mut self.sums[*source as usize * classes..][..classes];
            sums.iter_mut().zip(counts).for_each(|(s, c)| *s += c);
        }
    }

    /// The confusion of all sources together; `diagonal` is a pseudo-count of right claims.
    pub(super) fn pooled(&self, of: &Labels<'_>, diagonal: f64) -> Pooled {
        let labels = of.labels();
        let mut all = vec![0.0; self.classes * labels];
        for ((_, label), counts) in self.of_column.iter().zip(self.counts.chunks(self.classes)) {
            counts.iter().enumerate().for_each(|(k, c)| all[k * labels + *label as usize] += c);
        }
        Pooled::new(all, of, diagonal)
    }

    /// Probability of a claim's label where the class is `class`: the source's counts and
    /// `strength` claims of all sources.
    pub(super) fn rate(&self, claim: usize, class: usize, pooled: &Pooled, strength: f64) -> f64 {
        self.column_rate(self.column[claim] as usize, class, pooled, strength)
    }

    fn column_rate(&self, column: usize, class: usize, pooled: &Pooled, strength: f64) -> f64 {
        let (source, label) = self.of_column[column];
        let count = self.counts[column * self.classes + class] + strength * pooled.at(class, label as usize);
        count / (self.sums[source as usize * self.classes + class] + strength)
    }

    /// The rates of all columns, and their logarithms.
    pub(super) fn rates(&self, pooled: &Pooled, strength: f64) -> Rates<'_> {
        let size = self.counts.len();
        let at = |n: usize| self.column_rate(n / self.classes, n % self.classes, pooled, strength);
        let rate: Vec<f64> = (0..size).into_par_iter().with_min_len(4096).map(at).collect();
        let log = rate.par_iter().with_min_len(4096).map(|p| p.ln()).collect();
        Rates { classes: self.classes, column: &self.column, rate, log }
    }
}

/// What each claim says of the classes.
pub(super) struct Rates<'a> {
    classes: usize,
    column: &'a [u32],
    rate: Vec<f64>,
    log: Vec<f64>,
}

impl Rates<'_> {
    /// Probability of a claim's label in each class.
    pub(super) fn of(&self, claim: usize) -> &[f64] {
        &self.rate[self.column[claim] as usize * self.classes..][..self.classes]
    }

    /// Logarithms of the same.
    pub(super) fn log_of(&self, claim: usize) -> &[f64] {
        &self.log[self.column[claim] as usize * self.classes..][..self.classes]
    }
}

/// Probabilities of labels given the true class, of all sources together.
pub(super) struct Pooled {
    labels: usize,
    p: Vec<f64>,
}

impl Pooled {
    /// From counts, `[class][label]`; `diagonal` is a pseudo-count of right claims.
    pub(super) fn new(mut counts: Vec<f64>, of: &Labels<'_>, diagonal: f64) -> Self {
        let labels = of.labels();
        counts.iter_mut().for_each(|c| *c += 0.5);
        for (k, l) in of.classes.iter().enumerate() {
            counts[k * labels + l] += diagonal;
        }
        normalise(&mut counts, labels);
        Self { labels, p: counts }
    }

    fn at(&self, class: usize, label: usize) -> f64 {
        self.p[class * self.labels + label]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reliability::{ClaimsBuilder, Outcomes};

    #[test]
    fn counts_and_rates_are_those_of_each_source() {
        let mut builder = ClaimsBuilder::default();
        for o in 0..40u32 {
            for s in 0..3 {
                let label = ["yes", "no", "perhaps"][((o * (s + 1)) % 3) as usize];
                if o % 4 != s {
                    builder.add(&format!("s{s}"), &format!("o{o}"), label, None, None);
                }
            }
        }
        let claims = builder.build();
        let of = Labels::new(&claims, &Outcomes::none(&claims));
        let truth: Vec<f64> =
            (0..claims.objects.len()).flat_map(|o| [[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]][o % 2]).collect();
        let weight: Vec<f64> = (0..claims.len()).map(|i| 1.0 / (1.0 + (i % 5) as f64)).collect();
        let mut confusions = Confusions::new(&of);
        confusions.count(&of, &truth, &weight);
        let pooled = confusions.pooled(&of, 1.0);
        let rates = confusions.rates(&pooled, 4.0);
        let mut told = Confusions::new(&of);
        for i in 0..claims.len() {
            (0..3).for_each(|k| told.add(i, k, weight[i] * truth[claims.object_of(i) * 3 + k]));
            for k in 0..3 {
                let by = |same: bool| -> f64 {
                    let by = claims.claims_by(claims.source[i] as usize).iter().map(|j| *j as usize);
                    let by = by.filter(|j| !same || of.label(*j) == of.label(i));
                    by.map(|j| weight[j] * truth[claims.object_of(j) * 3 + k]).sum()
                };
                let rate = (by(true) + 4.0 * pooled.at(k, of.label(i))) / (by(false) + 4.0);
                assert!((rates.of(i)[k] - rate).abs() < 1e-12 && (rates.log_of(i)[k] - rate.ln()).abs() < 1e-12);
            }
        }
        for i in 0..claims.len() {
            (0..3).for_each(|k| assert!((told.rate(i, k, &pooled, 4.0) - rates.of(i)[k]).abs() < 1e-12));
        }
        assert!((0..3).all(|k| ((0..3).map(|l| pooled.at(k, l)).sum::<f64>() - 1.0).abs() < 1e-12));
    }
}
