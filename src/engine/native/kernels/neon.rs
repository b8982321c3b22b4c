//! NEON: 32 registers of 4 lanes.

use super::Job;
use super::gemm::panel;
use super::simd::Simd;
use std::arch::aarch64::*;

/// 128-bit vectors.
#[derive(Clone, Copy)]
pub(crate) struct Neon;

/// # Safety
/// The processor has NEON.
#[target_feature(enable = "neon")]
pub(super) unsafe fn run(job: impl Job) {
    unsafe { job.run::<Neon>() }
}

impl Simd for Neon {
    const LANES: usize = 4;
    const COLUMNS: usize = 16;
    const ROWS: usize = 6;
    const FAST_BF16: bool = false;
    type F = float32x4_t;
    type I = uint32x4_t;

    #[inline(always)]
    unsafe fn splat(v: f32) -> float32x4_t {
        unsafe { vdupq_n_f32(v) }
    }
    #[inline(always)]
    unsafe fn load(p: *const f32) -> float32x4_t {
        unsafe { vld1q_f32(p) }
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, v: float32x4_t) {
        unsafe { vst1q_f32(p, v) }
    }
    #[inline(always)]
    unsafe fn add(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vaddq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vsubq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vmulq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn inverse(a: float32x4_t) -> float32x4_t {
        unsafe { vdivq_f32(vdupq_n_f32(1.0), a) }
    }
    #[inline(always)]
    unsafe fn max(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vmaxq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn min(a: float32x4_t, b: float32x4_t) -> float32x4_t {
        unsafe { vminq_f32(a, b) }
    }
    #[inline(always)]
    unsafe fn fma(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        unsafe { vfmaq_f32(c, a, b) }
    }
    #[inline(always)]
    unsafe fn round(a: float32x4_t) -> float32x4_t {
        unsafe { vrndnq_f32(a) }
    }
    #[inline(always)]
    unsafe fn power_of_two(a: float32x4_t) -> float32x4_t {
        unsafe {
            let exponent = vaddq_s32(vcvtnq_s32_f32(a), vdupq_n_s32(127));
            vreinterpretq_f32_s32(vshlq_n_s32::<23>(exponent))
        }
    }
    #[inline(always)]
    unsafe fn sum(a: float32x4_t) -> f32 {
        unsafe { vaddvq_f32(a) }
    }
    #[inline(always)]
    unsafe fn greatest(a: float32x4_t) -> f32 {
        unsafe { vmaxvq_f32(a) }
    }
    #[inline(always)]
    unsafe fn least(a: float32x4_t) -> f32 {
        unsafe { vminvq_f32(a) }
    }

    #[inline(always)]
    unsafe fn splat_word(v: u32) -> uint32x4_t {
        unsafe { vdupq_n_u32(v) }
    }
    #[inline(always)]
    unsafe fn load_words(p: *const u32) -> uint32x4_t {
        unsafe { vld1q_u32(p) }
    }
    #[inline(always)]
    unsafe fn as_floats(a: uint32x4_t) -> float32x4_t {
        unsafe { vreinterpretq_f32_u32(a) }
    }
    #[inline(always)]
    unsafe fn to_floats(a: uint32x4_t) -> float32x4_t {
        unsafe { vcvtq_f32_s32(vreinterpretq_s32_u32(a)) }
    }
    #[inline(always)]
    unsafe fn dot_bf16(sum: float32x4_t, a: uint32x4_t, b: uint32x4_t) -> float32x4_t {
        unsafe {
            let high = vdupq_n_u32(0xffff_0000);
            let sum = vfmaq_f32(
                sum,
                vreinterpretq_f32_u32(vshlq_n_u32::<16>(a)),
                vreinterpretq_f32_u32(vshlq_n_u32::<16>(b)),
            );
            vfmaq_f32(sum, vreinterpretq_f32_u32(vandq_u32(a, high)), vreinterpretq_f32_u32(vandq_u32(b, high)))
        }
    }
    #[inline(always)]
    unsafe fn dot_i8(sum: uint32x4_t, a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
        unsafe {
            // Unsigned bytes fit 16 signed bits, as do signed ones.
            let (a, b) = (vreinterpretq_u8_u32(a), vreinterpretq_s8_u32(b));
            let a_low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(a)));
            let a_high = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(a)));
            let (b_low, b_high) = (vmovl_s8(vget_low_s8(b)), vmovl_s8(vget_high_s8(b)));
            let pairs = |a: int16x8_t, b: int16x8_t| {
                let low = vmull_s16(vget_low_s16(a), vget_low_s16(b));
                let high = vmull_s16(vget_high_s16(a), vget_high_s16(b));
                vpaddq_s32(low, high)
            };
            let all = vpaddq_s32(pairs(a_low, b_low), pairs(a_high, b_high));
            vaddq_u32(sum, vreinterpretq_u32_s32(all))
        }
    }
    #[inline(always)]
    unsafe fn store_bf16(p: *mut u16, v: float32x4_t) {
        unsafe {
            let mut lanes = [0.0; 4];
            vst1q_f32(lanes.as_mut_ptr(), v);
            p.cast::<[u16; 4]>().write_unaligned(lanes.map(super::bf16));
        }
    }
    #[inline(always)]
    unsafe fn store_u8(p: *mut u8, v: float32x4_t) {
        unsafe {
            let mut lanes = [0i32; 4];
            vst1q_s32(lanes.as_mut_ptr(), vcvtnq_s32_f32(v));
            p.cast::<[u8; 4]>().write_unaligned(lanes.map(|v| v as u8));
        }
    }
    panel!(4, 6 4 2 1);
}
