//! AVX2 and FMA: 16 registers of 8 lanes. `VNNI` says whether bytes have an instruction of
//! their own.

use super::Job;
use super::gemm::panel;
use super::simd::Simd;
use std::arch::x86_64::*;

/// 256-bit vectors.
#[derive(Clone, Copy)]
pub(crate) struct Avx2<const VNNI: bool>;

/// # Safety
/// The processor has AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) unsafe fn run(job: impl Job) {
    unsafe { job.run::<Avx2<false>>() }
}

/// # Safety
/// As [`run`], and AVX-VNNI.
#[target_feature(enable = "avx2,fma,avxvnni")]
pub(super) unsafe fn run_vnni(job: impl Job) {
    unsafe { job.run::<Avx2<true>>() }
}

impl<const VNNI: bool> Simd for Avx2<VNNI> {
    const LANES: usize = 8;
    const COLUMNS: usize = 16;
    const ROWS: usize = 6;
    const FAST_BF16: bool = false;
    type F = __m256;
    type I = __m256i;

    #[inline(always)]
    unsafe fn splat(v: f32) -> __m256 {
        unsafe { _mm256_set1_ps(v) }
    }
    #[inline(always)]
    unsafe fn load(p: *const f32) -> __m256 {
        unsafe { _mm256_loadu_ps(p) }
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, v: __m256) {
        unsafe { _mm256_storeu_ps(p, v) }
    }
    #[inline(always)]
    unsafe fn add(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_sub_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_mul_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn inverse(a: __m256) -> __m256 {
        unsafe { _mm256_div_ps(_mm256_set1_ps(1.0), a) }
    }
    #[inline(always)]
    unsafe fn max(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_max_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn min(a: __m256, b: __m256) -> __m256 {
        unsafe { _mm256_min_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn fma(a: __m256, b: __m256, c: __m256) -> __m256 {
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn round(a: __m256) -> __m256 {
        unsafe { _mm256_round_ps::<{ _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC }>(a) }
    }
    #[inline(always)]
    unsafe fn power_of_two(a: __m256) -> __m256 {
        unsafe {
            let exponent = _mm256_add_epi32(_mm256_cvtps_epi32(a), _mm256_set1_epi32(127));
            _mm256_castsi256_ps(_mm256_slli_epi32::<23>(exponent))
        }
    }
    #[inline(always)]
    unsafe fn sum(a: __m256) -> f32 {
        lanes(a).iter().sum()
    }
    #[inline(always)]
    unsafe fn greatest(a: __m256) -> f32 {
        lanes(a).iter().copied().fold(f32::NEG_INFINITY, f32::max)
    }
    #[inline(always)]
    unsafe fn least(a: __m256) -> f32 {
        lanes(a).iter().copied().fold(f32::INFINITY, f32::min)
    }

    #[inline(always)]
    unsafe fn splat_word(v: u32) -> __m256i {
        unsafe { _mm256_set1_epi32(v as i32) }
    }
    #[inline(always)]
    unsafe fn load_words(p: *const u32) -> __m256i {
        unsafe { _mm256_loadu_si256(p.cast()) }
    }
    #[inline(always)]
    unsafe fn as_floats(a: __m256i) -> __m256 {
        unsafe { _mm256_castsi256_ps(a) }
    }
    #[inline(always)]
    unsafe fn to_floats(a: __m256i) -> __m256 {
        unsafe { _mm256_cvtepi32_ps(a) }
    }
    #[inline(always)]
    unsafe fn dot_bf16(sum: __m256, a: __m256i, b: __m256i) -> __m256 {
        unsafe {
            let high = _mm256_set1_epi32(0xffff_0000u32 as i32);
            let low = |w| _mm256_castsi256_ps(_mm256_slli_epi32::<16>(w));
            let sum = _mm256_fmadd_ps(low(a), low(b), sum);
            let top = |w| _mm256_castsi256_ps(_mm256_and_si256(w, high));
            _mm256_fmadd_ps(top(a), top(b), sum)
        }
    }
    #[inline(always)]
    unsafe fn dot_i8(sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
        unsafe {
            if VNNI {
                return _mm256_dpbusd_avx_epi32(sum, a, b);
            }
            // Even and odd bytes as 16-bit numbers: vpmaddubsw would saturate.
            let even = _mm256_and_si256(a, _mm256_set1_epi16(0xff));
            let odd = _mm256_srli_epi16::<8>(a);
            let right_even = _mm256_srai_epi16::<8>(_mm256_slli_epi16::<8>(b));
            let right_odd = _mm256_srai_epi16::<8>(b);
            let sum = _mm256_add_epi32(sum, _mm256_madd_epi16(even, right_even));
            _mm256_add_epi32(sum, _mm256_madd_epi16(odd, right_odd))
        }
    }
    #[inline(always)]
    unsafe fn store_bf16(p: *mut u16, v: __m256) {
        unsafe { p.cast::<[u16; 8]>().write_unaligned(lanes(v).map(super::bf16)) }
    }
    #[inline(always)]
    unsafe fn store_u8(p: *mut u8, v: __m256) {
        unsafe {
            let words = _mm256_cvtps_epi32(v);
            let halves = _mm_packus_epi32(_mm256_castsi256_si128(words), _mm256_extracti128_si256::<1>(words));
            _mm_storel_epi64(p.cast(), _mm_packus_epi16(halves, halves));
        }
    }
    panel!(2, 6 4 2 1);
}

#[inline(always)]
fn lanes(v: __m256) -> [f32; 8] {
    // SAFETY: eight floats are eight floats.
    unsafe { std::mem::transmute(v) }
}
