//! What makes libtorch fast on the CPU. Two symbols cross to C here, and nothing else.
#![allow(unsafe_code)]

use std::sync::Once;

/// MKL asks this of itself before it picks its kernels, and takes slow ones on processors
/// that are not Intel's: float32 products are 2.3 times faster with this answer.
// SAFETY: the name is MKL's own hook, the signature is the one that MKL calls.
#[unsafe(no_mangle)]
pub(super) extern "C" fn mkl_serv_intel_cpu_true() -> std::ffi::c_int {
    1
}

/// Settles the process for libtorch on the CPU; done once, whoever calls.
pub fn tune() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Keeps the hook in the binary.
        std::hint::black_box(mkl_serv_intel_cpu_true as extern "C" fn() -> std::ffi::c_int);
        #[cfg(target_env = "gnu")]
        // SAFETY: mallopt takes plain integers and is called before libtorch's first tensor.
        // Without it glibc gives every large activation back to the system.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 30);
            libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX);
            libc::mallopt(libc::M_TOP_PAD, 64 << 20);
        }
    });
}
