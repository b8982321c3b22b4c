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
        let x = S::min(S::max(v, S::splat(-8.0)), S::splat(8.0));
        let y = S::mul(x, x);
        let q = S::fma(S::splat(-0.001_014_263_3), y, S::splat(0.106_775_72));
        let q = S::mul(S::fma(q, y, S::splat(2.301_121_2)), S::sub(S::splat(0.0), x));
        S::mul(v, S::rough_inverse(S::add(rough_exp2::<S>(q), S::splat(1.0))))
    }
}

/// `2^x` for `x` from -125 to 125, to four digits: our own fit of least relative error.
#[inline(always)]
pub(super) unsafe fn rough_exp2<S: Simd>(x: S::F) -> S::F {
    unsafe {
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

/// `x = norm(x + y)`: layer norm of each row, `(v - mean) / sqrt(var + eps) * weight + bias`
/// (Ba et al., 2016) with the population variance. Shapes `[rows, width]`; `y` may be empty.
pub(crate) struct AddNorm<'a> {
    pub(crate) x: &'a mut [f32],
    pub(crate) y: &'a [f32],
    pub(crate) weight: &'a [f32],
    pub(crate) bias: &'a [f32],
    pub(crate) eps: f32,
}

impl Job for AddNorm<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        let width = self.weight.len();
        assert_eq!(self.bias.len(), width);
        assert!(self.y.is_empty() || self.y.len() >= self.x.len());
        for (i, row) in self.x.chunks_exact_mut(width).enumerate() {
            let y = if self.y.is_empty() { &[][..] } else { &self.y[i * width..(i + 1) * width] };
            unsafe { norm_row::<S>(row, y, self.weight, self.bias, self.eps) };
        }
    }
}

#[inline(always)]
unsafe fn norm_row<S: Simd>(x: &mut [f32], y: &[f32], weight: &[f32], bias: &[f32], eps: f32) {
    let (whole, n) = vectors::<S>(x.len());
    let p = x.as_mut_ptr();
    unsafe {
        let (mut sums, mut tail) = ([S::splat(0.0); 4], 0.0);
        if y.is_empty() {
            for (k, i) in (0..whole).step_by(S::LANES).enumerate() {
                sums[k % 4] = S::add(sums[k % 4], S::load(p.add(i)));
            }
        } else {
            for (k, i) in (0..whole).step_by(S::LANES).enumerate() {
                let v = S::add(S::load(p.add(i)), S::load(y.as_ptr().add(i)));
                S::store(p.add(i), v);
                sums[k % 4] = S::add(sums[k % 4], v);
            }
            for i in whole..n {
                x[i] += y[i];
            }
        }
        x[whole..].iter().for_each(|v| tail += v);
        let mean = (S::sum(S::add(S::add(sums[0], sums[1]), S::add(sums[2], sums[3]))) + tail) / n as f32;
        let (mut squares, mut tail) = ([S::splat(0.0); 4], 0.0);
        let middle = S::splat(mean);
        let p = x.as_mut_ptr();
        for (k, i) in (0..whole).step_by(S::LANES).enumerate() {
            let v = S::sub(S::load(p.add(i)), middle);
            squares[k % 4] = S::fma(v, v, squares[k % 4]);
        }
        x[whole..].iter().for_each(|v| tail += (v - mean) * (v - mean));
        let total = S::sum(S::add(S::add(squares[0], squares[1]), S::add(squares[2], squares[3]))) + tail;
        let scale = 1.0 / (total / n as f32 + eps).sqrt();
        let factor = S::splat(scale);
        for i in (0..whole).step_by(S::LANES) {
            let v = S::mul(S::sub(S::load(p.add(i)), middle), factor);
            S::store(p.add(i), S::fma(v, S::load(weight.as_ptr().add(i)), S::load(bias.as_ptr().add(i))));
        }
        for i in whole..n {
            x[i] = (x[i] - mean) * scale * weight[i] + bias[i];
        }
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
        let rows = self.from.chunks_exact(self.width).zip(self.to.chunks_exact_mut(self.stride));
        for ((from, to), scale) in rows.zip(self.scales) {
            *scale = unsafe { row_to_bytes::<S>(from, to) };
        }
    }
}

#[inline(always)]
unsafe fn row_to_bytes<S: Simd>(from: &[f32], to: &mut [u32]) -> [f32; 2] {
    let (whole, n) = vectors::<S>(from.len());
    let p = to.as_mut_ptr().cast::<u8>();
    unsafe {
        // Zero is always a byte of its own.
        let (mut low, mut high) = ([S::splat(0.0); 2], [S::splat(0.0); 2]);
        for (k, i) in (0..whole).step_by(S::LANES).enumerate() {
            let v = S::load(from.as_ptr().add(i));
            low[k % 2] = S::min(low[k % 2], v);
            high[k % 2] = S::max(high[k % 2], v);
        }
        let (mut least, mut most) = (S::least(S::min(low[0], low[1])), S::greatest(S::max(high[0], high[1])));
        for &v in &from[whole..] {
            least = least.min(v);
            most = most.max(v);
        }
        let range = most - least;
        let (scale, inverse) =
            if range > 0.0 && range.is_finite() { (range / 255.0, 255.0 / range) } else { (1.0, 0.0) };
        let zero = (-least * inverse).round();
        let (inverses, zeros) = (S::splat(inverse), S::splat(zero));
        let (none, all) = (S::splat(0.0), S::splat(255.0));
        for i in (0..whole).step_by(S::LANES) {
            let v = S::fma(S::load(from.as_ptr().add(i)), inverses, zeros);
            S::store_u8(p.add(i), S::min(S::max(v, none), all));
        }
        for (i, v) in from.iter().enumerate().skip(whole) {
            *p.add(i) = v.mul_add(inverse, zero).round_ties_even().clamp(0.0, 255.0) as u8;
        }
        for i in n..to.len() * 4 {
            *p.add(i) = 0;
        }
        [scale, zero]
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

/// `sum += share x`, value by value. Shapes `[rows, width]`; row by row, so that a value is
/// computed in the same way wherever its row stands.
pub(crate) struct AddScaled<'a> {
    pub(crate) width: usize,
    pub(crate) sum: &'a mut [f32],
    pub(crate) x: &'a [f32],
    pub(crate) share: f32,
}

impl Job for AddScaled<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        assert_eq!(self.sum.len(), self.x.len());
        for (sum, x) in self.sum.chunks_exact_mut(self.width).zip(self.x.chunks_exact(self.width)) {
            let (whole, n) = vectors::<S>(x.len());
            let p = sum.as_mut_ptr();
            unsafe {
                let share = S::splat(self.share);
                for i in (0..whole).step_by(S::LANES) {
                    S::store(p.add(i), S::fma(S::load(x.as_ptr().add(i)), share, S::load(p.add(i))));
                }
            }
            for i in whole..n {
                sum[i] += self.share * x[i];
            }
        }
    }
}
