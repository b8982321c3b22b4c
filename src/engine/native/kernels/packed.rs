//! Weights in the order in which a product reads them.

use super::{Aligned, Isa, Kind, ToBf16, ToSigned, as_words};

/// The weights of a dense layer: panels of some columns, each with its inner words in order,
/// shape `[panels, inner, panel]`; what is over is zero.
pub(crate) struct Packed {
    pub(crate) kind: Kind,
    pub(super) words: Aligned<u32>,
    /// Values of the inner dimension.
    pub(crate) depth: usize,
    /// Words of it.
    pub(crate) inner: usize,
    /// Columns of a panel.
    pub(super) panel: usize,
    /// Columns of the result.
    pub(crate) columns: usize,
    /// One value a column, zero where there is none; `scales` and `totals` (the sum of the
    /// column's bytes) for bytes only.
    pub(super) bias: Aligned<f32>,
    pub(super) scales: Aligned<f32>,
    pub(super) totals: Aligned<f32>,
}

impl Packed {
    /// Packs `weight`, shape `[columns, inner]`.
    pub(crate) fn new(isa: Isa, kind: Kind, weight: &[f32], bias: &[f32]) -> Self {
        let columns = bias.len();
        let depth = weight.len() / columns.max(1);
        let panel = isa.columns();
        let panels = columns.div_ceil(panel);
        let inner = depth.div_ceil(kind.values());
        let mut words: Aligned<u32> = Aligned::zeros(panels * inner * panel);
        let mut scales = Aligned::zeros(panels * panel);
        let mut totals = Aligned::zeros(panels * panel);
        // The words of a panel's columns, one after the other.
        let mut rows: Aligned<u32> = Aligned::zeros(panel * inner);
        for (p, to) in words.chunks_exact_mut((inner * panel).max(1)).enumerate() {
            let first = p * panel;
            let here = panel.min(columns - first);
            let from = &weight[first * depth..(first + here) * depth];
            match kind {
                Kind::F32 => rows[..from.len()].copy_from_slice(as_words(from)),
                Kind::Bf16 => isa.run(ToBf16 { from, width: depth, to: &mut rows, stride: inner }),
                Kind::I8 => isa.run(ToSigned {
                    from,
                    width: depth,
                    to: &mut rows,
                    stride: inner,
                    scales: &mut scales[first..first + here],
                    totals: &mut totals[first..first + here],
                }),
            }
            for (i, line) in to.chunks_exact_mut(panel).enumerate() {
                for (c, word) in line[..here].iter_mut().enumerate() {
                    *word = rows[c * inner + i];
                }
            }
        }
        let mut padded = Aligned::zeros(panels * panel);
        padded[..columns].copy_from_slice(bias);
        Self { kind, words, depth, inner, panel, columns, bias: padded, scales, totals }
    }
}
