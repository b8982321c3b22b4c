//! Sentences that are not quite the same: other quotation marks, a word changed, a
//! sentence split in two.
//!
//! Two sentences belong together when most words of the shorter come in the longer, in
//! the same order: a longest common subsequence of at least four fifths of its words
//! (and of four words, or of all where there are fewer). Of several candidates the one
//! with the greatest share of words in common, 2 common / (words of both), is taken, the
//! first of equals. Words are runs of letters and digits, in lower case.

use super::align::How;
use super::read::Row;

/// Share of the shorter sentence's words that must be in the longer.
const SHARE: f64 = 0.8;
/// Words that must be shared, where a sentence has so many.
const WORDS: usize = 4;

/// Fills the slots that are still empty.
pub(super) fn fill(gold: &[&Row], pred: &[Row], found: &mut [Option<(usize, How)>]) {
    let open = |row: &Row, slot: &Option<(usize, How)>| slot.is_none() && row.kept && row.label.is_some();
    if !gold.iter().zip(&*found).any(|(row, slot)| open(row, slot)) {
        return;
    }
    let theirs: Vec<Vec<String>> = pred.iter().map(|row| words(&row.text)).collect();
    for (row, slot) in gold.iter().zip(found).filter(|(row, slot)| open(row, slot)) {
        let mine = words(&row.text);
        let mut best = 0.0;
        for (at, theirs) in theirs.iter().enumerate() {
            let likeness = likeness(&mine, theirs);
            if likeness > best {
                best = likeness;
                *slot = Some((at, How::Fuzzy));
            }
        }
    }
}

/// Share of words in common; 0 for sentences that do not belong together.
fn likeness(a: &[String], b: &[String]) -> f64 {
    let shorter = a.len().min(b.len());
    if shorter == 0 || (shorter < WORDS && a.len() != b.len()) {
        return 0.0;
    }
    let common = common(a, b);
    let enough = common as f64 >= SHARE * shorter as f64 && common >= WORDS.min(shorter);
    if enough { 2.0 * common as f64 / (a.len() + b.len()) as f64 } else { 0.0 }
}

/// Length of the longest common subsequence.
fn common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut diagonal = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(a: &str, b: &str) -> f64 {
        likeness(&words(a), &words(b))
    }

    #[test]
    fn alike() {
        assert_eq!(like("“It rained,” he said.", "\"It rained\", he said"), 1.0);
        assert!(
            like(
                "The mayor said on Monday that it would cost three million.",
                "The mayor said on Tuesday that it would cost three million."
            ) > 0.9
        );
        assert!(like("the cracks were known for a year", "He said the cracks were known for a year, and left.") > 0.7);
    }

    #[test]
    fn not_alike() {
        assert_eq!(like("He said so.", "He said that the bridge would be closed so that it could be mended."), 0.0);
        assert_eq!(
            like(
                "The mayor said that it would cost three million.",
                "Three people saw the bridge fall on Monday night."
            ),
            0.0
        );
        assert_eq!(like("", "It rained."), 0.0);
    }
}
