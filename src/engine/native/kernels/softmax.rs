//! Softmax in powers of two, for rows of scores.

use super::gemm::Finish;
use super::rows::{exp2, vectors};
use super::simd::Simd;

/// Sums of `2^score` between which a row needs no greatest score taken off: far from what f32
/// and bf16 can hold.
const SAFE: std::ops::Range<f32> = 1e-18..1e30;

/// Rows of a tile at most.
pub(super) const ROWS: usize = 16;

/// `2^(score - greatest)` of the first `n` scores, and their sum; what is over becomes
/// practically nothing.
#[inline(always)]
pub(super) unsafe fn softmax<S: Simd>(scores: &mut [f32], n: usize) -> f32 {
    let (whole, _) = vectors::<S>(scores.len());
    unsafe {
        let top = S::splat(greatest::<S>(scores, n));
        let p = scores.as_mut_ptr();
        let mut sum = S::splat(0.0);
        for i in (0..whole).step_by(S::LANES) {
            let v = exp2::<S>(S::sub(S::load(p.add(i)), top));
            S::store(p.add(i), v);
            sum = S::add(sum, v);
        }
        S::sum(sum)
    }
}

/// The same to four digits, and in bf16, two a word. Shape `[scores]` to `[scores / 2]`.
#[inline(always)]
pub(super) unsafe fn softmax_to_bf16<S: Simd>(scores: &mut [f32], n: usize, to: &mut [u32]) -> f32 {
    assert!(scores.len().is_multiple_of(2 * S::LANES) && to.len() * 2 >= scores.len());
    unsafe {
        let top = S::splat(greatest::<S>(scores, n));
        let (p, to) = (scores.as_ptr(), to.as_mut_ptr().cast::<u16>());
        let mut sum = S::splat(0.0);
        for i in (0..scores.len()).step_by(2 * S::LANES) {
            let a = S::rough_exp2(S::sub(S::load(p.add(i)), top));
            let b = S::rough_exp2(S::sub(S::load(p.add(i + S::LANES)), top));
            S::store_bf16_pair(to.add(i), a, b);
            sum = S::add(sum, S::add(a, b));
        }
        S::sum(sum)
    }
}

/// The greatest of the first `n` scores; what is over becomes the least there is.
#[inline(always)]
unsafe fn greatest<S: Simd>(scores: &mut [f32], n: usize) -> f32 {
    scores[n..].fill(f32::MIN);
    let (whole, _) = vectors::<S>(scores.len());
    unsafe {
        let mut top = S::splat(f32::MIN);
        for i in (0..whole).step_by(S::LANES) {
            top = S::max(top, S::load(scores.as_ptr().add(i)));
        }
        S::greatest(top)
    }
}

/// What is added to scores by the distance of the two tokens: of the tile's first row, the
/// addend of column 0; row `r` and column `c` have the one `c - r` further on.
#[derive(Clone, Copy)]
pub(super) struct Near(pub(super) *const f32);

impl Near {
    /// The score with its addend.
    #[inline(always)]
    pub(super) unsafe fn add<S: Simd>(near: Option<Self>, row: usize, column: usize, score: S::F) -> S::F {
        match near {
            Some(Self(addends)) => unsafe { S::add(score, S::load(addends.offset(column as isize - row as isize))) },
            None => score,
        }
    }
}

/// Stores scores.
pub(super) struct Scores {
    pub(super) out: *mut f32,
    pub(super) stride: usize,
    pub(super) near: Option<Near>,
}

impl Finish for Scores {
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const C: usize>(&self, row: usize, column: usize, sums: &[[S::F; C]; R]) {
        for (r, sums) in sums.iter().enumerate() {
            for (c, &sum) in sums.iter().enumerate() {
                let column = column + c * S::LANES;
                unsafe {
                    let score = Near::add::<S>(self.near, row + r, column, sum);
                    S::store(self.out.add((row + r) * self.stride + column), score);
                }
            }
        }
    }
}

/// Stores `2^score` in bf16, and adds it up lane by lane. Softmax is the same whatever is
/// taken off a row's scores; the greatest is taken off only so that no power is too large or
/// too small, which they hardly ever are, and [`sums`] tells.
pub(super) struct Powers {
    pub(super) out: *mut u16,
    pub(super) stride: usize,
    /// Scores of a row; what is over becomes 0.
    pub(super) scores: usize,
    /// Shape `[ROWS, S::LANES]`.
    pub(super) sums: *mut f32,
    pub(super) near: Option<Near>,
}

/// Ones, then zeros.
static MASK: [f32; 64] = {
    let mut mask = [0.0; 64];
    let mut i = 0;
    while i < 32 {
        mask[i] = 1.0;
        i += 1;
    }
    mask
};

impl Finish for Powers {
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const C: usize>(&self, row: usize, column: usize, sums: &[[S::F; C]; R]) {
        assert!(C.is_multiple_of(2) && C * S::LANES <= 32);
        unsafe {
            let masked = column + C * S::LANES > self.scores;
            let mask = MASK.as_ptr().add(32 - self.scores.saturating_sub(column).min(32));
            for (r, sums) in sums.iter().enumerate() {
                let sum = self.sums.add((row + r) * S::LANES);
                let mut total = S::load(sum);
                for c in (0..C).step_by(2) {
                    let score = |c: usize| Near::add::<S>(self.near, row + r, column + c * S::LANES, sums[c]);
                    let (mut a, mut b) = (S::rough_exp2(score(c)), S::rough_exp2(score(c + 1)));
                    if masked {
                        a = S::mul(a, S::load(mask.add(c * S::LANES)));
                        b = S::mul(b, S::load(mask.add((c + 1) * S::LANES)));
                    }
                    let at = (row + r) * self.stride + column + c * S::LANES;
                    S::store_bf16_pair(self.out.add(at), a, b);
                    total = S::add(total, S::add(a, b));
                }
                S::store(sum, total);
            }
        }
    }
}

/// `1 / sum` of the lanes of the first rows of `sums`, shape `[ROWS, S::LANES]`; `None` if some
/// sum is so large or small that its powers may not be exact.
#[inline(always)]
pub(super) unsafe fn inverses<S: Simd>(sums: &[f32; ROWS * 16], rows: usize) -> Option<[f32; ROWS]> {
    let mut inverse = [0.0; ROWS];
    let mut safe = true;
    unsafe { S::sum_each(sums.as_ptr(), &mut inverse) };
    for v in &mut inverse[..rows] {
        safe &= SAFE.contains(v);
        *v = 1.0 / *v;
    }
    safe.then_some(inverse)
}
