//! Buffers of one thread, used again for every chunk.

use super::kernels::{Aligned, AttentionScratch, Kind, parts};
use super::weights::BertWeights;

/// Rows that go through a layer together: their inside stays in the second-level cache.
pub(super) const BLOCK: usize = 96;

/// All of them.
#[derive(Default)]
pub(super) struct Scratch {
    /// Hidden states, shape `[tokens, width]`.
    pub(super) x: Aligned<f32>,
    /// Queries, keys and values, shape `[tokens, 3 width]`; as f32 or, in words, as bf16.
    pub(super) qkv: Aligned<f32>,
    pub(super) qkv_words: Aligned<u32>,
    /// What attention gives, shape `[tokens, width]`.
    pub(super) context: Aligned<f32>,
    /// Of a block of rows: the left side of a product and its scales.
    pub(super) left: Aligned<u32>,
    pub(super) scales: Vec<[f32; 2]>,
    /// Of a block of rows: the feed-forward layer's inside, as f32 or in words with scales, and
    /// the part of it that is being made.
    pub(super) inside: Aligned<f32>,
    pub(super) inside_words: Aligned<u32>,
    pub(super) inside_scales: Vec<f32>,
    pub(super) part: Aligned<f32>,
    /// Sums of the layers for the two heads, shape `[tokens, width]`.
    pub(super) mixes: [Aligned<f32>; 2],
    pub(super) attention: AttentionScratch,
}

impl Scratch {
    /// Makes room for so many tokens; the mixtures begin with zeros.
    pub(super) fn grow(&mut self, w: &BertWeights, tokens: usize) {
        let most = BLOCK.min(tokens);
        self.x.grow(tokens * w.width);
        self.context.grow(tokens * w.width);
        if w.halves {
            self.qkv_words.grow(tokens * 3 * w.width / 2);
        } else {
            self.qkv.grow(tokens * 3 * w.width);
        }
        match w.kind {
            Kind::F32 => self.inside.grow(most * w.intermediate),
            kind => {
                self.left.grow(most * w.width.div_ceil(kind.values()));
                self.inside_words.grow(most * w.intermediate.div_ceil(kind.values()));
            }
        }
        if w.kind == Kind::I8 {
            self.scales.resize(self.scales.len().max(most), [0.0; 2]);
            let scales = most * parts(w.intermediate);
            self.inside_scales.resize(self.inside_scales.len().max(scales), 0.0);
        }
        for (sum, shares) in self.mixes.iter_mut().zip(&w.mixes) {
            if shares.is_some() {
                sum.grow(tokens * w.width);
                sum[..tokens * w.width].fill(0.0);
            }
        }
    }
}
