//! Grades of the Admiralty system: a letter for the source, a figure for the claim.

use super::beta::Beta;
use std::fmt;

/// Reliability of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Completely reliable: right in 90 % of its claims or more.
    A,
    /// Usually reliable: 75 to 90 %.
    B,
    /// Fairly reliable: 50 to 75 %.
    C,
    /// Not usually reliable: 25 to 50 %.
    D,
    /// Unreliable: less than 25 %.
    E,
    /// Cannot be judged.
    F,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::F => "F",
        };
        f.write_str(letter)
    }
}

/// Share of the posterior that must lie in one band.
const SURE: f64 = 0.8;
/// Bands of the trust, from A to E.
const BANDS: [(Grade, f64, f64); 5] =
    [(Grade::A, 0.9, 1.0), (Grade::B, 0.75, 0.9), (Grade::C, 0.5, 0.75), (Grade::D, 0.25, 0.5), (Grade::E, 0.0, 0.25)];

/// The band that holds at least 80 % of the posterior, else F.
pub fn grade(posterior: Beta) -> Grade {
    BANDS.iter().find(|(_, low, high)| posterior.mass(*low, *high) >= SURE).map_or(Grade::F, |b| b.0)
}

/// Credibility of a claim, 1 (confirmed) to 6 (cannot be judged), from its probability
/// and the effective number of independent sources that make it. `confirmed` is its
/// outcome, where there is one.
pub fn credibility(probability: f64, independent: f64, confirmed: Option<bool>) -> u8 {
    match confirmed {
        Some(true) => 1,
        Some(false) => 5,
        None if independent < 1.5 => 6,
        None if probability >= 0.95 && independent >= 2.5 => 1,
        None if probability >= 0.75 => 2,
        None if probability >= 0.5 => 3,
        None if probability >= 0.2 => 4,
        None => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thin_evidence_is_not_graded() {
        assert_eq!(grade(Beta { a: 190.0, b: 4.0 }), Grade::A);
        assert_eq!(grade(Beta { a: 3.0, b: 1.0 }), Grade::F);
        assert_eq!(grade(Beta { a: 82.0, b: 18.0 }), Grade::B);
        assert_eq!(grade(Beta { a: 5.0, b: 120.0 }), Grade::E);
        assert_eq!(credibility(0.99, 1.0, None), 6);
        assert_eq!(credibility(0.99, 3.0, None), 1);
        assert_eq!(credibility(0.1, 3.0, Some(true)), 1);
    }
}
