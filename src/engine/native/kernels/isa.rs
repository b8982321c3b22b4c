//! Which vector instructions there are, and which are used.

use super::simd::Simd;
use super::{Job, portable};
use std::fmt;
use std::str::FromStr;

#[cfg(target_arch = "x86_64")]
macro_rules! has {
    ($($feature:tt),*) => { $(std::arch::is_x86_feature_detected!($feature))&&* };
}

/// A constant of the vectors of an instruction set.
macro_rules! each {
    ($isa:expr, $what:ident) => {
        match $isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => $what::<super::avx2::Avx2<false>>(),
            #[cfg(target_arch = "x86_64")]
            Isa::AvxVnni => $what::<super::avx2::Avx2<true>>(),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => $what::<super::avx512::Avx512<false>>(),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512Bf16 => $what::<super::avx512::Avx512<true>>(),
            #[cfg(target_arch = "aarch64")]
            Isa::Neon => $what::<super::neon::Neon>(),
            _ => $what::<portable::Portable>(),
        }
    };
}

/// An instruction set that the kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(not(target_arch = "x86_64"), allow(dead_code, reason = "named everywhere, made on x86-64"))]
pub enum Isa {
    /// Plain Rust.
    Portable,
    /// Arm's 128-bit vectors.
    Neon,
    /// 256-bit vectors with FMA: x86-64 since 2013.
    Avx2,
    /// The same with products of bytes.
    AvxVnni,
    /// 512-bit vectors with products of bytes: Ice Lake, Zen 4 and later.
    Avx512,
    /// The same with products of bf16: Zen 4, Sapphire Rapids and later.
    Avx512Bf16,
}

impl Isa {
    /// All names, least first.
    pub const ALL: [Self; 6] = [Self::Portable, Self::Neon, Self::Avx2, Self::AvxVnni, Self::Avx512, Self::Avx512Bf16];

    /// The best that this processor has.
    pub fn best() -> Self {
        Self::ALL.into_iter().rev().find(|isa| isa.is_here()).unwrap_or(Self::Portable)
    }

    /// Whether this processor has it.
    pub fn is_here(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "aarch64")]
            Self::Neon => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => has!("avx2", "fma"),
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => has!("avx2", "fma", "avxvnni"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => has!("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512vnni"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Bf16 => Self::Avx512.is_here() && has!("avx512bf16"),
            #[cfg(not(target_arch = "aarch64"))]
            Self::Neon => false,
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Neon => "neon",
            Self::Avx2 => "avx2",
            Self::AvxVnni => "avx-vnni",
            Self::Avx512 => "avx512",
            Self::Avx512Bf16 => "avx512-bf16",
        }
    }

    /// Whether products of bf16 are faster than those of f32.
    pub fn has_bf16(self) -> bool {
        each!(self, fast_bf16)
    }

    /// Columns of a panel of packed weights.
    pub(super) fn columns(self) -> usize {
        each!(self, columns)
    }

    /// Does a job with these instructions.
    pub(crate) fn run(self, job: impl Job) {
        debug_assert!(self.is_here());
        // SAFETY: an Isa is only used after `is_here`; `FromStr` and `best` see to that.
        unsafe {
            match self {
                #[cfg(target_arch = "x86_64")]
                Self::Avx2 => super::avx2::run(job),
                #[cfg(target_arch = "x86_64")]
                Self::AvxVnni => super::avx2::run_vnni(job),
                #[cfg(target_arch = "x86_64")]
                Self::Avx512 => super::avx512::run(job),
                #[cfg(target_arch = "x86_64")]
                Self::Avx512Bf16 => super::avx512::run_bf16(job),
                #[cfg(target_arch = "aarch64")]
                Self::Neon => super::neon::run(job),
                _ => job.run::<portable::Portable>(),
            }
        }
    }
}

const fn columns<S: Simd>() -> usize {
    S::COLUMNS
}
const fn fast_bf16<S: Simd>() -> bool {
    S::FAST_BF16
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Isa {
    type Err = String;

    /// By name; an error names those that this processor has.
    fn from_str(name: &str) -> Result<Self, String> {
        let here = || Self::ALL.into_iter().filter(|isa| isa.is_here());
        here().find(|isa| isa.name() == name).ok_or_else(|| {
            let names: Vec<_> = here().map(Self::name).collect();
            format!("`{name}` is not an instruction set of this processor, which has {}", names.join(", "))
        })
    }
}
