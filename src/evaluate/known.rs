//! Labels that the predictions can have, against those of gold.

use super::EvaluateError;
use super::read::{Row, Rows};
use std::collections::BTreeSet;
use std::path::Path;

/// The labels of a model that lists none: see the label guide.
const STANDARD: [&str; 3] = ["allegation", "background", "fact"];

/// Fails on the first counted gold row whose label the predictions cannot have.
///
/// They can have every label that a prediction has or that its `probabilities` name;
/// where no row has `probabilities`, the three standard labels too.
pub(super) fn check(path: &Path, gold: &[Row], pred: &Rows) -> Result<(), EvaluateError> {
    let mut known: BTreeSet<&str> = pred.classes.iter().map(String::as_str).collect();
    known.extend(pred.rows.iter().filter_map(|row| row.label.as_deref()));
    if pred.classes.is_empty() {
        known.extend(STANDARD);
    }
    for row in gold.iter().filter(|row| row.kept) {
        let Some(label) = row.label.as_deref().filter(|label| !known.contains(label)) else { continue };
        let nearest = known.iter().min_by_key(|name| distance(&name.to_lowercase(), &label.to_lowercase()));
        return Err(EvaluateError::UnknownLabel {
            path: path.into(),
            line: row.line as usize,
            label: label.into(),
            nearest: nearest.map(|name| (*name).to_owned()),
            known: known.iter().map(|name| (*name).to_owned()).collect(),
        });
    }
    Ok(())
}

/// Levenshtein's edit distance over characters, one row of the table at a time.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("fact", "fact"), 0);
        assert_eq!(distance("alegation", "allegation"), 1);
    }
}
