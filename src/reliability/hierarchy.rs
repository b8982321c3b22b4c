//! Values of which one holds the other: a province and its country.
//!
//! A coarser claim does not contradict a finer one. In the spirit of Jung, Kim and Shim,
//! "Hierarchical truth discovery" (TDH, EDBT 2019).

use super::table::TableReader;
use super::{Claims, ReliabilityError};
use indexmap::IndexMap;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// Which values hold which others.
#[derive(Debug, Default)]
pub struct Hierarchy {
    /// All coarser values of a value.
    coarser: HashMap<String, HashSet<String>>,
}

impl Hierarchy {
    /// Reads `value,parent`. A value that holds itself is an error that names the line.
    pub fn read(path: &Path) -> Result<Self, ReliabilityError> {
        let mut table = TableReader::open(path, &["value", "parent"], &[])?;
        let mut rows = Vec::new();
        while let Some(row) = table.next()? {
            rows.push((row.get(0).to_owned(), row.get(1).to_owned(), row.line));
        }
        let pairs = rows.iter().map(|(value, parent, _)| (value.as_str(), parent.as_str()));
        Self::of(pairs).map_err(|value| ReliabilityError::Row {
            path: path.into(),
            line: rows.iter().find(|r| r.0 == value).map_or(0, |r| r.2),
            reason: format!("`{value}` is above itself"),
            hint: "a value's parents lead up to a coarsest value and never back; remove one line of the ring".into(),
        })
    }

    /// From pairs of a value and its parent; a value may have several. The error is a value
    /// that would be above itself.
    pub fn of<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut parents: IndexMap<&str, Vec<&str>> = IndexMap::new();
        pairs.for_each(|(value, parent)| parents.entry(value).or_default().push(parent));
        let mut coarser = HashMap::new();
        for value in parents.keys() {
            let (mut above, mut next) = (HashSet::new(), parents[value].clone());
            while let Some(name) = next.pop() {
                if name == *value {
                    return Err(name.to_owned());
                }
                if above.insert(name.to_owned()) {
                    next.extend(parents.get(name).into_iter().flatten());
                }
            }
            coarser.insert((*value).to_owned(), above);
        }
        Ok(Self { coarser })
    }

    /// Whether `coarse` holds `fine`.
    pub fn holds(&self, coarse: &str, fine: &str) -> bool {
        self.coarser.get(fine).is_some_and(|above| above.contains(coarse))
    }
}

/// For each value of the claims, the finer values of the same object.
pub(super) struct Levels {
    finer: HashMap<u32, Vec<u32>>,
}

impl Levels {
    pub(super) fn new(claims: &Claims, hierarchy: &Hierarchy) -> Self {
        let mut finer: HashMap<u32, Vec<u32>> = HashMap::new();
        if !hierarchy.coarser.is_empty() {
            for object in 0..claims.objects.len() {
                for u in claims.values_of(object) {
                    let below =
                        claims.values_of(object).filter(|v| hierarchy.holds(claims.text_of(u), claims.text_of(*v)));
                    let below: Vec<u32> = below.map(|v| v as u32).collect();
                    if !below.is_empty() {
                        finer.insert(u as u32, below);
                    }
                }
            }
        }
        Self { finer }
    }

    /// Whether no value holds another.
    pub(super) fn is_flat(&self) -> bool {
        self.finer.is_empty()
    }

    /// The finer values of a value.
    pub(super) fn finer(&self, value: usize) -> &[u32] {
        self.finer.get(&(value as u32)).map_or(&[], Vec::as_slice)
    }

    /// What is said of each value, with what is said of the coarser ones that hold it.
    pub(super) fn with_coarser(&self, support: &[f64]) -> Vec<f64> {
        let mut sum = support.to_vec();
        for (u, below) in &self.finer {
            below.iter().for_each(|v| sum[*v as usize] += support[*u as usize]);
        }
        sum
    }

    /// A value's own share and those of the finer ones that it holds.
    pub(super) fn with_finer(&self, share: &[f64]) -> Vec<f64> {
        let mut sum = share.to_vec();
        for (u, below) in &self.finer {
            sum[*u as usize] += below.iter().map(|v| share[*v as usize]).sum::<f64>();
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarser_values_hold_finer_ones_and_no_value_holds_itself() {
        let places = [("Orla", "Vessland"), ("Vessland", "North"), ("Mira", "Vessland")];
        let h = Hierarchy::of(places.into_iter()).unwrap();
        assert!(h.holds("North", "Orla") && !h.holds("Orla", "North") && !h.holds("Mira", "Orla"));
        let ring = [("a", "b"), ("b", "c"), ("c", "a")];
        assert_eq!(Hierarchy::of(ring.into_iter()).unwrap_err(), "a");
    }
}
