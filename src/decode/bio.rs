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
}
