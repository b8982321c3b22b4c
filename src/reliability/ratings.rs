//! A user's ratings of sources, and what they turn out to be worth.
//!
//! logit(mean of the prior) = alpha + beta (2 rating - 1), where alpha, beta >= 0 and the
//! prior's strength make the counts of the rated sources most likely.

use super::ReliabilityError;
use super::beta::{Beta, ln_marginal};
use super::table::TableReader;
use indexmap::IndexMap;
use std::path::Path;

/// A rating counts as at most this many claims.
const CAP: f64 = 12.0;
/// Rated sources with evidence from which a link is fitted.
const ENOUGH: usize = 5;

/// Ratings of sources by name, each 0 to 1.
#[derive(Debug, Default)]
pub struct Ratings {
    by_source: IndexMap<String, f64>,
}

/// How a rating becomes a prior.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Log odds of the prior's mean at rating 0.5.
    pub alpha: f64,
    /// How much they rise, half as much again, from rating 0 to 1.
    pub beta: f64,
    /// Strength of the prior in claims, at most 12.
    pub strength: f64,
    /// Rated sources that it was fitted on.
    pub sources: usize,
}

impl Link {
    /// The prior of a source with a rating.
    pub fn prior(&self, rating: f64) -> Beta {
        let mean = 1.0 / (1.0 + (-self.alpha - self.beta * (2.0 * rating - 1.0)).exp());
        Beta::of(mean, self.strength)
    }
}

impl Ratings {
    /// Reads `source,rating`. Ratings are 0 to 1, or, when any is above 1, 0 to 100.
    pub fn read(path: &Path) -> Result<Self, ReliabilityError> {
        let mut table = TableReader::open(path, &["source", "rating"], &[])?;
        let mut seen: IndexMap<String, (f64, u64)> = IndexMap::new();
        while let Some(row) = table.next()? {
            let fault = |reason: String, hint: &str| ReliabilityError::Row {
                path: path.into(),
                line: row.line,
                reason,
                hint: hint.into(),
            };
            let (source, text) = (row.get(0), row.get(1));
            let rating = text.parse::<f64>().ok().filter(|r| (0.0..=100.0).contains(r)).ok_or_else(|| {
                fault(
                    format!("the rating `{text}` is out of range"),
                    "ratings go from 0 to 1, or from 0 to 100 in the whole file",
                )
            })?;
            match seen.get(source) {
                Some((first, line)) if *first != rating => {
                    let reason = format!("`{source}` is rated {rating} here and {first} on line {line}");
                    return Err(fault(reason, "a source has one rating; remove the wrong one of the two lines"));
                }
                _ => seen.insert(source.to_owned(), (rating, row.line)),
            };
        }
        let scale = if seen.values().any(|(r, _)| *r > 1.0) { 100.0 } else { 1.0 };
        Ok(Self { by_source: seen.into_iter().map(|(s, (r, _))| (s, r / scale)).collect() })
    }

    /// Rates a source, 0 to 1.
    pub fn set(&mut self, source: &str, rating: f64) {
        self.by_source.insert(source.to_owned(), rating);
    }

    /// The rating of a source.
    pub fn of(&self, source: &str) -> Option<f64> {
        self.by_source.get(source).copied()
    }

    /// Names of the rated sources.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_source.keys().map(String::as_str)
    }

    /// Whether nobody is rated.
    pub fn is_empty(&self) -> bool {
        self.by_source.is_empty()
    }
}

/// The link that makes the counts `(rating, right, all)` most likely; `None` unless it is
/// likelier than `plain`, the prior without ratings, by more than a parameter costs (half the
/// log of the number of sources).
pub(super) fn link(rated: &[(f64, f64, f64)], plain: Beta) -> Option<Link> {
    let rated: Vec<&(f64, f64, f64)> = rated.iter().filter(|r| r.2 > 0.0).collect();
    if rated.len() < ENOUGH {
        return None;
    }
    let without: f64 = rated.iter().map(|r| ln_marginal(plain, r.1, r.2)).sum();
    let mut best = (without + 0.5 * (rated.len() as f64).ln(), None);
    for strength in [1.0, 2.0, 4.0, 8.0, CAP] {
        for a in -12..=12 {
            for b in 1..=12 {
                let link =
                    Link { alpha: f64::from(a) * 0.25, beta: f64::from(b) * 0.5, strength, sources: rated.len() };
                let score: f64 = rated.iter().map(|r| ln_marginal(link.prior(r.0), r.1, r.2)).sum();
                if score > best.0 {
                    best = (score, Some(link));
                }
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_counts_as_far_as_it_has_told() {
        let told: Vec<(f64, f64, f64)> =
            (0..40).map(|i| if i % 2 == 0 { (0.9, 9.0, 10.0) } else { (0.2, 3.0, 10.0) }).collect();
        let link = link(&told, Beta { a: 1.2, b: 0.8 }).unwrap();
        assert!(link.prior(0.9).mean() > link.prior(0.2).mean() + 0.4, "{link:?}");
        assert!(link.strength <= CAP);
        let idle: Vec<(f64, f64, f64)> =
            (0..40).map(|i| (if i % 4 < 2 { 0.9 } else { 0.2 }, 5.0 + f64::from(i % 2), 10.0)).collect();
        assert_eq!(super::link(&idle, Beta { a: 22.0, b: 18.0 }), None);
        assert_eq!(super::link(&told[..4], Beta { a: 1.2, b: 0.8 }), None);
    }
}
