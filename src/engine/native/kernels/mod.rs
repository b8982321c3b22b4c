//! The kernels: the only room of the native engine with unsafe code.
//!
//! Each kernel is a [`Job`], written once over [`simd::Simd`] and compiled for every
//! instruction set; [`Isa::run`] picks the one in use. All of them have the same shape of
//! product: 32-bit words of the left side (one f32, two bf16 or four bytes) spread over the
//! lanes, times words of packed weights.
#![allow(unsafe_code, reason = "vector instructions; every job checks its slices before it takes pointers")]
#![allow(clippy::needless_range_loop, reason = "an index of rows or columns goes through several arrays at once")]

mod aligned;
mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod gemm;
mod isa;
#[cfg(target_arch = "aarch64")]
mod neon;
mod packed;
mod parts;
mod portable;
mod rows;
mod simd;
mod softmax;
#[cfg(test)]
mod tests;

pub(crate) use aligned::Aligned;
pub(crate) use attention::{Attention, AttentionScratch, Distances, Qkv, query_scale};
pub(crate) use gemm::{Gemm, Left, Out};
pub use isa::Isa;
pub(crate) use packed::Packed;
#[cfg(feature = "torch")]
pub(crate) use parts::PART;
pub(crate) use parts::{AddParts, GeluToParts, parts};
use rows::ToSigned;
pub(crate) use rows::{Mix, Next, Norm, Sum, ToBf16, ToBytes};

/// What a word of a product's two sides holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One f32.
    F32,
    /// Two bf16.
    Bf16,
    /// Four bytes.
    I8,
}

impl Kind {
    /// Values in a word.
    pub(crate) const fn values(self) -> usize {
        match self {
            Self::F32 => 1,
            Self::Bf16 => 2,
            Self::I8 => 4,
        }
    }
}

/// Work that is compiled for every instruction set.
pub(crate) trait Job {
    /// Does it. Must be inlined into a function that has the instructions of `S`.
    ///
    /// # Safety
    /// The processor has the instructions of `S`.
    unsafe fn run<S: simd::Simd>(self);
}

/// The nearest bf16, ties to even; the bits of a finite value.
pub(crate) fn bf16(v: f32) -> u16 {
    let bits = v.to_bits();
    ((bits + 0x7fff + (bits >> 16 & 1)) >> 16) as u16
}

/// The bits of floats.
pub(crate) fn as_words(values: &[f32]) -> &[u32] {
    // SAFETY: both have 32 bits, the same alignment and no invalid values.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
}
