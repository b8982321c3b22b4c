//! Matrix products: rows in their own order times weights packed in panels.
//!
//! Every value of the result is one chain of sums over the whole inner dimension, in order:
//! it depends neither on the other rows nor on how the rows are cut into tiles.

use super::packed::Packed;
use super::rows;
use super::simd::{Dot, DotBf16, DotF32, DotI8, Simd};
use super::{Job, Kind};

/// One panel's product: `rows` rows of `inner` words, `stride` words apart, times a panel.
pub(crate) struct Operands {
    pub(crate) a: *const u32,
    pub(crate) stride: usize,
    pub(crate) rows: usize,
    pub(crate) inner: usize,
    pub(crate) b: *const u32,
    /// For [`Dot::PARTS`]: words of a part of the inner dimension; the scales of the left side,
    /// shape `[rows, parts]`, and of the panel, shape `[parts, columns]`; room for a tile's sums,
    /// [`TILE`] values.
    pub(crate) part: usize,
    pub(crate) scales: *const f32,
    pub(crate) panel_scales: *const f32,
    pub(crate) totals: *mut f32,
}

/// Values of the largest tile.
pub(crate) const TILE: usize = 12 * 32;

impl Operands {
    /// The inner dimension is one part.
    pub(super) fn whole(a: *const u32, stride: usize, rows: usize, inner: usize, b: *const u32) -> Self {
        Self {
            a,
            stride,
            rows,
            inner,
            b,
            part: inner,
            scales: std::ptr::null(),
            panel_scales: std::ptr::null(),
            totals: std::ptr::null_mut(),
        }
    }
}

/// What becomes of a tile of sums.
pub(crate) trait Finish {
    /// Takes the tile whose first value is at (`row`, `column`), `R` rows of `C` vectors.
    unsafe fn tile<S: Simd, const R: usize, const C: usize>(&self, row: usize, column: usize, sums: &[[S::F; C]; R]);
}

/// `R` rows times `C` vectors of columns.
#[inline(always)]
pub(super) unsafe fn tile<S: Simd, D: Dot, E: Finish, const R: usize, const C: usize>(
    o: &Operands,
    row: usize,
    column: usize,
    end: &E,
) {
    unsafe {
        let a = o.a.add(row * o.stride);
        let mut values = [[S::splat(0.0); C]; R];
        if D::PARTS {
            // Whole numbers fill the registers; the sums of parts wait in memory, through a
            // pointer, since the compiler would shuffle variables to and fro.
            let parts = o.inner.div_ceil(o.part);
            let total = |r: usize, c: usize| o.totals.add((r * C + c) * S::LANES);
            for r in 0..R {
                for c in 0..C {
                    S::store(total(r, c), S::splat(0.0));
                }
            }
            for p in 0..parts {
                let at = p * o.part;
                let b = o.b.add(at * C * S::LANES);
                let sums = sums::<S, D, R, C>(a.add(at), o.stride, b, o.part.min(o.inner - at));
                let right = o.panel_scales.add(p * C * S::LANES);
                for r in 0..R {
                    let scale = S::splat(*o.scales.add((row + r) * parts + p));
                    for c in 0..C {
                        let scale = S::mul(scale, S::load(right.add(c * S::LANES)));
                        let sum = S::fma(D::value::<S>(sums[r][c]), scale, S::load(total(r, c)));
                        S::store(total(r, c), sum);
                    }
                }
            }
            for r in 0..R {
                for c in 0..C {
                    values[r][c] = S::load(total(r, c));
                }
            }
        } else {
            let sums = sums::<S, D, R, C>(a, o.stride, o.b, o.inner);
            for r in 0..R {
                for c in 0..C {
                    values[r][c] = D::value::<S>(sums[r][c]);
                }
            }
        }
        end.tile::<S, R, C>(row, column, &values);
    }
}

/// The sums of a tile over `inner` words.
#[inline(always)]
unsafe fn sums<S: Simd, D: Dot, const R: usize, const C: usize>(
    mut a: *const u32,
    stride: usize,
    mut b: *const u32,
    inner: usize,
) -> [[D::Sum<S>; C]; R] {
    unsafe {
        let mut sums = [[D::zero::<S>(); C]; R];
        for _ in 0..inner {
            let mut right = [S::splat_word(0); C];
            for (c, right) in right.iter_mut().enumerate() {
                *right = S::load_words(b.add(c * S::LANES));
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let left = S::splat_word(*a.add(r * stride));
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = D::dot::<S>(*sum, left, right);
                }
            }
            a = a.add(1);
            b = b.add(C * S::LANES);
        }
        sums
    }
}

/// Writes the body of [`Simd::panel`]: tiles of the given heights, tallest first.
macro_rules! panel {
    ($across:literal, $($rows:literal)*) => {
        #[inline(always)]
        unsafe fn panel<D: $crate::engine::native::kernels::simd::Dot, E: $crate::engine::native::kernels::gemm::Finish>(
            o: &$crate::engine::native::kernels::gemm::Operands,
            column: usize,
            end: &E,
        ) {
            let mut row = 0;
            $(
                while o.rows - row >= $rows {
                    unsafe { $crate::engine::native::kernels::gemm::tile::<Self, D, E, $rows, $across>(o, row, column, end) };
                    row += $rows;
                }
            )*
        }
    };
}
pub(super) use panel;

/// Left side of a product, in the words of its kind.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    /// Shape `[rows, stride]`.
    pub(crate) words: &'a [u32],
    pub(crate) stride: usize,
    pub(crate) rows: usize,
    /// For bytes: scale and zero point of each row.
    pub(crate) scales: &'a [[f32; 2]],
}

/// Where the result of a product goes, shape `[rows, weight.columns]`.
pub(crate) enum Out<'a> {
    /// As f32.
    F32(&'a mut [f32]),
    /// As f32, added to what is there.
    Add(&'a mut [f32]),
    /// As bf16, two a word; rows of `columns / 2` words, rounded up.
    Bf16(&'a mut [u32]),
}

/// `out = left weight^T + bias`, by GELU if `gelu`.
pub(crate) struct Gemm<'a> {
    pub(crate) left: Left<'a>,
    pub(crate) weight: &'a Packed,
    pub(crate) out: Out<'a>,
    pub(crate) gelu: bool,
}

impl Job for Gemm<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        let (left, w) = (self.left, self.weight);
        assert_eq!(w.panel, S::COLUMNS);
        assert!(left.rows == 0 || left.words.len() >= (left.rows - 1) * left.stride + w.inner);
        assert!(w.kind != Kind::I8 || left.scales.len() >= left.rows);
        unsafe {
            match self.out {
                Out::F32(out) => {
                    assert!(out.len() >= left.rows * w.columns);
                    by_gelu::<S, _>(&left, w, &Floats { out: out.as_mut_ptr(), columns: w.columns }, self.gelu);
                }
                Out::Add(out) => {
                    assert!(out.len() >= left.rows * w.columns);
                    by_gelu::<S, _>(&left, w, &Sums { out: out.as_mut_ptr(), columns: w.columns }, self.gelu);
                }
                Out::Bf16(out) => {
                    let stride = w.columns.div_ceil(2);
                    assert!(out.len() >= left.rows * stride);
                    let halves = Halves { out: out.as_mut_ptr().cast(), columns: w.columns, stride: stride * 2 };
                    by_gelu::<S, _>(&left, w, &halves, self.gelu);
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn by_gelu<S: Simd, P: Put>(left: &Left, w: &Packed, put: &P, gelu: bool) {
    unsafe {
        if gelu {
            by_kind::<S, P, EXACT, ROUGH>(left, w, put);
        } else {
            by_kind::<S, P, NONE, NONE>(left, w, put);
        }
    }
}

/// Which GELU, if any.
pub(super) const NONE: u8 = 0;
const EXACT: u8 = 1;
pub(super) const ROUGH: u8 = 2;

#[inline(always)]
unsafe fn by_kind<S: Simd, P: Put, const F32: u8, const LESS: u8>(left: &Left, w: &Packed, put: &P) {
    unsafe {
        match w.kind {
            Kind::F32 => product::<S, DotF32, _>(left, w, &Dense::<P, F32> { w, put }),
            Kind::Bf16 => product::<S, DotBf16, _>(left, w, &Dense::<P, LESS> { w, put }),
            Kind::I8 => product::<S, DotI8, _>(left, w, &Scaled::<P, LESS> { w, put, scales: left.scales }),
        }
    }
}

#[inline(always)]
unsafe fn product<S: Simd, D: Dot, E: Finish>(left: &Left, w: &Packed, end: &E) {
    for (p, panel) in w.words.chunks_exact(w.inner * w.panel).enumerate() {
        let o = Operands::whole(left.words.as_ptr(), left.stride, left.rows, w.inner, panel.as_ptr());
        unsafe { S::panel::<D, E>(&o, p * w.panel, end) };
    }
}

/// Stores a vector of results.
pub(super) trait Put {
    unsafe fn put<S: Simd>(&self, row: usize, column: usize, value: S::F);
}

struct Floats {
    out: *mut f32,
    columns: usize,
}

/// Adds to what is there.
pub(super) struct Sums {
    pub(super) out: *mut f32,
    pub(super) columns: usize,
}

impl Put for Sums {
    #[inline(always)]
    unsafe fn put<S: Simd>(&self, row: usize, column: usize, value: S::F) {
        unsafe {
            let to = self.out.add(row * self.columns);
            if column + S::LANES <= self.columns {
                S::store(to.add(column), S::add(S::load(to.add(column)), value));
            } else if column < self.columns {
                let mut lanes = [0.0f32; 16];
                S::store(lanes.as_mut_ptr(), value);
                for (i, lane) in lanes[..self.columns - column].iter().enumerate() {
                    *to.add(column + i) += lane;
                }
            }
        }
    }
}

impl Put for Floats {
    #[inline(always)]
    unsafe fn put<S: Simd>(&self, row: usize, column: usize, value: S::F) {
        unsafe { put::<S>(self.out.add(row * self.columns), column, self.columns, value) }
    }
}

struct Halves {
    out: *mut u16,
    columns: usize,
    stride: usize,
}

impl Put for Halves {
    #[inline(always)]
    unsafe fn put<S: Simd>(&self, row: usize, column: usize, value: S::F) {
        unsafe {
            let to = self.out.add(row * self.stride + column);
            if column + S::LANES <= self.columns {
                S::store_bf16(to, value);
            } else if column < self.columns {
                let mut lanes = [0u16; 16];
                S::store_bf16(lanes.as_mut_ptr(), value);
                std::ptr::copy_nonoverlapping(lanes.as_ptr(), to, (self.stride - column).min(S::LANES));
            }
        }
    }
}

/// A dense layer.
pub(super) struct Dense<'a, P, const GELU: u8> {
    pub(super) w: &'a Packed,
    pub(super) put: &'a P,
}

/// A dense layer on bytes.
pub(super) struct Scaled<'a, P, const GELU: u8> {
    pub(super) w: &'a Packed,
    pub(super) put: &'a P,
    pub(super) scales: &'a [[f32; 2]],
}

#[inline(always)]
unsafe fn act<S: Simd, const GELU: u8>(v: S::F) -> S::F {
    unsafe {
        match GELU {
            EXACT => rows::gelu::<S>(v),
            ROUGH => rows::rough_gelu::<S>(v),
            _ => v,
        }
    }
}

impl<P: Put, const GELU: u8> Finish for Dense<'_, P, GELU> {
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const C: usize>(&self, row: usize, column: usize, sums: &[[S::F; C]; R]) {
        unsafe {
            for c in 0..C {
                let at = column + c * S::LANES;
                let bias = S::load(self.w.bias.as_ptr().add(at));
                for (r, sums) in sums.iter().enumerate() {
                    self.put.put::<S>(row + r, at, act::<S, GELU>(S::add(sums[c], bias)));
                }
            }
        }
    }
}

impl<P: Put, const GELU: u8> Finish for Scaled<'_, P, GELU> {
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const C: usize>(&self, row: usize, column: usize, sums: &[[S::F; C]; R]) {
        unsafe {
            for c in 0..C {
                let at = column + c * S::LANES;
                let bias = S::load(self.w.bias.as_ptr().add(at));
                let total = S::load(self.w.totals.as_ptr().add(at));
                let scale = S::load(self.w.scales.as_ptr().add(at));
                for (r, sums) in sums.iter().enumerate() {
                    let [row_scale, zero] = *self.scales.get_unchecked(row + r);
                    let sum = S::fma(S::splat(-zero), total, sums[c]);
                    let value = S::fma(sum, S::mul(S::splat(row_scale), scale), bias);
                    self.put.put::<S>(row + r, at, act::<S, GELU>(value));
                }
            }
        }
    }
}

/// Stores those lanes that lie below `columns`.
#[inline(always)]
pub(super) unsafe fn put<S: Simd>(row: *mut f32, column: usize, columns: usize, value: S::F) {
    unsafe {
        if column + S::LANES <= columns {
            S::store(row.add(column), value);
        } else if column < columns {
            let mut lanes = [0.0f32; 16];
            S::store(lanes.as_mut_ptr(), value);
            std::ptr::copy_nonoverlapping(lanes.as_ptr(), row.add(column), columns - column);
        }
    }
}
