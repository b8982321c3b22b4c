//! Plain Rust: what every processor can do, and what the other kernels are tested against.

use super::gemm::panel;
use super::simd::Simd;
use std::array::from_fn;

/// Eight lanes; the compiler makes of them what the target has.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Simd for Portable {
    const LANES: usize = 8;
    const COLUMNS: usize = 16;
    const ROWS: usize = 2;
    const FAST_BF16: bool = false;
    type F = [f32; 8];
    type I = [u32; 8];

    #[inline(always)]
    unsafe fn splat(v: f32) -> [f32; 8] {
        [v; 8]
    }
    #[inline(always)]
    unsafe fn load(p: *const f32) -> [f32; 8] {
        unsafe { p.cast::<[f32; 8]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn store(p: *mut f32, v: [f32; 8]) {
        unsafe { p.cast::<[f32; 8]>().write_unaligned(v) }
    }
    #[inline(always)]
    unsafe fn add(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        from_fn(|i| a[i] + b[i])
    }
    #[inline(always)]
    unsafe fn sub(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        from_fn(|i| a[i] - b[i])
    }
    #[inline(always)]
    unsafe fn mul(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        from_fn(|i| a[i] * b[i])
    }
    #[inline(always)]
    unsafe fn inverse(a: [f32; 8]) -> [f32; 8] {
        a.map(|v| 1.0 / v)
    }
    #[inline(always)]
    unsafe fn max(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        from_fn(|i| if a[i] > b[i] { a[i] } else { b[i] })
    }
    #[inline(always)]
    unsafe fn min(a: [f32; 8], b: [f32; 8]) -> [f32; 8] {
        from_fn(|i| if a[i] < b[i] { a[i] } else { b[i] })
    }
    #[inline(always)]
    unsafe fn fma(a: [f32; 8], b: [f32; 8], c: [f32; 8]) -> [f32; 8] {
        from_fn(|i| a[i] * b[i] + c[i])
    }
    #[inline(always)]
    unsafe fn round(a: [f32; 8]) -> [f32; 8] {
        from_fn(|i| a[i].round_ties_even())
    }
    #[inline(always)]
    unsafe fn power_of_two(a: [f32; 8]) -> [f32; 8] {
        from_fn(|i| f32::from_bits(((a[i] as i32 + 127) << 23) as u32))
    }
    #[inline(always)]
    unsafe fn sum(a: [f32; 8]) -> f32 {
        a.iter().sum()
    }
    #[inline(always)]
    unsafe fn greatest(a: [f32; 8]) -> f32 {
        a.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    }
    #[inline(always)]
    unsafe fn least(a: [f32; 8]) -> f32 {
        a.iter().copied().fold(f32::INFINITY, f32::min)
    }

    #[inline(always)]
    unsafe fn splat_word(v: u32) -> [u32; 8] {
        [v; 8]
    }
    #[inline(always)]
    unsafe fn load_words(p: *const u32) -> [u32; 8] {
        unsafe { p.cast::<[u32; 8]>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn as_floats(a: [u32; 8]) -> [f32; 8] {
        a.map(f32::from_bits)
    }
    #[inline(always)]
    unsafe fn to_floats(a: [u32; 8]) -> [f32; 8] {
        a.map(|v| v as i32 as f32)
    }
    #[inline(always)]
    unsafe fn dot_bf16(sum: [f32; 8], a: [u32; 8], b: [u32; 8]) -> [f32; 8] {
        let low = |w: u32| f32::from_bits(w << 16);
        let high = |w: u32| f32::from_bits(w & 0xffff_0000);
        from_fn(|i| sum[i] + low(a[i]) * low(b[i]) + high(a[i]) * high(b[i]))
    }
    #[inline(always)]
    unsafe fn dot_i8(sum: [u32; 8], a: [u32; 8], b: [u32; 8]) -> [u32; 8] {
        let product = |a: u32, b: u32, k: u32| (a >> (8 * k) & 0xff) as i32 * i32::from((b >> (8 * k)) as u8 as i8);
        from_fn(|i| {
            let all = product(a[i], b[i], 0) + product(a[i], b[i], 1) + product(a[i], b[i], 2) + product(a[i], b[i], 3);
            sum[i].wrapping_add(all as u32)
        })
    }
    #[inline(always)]
    unsafe fn store_bf16(p: *mut u16, v: [f32; 8]) {
        unsafe { p.cast::<[u16; 8]>().write_unaligned(v.map(super::bf16)) }
    }
    #[inline(always)]
    unsafe fn store_u8(p: *mut u8, v: [f32; 8]) {
        unsafe { p.cast::<[u8; 8]>().write_unaligned(v.map(|v| v.round_ties_even() as u8)) }
    }
    panel!(2, 2 1);
}
