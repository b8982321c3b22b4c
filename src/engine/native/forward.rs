//! The forward pass of a chunk of windows, on one thread.

use super::kernels::{
    AddNorm, AddScaled, Aligned, Attention, Gemm, Isa, Kind, Left, Out, Packed, Qkv, ToBf16, ToBytes, as_words,
};
use super::weights::{BertWeights, Layer, Scratch, SentenceHead};
use crate::encode::Batch;
use std::ops::Range;

/// Rows that go through a layer together: their inside stays in the second-level cache.
const BLOCK: usize = 96;

/// Logits of some windows, row by row.
pub(super) struct ChunkLogits {
    /// Shape `[pieces, labels]`.
    pub(super) sentences: Vec<f32>,
    /// Shape `[tokens, tags]`.
    pub(super) tokens: Vec<f32>,
}

/// Runs windows `windows` of a batch. Ids are below the vocabulary's size and no window is
/// longer than there are positions (the caller has checked both).
pub(super) fn chunk(w: &BertWeights, batch: &Batch, windows: Range<usize>, s: &mut Scratch) -> ChunkLogits {
    let base = batch.bounds[windows.start];
    let rows = batch.bounds[windows.end] - base;
    let bounds: Vec<Range<usize>> =
        windows.clone().map(|w| batch.rows(w)).map(|r| r.start - base..r.end - base).collect();
    let pieces: Vec<Range<usize>> =
        windows.flat_map(|window| batch.window_pieces(window)).map(|p| p.start - base..p.end - base).collect();
    s.x.grow(rows * w.width);
    embed(w, &batch.ids[base..base + rows], &bounds, &mut s.x);
    for (sum, shares) in s.mixes.iter_mut().zip(&w.mixes) {
        if shares.is_some() {
            sum.grow(rows * w.width);
            sum[..rows * w.width].fill(0.0);
        }
    }
    for (l, layer) in w.layers.iter().enumerate() {
        run_layer(w, layer, &bounds, rows, s);
        for (sum, shares) in s.mixes.iter_mut().zip(&w.mixes) {
            if let Some(shares) = shares {
                let (sum, x) = (&mut sum[..rows * w.width], &s.x[..rows * w.width]);
                w.isa.run(AddScaled { width: w.width, sum, x, share: shares[l] });
            }
        }
    }
    let read = |head: usize| {
        let from = if w.mixes[head].is_some() { &s.mixes[head] } else { &s.x };
        &from[..rows * w.width]
    };
    let first: Vec<usize> = bounds.iter().map(|b| b.start).collect();
    let tokens = w.tokens.as_ref().map_or_else(Vec::new, |classifier| dense(w, classifier, read(1)));
    ChunkLogits { sentences: sentence_logits(w, read(0), &pieces, &first), tokens }
}

/// Sum of word and place, normed.
fn embed(w: &BertWeights, ids: &[u32], bounds: &[Range<usize>], x: &mut [f32]) {
    let x = &mut x[..ids.len() * w.width];
    for window in bounds {
        for (place, row) in window.clone().enumerate() {
            let word = w.words.row(ids[row] as usize);
            let to = &mut x[row * w.width..(row + 1) * w.width];
            for ((to, a), b) in to.iter_mut().zip(word).zip(w.places.row(place)) {
                *to = a + b;
            }
        }
    }
    let norm = &w.embedding_norm;
    w.isa.run(AddNorm { x, y: &[], weight: &norm.weight, bias: &norm.bias, eps: w.eps });
}

fn run_layer(w: &BertWeights, layer: &Layer, bounds: &[Range<usize>], rows: usize, s: &mut Scratch) {
    let width = w.width;
    s.context.grow(rows * width);
    if w.halves {
        s.qkv_words.grow(rows * 3 * width / 2);
    } else {
        s.qkv.grow(rows * 3 * width);
    }
    for block in blocks(rows) {
        let x = &s.x[block.start * width..block.end * width];
        let left = left(w.isa, &layer.qkv, x, &mut s.left, &mut s.scales);
        let out = if w.halves {
            Out::Bf16(&mut s.qkv_words[block.start * 3 * width / 2..block.end * 3 * width / 2])
        } else {
            Out::F32(&mut s.qkv[block.start * 3 * width..block.end * 3 * width])
        };
        w.isa.run(Gemm { left, weight: &layer.qkv, out, gelu: false });
    }
    for window in bounds {
        let qkv = if w.halves {
            Qkv::Bf16(&s.qkv_words[window.start * 3 * width / 2..window.end * 3 * width / 2])
        } else {
            Qkv::F32(&s.qkv[window.start * 3 * width..window.end * 3 * width])
        };
        let out = &mut s.context[window.start * width..window.end * width];
        w.isa.run(Attention { qkv, out, width, heads: w.heads, scratch: &mut s.attention });
    }
    let most = BLOCK.min(rows);
    s.y.grow(most * width);
    for block in blocks(rows) {
        let n = block.len();
        let place = block.start * width..block.end * width;
        let (x, y) = (&mut s.x[place.clone()], &mut s.y[..n * width]);
        let context = left(w.isa, &layer.attention_out, &s.context[place], &mut s.left, &mut s.scales);
        w.isa.run(Gemm { left: context, weight: &layer.attention_out, out: Out::F32(y), gelu: false });
        let norm = &layer.attention_norm;
        w.isa.run(AddNorm { x, y, weight: &norm.weight, bias: &norm.bias, eps: w.eps });

        let hidden = left(w.isa, &layer.up, x, &mut s.left, &mut s.scales);
        if layer.up.kind == Kind::Bf16 {
            let stride = w.intermediate.div_ceil(2);
            s.inside_words.grow(most * stride);
            let out = Out::Bf16(&mut s.inside_words[..n * stride]);
            w.isa.run(Gemm { left: hidden, weight: &layer.up, out, gelu: true });
            let inside = Left { words: &s.inside_words, stride, rows: n, scales: &[], scale_stride: 1 };
            w.isa.run(Gemm { left: inside, weight: &layer.down[0], out: Out::F32(y), gelu: false });
        } else {
            s.inside.grow(most * w.intermediate);
            let inside = &mut s.inside[..n * w.intermediate];
            w.isa.run(Gemm { left: hidden, weight: &layer.up, out: Out::F32(inside), gelu: true });
            // A row's parts are rows of their own to the conversion.
            let parts = layer.down.len();
            let all = left(w.isa, &layer.down[0], inside, &mut s.left, &mut s.scales);
            for (p, weight) in layer.down.iter().enumerate() {
                let words = &all.words[p * all.stride..];
                let scales = all.scales.get(p..).unwrap_or(&[]);
                let part = Left { words, stride: parts * all.stride, rows: n, scales, scale_stride: parts };
                let out = if p == 0 { Out::F32(&mut *y) } else { Out::Add(&mut *y) };
                w.isa.run(Gemm { left: part, weight, out, gelu: false });
            }
        }
        let norm = &layer.norm;
        w.isa.run(AddNorm { x, y, weight: &norm.weight, bias: &norm.bias, eps: w.eps });
    }
}

fn blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(BLOCK).map(move |start| start..(start + BLOCK).min(rows))
}

/// Rows of f32 as the left side of a product with `weight`.
fn left<'a>(
    isa: Isa,
    weight: &Packed,
    from: &'a [f32],
    words: &'a mut Aligned<u32>,
    scales: &'a mut Vec<[f32; 2]>,
) -> Left<'a> {
    let (width, stride) = (weight.depth, weight.inner);
    let rows = from.len() / width;
    if weight.kind == Kind::F32 {
        return Left { words: as_words(from), stride, rows, scales: &[], scale_stride: 1 };
    }
    words.grow(rows * stride);
    let to = &mut words[..rows * stride];
    if weight.kind == Kind::Bf16 {
        isa.run(ToBf16 { from, width, to, stride });
    } else {
        scales.resize(scales.len().max(rows), [0.0; 2]);
        isa.run(ToBytes { from, width, to, stride, scales });
    }
    Left { words, stride, rows, scales, scale_stride: 1 }
}

/// A dense layer in f32, shape `[rows, width]` to `[rows, columns]`.
fn dense(w: &BertWeights, layer: &Packed, x: &[f32]) -> Vec<f32> {
    let rows = x.len() / w.width;
    let mut out = vec![0.0; rows * layer.columns];
    let left = Left { words: as_words(x), stride: w.width, rows, scales: &[], scale_stride: 1 };
    w.isa.run(Gemm { left, weight: layer, out: Out::F32(&mut out), gelu: false });
    out
}

/// Logits of pieces, which are ranges of rows; `first` are the first rows of windows.
fn sentence_logits(w: &BertWeights, x: &[f32], pieces: &[Range<usize>], first: &[usize]) -> Vec<f32> {
    let row = |row: usize| &x[row * w.width..(row + 1) * w.width];
    let mut pooled = vec![0.0; pieces.len() * w.width];
    match &w.sentence {
        SentenceHead::Mean { classifier } => {
            for (to, piece) in pooled.chunks_exact_mut(w.width).zip(pieces) {
                for i in piece.clone() {
                    to.iter_mut().zip(row(i)).for_each(|(sum, v)| *sum += v);
                }
                let share = 1.0 / piece.len().max(1) as f32;
                to.iter_mut().for_each(|v| *v *= share);
            }
            dense(w, classifier, &pooled)
        }
        SentenceHead::Pooler { pooler, classifier } => {
            for (to, piece) in pooled.chunks_exact_mut(w.width).zip(pieces) {
                let window = first.partition_point(|&f| f <= piece.start).saturating_sub(1);
                to.copy_from_slice(row(first[window]));
            }
            let mut pooled = dense(w, pooler, &pooled);
            pooled.iter_mut().for_each(|v| *v = v.tanh());
            dense(w, classifier, &pooled)
        }
    }
}
