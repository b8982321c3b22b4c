//! From tag probabilities to the spans that are worth most.
//!
//! The tags of a role are a chain in which an inside follows a begin or an inside, and a begin
//! right after a span costs [`ADJACENT`]. The forward and backward passes over it give the
//! probability of every single span. Those are chosen that together are worth most, which is
//! decoding by least expected loss (Goel and Byrne, Computer Speech & Language 14, 2000), and
//! finds more of the right spans than the one most probable sequence of tags, whose spans need
//! not be probable themselves.

use super::bio::{ADJACENT, Tag, TagLogits};
use crate::model::TAGS;

/// A span is worth its probability, and this much of the mean probability that its tokens are
/// in any span, so that what is surely there is not dropped because its borders are not sure.
const COVERED: f64 = 0.3;
/// What a span must be worth.
const LEAST: f64 = 0.6;
/// Spans that are less probable are not looked at: a token is in at most 1 / RARE others.
const RARE: f64 = 0.03;

/// The tags of the spans that are worth most, for the tokens of an article in order.
pub fn best_tags(logits: &[TagLogits]) -> Vec<Tag> {
    let chain = Chain::new(logits);
    let mut found = chain.candidates();
    found.sort_by_key(|c| c.last);
    // What the spans up to a token are worth at best, and where the last of them begins.
    let mut worth = vec![0.0; logits.len() + 1];
    let mut begins = vec![None; logits.len()];
    let mut next = found.into_iter().peekable();
    for at in 0..logits.len() {
        worth[at + 1] = worth[at];
        while let Some(span) = next.next_if(|span| span.last == at) {
            let value = worth[span.first] + span.worth;
            if value > worth[at + 1] {
                worth[at + 1] = value;
                begins[at] = Some(span.first);
            }
        }
    }
    let mut tags = vec![Tag::Outside; logits.len()];
    let mut end = logits.len();
    while end > 0 {
        end -= 1;
        if let Some(first) = begins[end] {
            tags[first..=end].fill(Tag::Inside);
            tags[first] = Tag::Begin;
            end = first;
        }
    }
    tags
}

/// A span and what it is worth beyond the least.
struct Candidate {
    first: usize,
    last: usize,
    worth: f64,
}

/// Scaled forward and backward sums (Rabiner, Proceedings of the IEEE 77, 1989).
struct Chain {
    /// Factor of a begin right after a span.
    beside: f64,
    /// Probability of each tag of a token by itself, over the scale of that token.
    emitted: Vec<[f64; TAGS]>,
    forward: Vec<[f64; TAGS]>,
    backward: Vec<[f64; TAGS]>,
}

impl Chain {
    fn new(logits: &[TagLogits]) -> Self {
        let beside = f64::from(-ADJACENT).exp();
        let mut emitted: Vec<[f64; TAGS]> = logits.iter().map(softmax).collect();
        let mut forward = Vec::with_capacity(emitted.len());
        // Before the first token stands an outside.
        let mut last = [1.0, 0.0, 0.0];
        for e in &mut emitted {
            let in_span = last[1] + last[2];
            let sums = [last[0] + in_span, last[0] + in_span * beside, in_span];
            let raw: [f64; TAGS] = std::array::from_fn(|tag| sums[tag] * e[tag]);
            let scale = raw.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            *e = e.map(|v| v / scale);
            last = raw.map(|v| v / scale);
            forward.push(last);
        }
        let mut backward = vec![[1.0; TAGS]; emitted.len()];
        for at in (1..emitted.len()).rev() {
            let next: [f64; TAGS] = std::array::from_fn(|tag| emitted[at][tag] * backward[at][tag]);
            let in_span = next[0] + next[1] * beside + next[2];
            backward[at - 1] = [next[0] + next[1], in_span, in_span];
        }
        Self { beside, emitted, forward, backward }
    }

    /// Probability that a token is in a span.
    fn covered(&self, at: usize) -> f64 {
        (1..TAGS).map(|tag| self.forward[at][tag] * self.backward[at][tag]).sum()
    }

    /// What it adds to a span's probability that it ends with this token.
    fn ends(&self, at: usize) -> f64 {
        let Some(next) = self.emitted.get(at + 1) else { return 1.0 };
        let after = self.backward[at + 1];
        next[0] * after[0] + next[1] * after[1] * self.beside
    }

    /// The spans that are worth something.
    fn candidates(&self) -> Vec<Candidate> {
        let n = self.emitted.len();
        let mut covered = vec![0.0; n + 1];
        for at in 0..n {
            covered[at + 1] = covered[at] + self.covered(at);
        }
        let mut found = Vec::new();
        for first in 0..n {
            let mut so_far = self.forward[first][1];
            let mut last = first;
            while so_far * self.backward[last][1] >= RARE {
                let mean = (covered[last + 1] - covered[first]) / (last + 1 - first) as f64;
                let worth = so_far * self.ends(last) + COVERED * mean - LEAST;
                if worth > 0.0 {
                    found.push(Candidate { first, last, worth });
                }
                last += 1;
                let Some(next) = self.emitted.get(last) else { break };
                so_far *= next[2];
            }
        }
        found
    }
}

fn softmax(row: &TagLogits) -> [f64; TAGS] {
    let top = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = row.map(|v| f64::from(v - top).exp());
    let sum: f64 = powers.iter().sum();
    powers.map(|v| v / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Tag::{Begin as B, Inside as I, Outside as O};
    use proptest::prelude::*;

    #[test]
    fn a_weak_outside_in_a_strong_span_gives_way() {
        let rows = [[0.0, 5.0, 0.0], [0.0, 0.0, 5.0], [1.0, 0.0, 5.0]];
        assert_eq!(best_tags(&rows), [B, I, I]);
        assert_eq!(best_tags(&[[9.0, 0.0, 0.0], [1.0, 0.0, 1.5]]), [O, O]);
        // Two spans side by side must be worth it.
        assert_eq!(best_tags(&[[0.0, 5.0, 0.0], [0.0, 1.5, 1.0]]), [B, I]);
        assert_eq!(best_tags(&[[0.0, 5.0, 0.0], [0.0, 5.0, 1.0]]), [B, B]);
        assert_eq!(best_tags(&[]), []);
    }

    #[test]
    fn a_sure_span_stays_though_its_end_is_open() {
        // It ends after two, three or four tokens, and each is as likely as the others.
        let rows = [[0.0, 9.0, 0.0], [0.0, 0.0, 9.0], [0.7, 0.0, 0.0], [1.0, -9.0, 1.0], [9.0, 0.0, 0.0]];
        assert_eq!(best_tags(&rows)[..2], [B, I]);
    }

    #[test]
    fn what_is_no_number_is_no_span() {
        assert_eq!(best_tags(&[[f32::NAN; 3], [0.0, f32::INFINITY, 0.0], [f32::NEG_INFINITY; 3]]), [O; 3]);
    }

    /// Probability of each span by adding up all sequences.
    fn enumerated(rows: &[TagLogits]) -> std::collections::HashMap<(usize, usize), f64> {
        let (mut all, mut total) = (std::collections::HashMap::new(), 0.0);
        for code in 0..3usize.pow(rows.len() as u32) {
            let tags: Vec<usize> = (0..rows.len()).map(|i| code / 3usize.pow(i as u32) % 3).collect();
            let mut weight = 1.0;
            for (i, (&tag, row)) in tags.iter().zip(rows).enumerate() {
                weight *= softmax(row)[tag];
                match (if i == 0 { 0 } else { tags[i - 1] }, tag) {
                    (0, 2) => weight = 0.0,
                    (1 | 2, 1) => weight *= f64::from(-ADJACENT).exp(),
                    _ => {}
                }
            }
            total += weight;
            for first in (0..rows.len()).filter(|&i| tags[i] == 1) {
                let last = (first + 1..rows.len()).take_while(|&i| tags[i] == 2).last().unwrap_or(first);
                *all.entry((first, last)).or_insert(0.0) += weight;
            }
        }
        all.values_mut().for_each(|p| *p /= total);
        all
    }

    proptest! {
        #[test]
        fn spans_are_as_probable_as_their_sequences_together(
            rows in prop::collection::vec(prop::array::uniform3(-4.0f32..4.0), 1..7),
        ) {
            let all = enumerated(&rows);
            let covered = |at: usize| all.iter().filter(|(s, _)| s.0 <= at && at <= s.1).map(|(_, p)| p).sum::<f64>();
            for found in Chain::new(&rows).candidates() {
                let span = (found.first, found.last);
                let mean = (span.0..=span.1).map(covered).sum::<f64>() / (span.1 + 1 - span.0) as f64;
                prop_assert!((all[&span] + COVERED * mean - LEAST - found.worth).abs() < 1e-9, "{span:?}");
            }
            let best = all.iter().filter(|(_, p)| **p > LEAST + 1e-6).map(|(span, _)| *span);
            let tags = best_tags(&rows);
            for (first, last) in best {
                prop_assert!(tags[first] == B && tags[first + 1..=last].iter().all(|t| *t == I));
            }
        }
    }
}
