//! Token tags to spans.

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

/// The most probable tag of `role` from one row of the token head's logits, shape `[tags]`.
pub fn best_tag(logits: ArrayView1<f32>, role: usize) -> Tag {
    let at = |tag: usize| logits[role * TAGS + tag];
    if at(0) >= at(1) && at(0) >= at(2) {
        Tag::Outside
    } else if at(1) >= at(2) {
        Tag::Begin
    } else {
        Tag::Inside
    }
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
    fn picks_the_best_tag_of_the_role() {
        let row = ndarray::arr1(&[0.0, 1.0, 2.0, 3.0, 1.0, 1.0, 0.0, 2.0, 1.0]);
        assert_eq!([0, 1, 2].map(|r| best_tag(row.view(), r)), [I, O, B]);
    }
}
