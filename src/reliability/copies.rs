//! Who copies: pairs of sources that share values which independent sources would
//! hardly share.
//!
//! After Dong, Berti-Equille and Srivastava, "Integrating conflicting data: the role of
//! source dependence" (PVLDB 2009), with the copied share of a pair integrated out.

use super::Claims;
use rayon::prelude::*;
use std::collections::HashSet;

/// Shares of its values that a copier may take over; a copier has one of them, each as
/// likely as the other.
const SHARES: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];
/// Prior probability that one of a pair copies the other.
const PRIOR: f64 = 0.01;
/// Most pairs of claims on one object that are looked at; objects with the fewest claims
/// come first.
const BUDGET: usize = 6_000_000;
/// Objects with more claims than this say little of copying, and are not looked at.
const CROWD: usize = 120;

/// Pairs of sources that share values, and how much of their claims is copied.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// Shared claims of pair p: `from[p]..from[p + 1]` of `shared`.
    from: Vec<usize>,
    shared: Vec<(u32, u32)>,
    /// Claims of one value that are one vote for certain.
    certain: Vec<(u32, u32)>,
    /// Objects on which the pair differs.
    differ: Vec<u32>,
    /// Expected copied share of each pair.
    rho: Vec<f64>,
    /// For each claim, the sum of `rho` over pairs that share it.
    load: Vec<f64>,
}

impl Copies {
    /// Finds the pairs with at least two values in common. `certain` are pairs of claims of
    /// one value that are known to be one vote; they tell nothing more of their sources.
    pub(super) fn new(claims: &Claims, certain: &[(u32, u32)]) -> Self {
        let ordered =
            |i: u32, j: u32| if claims.source[i as usize] < claims.source[j as usize] { (i, j) } else { (j, i) };
        let certain: HashSet<(u32, u32)> = certain.iter().map(|(i, j)| ordered(*i, *j)).collect();
        let mut objects: Vec<usize> =
            (0..claims.objects.len()).filter(|o| (2..=CROWD).contains(&claims.claims_on(*o).len())).collect();
        objects.sort_by_key(|o| claims.claims_on(*o).len());
        let mut entries: Vec<(u64, u32, u32)> = Vec::new();
        for o in objects {
            let range = claims.claims_on(o);
            if entries.len() + range.len() * (range.len() - 1) / 2 > BUDGET {
                break;
            }
            for i in range.clone() {
                for j in i + 1..range.end {
                    let (a, b) = if claims.source[i] < claims.source[j] { (i, j) } else { (j, i) };
                    let key = u64::from(claims.source[a]) << 32 | u64::from(claims.source[b]);
                    let same = claims.value[i] == claims.value[j];
                    if same && certain.contains(&(a as u32, b as u32)) {
                        continue;
                    }
                    entries.push(if same { (key, a as u32, b as u32) } else { (key, u32::MAX, 0) });
                }
            }
        }
        entries.par_sort_unstable();
        let mut copies = Self { from: vec![0], load: vec![0.0; claims.len()], ..Self::default() };
        for pair in entries.chunk_by(|a, b| a.0 == b.0) {
            let same = pair.iter().take_while(|e| e.1 != u32::MAX).count();
            if same >= 2 {
                copies.shared.extend(pair[..same].iter().map(|e| (e.1, e.2)));
                copies.from.push(copies.shared.len());
                copies.differ.push((pair.len() - same) as u32);
            }
        }
        copies.rho = vec![0.0; copies.differ.len()];
        copies.certain = certain.into_iter().collect();
        copies.certain.sort_unstable();
        copies.add_certain();
        copies
    }

    /// Weighs the pairs anew. `ratio(i, j)` is how much likelier the shared value of
    /// claims i and j is when one copied the other than when both are independent.
    pub(super) fn update(&mut self, ratio: impl Fn(usize, usize) -> f64 + Sync) {
        let (from, shared, differ) = (&self.from, &self.shared, &self.differ);
        self.rho = (0..differ.len())
            .into_par_iter()
            .with_min_len(256)
            .map(|p| {
                let mut log = SHARES.map(|c| f64::from(differ[p]) * (1.0 - c).ln());
                let mut product = [1.0f64; SHARES.len()];
                for &(i, j) in &shared[from[p]..from[p + 1]] {
                    let r = ratio(i as usize, j as usize);
                    for (k, c) in SHARES.iter().enumerate() {
                        product[k] *= 1.0 - c + c * r;
                        if !(1e-200..1e200).contains(&product[k]) {
                            log[k] += product[k].ln();
                            product[k] = 1.0;
                        }
                    }
                }
                for (l, p) in log.iter_mut().zip(product) {
                    *l += p.ln();
                }
                expected_share(log)
            })
            .collect();
        self.load.fill(0.0);
        for (p, rho) in self.rho.iter().enumerate().filter(|(_, r)| **r > 0.0) {
            for &(i, j) in &self.shared[self.from[p]..self.from[p + 1]] {
                self.load[i as usize] += rho;
                self.load[j as usize] += rho;
            }
        }
        self.add_certain();
    }

    fn add_certain(&mut self) {
        for (i, j) in &self.certain {
            self.load[*i as usize] += 1.0;
            self.load[*j as usize] += 1.0;
        }
    }

    /// Weight of a claim: one vote is shared out among those who copied it.
    pub(super) fn weight(&self, claim: usize) -> f64 {
        1.0 / (1.0 + self.load[claim])
    }

    /// Calls `f(i, j, share)` for all ordered pairs of claims of which one may be copied:
    /// `share` is what has to be added to j's part in the support of their value, as a
    /// multiple of it, when the support is seen from i. From there j counts only as far
    /// as it is independent of i, and no longer shares its vote with i.
    pub(super) fn seen_from(&self, mut f: impl FnMut(usize, usize, f64)) {
        let share = |rho: f64, load: f64| (1.0 - rho) * (1.0 + load) / (1.0 + load - rho) - 1.0;
        for (p, rho) in self.rho.iter().enumerate().filter(|(_, r)| **r > 0.0) {
            for &(i, j) in &self.shared[self.from[p]..self.from[p + 1]] {
                let (i, j) = (i as usize, j as usize);
                f(i, j, share(*rho, self.load[j]));
                f(j, i, share(*rho, self.load[i]));
            }
        }
        for (i, j) in &self.certain {
            f(*i as usize, *j as usize, -1.0);
            f(*j as usize, *i as usize, -1.0);
        }
    }

    /// Pairs of sources with the expected copied share, of those above `least`.
    pub(super) fn pairs(&self, claims: &Claims, least: f64) -> Vec<(u32, u32, f64)> {
        let found = self.rho.iter().enumerate().filter(|(_, rho)| **rho >= least);
        found
            .map(|(p, rho)| {
                let (i, j) = self.shared[self.from[p]];
                (claims.source[i as usize], claims.source[j as usize], *rho)
            })
            .collect()
    }
}

/// Posterior mean of the copied share, from the log likelihood ratio of each share
/// against independence. Negligible shares are 0.
fn expected_share(log: [f64; SHARES.len()]) -> f64 {
    let most = log.iter().copied().fold(0.0, f64::max);
    let odds = log.map(|l| (l - most).exp());
    let sum: f64 = odds.iter().sum();
    let copied = PRIOR * sum / SHARES.len() as f64;
    let posterior = copied / (copied + (1.0 - PRIOR) * (-most).exp());
    let mean = odds.iter().zip(SHARES).map(|(o, c)| o * c).sum::<f64>() / sum;
    let rho = posterior * mean;
    if rho < 1e-3 { 0.0 } else { rho }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reliability::ClaimsBuilder;

    #[test]
    fn sharing_unlikely_values_is_copying_and_sharing_likely_ones_is_not() {
        let mut builder = ClaimsBuilder::default();
        for o in 0..20 {
            let object = format!("o{o}");
            builder.add("a", &object, "odd", None, None);
            builder.add("b", &object, "odd", None, None);
            builder.add("c", &object, "even", None, None);
            builder.add("d", &object, "even", None, None);
        }
        let claims = builder.build();
        let mut copies = Copies::new(&claims, &[]);
        copies.update(|i, _| if claims.text_of(claims.value[i] as usize) == "odd" { 30.0 } else { 1.05 });
        let pairs = copies.pairs(&claims, 0.5);
        assert_eq!(pairs.len(), 1, "{pairs:?}");
        assert!(pairs[0].2 > 0.8);
        let weight = |s: u32| copies.weight((0..claims.len()).find(|i| claims.source[*i] == s).unwrap());
        assert!(weight(0) < 0.6 && weight(2) > 0.9, "{} {}", weight(0), weight(2));
    }
}
