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
        let mut sums = [[D::zero::<S>(); C]; R];
        let mut a = o.a.add(row * o.stride);
        let mut b = o.b;
        for _ in 0..o.inner {
            let mut right = [S::splat_word(0); C];
            for (c, right) in right.iter_mut().enumerate() {
                *right = S::load_words(b.add(c * S::LANES));
            }
            for (r, sums) in sums.iter_mut().enumerate() {
                let left = S::splat_word(*a.add(r * o.stride));
                for (sum, right) in sums.iter_mut().zip(right) {
                    *sum = D::dot::<S>(*sum, left, right);
                }
            }
            a = a.add(1);
            b = b.add(C * S::LANES);
        }
        let mut values = [[S::splat(0.0); C]; R];
        for r in 0..R {
            for c in 0..C {
                values[r][c] = D::value::<S>(sums[r][c]);
            }
        }
        end.tile::<S, R, C>(row, column, &values);
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
    /// For bytes: scale and zero point of each row, `scale_stride` apart.
    pub(crate) scales: &'a [[f32; 2]],
    pub(crate) scale_stride: usize,
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
        assert!(w.kind != Kind::I8 || left.rows == 0 || left.scales.len() > (left.rows - 1) * left.scale_stride);
        unsafe {
            match self.out {
                Out::F32(out) => {
                    assert!(out.len() >= left.rows * w.columns);
                    by_gelu::<S, _>(
                        &left,
                        w,
                        &Floats::<false> { out: out.as_mut_ptr(), columns: w.columns },
                        self.gelu,
                    );
                }
                Out::Add(out) => {
                    assert!(out.len() >= left.rows * w.columns);
                    by_gelu::<S, _>(&left, w, &Floats::<true> { out: out.as_mut_ptr(), columns: w.columns }, self.gelu);
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
const NONE: u8 = 0;
const EXACT: u8 = 1;
const ROUGH: u8 = 2;

#[inline(always)]
unsafe fn by_kind<S: Simd, P: Put, const F32: u8, const LESS: u8>(left: &Left, w: &Packed, put: &P) {
    unsafe {
        match w.kind {
            Kind::F32 => product::<S, DotF32, _>(left, w, &Dense::<P, F32> { w, put }),
            Kind::Bf16 => product::<S, DotBf16, _>(left, w, &Dense::<P, LESS> { w, put }),
            Kind::I8 => {
                let (scales, stride) = (left.scales, left.scale_stride);
                product::<S, DotI8, _>(left, w, &Scaled::<P, LESS> { w, put, scales, stride });
            }
        }
    }
}

#[inline(always)]
unsafe fn product<S: Simd, D: Dot, E: Finish>(left: &Left, w: &Packed, end: &E) {
    for (p, panel) in w.words.chunks_exact(w.inner * w.panel).enumerate() {
        let o = Operands {
            a: left.words.as_ptr(),
            stride: left.stride,
            rows: left.rows,
            inner: w.inner,
            b: panel.as_ptr(),
        };
        unsafe { S::panel::<D, E>(&o, p * w.panel, end) };
    }
}

/// Stores a vector of results.
trait Put {
    unsafe fn put<S: Simd>(&self, row: usize, column: usize, value: S::F);
}

struct Floats<const ADD: bool> {
    out: *mut f32,
    columns: usize,
}

impl<const ADD: bool> Put for Floats<ADD> {
    #[inline(always)]
    unsafe fn put<S: Simd>(&self, row: usize, column: usize, value: S::F) {
        unsafe {
            let to = self.out.add(row * self.columns);
            if ADD && column + S::LANES <= self.columns {
                S::store(to.add(column), S::add(S::load(to.add(column)), value));
            } else if ADD && column < self.columns {
                let mut lanes = [0.0f32; 16];
                S::store(lanes.as_mut_ptr(), value);
                for (i, lane) in lanes[..self.columns - column].iter().enumerate() {
                    *to.add(column + i) += lane;
                }
            } else {
                put::<S>(to, column, self.columns, value);
            }
        }
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
struct Dense<'a, P, const GELU: u8> {
    w: &'a Packed,
    put: &'a P,
}

/// A dense layer on bytes.
struct Scaled<'a, P, const GELU: u8> {
    w: &'a Packed,
    put: &'a P,
    scales: &'a [[f32; 2]],
    stride: usize,
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
                    let [row_scale, zero] = *self.scales.get_unchecked((row + r) * self.stride);
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
