//! Token logits to tags, and tags to spans.

use crate::article::Span;
use crate::model::TAGS;
use ndarray::ArrayView1;

/// Tag of one token for one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Outside any span.
    Outside,
    /// First token of a span.
    Begin,
    /// Any later token of a span.
    Inside,
}

const ALL: [Tag; TAGS] = [Tag::Outside, Tag::Begin, Tag::Inside];

/// Logits of one token for one role, in the order outside, begin, inside.
pub type TagLogits = [f32; TAGS];

/// The logits of `role` in one row of the token head, shape `[tags]`.
pub fn role_logits(row: ArrayView1<f32>, role: usize) -> TagLogits {
    std::array::from_fn(|tag| row[role * TAGS + tag])
}

/// What it costs, in nats, that a span begins right where another of its role ends. Two such
/// spans are mostly one that the model was unsure to go on with; chosen on development data
/// among 0, 2, 4 and 8.
pub(crate) const ADJACENT: f32 = 2.0;

/// The most probable sequence of tags in which every inside follows a begin or an inside
/// (Viterbi, 1967), for the tokens of an article in order; a begin after a begin or an
/// inside costs 2 nats.
pub fn best_tags(logits: &[TagLogits]) -> Vec<Tag> {
    let mut from: Vec<[usize; TAGS]> = Vec::with_capacity(logits.len());
    let mut best = [0.0, 0.0, f32::NEG_INFINITY];
    for (i, row) in logits.iter().enumerate() {
        let scores = log_softmax(row);
        let mut next = [0.0; TAGS];
        let mut back = [0; TAGS];
        for tag in 0..TAGS {
            // Before the first token stands an outside.
            let last: &[usize] = match (i, tag) {
                (0, _) => &[0],
                (_, 2) => &[1, 2],
                _ => &[0, 1, 2],
            };
            let cost = |from: usize| if tag == 1 && from != 0 { ADJACENT } else { 0.0 };
            let value = |from: usize| best[from] - cost(from);
            let top = last.iter().copied().reduce(|a, b| if value(b) > value(a) { b } else { a }).unwrap_or(0);
            let open = i > 0 || tag != 2;
            next[tag] = if open { value(top) + scores[tag] } else { f32::NEG_INFINITY };
            back[tag] = top;
        }
        // Keeps the sums small, so that long articles lose no precision.
        let top = next.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        best = next.map(|v| v - top);
        from.push(back);
    }
    let mut at = (1..TAGS).fold(0, |a, b| if best[b] > best[a] { b } else { a });
    let mut tags = vec![Tag::Outside; logits.len()];
    for (tag, back) in tags.iter_mut().zip(&from).rev() {
        *tag = ALL[at];
        at = back[at];
    }
    tags
}

fn log_softmax(row: &TagLogits) -> TagLogits {
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = row.iter().map(|v| (v - top).exp()).sum();
    row.map(|v| v - top - sum.ln())
}

/// Spans of one role from the tags of an article's tokens, in order. An inside tag
/// that follows no span begins one.
pub fn spans(tags: impl IntoIterator<Item = (Tag, Span)>) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut open = false;
    for (tag, token) in tags {
        match tag {
            Tag::Outside => open = false,
            Tag::Inside if open => {
                if let Some(last) = found.last_mut() {
                    last.end = token.end;
                }
            }
            Tag::Begin | Tag::Inside => {
                found.push(token);
                open = true;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use Tag::{Begin as B, Inside as I, Outside as O};
    use proptest::prelude::*;

    fn run(tags: &[Tag]) -> Vec<(usize, usize)> {
        let tokens = tags.iter().enumerate().map(|(i, &t)| (t, Span::new(i * 2, i * 2 + 1)));
        spans(tokens).into_iter().map(|s| (s.start, s.end)).collect()
    }

    #[test]
    fn begin_splits_and_inside_extends() {
        assert_eq!(run(&[O, B, I, B, O, B]), [(2, 5), (6, 7), (10, 11)]);
    }

    #[test]
    fn an_inside_without_begin_begins() {
        assert_eq!(run(&[I, I, O, I]), [(0, 3), (6, 7)]);
    }

    #[test]
    fn takes_the_columns_of_the_role() {
        let row = ndarray::arr1(&[0.0, 1.0, 2.0, 3.0, 1.0, 1.0, 0.0, 2.0, 1.0]);
        assert_eq!(role_logits(row.view(), 1), [3.0, 1.0, 1.0]);
    }

    #[test]
    fn a_weak_outside_in_a_strong_span_gives_way() {
        let rows = [[0.0, 5.0, 0.0], [0.0, 0.0, 5.0], [1.0, 0.0, 5.0]];
        assert_eq!(best_tags(&rows), [B, I, I]);
        // An inside without a begin is impossible: the likelier of the two ways out is taken.
        assert_eq!(best_tags(&[[2.0, 1.9, 0.0], [0.0, 1.0, 5.0]]), [B, I]);
        assert_eq!(best_tags(&[[9.0, 0.0, 0.0], [1.0, 0.0, 1.5]]), [O, O]);
        // Two spans side by side must be worth it.
        assert_eq!(best_tags(&[[0.0, 5.0, 0.0], [0.0, 1.5, 1.0]]), [B, I]);
        assert_eq!(best_tags(&[[0.0, 5.0, 0.0], [0.0, 5.0, 1.0]]), [B, B]);
        assert_eq!(best_tags(&[]), []);
    }

    fn score(rows: &[TagLogits], tags: &[usize]) -> Option<f32> {
        let step = |i: usize| match (if i == 0 { 0 } else { tags[i - 1] }, tags[i]) {
            (0, 2) => None,
            (1 | 2, 1) => Some(log_softmax(&rows[i])[1] - ADJACENT),
            (_, tag) => Some(log_softmax(&rows[i])[tag]),
        };
        (0..rows.len()).map(step).sum()
    }

    proptest! {
        #[test]
        fn no_other_sequence_is_better(rows in prop::collection::vec(prop::array::uniform3(-5.0f32..5.0), 1..7)) {
            let found: Vec<usize> =
                best_tags(&rows).iter().map(|t| ALL.iter().position(|a| a == t).unwrap()).collect();
            let mine = score(&rows, &found).unwrap();
            for n in 0..3usize.pow(rows.len() as u32) {
                let tags: Vec<usize> = (0..rows.len()).map(|i| n / 3usize.pow(i as u32) % 3).collect();
                if let Some(other) = score(&rows, &tags) {
                    prop_assert!(other <= mine + 1e-4);
                }
            }
        }
    }
}
