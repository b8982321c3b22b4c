//! Weights in the order in which a product reads them.

use super::parts::{LEAST, PART, parts};
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
            interleave(&rows, here, to, panel);
        }
        let mut padded = Aligned::zeros(panels * panel);
        padded[..columns].copy_from_slice(bias);
        Self { kind, words, depth, inner, panel, columns, bias: padded, scales, totals }
    }

    /// Packs `weight`, shape `[columns, inner]`, for a left side in parts ([`super::parts`]). Each
    /// part of a column has a scale of its own here too: `scales` has shape
    /// `[panels, parts, panel]`. The bias takes away what [`LEAST`] adds to every value.
    pub(crate) fn for_parts(isa: Isa, weight: &[f32], bias: &[f32]) -> Self {
        let columns = bias.len();
        let depth = weight.len() / columns.max(1);
        let (inner, parts, panel) = (depth.div_ceil(4), parts(depth), isa.columns());
        let panels = columns.div_ceil(panel);
        let mut words: Aligned<u32> = Aligned::zeros(panels * inner * panel);
        let mut scales = Aligned::zeros(panels * parts * panel);
        let mut padded = Aligned::zeros(panels * panel);
        padded[..columns].copy_from_slice(bias);
        let mut rows: Aligned<u32> = Aligned::zeros(panel * inner);
        for (p, to) in words.chunks_exact_mut((inner * panel).max(1)).enumerate() {
            let first = p * panel;
            let here = panel.min(columns - first);
            for c in 0..here {
                let row = &weight[(first + c) * depth..(first + c + 1) * depth];
                let to = rows[c * inner..(c + 1) * inner].chunks_mut(PART / 4);
                for (i, (from, to)) in row.chunks(PART).zip(to).enumerate() {
                    let (mut scale, mut total) = ([0.0], [0.0]);
                    let (width, stride) = (from.len(), to.len());
                    isa.run(ToSigned { from, width, to, stride, scales: &mut scale, totals: &mut total });
                    scales[(p * parts + i) * panel + c] = scale[0];
                    padded[first + c] -= LEAST * total[0] * scale[0];
                }
            }
            interleave(&rows, here, to, panel);
        }
        let totals = Aligned::zeros(0);
        Self { kind: Kind::I8, words, depth, inner, panel, columns, bias: padded, scales, totals }
    }
}

/// Rows of words to a panel of as many columns.
fn interleave(rows: &[u32], columns: usize, to: &mut [u32], panel: usize) {
    let inner = to.len() / panel;
    for (i, line) in to.chunks_exact_mut(panel).enumerate() {
        for (c, word) in line[..columns].iter_mut().enumerate() {
            *word = rows[c * inner + i];
        }
    }
}
