//! Which predicted sentence answers for which gold sentence, within one article.
//!
//! In this order, each step for the gold rows that are still open:
//! 1. same offsets (and same text, when both rows have one);
//! 2. for gold without offsets: same text, k-th occurrence to k-th occurrence, where
//!    both files have the text equally often;
//! 3. same position in the article and same text;
//! 4. same text anywhere in the article, first free occurrence first;
//! 5. greatest overlap in bytes, when both have offsets.
//!
//! Texts are compared with every run of white space as one space. Steps 2 to 4 use a
//! predicted sentence once; in step 5 one predicted sentence may answer for several
//! gold sentences, as it does when the two files split sentences differently.

use super::rows::Row;
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
}

/// For each gold row the matching row of `pred`.
pub(super) fn align(gold: &[Row], pred: &[Row]) -> Vec<Option<(usize, How)>> {
    let mut found = by_offsets(gold, pred);
    if found.iter().any(Option::is_none) {
        by_text(gold, pred, &mut found);
    }
    for (row, slot) in gold.iter().zip(&mut found).filter(|(_, slot)| slot.is_none()) {
        *slot = row.span.and_then(|span| widest(span, pred)).map(|at| (at, How::Overlap));
    }
    found
}

fn by_offsets(gold: &[Row], pred: &[Row]) -> Vec<Option<(usize, How)>> {
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

fn by_text(gold: &[Row], pred: &[Row], found: &mut [Option<(usize, How)>]) {
    let gold_at = occurrences(gold);
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
fn occurrences(rows: &[Row]) -> HashMap<String, Vec<usize>> {
    let mut at: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, row) in rows.iter().enumerate().filter(|(_, row)| !row.text.is_empty()) {
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

    fn row(sentence: usize, span: Option<(usize, usize)>, text: &str) -> Row {
        let span = span.map(|(start, end)| Span::new(start, end));
        Row { sentence: Some(sentence), span, text: text.into(), ..Row::default() }
    }

    fn found(gold: &[Row], pred: &[Row]) -> Vec<Option<usize>> {
        align(gold, pred).into_iter().map(|found| found.map(|(at, _)| at)).collect()
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
        assert_eq!(align(&gold, &pred), [Some((1, How::Text))]);
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
        let gold = [row(0, Some((0, 20)), "a b"), row(1, Some((21, 30)), "c"), row(2, Some((90, 95)), "d")];
        let pred = [row(0, Some((0, 5)), "a"), row(1, Some((6, 30)), "b c")];
        assert_eq!(align(&gold, &pred), [Some((1, How::Overlap)), Some((1, How::Overlap)), None]);
    }
}
