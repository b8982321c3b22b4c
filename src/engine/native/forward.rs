//! The forward pass of a chunk of windows, on one thread.

use super::kernels::{
    AddParts, Aligned, Attention, GeluToParts, Gemm, Kind, Left, Mix, Next, Norm, Out, Packed, Qkv, Sum, ToBf16,
    ToBytes, as_words,
};
use super::scratch::{BLOCK, Scratch};
use super::weights::{BertWeights, Layer, NormWeights, SentenceHead};
use crate::encode::Batch;
use std::ops::Range;

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
    let firsts: Vec<usize> = bounds.iter().map(|b| b.start).collect();
    s.grow(w, rows);
    embed(w, &batch.ids[base..base + rows], &bounds, &mut s.x);
    let first = w.layers.first();
    for block in blocks(rows) {
        norm(w, &w.embedding_norm, &block, first.is_some(), None, s);
        if let Some(layer) = first {
            queries_keys_values(w, layer, &block, s);
        }
    }
    let read = Read::of(rows, &pieces, if matches!(w.sentence, SentenceHead::Pooler { .. }) { &firsts } else { &[] });
    for (l, layer) in w.layers.iter().enumerate() {
        attend(w, &bounds, s);
        // A block goes on to the next layer's queries while it is at hand: attention has read
        // those of this layer already.
        let next = w.layers.get(l + 1);
        if next.is_none() {
            read.gather(w, s);
        }
        for block in blocks(if next.is_none() { read.rows.len() } else { rows }) {
            dense_half(w, layer, &block, s);
            norm(w, &layer.norm, &block, next.is_some(), Some(l), s);
            if let Some(next) = next {
                queries_keys_values(w, next, &block, s);
            }
        }
    }
    if w.layers.is_empty() {
        read.gather(w, s);
    }
    let hidden = |head: usize| {
        let from = if w.mixes[head].is_some() { &s.mixes[head] } else { &s.x };
        &from[..read.rows.len() * w.width]
    };
    let tokens = w.tokens.as_ref().map_or_else(Vec::new, |head| read.scatter(&dense(w, head, hidden(1)), head.columns));
    let pieces: Vec<Range<usize>> = pieces.iter().map(|p| read.place(p.start)..read.place(p.end)).collect();
    let firsts: Vec<usize> = firsts.iter().map(|&row| read.place(row)).collect();
    ChunkLogits { sentences: sentence_logits(w, hidden(0), &pieces, &firsts), tokens }
}

/// The rows whose last hidden states a head reads: those of pieces, and of windows' first tokens
/// where these are pooled. After the last attention all other rows are let go.
struct Read {
    /// In ascending order.
    rows: Vec<usize>,
    /// Of how many.
    all: usize,
}

impl Read {
    fn of(all: usize, pieces: &[Range<usize>], firsts: &[usize]) -> Self {
        let mut read = vec![false; all];
        pieces.iter().for_each(|piece| read[piece.clone()].fill(true));
        firsts.iter().for_each(|&row| read[row] = true);
        Self { rows: (0..all).filter(|&row| read[row]).collect(), all }
    }

    /// Where a row is after [`Self::gather`]; of a row that was let go, the next one's place.
    fn place(&self, row: usize) -> usize {
        self.rows.partition_point(|&r| r < row)
    }

    /// Moves them to the front of all that the rest of the pass reads.
    fn gather(&self, w: &BertWeights, s: &mut Scratch) {
        let mixes = s.mixes.iter_mut().zip(&w.mixes).filter(|(_, shares)| shares.is_some()).map(|(sum, _)| sum);
        for values in [&mut s.x, &mut s.context].into_iter().chain(mixes) {
            for (to, &from) in self.rows.iter().enumerate() {
                if to != from {
                    values.copy_within(from * w.width..(from + 1) * w.width, to * w.width);
                }
            }
        }
    }

    /// Rows of logits at their old places, zeros at the others.
    fn scatter(&self, logits: &[f32], columns: usize) -> Vec<f32> {
        let mut out = vec![0.0; self.all * columns];
        for (&row, logits) in self.rows.iter().zip(logits.chunks_exact(columns)) {
            out[row * columns..(row + 1) * columns].copy_from_slice(logits);
        }
        out
    }
}

/// Sum of word and place.
fn embed(w: &BertWeights, ids: &[u32], bounds: &[Range<usize>], x: &mut [f32]) {
    for window in bounds {
        for (place, row) in window.clone().enumerate() {
            let (word, place) = (w.word(ids[row] as usize), w.place(place));
            w.isa.run(Sum { to: &mut x[row * w.width..(row + 1) * w.width], a: word, b: place });
        }
    }
}

/// Norms a block of hidden states, turns them into the left side of a product if one follows,
/// and adds them to the mixtures if they come out of a layer.
fn norm(
    w: &BertWeights,
    norm: &NormWeights,
    block: &Range<usize>,
    product: bool,
    out_of: Option<usize>,
    s: &mut Scratch,
) {
    let place = block.start * w.width..block.end * w.width;
    let stride = w.width.div_ceil(w.kind.values());
    let next = match w.kind {
        Kind::Bf16 if product => Next::Bf16(&mut s.left, stride),
        Kind::I8 if product => Next::Bytes(&mut s.left, stride, &mut s.scales),
        _ => Next::Same,
    };
    let mut mixes = [None, None];
    for ((mix, sum), shares) in mixes.iter_mut().zip(&mut s.mixes).zip(&w.mixes) {
        if let (Some(shares), Some(l)) = (shares, out_of) {
            *mix = Some(Mix { sum: &mut sum[place.clone()], share: shares[l] });
        }
    }
    let x = &mut s.x[place];
    w.isa.run(Norm { x, weight: &norm.weight, bias: &norm.bias, eps: w.eps, next, mixes });
}

/// What [`norm`] has made of a block, as the left side of a product.
fn normed<'a>(
    w: &BertWeights,
    block: &Range<usize>,
    x: &'a [f32],
    words: &'a [u32],
    scales: &'a [[f32; 2]],
) -> Left<'a> {
    let (rows, stride) = (block.len(), w.width.div_ceil(w.kind.values()));
    match w.kind {
        Kind::F32 => {
            Left { words: as_words(&x[block.start * w.width..block.end * w.width]), stride, rows, scales: &[] }
        }
        Kind::Bf16 => Left { words, stride, rows, scales: &[] },
        Kind::I8 => Left { words, stride, rows, scales },
    }
}

fn queries_keys_values(w: &BertWeights, layer: &Layer, block: &Range<usize>, s: &mut Scratch) {
    let left = normed(w, block, &s.x, &s.left, &s.scales);
    let width = 3 * w.width;
    let out = if w.halves {
        Out::Bf16(&mut s.qkv_words[block.start * width / 2..block.end * width / 2])
    } else {
        Out::F32(&mut s.qkv[block.start * width..block.end * width])
    };
    w.isa.run(Gemm { left, weight: &layer.qkv, out, gelu: false });
}

/// Attention of all windows.
fn attend(w: &BertWeights, bounds: &[Range<usize>], s: &mut Scratch) {
    let width = 3 * w.width;
    for window in bounds {
        let qkv = if w.halves {
            Qkv::Bf16(&s.qkv_words[window.start * width / 2..window.end * width / 2])
        } else {
            Qkv::F32(&s.qkv[window.start * width..window.end * width])
        };
        let out = &mut s.context[window.start * w.width..window.end * w.width];
        let (distances, scratch) = (w.distances.as_ref(), &mut s.attention);
        w.isa.run(Attention { qkv, out, width: w.width, heads: w.heads, distances, scratch });
    }
}

/// From attention's result to the layer's last norm, for a block.
fn dense_half(w: &BertWeights, layer: &Layer, block: &Range<usize>, s: &mut Scratch) {
    let place = block.start * w.width..block.end * w.width;
    let context = left(w, &layer.attention_out, &s.context[place.clone()], &mut s.left, &mut s.scales);
    let out = Out::Add(&mut s.x[place.clone()]);
    w.isa.run(Gemm { left: context, weight: &layer.attention_out, out, gelu: false });
    norm(w, &layer.attention_norm, block, true, None, s);

    let (rows, isa, up, down) = (block.len(), w.isa, &layer.up, &layer.down);
    let inner = down.inner;
    let left = normed(w, block, &s.x, &s.left, &s.scales);
    match w.kind {
        Kind::F32 => {
            let inside = &mut s.inside[..rows * inner];
            isa.run(Gemm { left, weight: up, out: Out::F32(inside), gelu: true });
            let left = Left { words: as_words(&s.inside), stride: inner, rows, scales: &[] };
            isa.run(Gemm { left, weight: down, out: Out::Add(&mut s.x[place]), gelu: false });
        }
        Kind::Bf16 => {
            let inside = &mut s.inside_words[..rows * inner];
            isa.run(Gemm { left, weight: up, out: Out::Bf16(inside), gelu: true });
            let left = Left { words: &s.inside_words, stride: inner, rows, scales: &[] };
            isa.run(Gemm { left, weight: down, out: Out::Add(&mut s.x[place]), gelu: false });
        }
        Kind::I8 => {
            let (words, scales) = (&mut s.inside_words, &mut s.inside_scales);
            isa.run(GeluToParts { left, weight: up, out: words, scales, scratch: &mut s.part });
            let (words, scales) = (&s.inside_words, &s.inside_scales);
            isa.run(AddParts { words, scales, rows, weight: down, out: &mut s.x[place] });
        }
    }
}

fn blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(BLOCK).map(move |start| start..(start + BLOCK).min(rows))
}

/// Rows of f32 as the left side of a product with `weight`.
fn left<'a>(
    w: &BertWeights,
    weight: &Packed,
    from: &'a [f32],
    words: &'a mut Aligned<u32>,
    scales: &'a mut [[f32; 2]],
) -> Left<'a> {
    let (width, stride) = (weight.depth, weight.inner);
    let rows = from.len() / width;
    match weight.kind {
        Kind::F32 => return Left { words: as_words(from), stride, rows, scales: &[] },
        Kind::Bf16 => w.isa.run(ToBf16 { from, width, to: &mut words[..rows * stride], stride }),
        Kind::I8 => w.isa.run(ToBytes { from, width, to: &mut words[..rows * stride], stride, scales }),
    }
    Left { words, stride, rows, scales }
}

/// A dense layer in f32, shape `[rows, width]` to `[rows, columns]`.
fn dense(w: &BertWeights, layer: &Packed, x: &[f32]) -> Vec<f32> {
    let rows = x.len() / w.width;
    let mut out = vec![0.0; rows * layer.columns];
    let left = Left { words: as_words(x), stride: w.width, rows, scales: &[] };
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
