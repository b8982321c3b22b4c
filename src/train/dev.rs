//! Figures on the development files, computed as in labelling: full windows, no dropout.

use super::examples::{Item, Sample, batches, ragged};
use super::settings::TrainError;
use crate::article::Span;
use crate::decode::{Tag, TagLogits, argmax, best_tags, role_logits, spans};
use crate::encode::{Encoded, Layout};
use crate::engine::torch::{Net, Padded};
use crate::evaluate::metrics::Confusion;
use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Figures on one development set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Sentences with a label.
    pub sentences: usize,
    /// Accuracy on them.
    pub accuracy: f64,
    /// Mean F1 of the labels on them.
    pub macro_f1: f64,
    /// Firm sentences alone: accuracy and macro-F1.
    pub firm: [f64; 2],
    /// Exact-match F1 of each role's spans; empty without annotated spans.
    pub spans: Vec<f64>,
}

struct Predicted {
    labels: Vec<Option<usize>>,
    /// Logits of each sentence's tokens for each role, by sentence.
    tags: Vec<Vec<[TagLogits; 3]>>,
}

/// Evaluates a net on encoded documents.
pub(super) fn evaluate(net: &Net, items: &[Item], layout: &Layout, labels: usize) -> Result<Figures, TrainError> {
    let mut samples = Vec::new();
    for (document, item) in items.iter().enumerate() {
        let windows = layout.windows(&item.title, &item.sentences);
        samples.extend(windows.into_iter().map(|window| Sample { document, window }));
    }
    let mut predicted: Vec<Predicted> = items
        .iter()
        .map(|i| Predicted {
            labels: vec![None; i.sentences.len()],
            tags: i.sentences.iter().map(|s| vec![Default::default(); s.ids.len()]).collect(),
        })
        .collect();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    for batch in batches(samples, layout.window * 8, &mut rng) {
        predict(net, &batch, &mut predicted)?;
    }
    Ok(figures(items, &predicted, labels))
}

fn predict(net: &Net, samples: &[Sample], predicted: &mut [Predicted]) -> Result<(), TrainError> {
    let batch = ragged(samples);
    let padded = Padded::new(&batch, 0..batch.len(), net.store.device());
    let (sentences, tokens) = tch::no_grad(|| net.forward(&padded, false))?;
    let sentences = array(&sentences)?;
    let tokens = tokens.map(|t| array(&t)).transpose()?;
    let mut piece = 0;
    for (w, sample) in samples.iter().enumerate() {
        let into = &mut predicted[sample.document];
        for p in &sample.window.pieces {
            // A sentence in several pieces takes the label of its first.
            let row = sentences.row(piece).to_vec();
            into.labels[p.sentence].get_or_insert_with(|| argmax(&row));
            if let Some(tokens) = &tokens {
                for (n, row) in p.tokens.clone().enumerate() {
                    let logits = tokens.row(batch.bounds[w] + row);
                    into.tags[p.sentence][p.offset + n] = [0, 1, 2].map(|role| role_logits(logits, role));
                }
            }
            piece += 1;
        }
    }
    Ok(())
}

fn array(t: &tch::Tensor) -> Result<Array2<f32>, TrainError> {
    let (rows, columns) = t.size2()?;
    let values: Vec<f32> = Vec::try_from(t.to_kind(tch::Kind::Float).reshape([-1]))?;
    Array2::from_shape_vec((rows as usize, columns as usize), values)
        .map_err(|e| TrainError::Torch(tch::TchError::Shape(e.to_string())))
}

fn figures(items: &[Item], predicted: &[Predicted], labels: usize) -> Figures {
    let mut all = Confusion::new(labels);
    let mut firm = Confusion::new(labels);
    let mut counts = [[0usize; 3]; 3];
    let mut annotated = false;
    for (item, predicted) in items.iter().zip(predicted) {
        for (target, label) in item.targets.iter().zip(&predicted.labels) {
            if let (Some(label), true) = (label, target.label >= 0) {
                all.count(target.label as usize, *label);
                if target.firm {
                    firm.count(target.label as usize, *label);
                }
            }
        }
        if item.targets.iter().any(|t| t.tags.is_some()) {
            annotated = true;
            count_spans(item, predicted, &mut counts);
        }
    }
    let f1 = |[hit, guessed, gold]: [usize; 3]| 2.0 * hit as f64 / ((guessed + gold).max(1)) as f64;
    Figures {
        sentences: all.total() as usize,
        accuracy: all.accuracy(),
        macro_f1: all.macro_average().f1,
        firm: [firm.accuracy(), firm.macro_average().f1],
        spans: if annotated { counts.map(f1).to_vec() } else { Vec::new() },
    }
}

/// Adds the spans of one document: right, predicted, gold, for each role.
fn count_spans(item: &Item, predicted: &Predicted, counts: &mut [[usize; 3]; 3]) {
    let gold_tag = |t: i64| [Tag::Outside, Tag::Begin, Tag::Inside][t.clamp(0, 2) as usize];
    for (role, count) in counts.iter_mut().enumerate() {
        // Places count on over the sentences, so that a span may run over several.
        let mut base = 0;
        let (mut gold, mut guessed, mut places) = (Vec::new(), Vec::new(), Vec::new());
        for ((sentence, target), tags) in item.sentences.iter().zip(&item.targets).zip(&predicted.tags) {
            let Some(targets) = &target.tags else { continue };
            let Encoded { offsets, .. } = sentence;
            for ((place, t), p) in offsets.iter().zip(targets).zip(tags) {
                let place = Span::new(base + place.start, base + place.end);
                gold.push((gold_tag(t[role]), place));
                guessed.push(p[role]);
                places.push(place);
            }
            base += offsets.last().map_or(0, |s| s.end) + 1;
        }
        let gold: std::collections::HashSet<Span> = spans(gold).into_iter().collect();
        let guessed = spans(best_tags(&guessed).into_iter().zip(places));
        count[0] += guessed.iter().filter(|s| gold.contains(s)).count();
        count[1] += guessed.len();
        count[2] += gold.len();
    }
}
