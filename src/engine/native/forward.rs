//! The forward pass of one window.

use super::math::{gelu, layer_norm, softmax_rows, tanh};
use super::weights::{BertWeights, Layer, SentenceHead, TokenHead};
use ndarray::{Array1, Array2, Axis, linalg::general_mat_mul, s};
use std::ops::Range;

/// What comes out of one window.
pub(super) struct WindowLogits {
    /// Shape `[pieces, labels]`.
    pub(super) sentences: Array2<f32>,
    /// Shape `[tokens, tags]`.
    pub(super) tokens: Array2<f32>,
}

/// Sums of the layers' outputs with given shares, gathered as the layers are computed.
struct Mixed {
    shares: Array1<f32>,
    sum: Array2<f32>,
}

impl Mixed {
    fn new(shares: Option<&Array1<f32>>, rows: usize, width: usize) -> Option<Self> {
        shares.map(|s| Self { shares: s.clone(), sum: Array2::zeros((rows, width)) })
    }

    fn add(&mut self, layer: usize, hidden: &Array2<f32>) {
        self.sum.scaled_add(self.shares[layer], hidden);
    }
}

/// Runs one window; `pieces` are rows of it. Ids are below the vocabulary's size and the
/// window is not longer than there are positions (the caller has checked both).
pub(super) fn window(w: &BertWeights, ids: &[u32], pieces: &[Range<usize>]) -> WindowLogits {
    let mut x = embed(w, ids);
    let (rows, width) = x.dim();
    let sentence_shares = match &w.sentence {
        SentenceHead::Mean { mix, .. } => mix.as_ref(),
        SentenceHead::Pooler { .. } => None,
    };
    let mut for_sentences = Mixed::new(sentence_shares, rows, width);
    let mut for_tokens = Mixed::new(w.tokens.as_ref().and_then(|t| t.mix.as_ref()), rows, width);
    for (l, layer) in w.layers.iter().enumerate() {
        run_layer(layer, &mut x, w.heads, w.eps);
        for mixed in [&mut for_sentences, &mut for_tokens].into_iter().flatten() {
            mixed.add(l, &x);
        }
    }
    let sentences = sentence_logits(&w.sentence, for_sentences.as_ref().map_or(&x, |m| &m.sum), pieces);
    let tokens = match &w.tokens {
        Some(TokenHead { classifier, .. }) => classifier.apply(for_tokens.as_ref().map_or(&x, |m| &m.sum)),
        None => Array2::zeros((rows, 0)),
    };
    WindowLogits { sentences, tokens }
}

fn embed(w: &BertWeights, ids: &[u32]) -> Array2<f32> {
    let mut x = w.places.slice(s![..ids.len(), ..]).to_owned();
    for (mut row, &id) in x.rows_mut().into_iter().zip(ids) {
        row += &w.words.row(id as usize);
    }
    layer_norm(&mut x, &w.embedding_norm.weight, &w.embedding_norm.bias, w.eps);
    x
}

fn run_layer(layer: &Layer, x: &mut Array2<f32>, heads: usize, eps: f32) {
    let context = attention(&layer.qkv.apply(x), heads);
    *x += &layer.attention_out.apply(&context);
    layer_norm(x, &layer.attention_norm.weight, &layer.attention_norm.bias, eps);
    let mut up = layer.up.apply(x);
    gelu(&mut up);
    *x += &layer.down.apply(&up);
    layer_norm(x, &layer.norm.weight, &layer.norm.bias, eps);
}

/// Scaled dot-product attention (Vaswani et al., 2017) of all heads over one window.
/// `qkv` has shape `[tokens, 3 width]`; the result `[tokens, width]`.
fn attention(qkv: &Array2<f32>, heads: usize) -> Array2<f32> {
    let (rows, width) = (qkv.nrows(), qkv.ncols() / 3);
    let size = width / heads;
    let scale = 1.0 / (size as f32).sqrt();
    let mut context = Array2::zeros((rows, width));
    let mut scores = Array2::zeros((rows, rows));
    for head in 0..heads {
        let part = |which: usize| {
            let start = which * width + head * size;
            qkv.slice(s![.., start..start + size])
        };
        general_mat_mul(scale, &part(0), &part(1).t(), 0.0, &mut scores);
        softmax_rows(&mut scores.view_mut());
        let mut out = context.slice_mut(s![.., head * size..(head + 1) * size]);
        general_mat_mul(1.0, &scores, &part(2), 0.0, &mut out);
    }
    context
}

fn sentence_logits(head: &SentenceHead, hidden: &Array2<f32>, pieces: &[Range<usize>]) -> Array2<f32> {
    let mut pooled = Array2::zeros((pieces.len(), hidden.ncols()));
    match head {
        SentenceHead::Mean { classifier, .. } => {
            for (mut row, piece) in pooled.rows_mut().into_iter().zip(pieces) {
                row.assign(&hidden.slice(s![piece.clone(), ..]).sum_axis(Axis(0)));
                row /= piece.len().max(1) as f32;
            }
            classifier.apply(&pooled)
        }
        SentenceHead::Pooler { pooler, classifier } => {
            pooled.rows_mut().into_iter().for_each(|mut row| row.assign(&hidden.row(0)));
            let mut pooled = pooler.apply(&pooled);
            tanh(&mut pooled);
            classifier.apply(&pooled)
        }
    }
}
