//! Documents to windows with targets, and windows to batches of even length.

use super::data::Document;
use super::settings::{Settings, TrainError};
use crate::article::Span;
use crate::encode::{Batch, Encoded, Layout, Tokens, Window};
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// A document as the model sees it.
pub(super) struct Item {
    pub(super) title: Encoded,
    pub(super) sentences: Vec<Encoded>,
    pub(super) targets: Vec<Target>,
}

/// What is to be learned from a sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    /// Index of the label, -1 for none.
    pub(super) label: i64,
    /// Weight of the row.
    pub(super) weight: f32,
    pub(super) firm: bool,
    /// A teacher's probabilities.
    pub(super) taught: Option<Vec<f32>>,
    /// Tag of each role for each token; `None` when spans are not annotated.
    pub(super) tags: Option<Vec<[i64; 3]>>,
}

impl Target {
    fn teaches(&self) -> bool {
        self.label >= 0 || self.taught.is_some() || self.tags.is_some()
    }

    /// What share of the row each label is to get: its own label, smoothed, and the teacher's
    /// probabilities, mixed if it has both; `None` if it has neither.
    fn shares(&self, s: &Settings) -> Option<Vec<f32>> {
        let even = s.smoothing as f32 / s.labels.len() as f32;
        let own = usize::try_from(self.label).ok().map(|label| {
            (0..s.labels.len()).map(move |l| if l == label { 1.0 - s.smoothing as f32 + even } else { even })
        });
        let share = s.teacher_share as f32;
        match (own, &self.taught) {
            (Some(own), Some(taught)) => Some(own.zip(taught).map(|(o, t)| (1.0 - share) * o + share * t).collect()),
            (Some(own), None) => Some(own.collect()),
            (None, taught) => taught.clone(),
        }
    }
}

/// A window and where its targets are.
pub(super) struct Sample {
    pub(super) document: usize,
    pub(super) window: Window,
}

/// Encodes documents; a label that is not in the settings is an error.
pub(super) fn encode(documents: &[Document], tokens: &Tokens, s: &Settings) -> Result<Vec<Item>, TrainError> {
    documents.par_iter().map(|d| item(d, tokens, s)).collect()
}

fn item(document: &Document, tokens: &Tokens, s: &Settings) -> Result<Item, TrainError> {
    let failed = |what: String| TrainError::Settings {
        reason: format!("document {}: {what}", document.id),
        hint: "labels must be among --labels; null for a sentence without one".into(),
    };
    let mut sentences = Vec::with_capacity(document.sentences.len());
    let mut targets = Vec::with_capacity(document.sentences.len());
    for example in &document.sentences {
        let encoded = tokens.encode(&example.text).map_err(failed)?;
        let label = match &example.label {
            None => -1,
            Some(name) => s
                .labels
                .iter()
                .position(|l| l == name)
                .map(|i| i as i64)
                .ok_or_else(|| failed(format!("label `{name}` is not one of {}", s.labels.join(", "))))?,
        };
        let tags = example.spans.as_ref().map(|spans| tags(&encoded.offsets, spans));
        let weight = if example.firm { 1.0 } else { s.borderline as f32 };
        targets.push(Target { label, weight, firm: example.firm, taught: example.taught.clone(), tags });
        sentences.push(encoded);
    }
    let title = tokens.encode(&document.title).map_err(failed)?;
    Ok(Item { title, sentences, targets })
}

/// Tags of each token: 0 outside, 1 begin, 2 inside.
fn tags(offsets: &[Span], spans: &[Vec<(Span, bool)>; 3]) -> Vec<[i64; 3]> {
    let mut tags = vec![[0i64; 3]; offsets.len()];
    for (role, spans) in spans.iter().enumerate() {
        for (span, continues) in spans {
            let mut begun = *continues;
            for (token, tag) in offsets.iter().zip(&mut tags).filter(|(token, _)| token.overlaps(span)) {
                debug_assert!(token.start < token.end);
                tag[role] = if begun { 2 } else { 1 };
                begun = true;
            }
        }
    }
    tags
}

/// The windows of one epoch: each document in windows of a length drawn anew, and a share
/// of the sentences alone.
pub(super) fn epoch(items: &[Item], layout: &Layout, s: &Settings, rng: &mut ChaCha8Rng) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (document, item) in items.iter().enumerate() {
        // Half of the documents in full windows, the others in shorter ones: text comes in all lengths.
        let window =
            if rng.random_bool(0.5) { layout.window } else { rng.random_range(layout.window / 3..=layout.window) };
        let title = if rng.random_bool(0.1) { &Encoded::default() } else { &item.title };
        let drawn = Layout { window, title: layout.title.min(window / 4), ..*layout };
        let windows = drawn.windows(title, &item.sentences);
        samples.extend(windows.into_iter().map(|window| Sample { document, window }));
        let lone = Layout { lone: true, ..*layout };
        for (i, target) in item.targets.iter().enumerate() {
            if target.teaches() && rng.random_bool(s.lone) {
                let one = lone.windows(&Encoded::default(), &item.sentences[i..=i]);
                samples.extend(one.into_iter().map(|mut window| {
                    window.pieces.iter_mut().for_each(|p| p.sentence = i);
                    Sample { document, window }
                }));
            }
        }
    }
    samples.retain(|sample| has_target(items, sample));
    samples
}

fn has_target(items: &[Item], sample: &Sample) -> bool {
    sample.window.pieces.iter().any(|p| items[sample.document].targets[p.sentence].teaches())
}

/// Groups samples of like length into batches of at most `tokens`, padding counted, in
/// random order.
pub(super) fn batches(mut samples: Vec<Sample>, tokens: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<Sample>> {
    samples.shuffle(rng);
    // Sorting by a blurred length mixes the documents, yet pads little.
    samples.sort_by_cached_key(|s| s.window.ids.len() + rng.random_range(0..16));
    let mut batches: Vec<Vec<Sample>> = Vec::new();
    let mut longest = 0;
    for sample in samples {
        let length = sample.window.ids.len();
        match batches.last_mut() {
            Some(batch) if longest.max(length) * (batch.len() + 1) <= tokens => {
                longest = longest.max(length);
                batch.push(sample);
            }
            _ => {
                longest = length;
                batches.push(vec![sample]);
            }
        }
    }
    batches.shuffle(rng);
    batches
}

/// The ragged batch of some samples.
pub(super) fn ragged(samples: &[Sample]) -> Batch {
    samples.iter().map(|s| &s.window).collect()
}

/// For each piece of a batch, in order, the shares of the labels, one after the other, and its
/// weight: 0 for a piece that teaches no label. `classes` are the weights of the labels.
pub(super) fn targets(items: &[Item], samples: &[Sample], classes: &[f32], s: &Settings) -> (Vec<f32>, Vec<f32>) {
    let (mut shares, mut weights) = (Vec::new(), Vec::new());
    for target in samples.iter().flat_map(|s| s.window.pieces.iter().map(|p| &items[s.document].targets[p.sentence])) {
        let row = target.shares(s);
        weights.push(match (&row, usize::try_from(target.label)) {
            (_, Ok(label)) => target.weight * classes[label],
            (Some(row), Err(_)) => row.iter().zip(classes).map(|(share, weight)| share * weight).sum(),
            (None, Err(_)) => 0.0,
        });
        shares.extend(row.unwrap_or_else(|| vec![0.0; s.labels.len()]));
    }
    (shares, weights)
}
