//! Which model fits a set of claims.

use super::Claims;

/// The three models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataKind {
    /// Each object has its own values, of which one is true.
    Open,
    /// Few labels that come back on every object: sources may confuse them.
    Labels,
    /// Numbers that are nearly right rather than right or wrong.
    Numbers,
}

/// Most labels of a fixed set.
const LABELS: usize = 20;
/// Objects that there must be for each label.
const OBJECTS_A_LABEL: usize = 4;
/// Numbers count as nearly right when the claims on an object agree exactly less than
/// this, beyond chance.
const AGREEMENT: f64 = 0.35;

impl DataKind {
    /// Chooses by what the values look like, never by how well a model does.
    pub fn of(claims: &Claims) -> Self {
        let labels = claims.texts.len();
        if (2..=LABELS).contains(&labels) && claims.objects.len() >= OBJECTS_A_LABEL * labels {
            return Self::Labels;
        }
        let numeric = claims.texts.iter().filter(|t| t.parse::<f64>().is_ok_and(f64::is_finite)).count();
        if numeric * 20 >= labels * 19 && agreement(claims).is_some_and(|share| share < AGREEMENT) {
            return Self::Numbers;
        }
        Self::Open
    }

    /// In words, for the summary.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Open => "open values, one of which is true",
            Self::Labels => "a small set of labels",
            Self::Numbers => "numbers that are nearly right",
        }
    }
}

/// Share of pairs of claims on one object that agree, beyond what the commonness of the
/// texts makes them agree by chance (Scott's pi); `None` when there is no pair.
fn agreement(claims: &Claims) -> Option<f64> {
    let pairs = |n: usize| (n * n.saturating_sub(1)) as f64;
    let all: f64 = (0..claims.objects.len()).map(|o| pairs(claims.claims_on(o).len())).sum();
    let same: f64 = (0..claims.values()).map(|v| pairs(claims.claims_of(v).len())).sum();
    let mut said = vec![0.0; claims.texts.len()];
    (0..claims.values()).for_each(|v| said[claims.value_text[v] as usize] += claims.claims_of(v).len() as f64);
    let chance: f64 = said.iter().map(|n| (n / claims.len() as f64).powi(2)).sum();
    (all > 0.0 && chance < 1.0).then(|| (same / all - chance) / (1.0 - chance))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reliability::ClaimsBuilder;

    fn kind(value: impl Fn(u32, u32) -> String) -> DataKind {
        let mut builder = ClaimsBuilder::default();
        for o in 0..200 {
            for s in 0..6 {
                builder.add(&format!("s{s}"), &format!("o{o}"), &value(s, o), None, None);
            }
        }
        DataKind::of(&builder.build())
    }

    #[test]
    fn values_tell_the_kind() {
        assert_eq!(kind(|s, o| ["yes", "no"][((s + o) % 2) as usize].into()), DataKind::Labels);
        assert_eq!(kind(|s, o| format!("{}", 1000 * o + u32::from(s == 1))), DataKind::Open);
        assert_eq!(kind(|s, o| format!("{}.{}", 10 * o + s, s)), DataKind::Numbers);
        assert_eq!(kind(|_, o| format!("city {o}")), DataKind::Open);
    }
}
