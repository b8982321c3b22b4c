//! Kernels that go over rows: layer norm, GELU, exponentials, conversions.

use super::Job;
use super::simd::Simd;

/// GELU by the error function: `x / 2 * (1 + erf(x / sqrt 2))` (Hendrycks and Gimpel, 2016);
/// the error function as a rational function of an odd and an even polynomial with Eigen's
/// coefficients (`generic_fast_erf_float`), exact to a few units in the last place.
#[inline(always)]
pub(super) unsafe fn gelu<S: Simd>(v: S::F) -> S::F {
    const P: [f32; 6] = [2.770_681_4e-8, -2.101_024e-6, -5.692_506_4e-5, -7.349_906_3e-4, -2.954_6e-3, -1.609_603_3e-2];
    const Q: [f32; 4] = [-2.133_740_6e-4, -1.682_827e-3, -7.373_329_2e-3, -1.426_473_9e-2];
    unsafe {
        let x = S::mul(v, S::splat(std::f32::consts::FRAC_1_SQRT_2));
        let x = S::min(S::max(x, S::splat(-4.0)), S::splat(4.0));
        let y = S::mul(x, x);
        let mut p = S::splat(-2.726_142_3e-10);
        for c in P {
            p = S::fma(p, y, S::splat(c));
        }
        let mut q = S::splat(-1.456_607_2e-5);
        for c in Q {
            q = S::fma(q, y, S::splat(c));
        }
        let erf = S::mul(S::mul(p, x), S::inverse(q));
        let half = S::mul(v, S::splat(0.5));
        S::fma(half, erf, half)
    }
}

/// GELU for what is rounded to bf16 or bytes next: `x / (1 + 2^-q(x))` with an odd polynomial
/// q that makes the fraction the normal distribution's, off by 1e-4 at most. Its coefficients
/// are our own fit (least greatest error of the product).
#[inline(always)]
pub(super) unsafe fn rough_gelu<S: Simd>(v: S::F) -> S::F {
    unsafe {
        // Beyond 8 the fraction is 0 or 1 whatever the polynomial, as long as it keeps its sign.
        let y = S::min(S::mul(v, v), S::splat(64.0));
        let q = S::fma(S::splat(0.001_014_263_3), y, S::splat(-0.106_775_72));
        let q = S::mul(S::fma(q, y, S::splat(-2.301_121_2)), v);
        S::mul(v, S::rough_inverse(S::add(S::rough_exp2(q), S::splat(1.0))))
    }
}

/// `2^x` to four digits: our own fit of least relative error. Beyond 125 and below -125 the
/// answer is that of the border.
#[inline(always)]
pub(super) unsafe fn rough_exp2<S: Simd>(x: S::F) -> S::F {
    unsafe {
        let x = S::min(S::max(x, S::splat(-125.0)), S::splat(125.0));
        let whole = S::round(x);
        let rest = S::sub(x, whole);
        let p = S::fma(S::splat(0.055_171_67), rest, S::splat(0.242_611_14));
        let p = S::fma(p, rest, S::splat(0.693_260_97));
        S::times_power_of_two(S::fma(p, rest, S::splat(0.999_928_06)), whole)
    }
}

/// `2^x` for `x <= 0`: a power of two times a polynomial on the rest (Cephes' `exp2f`). Below
/// -125 the answer is as good as 0.
#[inline(always)]
pub(super) unsafe fn exp2<S: Simd>(x: S::F) -> S::F {
    const C: [f32; 6] = [1.339_887_4e-3, 9.618_437e-3, 5.550_332_6e-2, 2.402_264_7e-1, 6.931_472e-1, 1.0];
    unsafe {
        let x = S::max(x, S::splat(-125.0));
        let whole = S::round(x);
        let rest = S::sub(x, whole);
        let mut p = S::splat(1.535_336_2e-4);
        for c in C {
            p = S::fma(p, rest, S::splat(c));
        }
        S::times_power_of_two(p, whole)
    }
}

/// How many of `n` values fill whole vectors, and `n`.
#[inline(always)]
pub(super) fn vectors<S: Simd>(n: usize) -> (usize, usize) {
    (n / S::LANES * S::LANES, n)
}

/// `to = a + b`, shape `[width]`.
pub(crate) struct Sum<'a> {
    pub(crate) to: &'a mut [f32],
    pub(crate) a: &'a [f32],
    pub(crate) b: &'a [f32],
}

impl Job for Sum<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        let (whole, n) = vectors::<S>(self.to.len());
        assert!(self.a.len() == n && self.b.len() == n);
        unsafe {
            for i in (0..whole).step_by(S::LANES) {
                let sum = S::add(S::load(self.a.as_ptr().add(i)), S::load(self.b.as_ptr().add(i)));
                S::store(self.to.as_mut_ptr().add(i), sum);
            }
        }
        for i in whole..n {
            self.to[i] = self.a[i] + self.b[i];
        }
    }
}

/// `x = norm(x)`: layer norm of each row, `(v - mean) / sqrt(var + eps) * weight + bias`
/// (Ba et al., 2016) with the population variance. Shape `[rows, width]`. While a row is at
/// hand it is also made ready for the next product, and added to the mixtures of layers.
pub(crate) struct Norm<'a> {
    pub(crate) x: &'a mut [f32],
    pub(crate) weight: &'a [f32],
    pub(crate) bias: &'a [f32],
    pub(crate) eps: f32,
    pub(crate) next: Next<'a>,
    pub(crate) mixes: [Option<Mix<'a>>; 2],
}

/// The words in which rows go into the next product, shape `[rows, stride]`.
pub(crate) enum Next<'a> {
    /// As they are.
    Same,
    /// As bf16.
    Bf16(&'a mut [u32], usize),
    /// As bytes, with scale and zero point of each row.
    Bytes(&'a mut [u32], usize, &'a mut [[f32; 2]]),
}

/// `sum += share x`, shape `[rows, width]`.
pub(crate) struct Mix<'a> {
    pub(crate) sum: &'a mut [f32],
    pub(crate) share: f32,
}

impl Job for Norm<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(mut self) {
        let width = self.weight.len();
        assert_eq!(self.bias.len(), width);
        let rows = self.x.len() / width;
        let mut row = 0;
        while row < rows {
            unsafe {
                if rows - row >= TOGETHER {
                    self.rows::<S, TOGETHER>(row);
                    row += TOGETHER;
                } else {
                    self.rows::<S, 1>(row);
                    row += 1;
                }
            }
        }
    }
}

/// Rows that are worked on together: a row's sums and greatest values are long chains, and the
/// processor would wait for each.
const TOGETHER: usize = 4;

impl Norm<'_> {
    #[inline(always)]
    unsafe fn rows<S: Simd, const N: usize>(&mut self, first: usize) {
        let width = self.weight.len();
        let x = &mut self.x[first * width..(first + N) * width];
        unsafe {
            norm_rows::<S, N>(x, self.weight, self.bias, self.eps);
            match &mut self.next {
                Next::Same => {}
                Next::Bf16(to, stride) => {
                    for (i, row) in x.chunks_exact(width).enumerate() {
                        row_to_bf16::<S>(row, &mut to[(first + i) * *stride..(first + i + 1) * *stride]);
                    }
                }
                Next::Bytes(to, stride, scales) => {
                    let to = &mut to[first * *stride..(first + N) * *stride];
                    rows_to_bytes::<S, N>(x, to, &mut scales[first..first + N]);
                }
            }
            for mix in self.mixes.iter_mut().flatten() {
                let sum = &mut mix.sum[first * width..(first + N) * width];
                for (sum, x) in sum.chunks_exact_mut(width).zip(x.chunks_exact(width)) {
                    add_scaled::<S>(sum, x, mix.share);
                }
            }
        }
    }
}

#[inline(always)]
unsafe fn norm_rows<S: Simd, const N: usize>(x: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) {
    let (whole, n) = vectors::<S>(weight.len());
    assert!(x.len() == N * n && bias.len() == n);
    let p = x.as_mut_ptr();
    unsafe {
        let mut sums = [[S::splat(0.0); 2]; N];
        for (k, i) in (0..whole).step_by(S::LANES).enumerate() {
            for r in 0..N {
                sums[r][k % 2] = S::add(sums[r][k % 2], S::load(p.add(r * n + i)));
            }
        }
        let mut means = [0.0; N];
        for r in 0..N {
            let tail: f32 = (whole..n).map(|i| *p.add(r * n + i)).sum();
            means[r] = (S::sum(S::add(sums[r][0], sums[r][1])) + tail) / n as f32;
        }
        let mut squares = [[S::splat(0.0); 2]; N];
        for (k, i) in (0..whole).step_by(S::LANES).enumerate() {
            for r in 0..N {
                let v = S::sub(S::load(p.add(r * n + i)), S::splat(means[r]));
                squares[r][k % 2] = S::fma(v, v, squares[r][k % 2]);
            }
        }
        let mut scales = [0.0; N];
        for r in 0..N {
            let tail: f32 = (whole..n).map(|i| *p.add(r * n + i) - means[r]).map(|v| v * v).sum();
            let total = S::sum(S::add(squares[r][0], squares[r][1])) + tail;
            scales[r] = 1.0 / (total / n as f32 + eps).sqrt();
        }
        for i in (0..whole).step_by(S::LANES) {
            let (weight, bias) = (S::load(weight.as_ptr().add(i)), S::load(bias.as_ptr().add(i)));
            for r in 0..N {
                let v = S::sub(S::load(p.add(r * n + i)), S::splat(means[r]));
                S::store(p.add(r * n + i), S::fma(S::mul(v, S::splat(scales[r])), weight, bias));
            }
        }
        for r in 0..N {
            for i in whole..n {
                let v = &mut *p.add(r * n + i);
                *v = (*v - means[r]) * scales[r] * weight[i] + bias[i];
            }
        }
    }
}

/// `sum += share x`.
#[inline(always)]
unsafe fn add_scaled<S: Simd>(sum: &mut [f32], x: &[f32], share: f32) {
    assert_eq!(sum.len(), x.len());
    let (whole, n) = vectors::<S>(x.len());
    let p = sum.as_mut_ptr();
    unsafe {
        let factor = S::splat(share);
        for i in (0..whole).step_by(S::LANES) {
            S::store(p.add(i), S::fma(S::load(x.as_ptr().add(i)), factor, S::load(p.add(i))));
        }
    }
    for i in whole..n {
        sum[i] += share * x[i];
    }
}

/// Rows to bf16, two a word. Shape `[rows, width]` to `[rows, stride]` words.
pub(crate) struct ToBf16<'a> {
    pub(crate) from: &'a [f32],
    pub(crate) width: usize,
    pub(crate) to: &'a mut [u32],
    pub(crate) stride: usize,
}

impl Job for ToBf16<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        assert!(self.stride * 2 >= self.width);
        for (from, to) in self.from.chunks_exact(self.width).zip(self.to.chunks_exact_mut(self.stride)) {
            unsafe { row_to_bf16::<S>(from, to) };
        }
    }
}

#[inline(always)]
pub(super) unsafe fn row_to_bf16<S: Simd>(from: &[f32], to: &mut [u32]) {
    let (whole, n) = vectors::<S>(from.len());
    let p = to.as_mut_ptr().cast::<u16>();
    unsafe {
        for i in (0..whole).step_by(S::LANES) {
            S::store_bf16(p.add(i), S::load(from.as_ptr().add(i)));
        }
        for (i, &v) in from.iter().enumerate().skip(whole) {
            *p.add(i) = super::bf16(v);
        }
        for i in n..to.len() * 2 {
            *p.add(i) = 0;
        }
    }
}

/// Rows to bytes, four a word, each row with its own scale and zero point:
/// `v = scale (byte - zero)`. Shape `[rows, width]` to `[rows, stride]` words.
pub(crate) struct ToBytes<'a> {
    pub(crate) from: &'a [f32],
    pub(crate) width: usize,
    pub(crate) to: &'a mut [u32],
    pub(crate) stride: usize,
    pub(crate) scales: &'a mut [[f32; 2]],
}

impl Job for ToBytes<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        assert!(self.stride * 4 >= self.width);
        let (width, stride, rows) = (self.width, self.stride, self.from.len() / self.width);
        let mut row = 0;
        while row < rows {
            let here = if rows - row >= TOGETHER { TOGETHER } else { 1 };
            let from = &self.from[row * width..(row + here) * width];
            let to = &mut self.to[row * stride..(row + here) * stride];
            let scales = &mut self.scales[row..row + here];
            unsafe {
                if here == TOGETHER {
                    rows_to_bytes::<S, TOGETHER>(from, to, scales);
                } else {
                    rows_to_bytes::<S, 1>(from, to, scales);
                }
            }
            row += here;
        }
    }
}

#[inline(always)]
unsafe fn rows_to_bytes<S: Simd, const N: usize>(from: &[f32], to: &mut [u32], scales: &mut [[f32; 2]]) {
    let (n, stride) = (from.len() / N, to.len() / N);
    assert!(stride * 4 >= n && scales.len() == N);
    let (whole, _) = vectors::<S>(n);
    let p = from.as_ptr();
    unsafe {
        // Zero is always a byte of its own.
        let (mut low, mut high) = ([S::splat(0.0); N], [S::splat(0.0); N]);
        for i in (0..whole).step_by(S::LANES) {
            for r in 0..N {
                let v = S::load(p.add(r * n + i));
                low[r] = S::min(low[r], v);
                high[r] = S::max(high[r], v);
            }
        }
        let (mut inverses, mut zeros) = ([0.0; N], [0.0; N]);
        for r in 0..N {
            let (mut least, mut most) = (S::least(low[r]), S::greatest(high[r]));
            for &v in &from[r * n + whole..(r + 1) * n] {
                least = least.min(v);
                most = most.max(v);
            }
            // One step is spared, so that rounding the zero point up keeps all within a byte.
            let range = most - least;
            let (scale, inverse) =
                if range > 0.0 && range.is_finite() { (range / 254.0, 254.0 / range) } else { (1.0, 0.0) };
            (inverses[r], zeros[r]) = (inverse, (-least * inverse).ceil());
            scales[r] = [scale, zeros[r]];
        }
        let to = to.as_mut_ptr().cast::<u8>();
        for i in (0..whole).step_by(S::LANES) {
            for r in 0..N {
                let v = S::fma(S::load(p.add(r * n + i)), S::splat(inverses[r]), S::splat(zeros[r]));
                S::store_u8(to.add(r * stride * 4 + i), v);
            }
        }
        for r in 0..N {
            for i in whole..n {
                let v = from[r * n + i].mul_add(inverses[r], zeros[r]);
                *to.add(r * stride * 4 + i) = v.round_ties_even().clamp(0.0, 255.0) as u8;
            }
            for i in n..stride * 4 {
                *to.add(r * stride * 4 + i) = 0;
            }
        }
    }
}

/// Rows to signed bytes from -127 to 127, four a word, each row with its own scale; `totals`
/// are the sums of the bytes. Shape `[rows, width]` to `[rows, stride]` words.
pub(super) struct ToSigned<'a> {
    pub(super) from: &'a [f32],
    pub(super) width: usize,
    pub(super) to: &'a mut [u32],
    pub(super) stride: usize,
    pub(super) scales: &'a mut [f32],
    pub(super) totals: &'a mut [f32],
}

impl Job for ToSigned<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        assert!(self.stride * 4 >= self.width);
        let rows = self.from.chunks_exact(self.width).zip(self.to.chunks_exact_mut(self.stride));
        for ((from, to), (scale, total)) in rows.zip(self.scales.iter_mut().zip(self.totals)) {
            [*scale, *total] = unsafe { row_to_signed::<S>(from, to) };
        }
    }
}

#[inline(always)]
unsafe fn row_to_signed<S: Simd>(from: &[f32], to: &mut [u32]) -> [f32; 2] {
    let (whole, n) = vectors::<S>(from.len());
    let p = to.as_mut_ptr().cast::<u8>();
    // Unsigned bytes around 128 are signed bytes with the first bit turned.
    const MIDDLE: f32 = 128.0;
    unsafe {
        let mut tops = S::splat(0.0);
        for i in (0..whole).step_by(S::LANES) {
            let v = S::load(from.as_ptr().add(i));
            tops = S::max(tops, S::max(v, S::sub(S::splat(0.0), v)));
        }
        let top = from[whole..].iter().fold(S::greatest(tops), |m, v| m.max(v.abs()));
        let (scale, inverse) = if top > 0.0 { (top / 127.0, 127.0 / top) } else { (1.0, 0.0) };
        for i in (0..whole).step_by(S::LANES) {
            let v = S::fma(S::load(from.as_ptr().add(i)), S::splat(inverse), S::splat(MIDDLE));
            S::store_u8(p.add(i), S::min(S::max(v, S::splat(1.0)), S::splat(255.0)));
        }
        for (i, v) in from.iter().enumerate().skip(whole) {
            *p.add(i) = v.mul_add(inverse, MIDDLE).round_ties_even().clamp(1.0, 255.0) as u8;
        }
        for i in n..to.len() * 4 {
            *p.add(i) = MIDDLE as u8;
        }
        let mut total = 0;
        for word in to {
            *word ^= 0x8080_8080;
            total += word.to_le_bytes().iter().map(|&b| i32::from(b as i8)).sum::<i32>();
        }
        [scale, total as f32]
    }
}
