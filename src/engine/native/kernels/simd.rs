//! What the kernels ask of an instruction set.

use super::gemm::{Finish, Operands};

/// What a 32-bit word holds on both sides of a product.
pub(crate) trait Dot {
    /// Whether parts of the inner dimension have scales of their own on the left side.
    const PARTS: bool = false;
    /// Sums of products.
    type Sum<S: Simd>: Copy;
    /// Sums of nothing.
    unsafe fn zero<S: Simd>() -> Self::Sum<S>;
    /// Adds the products of the values in each word.
    unsafe fn dot<S: Simd>(sum: Self::Sum<S>, a: S::I, b: S::I) -> Self::Sum<S>;
    /// The sums as floats.
    unsafe fn value<S: Simd>(sum: Self::Sum<S>) -> S::F;
}

/// One f32 a word.
pub(crate) struct DotF32;
/// Two bf16 a word, the first in the low half.
pub(crate) struct DotBf16;
/// Four bytes a word, the first lowest: unsigned on the left, signed on the right.
pub(crate) struct DotI8;

impl Dot for DotF32 {
    type Sum<S: Simd> = S::F;
    #[inline(always)]
    unsafe fn zero<S: Simd>() -> S::F {
        unsafe { S::splat(0.0) }
    }
    #[inline(always)]
    unsafe fn dot<S: Simd>(sum: S::F, a: S::I, b: S::I) -> S::F {
        unsafe { S::fma(S::as_floats(a), S::as_floats(b), sum) }
    }
    #[inline(always)]
    unsafe fn value<S: Simd>(sum: S::F) -> S::F {
        sum
    }
}

impl Dot for DotBf16 {
    type Sum<S: Simd> = S::F;
    #[inline(always)]
    unsafe fn zero<S: Simd>() -> S::F {
        unsafe { S::splat(0.0) }
    }
    #[inline(always)]
    unsafe fn dot<S: Simd>(sum: S::F, a: S::I, b: S::I) -> S::F {
        unsafe { S::dot_bf16(sum, a, b) }
    }
    #[inline(always)]
    unsafe fn value<S: Simd>(sum: S::F) -> S::F {
        sum
    }
}

impl Dot for DotI8 {
    type Sum<S: Simd> = S::I;
    #[inline(always)]
    unsafe fn zero<S: Simd>() -> S::I {
        unsafe { S::splat_word(0) }
    }
    #[inline(always)]
    unsafe fn dot<S: Simd>(sum: S::I, a: S::I, b: S::I) -> S::I {
        unsafe { S::dot_i8(sum, a, b) }
    }
    #[inline(always)]
    unsafe fn value<S: Simd>(sum: S::I) -> S::F {
        unsafe { S::to_floats(sum) }
    }
}

/// Bytes whose scales hold for a part of the inner dimension.
pub(crate) struct DotParts;

impl Dot for DotParts {
    const PARTS: bool = true;
    type Sum<S: Simd> = S::I;
    #[inline(always)]
    unsafe fn zero<S: Simd>() -> S::I {
        unsafe { S::splat_word(0) }
    }
    #[inline(always)]
    unsafe fn dot<S: Simd>(sum: S::I, a: S::I, b: S::I) -> S::I {
        unsafe { S::dot_i8(sum, a, b) }
    }
    #[inline(always)]
    unsafe fn value<S: Simd>(sum: S::I) -> S::F {
        unsafe { S::to_floats(sum) }
    }
}

/// Vectors of 32-bit lanes. All functions are unsafe: the caller has checked that the
/// processor has the instructions, and that pointers are good for `LANES` values.
pub(crate) trait Simd: Copy {
    /// Lanes of a vector.
    const LANES: usize;
    /// Columns of a tile, hence of a panel of packed weights.
    const COLUMNS: usize;
    /// Rows of the tallest tile.
    const ROWS: usize;
    /// Whether a product of bf16 is faster than one of f32.
    const FAST_BF16: bool;
    /// Floats.
    type F: Copy;
    /// Words.
    type I: Copy;

    unsafe fn splat(v: f32) -> Self::F;
    unsafe fn load(p: *const f32) -> Self::F;
    unsafe fn store(p: *mut f32, v: Self::F);
    unsafe fn add(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn sub(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn mul(a: Self::F, b: Self::F) -> Self::F;
    /// `1 / a` of normal numbers, to a few units in the last place.
    unsafe fn inverse(a: Self::F) -> Self::F;
    unsafe fn max(a: Self::F, b: Self::F) -> Self::F;
    unsafe fn min(a: Self::F, b: Self::F) -> Self::F;
    /// `a b + c`.
    unsafe fn fma(a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    /// To the nearest integer.
    unsafe fn round(a: Self::F) -> Self::F;
    /// Two to the power of an integer from -126 to 127.
    unsafe fn power_of_two(a: Self::F) -> Self::F;
    /// `a 2^n` for `a` near 1 and an integer `n` from -125 to 125.
    #[inline(always)]
    unsafe fn times_power_of_two(a: Self::F, n: Self::F) -> Self::F {
        unsafe { Self::mul(a, Self::power_of_two(n)) }
    }
    /// `1 / a` of normal numbers, to three digits at least.
    #[inline(always)]
    unsafe fn rough_inverse(a: Self::F) -> Self::F {
        unsafe { Self::inverse(a) }
    }
    /// `2^a` to four digits; 0 or infinite, or as good as that, beyond 125.
    #[inline(always)]
    unsafe fn rough_exp2(a: Self::F) -> Self::F {
        unsafe { super::rows::rough_exp2::<Self>(a) }
    }
    /// Sum of all lanes.
    unsafe fn sum(a: Self::F) -> f32;
    /// Sums of the lanes of 16 vectors, one after the other at `p`.
    #[inline(always)]
    unsafe fn sum_each(p: *const f32, sums: &mut [f32; 16]) {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum = unsafe { Self::sum(Self::load(p.add(i * Self::LANES))) };
        }
    }
    /// Greatest lane.
    unsafe fn greatest(a: Self::F) -> f32;
    /// Least lane.
    unsafe fn least(a: Self::F) -> f32;

    unsafe fn splat_word(v: u32) -> Self::I;
    unsafe fn load_words(p: *const u32) -> Self::I;
    /// Turns `words` words of each of `rows` rows, `stride` apart, into columns: word `i` of
    /// row `r` goes to `to[i * COLUMNS + r]`. At most `COLUMNS` rows.
    #[inline(always)]
    unsafe fn transpose(from: *const u32, stride: usize, rows: usize, words: usize, to: *mut u32) {
        for row in 0..rows {
            for i in 0..words {
                unsafe { *to.add(i * Self::COLUMNS + row) = *from.add(row * stride + i) };
            }
        }
    }
    unsafe fn as_floats(a: Self::I) -> Self::F;
    /// Signed integers to floats.
    unsafe fn to_floats(a: Self::I) -> Self::F;
    unsafe fn dot_bf16(sum: Self::F, a: Self::I, b: Self::I) -> Self::F;
    unsafe fn dot_i8(sum: Self::I, a: Self::I, b: Self::I) -> Self::I;
    /// Rounds to bf16, ties to even.
    unsafe fn store_bf16(p: *mut u16, v: Self::F);
    /// Rounds two vectors, one after the other.
    #[inline(always)]
    unsafe fn store_bf16_pair(p: *mut u16, a: Self::F, b: Self::F) {
        unsafe {
            Self::store_bf16(p, a);
            Self::store_bf16(p.add(Self::LANES), b);
        }
    }
    /// Rounds values from 0 to 255 to bytes.
    unsafe fn store_u8(p: *mut u8, v: Self::F);
    /// All rows of one panel, tile by tile.
    unsafe fn panel<D: Dot, E: Finish>(o: &Operands, columns: usize, end: &E);
}
