//! The inside of the feed-forward layer in bytes.
//!
//! What comes out of GELU has a long tail: one scale for all of a row would leave most values
//! a few steps, and cost more labels than all other products together. So each part of a row
//! has a scale of its own. GELU is never below [`LEAST`], which makes the zero point a
//! constant: a byte stands for `scale byte - LEAST`, and what the constant adds to a product
//! is known when the weights are packed.

use super::gemm::{Dense, Left, NONE, Operands, Put, ROUGH, Scaled, Sums, TILE};
use super::packed::Packed;
use super::rows::vectors;
use super::simd::{DotI8, DotParts, Simd};
use super::{Aligned, Job, Kind};

/// Values of a part, a multiple of every instruction set's columns.
pub(crate) const PART: usize = 128;

/// How far GELU goes below zero.
pub(crate) const LEAST: f32 = 0.17;

/// Parts of a row of so many values.
pub(crate) fn parts(values: usize) -> usize {
    values.div_ceil(PART)
}

/// `out = gelu(left weight^T + bias)` in bytes. Both sides are in bytes too.
pub(crate) struct GeluToParts<'a> {
    pub(crate) left: Left<'a>,
    pub(crate) weight: &'a Packed,
    /// Shape `[rows, columns / 4]`, rounded up.
    pub(crate) out: &'a mut [u32],
    /// Shape `[rows, parts]`.
    pub(crate) scales: &'a mut [f32],
    pub(crate) scratch: &'a mut Aligned<f32>,
}

impl Job for GeluToParts<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        let (left, w) = (self.left, self.weight);
        let (stride, parts) = (w.columns.div_ceil(4), parts(w.columns));
        assert!(w.kind == Kind::I8 && w.panel == S::COLUMNS && PART.is_multiple_of(S::COLUMNS));
        assert!(left.rows == 0 || left.words.len() >= (left.rows - 1) * left.stride + w.inner);
        assert!(left.scales.len() >= left.rows && self.scales.len() >= left.rows * parts);
        assert!(self.out.len() >= left.rows * stride);
        self.scratch.grow(left.rows * PART);
        for (p, panels) in w.words.chunks(w.inner * PART).enumerate() {
            let first = p * PART;
            let put = Part { out: self.scratch.as_mut_ptr(), first };
            let end = Scaled::<_, ROUGH> { w, put: &put, scales: left.scales };
            for (i, panel) in panels.chunks_exact(w.inner * w.panel).enumerate() {
                let o = Operands::whole(left.words.as_ptr(), left.stride, left.rows, w.inner, panel.as_ptr());
                unsafe { S::panel::<DotI8, _>(&o, first + i * w.panel, &end) };
            }
            let here = PART.min(w.columns - first);
            let mut row = 0;
            while row < left.rows {
                let n = if left.rows - row >= TOGETHER { TOGETHER } else { 1 };
                let from = &self.scratch[row * PART..(row + n) * PART];
                let to = &mut self.out[row * stride + first / 4..];
                let scales = &mut self.scales[row * parts + p..];
                unsafe {
                    match (n == TOGETHER, here == PART) {
                        (true, true) => to_part::<S, TOGETHER>(from, PART, to, stride, scales, parts),
                        (true, false) => to_part::<S, TOGETHER>(from, here, to, stride, scales, parts),
                        (false, _) => to_part::<S, 1>(from, here, to, stride, scales, parts),
                    }
                }
                row += n;
            }
        }
    }
}

/// Rows that are worked on together, for the same reason as those of a norm.
const TOGETHER: usize = 4;

/// Where a part lies until its scale is known.
struct Part {
    out: *mut f32,
    first: usize,
}

impl Put for Part {
    #[inline(always)]
    unsafe fn put<S: Simd>(&self, row: usize, column: usize, value: S::F) {
        unsafe { S::store(self.out.add(row * PART + column - self.first), value) }
    }
}

/// Values not below `-LEAST` to bytes and their scales, which divide `LEAST` wherever they are
/// smaller, so that zero has a byte of its own. The first `n` values of rows of [`PART`]; to
/// rows `stride` words and `parts` scales apart.
#[inline(always)]
unsafe fn to_part<S: Simd, const N: usize>(
    from: &[f32],
    n: usize,
    to: &mut [u32],
    stride: usize,
    scales: &mut [f32],
    parts: usize,
) {
    let words = n.div_ceil(4);
    assert!(n <= PART && from.len() >= N * PART);
    assert!(to.len() >= (N - 1) * stride + words && scales.len() > (N - 1) * parts);
    let (whole, _) = vectors::<S>(n);
    let p = from.as_ptr();
    unsafe {
        let mut tops = [S::splat(0.0); N];
        for i in (0..whole).step_by(S::LANES) {
            for r in 0..N {
                tops[r] = S::max(tops[r], S::load(p.add(r * PART + i)));
            }
        }
        let (mut inverses, mut zeros) = ([0.0; N], [0.0; N]);
        for r in 0..N {
            let tail = &from[r * PART + whole..r * PART + n];
            let range = tail.iter().fold(S::greatest(tops[r]), |top, &v| top.max(v)) + LEAST;
            let steps = (LEAST * 255.0 / range).floor();
            let (scale, inverse) = if !range.is_finite() {
                (1.0, 0.0)
            } else if steps >= 1.0 {
                (LEAST / steps, steps * (1.0 / LEAST))
            } else {
                (range / 255.0, 255.0 / range)
            };
            scales[r * parts] = scale;
            (inverses[r], zeros[r]) = (inverse, LEAST * inverse);
        }
        let to = to.as_mut_ptr().cast::<u8>();
        for i in (0..whole).step_by(S::LANES) {
            for r in 0..N {
                let v = S::fma(S::load(p.add(r * PART + i)), S::splat(inverses[r]), S::splat(zeros[r]));
                S::store_u8(to.add(r * stride * 4 + i), v);
            }
        }
        for r in 0..N {
            for i in whole..n {
                let v = from[r * PART + i].mul_add(inverses[r], zeros[r]);
                *to.add(r * stride * 4 + i) = v.round_ties_even().clamp(0.0, 255.0) as u8;
            }
            for i in n..words * 4 {
                *to.add(r * stride * 4 + i) = 0;
            }
        }
    }
}

/// `out += left weight^T + bias` for a left side that [`GeluToParts`] made and a weight of
/// [`Packed::for_parts`].
pub(crate) struct AddParts<'a> {
    /// Shape `[rows, weight.inner]`.
    pub(crate) words: &'a [u32],
    /// Shape `[rows, parts]`.
    pub(crate) scales: &'a [f32],
    pub(crate) rows: usize,
    pub(crate) weight: &'a Packed,
    /// Shape `[rows, weight.columns]`.
    pub(crate) out: &'a mut [f32],
}

impl Job for AddParts<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        let (w, rows) = (self.weight, self.rows);
        assert!(w.kind == Kind::I8 && w.panel == S::COLUMNS);
        assert!(self.words.len() >= rows * w.inner && self.scales.len() >= rows * parts(w.depth));
        assert!(self.out.len() >= rows * w.columns);
        let put = Sums { out: self.out.as_mut_ptr(), columns: w.columns };
        let end = Dense::<_, NONE> { w, put: &put };
        let parts = parts(w.depth);
        assert!(w.scales.len() >= w.columns.div_ceil(w.panel) * parts * w.panel && S::ROWS * S::COLUMNS <= TILE);
        let mut totals = [0.0f32; TILE];
        for (p, panel) in w.words.chunks_exact(w.inner * w.panel).enumerate() {
            let o = Operands {
                part: PART / 4,
                scales: self.scales.as_ptr(),
                panel_scales: unsafe { w.scales.as_ptr().add(p * parts * w.panel) },
                totals: totals.as_mut_ptr(),
                ..Operands::whole(self.words.as_ptr(), w.inner, rows, w.inner, panel.as_ptr())
            };
            unsafe { S::panel::<DotParts, _>(&o, p * w.panel, &end) };
        }
    }
}
