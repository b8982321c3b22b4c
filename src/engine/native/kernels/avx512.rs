//! AVX-512: 32 registers of 16 lanes. `BF16` says whether bf16 has an instruction of its own.

use super::Job;
use super::gemm::panel;
use super::simd::Simd;
use std::arch::x86_64::*;

/// 512-bit vectors.
#[derive(Clone, Copy)]
pub(crate) struct Avx512<const BF16: bool>;

/// `2^x` for `x` from 0 to 1, greatest power first.
const EXP2: [f32; 4] = [0.078_024_52, 0.226_067_18, 0.695_833_5, 0.999_925_2];

/// # Safety
/// The processor has AVX-512 F, BW, DQ, VL and VNNI.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma")]
pub(super) unsafe fn run(job: impl Job) {
    unsafe { job.run::<Avx512<false>>() }
}

/// # Safety
/// As [`run`], and BF16.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma")]
pub(super) unsafe fn run_bf16(job: impl Job) {
    unsafe { job.run::<Avx512<true>>() }
}

impl<const BF16: bool> Simd for Avx512<BF16> {
    const LANES: usize = 16;
    const COLUMNS: usize = 32;
    const ROWS: usize = 12;
    const FAST_BF16: bool = BF16;
    type F = __m512;
    type I = __m512i;

    #[inline(always)]
    unsafe fn splat(v: f32) -> __m512 {
        unsafe { _mm512_set1_ps(v) }
    }
    #[inline(always)]
    unsafe fn load(p: *const f32) -> __m512 {
        unsafe { _mm512_loadu_ps(p) }
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, v: __m512) {
        unsafe { _mm512_storeu_ps(p, v) }
    }
    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_sub_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_mul_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn inverse(a: __m512) -> __m512 {
        unsafe {
            // 14 bits, and a step of Newton's method.
            let near = _mm512_rcp14_ps(a);
            _mm512_mul_ps(near, _mm512_fnmadd_ps(a, near, _mm512_set1_ps(2.0)))
        }
    }
    #[inline(always)]
    unsafe fn max(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_max_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn min(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_min_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn fma(a: __m512, b: __m512, c: __m512) -> __m512 {
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn round(a: __m512) -> __m512 {
        unsafe { _mm512_roundscale_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a) }
    }
    #[inline(always)]
    unsafe fn power_of_two(a: __m512) -> __m512 {
        unsafe {
            let exponent = _mm512_add_epi32(_mm512_cvtps_epi32(a), _mm512_set1_epi32(127));
            _mm512_castsi512_ps(_mm512_slli_epi32::<23>(exponent))
        }
    }
    #[inline(always)]
    unsafe fn times_power_of_two(a: __m512, n: __m512) -> __m512 {
        unsafe {
            let exponent = _mm512_slli_epi32::<23>(_mm512_cvtps_epi32(n));
            _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), exponent))
        }
    }
    #[inline(always)]
    unsafe fn rough_inverse(a: __m512) -> __m512 {
        unsafe { _mm512_rcp14_ps(a) }
    }
    #[inline(always)]
    unsafe fn rough_exp2(a: __m512) -> __m512 {
        unsafe {
            // The polynomial of `rows::rough_exp2`, moved by a half: the rest here is from 0 to 1.
            let rest = _mm512_reduce_ps::<{ _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC }>(a);
            let p = _mm512_fmadd_ps(_mm512_set1_ps(EXP2[0]), rest, _mm512_set1_ps(EXP2[1]));
            let p = _mm512_fmadd_ps(p, rest, _mm512_set1_ps(EXP2[2]));
            _mm512_scalef_ps(_mm512_fmadd_ps(p, rest, _mm512_set1_ps(EXP2[3])), a)
        }
    }
    #[inline(always)]
    unsafe fn sum(a: __m512) -> f32 {
        unsafe { _mm512_reduce_add_ps(a) }
    }
    #[inline(always)]
    unsafe fn sum_each(p: *const f32, sums: &mut [f32; 16]) {
        unsafe {
            // Halves the vectors four times over, each lane of a result being one of two.
            let mut v: [__m512; 16] = std::array::from_fn(|i| _mm512_loadu_ps(p.add(16 * i)));
            for i in 0..8 {
                let (a, b) = (v[2 * i], v[2 * i + 1]);
                v[i] = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
            }
            for i in 0..4 {
                let (a, b) = (_mm512_castps_pd(v[2 * i]), _mm512_castps_pd(v[2 * i + 1]));
                let (low, high) = (_mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b));
                v[i] = _mm512_add_ps(_mm512_castpd_ps(low), _mm512_castpd_ps(high));
            }
            for i in 0..2 {
                let (a, b) = (v[2 * i], v[2 * i + 1]);
                let (even, odd) =
                    (_mm512_shuffle_f32x4::<0b10_00_10_00>(a, b), _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b));
                v[i] = _mm512_add_ps(even, odd);
            }
            let (a, b) = (v[0], v[1]);
            let (even, odd) =
                (_mm512_shuffle_f32x4::<0b10_00_10_00>(a, b), _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b));
            _mm512_storeu_ps(sums.as_mut_ptr(), _mm512_add_ps(even, odd));
        }
    }
    #[inline(always)]
    unsafe fn greatest(a: __m512) -> f32 {
        unsafe { _mm512_reduce_max_ps(a) }
    }
    #[inline(always)]
    unsafe fn least(a: __m512) -> f32 {
        unsafe { _mm512_reduce_min_ps(a) }
    }

    #[inline(always)]
    unsafe fn splat_word(v: u32) -> __m512i {
        unsafe { _mm512_set1_epi32(v as i32) }
    }
    #[inline(always)]
    unsafe fn load_words(p: *const u32) -> __m512i {
        unsafe { _mm512_loadu_si512(p.cast()) }
    }
    #[inline(always)]
    unsafe fn transpose(from: *const u32, stride: usize, rows: usize, words: usize, to: *mut u32) {
        unsafe {
            for row in (0..rows).step_by(16) {
                let here = 16.min(rows - row);
                for word in (0..words).step_by(16) {
                    let (from, to) = (from.add(row * stride + word), to.add(word * 32 + row));
                    transpose_16(from, stride, here, 16.min(words - word), to);
                }
            }
        }
    }
    #[inline(always)]
    unsafe fn as_floats(a: __m512i) -> __m512 {
        unsafe { _mm512_castsi512_ps(a) }
    }
    #[inline(always)]
    unsafe fn to_floats(a: __m512i) -> __m512 {
        unsafe { _mm512_cvtepi32_ps(a) }
    }
    #[inline(always)]
    unsafe fn dot_bf16(sum: __m512, a: __m512i, b: __m512i) -> __m512 {
        unsafe {
            if BF16 {
                // The same bits under another type.
                let halves = |w: __m512i| std::mem::transmute::<__m512i, __m512bh>(w);
                return _mm512_dpbf16_ps(sum, halves(a), halves(b));
            }
            let high = _mm512_set1_epi32(0xffff_0000u32 as i32);
            let low = |w| _mm512_castsi512_ps(_mm512_slli_epi32::<16>(w));
            let sum = _mm512_fmadd_ps(low(a), low(b), sum);
            let top = |w| _mm512_castsi512_ps(_mm512_and_si512(w, high));
            _mm512_fmadd_ps(top(a), top(b), sum)
        }
    }
    #[inline(always)]
    unsafe fn dot_i8(sum: __m512i, a: __m512i, b: __m512i) -> __m512i {
        unsafe { _mm512_dpbusd_epi32(sum, a, b) }
    }
    #[inline(always)]
    unsafe fn store_bf16(p: *mut u16, v: __m512) {
        unsafe {
            let words = if BF16 {
                std::mem::transmute::<__m256bh, __m256i>(_mm512_cvtneps_pbh(v))
            } else {
                let bits = _mm512_castps_si512(v);
                let odd = _mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1));
                let up = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7fff)), odd);
                _mm512_cvtepi32_epi16(_mm512_srli_epi32::<16>(up))
            };
            _mm256_storeu_si256(p.cast(), words);
        }
    }
    #[inline(always)]
    unsafe fn store_bf16_pair(p: *mut u16, a: __m512, b: __m512) {
        unsafe {
            if BF16 {
                let words = std::mem::transmute::<__m512bh, __m512i>(_mm512_cvtne2ps_pbh(b, a));
                _mm512_storeu_si512(p.cast(), words);
            } else {
                Self::store_bf16(p, a);
                Self::store_bf16(p.add(16), b);
            }
        }
    }
    #[inline(always)]
    unsafe fn store_u8(p: *mut u8, v: __m512) {
        unsafe { _mm_storeu_si128(p.cast(), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(v))) }
    }
    panel!(2, 12 8 4 2 1);
}

/// Up to 16 rows of up to 16 words, to lines 32 words apart; rows that are not there are zeros.
#[inline(always)]
unsafe fn transpose_16(from: *const u32, stride: usize, rows: usize, words: usize, to: *mut u32) {
    unsafe {
        let mask = (0xffff_u32 >> (16 - words)) as __mmask16;
        let mut v = [_mm512_setzero_si512(); 16];
        for (i, v) in v.iter_mut().enumerate().take(rows) {
            *v = _mm512_maskz_loadu_epi32(mask, from.add(i * stride).cast());
        }
        let mut w = v;
        for i in 0..8 {
            w[2 * i] = _mm512_unpacklo_epi32(v[2 * i], v[2 * i + 1]);
            w[2 * i + 1] = _mm512_unpackhi_epi32(v[2 * i], v[2 * i + 1]);
        }
        // Quarter q of v[4 i + k] is now word 4 q + k of rows 4 i to 4 i + 3.
        for i in 0..4 {
            let [a, b, c, d] = [w[4 * i], w[4 * i + 1], w[4 * i + 2], w[4 * i + 3]];
            v[4 * i] = _mm512_unpacklo_epi64(a, c);
            v[4 * i + 1] = _mm512_unpackhi_epi64(a, c);
            v[4 * i + 2] = _mm512_unpacklo_epi64(b, d);
            v[4 * i + 3] = _mm512_unpackhi_epi64(b, d);
        }
        for k in 0..4 {
            let [a, b, c, d] = [v[k], v[4 + k], v[8 + k], v[12 + k]];
            let (ab_low, ab_high) =
                (_mm512_shuffle_i32x4::<0b01_00_01_00>(a, b), _mm512_shuffle_i32x4::<0b11_10_11_10>(a, b));
            let (cd_low, cd_high) =
                (_mm512_shuffle_i32x4::<0b01_00_01_00>(c, d), _mm512_shuffle_i32x4::<0b11_10_11_10>(c, d));
            w[k] = _mm512_shuffle_i32x4::<0b10_00_10_00>(ab_low, cd_low);
            w[4 + k] = _mm512_shuffle_i32x4::<0b11_01_11_01>(ab_low, cd_low);
            w[8 + k] = _mm512_shuffle_i32x4::<0b10_00_10_00>(ab_high, cd_high);
            w[12 + k] = _mm512_shuffle_i32x4::<0b11_01_11_01>(ab_high, cd_high);
        }
        for (i, w) in w.iter().enumerate().take(words) {
            _mm512_storeu_si512(to.add(32 * i).cast(), *w);
        }
    }
}
