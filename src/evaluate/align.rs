//! Which predicted sentence answers for which gold sentence, within one article.
//!
//! In this order, each step for the gold rows that are still open:
//! 1. same offsets (and same text, when both rows have one);
//! 2. for gold without offsets: same text, k-th occurrence to k-th occurrence, where
//!    both files have the text equally often;
//! 3. same position in the article and same text;
//! 4. same text anywhere in the article, first free occurrence first;
//! 5. greatest overlap in bytes, when both have offsets into the same text (some other
//!    row of the article was found by step 1, or neither row has a text to compare);
//! 6. most words in common, in their order (`fuzzy`).
//!
//! Texts are compared with every run of white space as one space. Steps 2 to 4 use a
//! predicted sentence once; in steps 5 and 6 one predicted sentence may answer for several
//! gold sentences, as it does when the two files split sentences differently.

use super::fuzzy;
use super::read::Row;
use crate::article::Span;
use std::collections::HashMap;

/// How a pair was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// Step 1.
    Offsets,
    /// Steps 2 to 4.
    Text,
    /// Step 5.
    Overlap,
    /// Step 6.
    Fuzzy,
}

/// For each gold row the matching row of `pred`.
pub(super) fn align(gold: &[&Row], pred: &[Row]) -> Vec<Option<(usize, How)>> {
    let mut found = by_offsets(gold, pred);
    if found.iter().any(Option::is_none) {
        by_text(gold, pred, &mut found);
    }
    if found.iter().any(Option::is_none) {
        let same_text = found.iter().flatten().any(|(_, how)| *how == How::Offsets);
        for (row, slot) in gold.iter().zip(&mut found).filter(|(_, slot)| slot.is_none()) {
            let bare = row.text.is_empty() || pred.iter().all(|pred| pred.text.is_empty());
            let span = row.span.filter(|_| same_text || bare);
            *slot = span.and_then(|span| widest(span, pred)).map(|at| (at, How::Overlap));
        }
        fuzzy::fill(gold, pred, &mut found);
    }
    found
}

fn by_offsets(gold: &[&Row], pred: &[Row]) -> Vec<Option<(usize, How)>> {
    let places: HashMap<Span, usize> = pred.iter().enumerate().filter_map(|(at, row)| Some((row.span?, at))).collect();
    gold.iter()
        .map(|row| {
            let at = *places.get(&row.span?)?;
            let (mine, theirs) = (&row.text, &pred[at].text);
            let same = mine.is_empty() || theirs.is_empty() || mine.split_whitespace().eq(theirs.split_whitespace());
            same.then_some((at, How::Offsets))
        })
        .collect()
}

fn by_text(gold: &[&Row], pred: &[Row], found: &mut [Option<(usize, How)>]) {
    let gold_at = occurrences(gold.iter().copied());
    let pred_at = occurrences(pred);
    let mut used = vec![false; pred.len()];
    for (at, _) in found.iter().flatten() {
        used[*at] = true;
    }
    for (text, mine) in &gold_at {
        let Some(theirs) = pred_at.get(text) else { continue };
        let mut take = |row: usize, at: usize| {
            if found[row].is_none() && !used[at] {
                used[at] = true;
                found[row] = Some((at, How::Text));
            }
        };
        if mine.len() == theirs.len() {
            let pairs = mine.iter().zip(theirs).filter(|(row, _)| gold[**row].span.is_none());
            pairs.for_each(|(&row, &at)| take(row, at));
        }
        for &row in mine {
            let same = theirs.iter().find(|&&at| pred[at].sentence == gold[row].sentence);
            same.into_iter().for_each(|&at| take(row, at));
        }
        for &row in mine {
            theirs.iter().for_each(|&at| take(row, at));
        }
    }
}

/// The rows of each normalised text, in order.
fn occurrences<'a>(rows: impl IntoIterator<Item = &'a Row>) -> HashMap<String, Vec<usize>> {
    let mut at: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, row) in rows.into_iter().enumerate().filter(|(_, row)| !row.text.is_empty()) {
        let words: Vec<&str> = row.text.split_whitespace().collect();
        at.entry(words.join(" ")).or_default().push(index);
    }
    at
}

/// The row that shares most bytes with `span`; the first of equals.
fn widest(span: Span, pred: &[Row]) -> Option<usize> {
    let mut best = None;
    let mut most = 0;
    for (at, row) in pred.iter().enumerate() {
        let Some(other) = row.span else { continue };
        let shared = span.end.min(other.end).saturating_sub(span.start.max(other.start));
        if shared > most {
            (best, most) = (Some(at), shared);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sentence: u32, span: Option<(usize, usize)>, text: &str) -> Row {
        let span = span.map(|(start, end)| Span::new(start, end));
        Row { sentence: Some(sentence), span, text: text.into(), ..Row::default() }
    }

    fn found(gold: &[Row], pred: &[Row]) -> Vec<Option<usize>> {
        align(&gold.iter().collect::<Vec<_>>(), pred).into_iter().map(|found| found.map(|(at, _)| at)).collect()
    }

    #[test]
    fn offsets_first() {
        let gold = [row(0, Some((0, 3)), "No."), row(1, Some((4, 7)), "No.")];
        let pred = [row(0, Some((4, 7)), "No."), row(1, Some((0, 3)), "No.")];
        assert_eq!(found(&gold, &pred), [Some(1), Some(0)]);
    }

    /// Equal offsets into another text say nothing.
    #[test]
    fn offsets_with_other_text_yield_to_text() {
        let gold = [row(0, Some((0, 3)), "Yes")];
        let pred = [row(0, Some((0, 3)), "Noo"), row(1, Some((4, 7)), "Yes")];
        assert_eq!(align(&gold.iter().collect::<Vec<_>>(), &pred), [Some((1, How::Text))]);
    }

    #[test]
    fn repeated_text_without_offsets_goes_by_occurrence() {
        let gold = [row(0, None, "Title"), row(1, None, "He said."), row(2, None, "He  said.")];
        let pred = [row(0, Some((0, 8)), "He said."), row(1, Some((9, 17)), "He said.")];
        assert_eq!(found(&gold, &pred), [None, Some(0), Some(1)]);
    }

    #[test]
    fn unequal_repetition_goes_by_position() {
        let gold = [row(0, None, "He said."), row(1, None, "Rain fell."), row(2, None, "He said.")];
        let pred = [row(1, None, "Rain fell."), row(2, None, "He said.")];
        assert_eq!(found(&gold, &pred), [None, Some(0), Some(1)]);
    }

    #[test]
    fn overlap_when_splits_differ() {
        let gold = [(0, 20), (21, 30), (90, 95), (40, 45)].map(|span| row(0, Some(span), "a"));
        let pred = [(0, 5), (6, 30), (40, 45)].map(|span| row(0, Some(span), if span.0 == 40 { "a" } else { "b" }));
        let overlap = Some((1, How::Overlap));
        let found = align(&gold.iter().collect::<Vec<_>>(), &pred);
        assert_eq!(found, [overlap, overlap, None, Some((2, How::Offsets))]);
    }

    /// Offsets into another text are no overlap.
    #[test]
    fn no_overlap_without_a_common_text() {
        let gold = [row(0, Some((0, 20)), "Rain fell.")];
        let pred = [row(0, Some((0, 20)), "Something else entirely.")];
        assert_eq!(found(&gold, &pred), [None]);
    }
}
