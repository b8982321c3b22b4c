//! A gate: is this slower than it was?

use super::report::BenchReport;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One row against the row of the same name in a baseline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The row.
    pub name: String,
    /// Sentences a second in the baseline.
    pub before: f64,
    /// Sentences a second now.
    pub now: f64,
    /// What that says.
    pub verdict: Verdict,
}

/// What a change says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Not slower than is allowed.
    Kept,
    /// Slower than is allowed, and the intervals do not meet.
    Slower,
    /// Slower than is allowed, but so unsteady that the intervals meet.
    Unclear,
}

/// Compares rows of the same name. `most` is the allowed slowdown as a share, such as 0.05.
/// Rows that only one side has are left out.
pub fn compare(before: &BenchReport, now: &BenchReport, most: f64) -> Vec<Change> {
    let change = |row: &super::Measurement| {
        let old = before.measurements.iter().find(|m| m.name() == row.name())?;
        let (old, new) = (&old.sentences_per_second, &row.sentences_per_second);
        let verdict = if new.median >= old.median * (1.0 - most) {
            Verdict::Kept
        } else if new.high < old.low {
            Verdict::Slower
        } else {
            Verdict::Unclear
        };
        Some(Change { name: row.name(), before: old.median, now: new.median, verdict })
    };
    now.measurements.iter().filter_map(change).collect()
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = 100.0 * (self.now / self.before - 1.0);
        let verdict = match self.verdict {
            Verdict::Kept => "kept",
            Verdict::Slower => "slower than allowed",
            Verdict::Unclear => "perhaps slower than allowed, the intervals meet: repeat with more --runs",
        };
        write!(f, "{}: {:.0} -> {:.0} sentences/s ({percent:+.1} %), {verdict}", self.name, self.before, self.now)
    }
}
