//! The loss of the token head: minus the log-probability of the right sequence of tags among
//! all sequences that the decoder weighs (a linear-chain conditional random field,
//! Lafferty et al., 2001, whose transitions are the decoder's own and are not learned).

use super::examples::{Item, Sample};
use crate::decode::ADJACENT;
use crate::model::{ROLES, TAGS};
use tch::{Device, Kind, Tensor};

/// An inside after an outside: impossible to the decoder. Finite, so that one odd row of gold
/// costs a step and not the run.
const IMPOSSIBLE: f32 = -30.0;

/// Runs of annotated tokens in a batch.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sequences {
    /// Rows of the batch that belong to each run.
    rows: Vec<Vec<i64>>,
    /// Tag of each role for each of these rows.
    tags: Vec<Vec<[i64; ROLES.len()]>>,
}

impl Sequences {
    /// Neighbouring sentences with annotated spans make a run; a window begins a new one.
    pub(super) fn of(items: &[Item], samples: &[Sample]) -> Self {
        let mut all = Self::default();
        let mut base = 0;
        for sample in samples {
            let mut last = None;
            for piece in &sample.window.pieces {
                let Some(tags) = &items[sample.document].targets[piece.sentence].tags else { continue };
                let goes_on = last.is_some_and(|last| last == piece.sentence || last + 1 == piece.sentence);
                if !goes_on || all.rows.is_empty() {
                    all.rows.push(Vec::new());
                    all.tags.push(Vec::new());
                }
                last = Some(piece.sentence);
                if let (Some(rows), Some(goal)) = (all.rows.last_mut(), all.tags.last_mut()) {
                    rows.extend(piece.tokens.clone().map(|row| (base + row) as i64));
                    goal.extend_from_slice(&tags[piece.offset..piece.offset + piece.tokens.len()]);
                }
            }
            base += sample.window.ids.len();
        }
        all
    }

    /// Mean loss a token and role, given the batch's token logits, shape `[tokens, roles * tags]`;
    /// `None` without an annotated token.
    pub(super) fn loss(&self, logits: &Tensor) -> Option<Tensor> {
        let length = self.rows.iter().map(Vec::len).max().filter(|&n| n > 0)?;
        let tokens: usize = self.rows.iter().map(Vec::len).sum();
        let device = logits.device();
        let (runs, roles, tags) = (self.rows.len() as i64, ROLES.len() as i64, TAGS as i64);
        let padded = |mut row: Vec<i64>| {
            row.resize(length, 0);
            row
        };
        let rows: Vec<i64> = self.rows.iter().flat_map(|row| padded(row.clone())).collect();
        let mask: Vec<f32> =
            self.rows.iter().flat_map(|row| (0..length).map(|t| f32::from(u8::from(t < row.len())))).collect();
        // Time first: one step is one slice.
        let emissions = logits
            .to_kind(Kind::Float)
            .view([-1, roles, tags])
            .index_select(0, &Tensor::from_slice(&rows).to_device(device))
            .view([runs, length as i64, roles, tags])
            .transpose(0, 1);
        let mask = Tensor::from_slice(&mask).to_device(device).view([runs, length as i64, 1, 1]).transpose(0, 1);
        let transitions = transitions(device);
        let total = partition(&emissions, &mask, &transitions, length);
        Some((total - self.score(&emissions, length)) / (tokens * ROLES.len()) as f64)
    }

    /// Score of the right sequences, summed.
    fn score(&self, emissions: &Tensor, length: usize) -> Tensor {
        let mut chosen = vec![0.0f32; self.rows.len() * length * ROLES.len() * TAGS];
        let mut constant = 0.0f64;
        for (run, tags) in self.tags.iter().enumerate() {
            for (t, goal) in tags.iter().enumerate() {
                for (role, &tag) in goal.iter().enumerate() {
                    chosen[((t * self.rows.len() + run) * ROLES.len() + role) * TAGS + tag as usize] = 1.0;
                    if t > 0 {
                        constant += f64::from(step(tags[t - 1][role] as usize, tag as usize));
                    }
                }
            }
        }
        let chosen = Tensor::from_slice(&chosen).to_device(emissions.device()).view_as(emissions);
        (emissions * chosen).sum(Kind::Float) + constant
    }
}

/// Log-sum over all sequences of each run and role, summed (the forward algorithm).
fn partition(emissions: &Tensor, mask: &Tensor, transitions: &Tensor, length: usize) -> Tensor {
    let mut alpha = emissions.get(0);
    for t in 1..length as i64 {
        let next = (alpha.unsqueeze(-1) + transitions).logsumexp([-2], false) + emissions.get(t);
        let there = mask.get(t);
        alpha = &alpha + (next - &alpha) * there;
    }
    alpha.logsumexp([-1], false).sum(Kind::Float)
}

/// What a tag after another adds to the score, as in `decode::best_tags`.
const fn step(from: usize, to: usize) -> f32 {
    match (from, to) {
        (0, 2) => IMPOSSIBLE,
        (1 | 2, 1) => -ADJACENT,
        _ => 0.0,
    }
}

/// Shape `[tags, tags]`, from row to column.
fn transitions(device: Device) -> Tensor {
    let table: Vec<f32> = (0..TAGS * TAGS).map(|i| step(i / TAGS, i % TAGS)).collect();
    Tensor::from_slice(&table).view([TAGS as i64, TAGS as i64]).to_device(device)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loss against the sum over all sequences, by hand.
    #[test]
    fn is_minus_the_log_probability() {
        let length = 4;
        let tags = [[0i64, 1, 2], [1, 2, 1], [2, 0, 2], [1, 1, 0]];
        let one = Sequences { rows: vec![vec![0, 1, 2, 3], vec![4]], tags: vec![tags.to_vec(), vec![[1, 0, 2]]] };
        let values: Vec<f32> = (0..5 * 9).map(|i| ((i * 7919) % 13) as f32 / 5.0 - 1.0).collect();
        let logits = Tensor::from_slice(&values).view([5, 9]);
        let got = one.loss(&logits).unwrap().double_value(&[]);
        let mut want = 0.0;
        for role in 0..3 {
            let at = |t: usize, tag: usize| f64::from(values[t * 9 + role * 3 + tag]);
            let score = |s: &[usize]| -> f64 {
                (0..length).map(|t| at(t, s[t])).sum::<f64>()
                    + (1..length).map(|t| f64::from(step(s[t - 1], s[t]))).sum::<f64>()
            };
            let all = (0..3usize.pow(4)).map(|n| [n % 3, n / 3 % 3, n / 9 % 3, n / 27 % 3]);
            let z: f64 = all.map(|s| score(&s).exp()).sum();
            want += z.ln() - score(&tags.map(|row| row[role] as usize));
            let single: f64 = (0..3).map(|tag| at(4, tag).exp()).sum();
            want += single.ln() - at(4, [1, 0, 2][role]);
        }
        assert!((got - want / 15.0).abs() < 1e-5, "{got} {want}");
        assert!(Sequences::default().loss(&logits).is_none());
    }
}
