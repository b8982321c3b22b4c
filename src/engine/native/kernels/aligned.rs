//! Buffers that begin on a cache line.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line(#[expect(dead_code, reason = "read through pointers")] [u32; 16]);

/// A vector of `u32` or `f32` whose first value lies on a cache line.
#[derive(Clone)]
pub(crate) struct Aligned<T> {
    lines: Vec<Line>,
    len: usize,
    kind: PhantomData<T>,
}

/// A value of 32 bits for which all zeros is a zero.
pub(crate) trait Word: Copy {}
impl Word for u32 {}
impl Word for f32 {}

impl<T: Word> Default for Aligned<T> {
    fn default() -> Self {
        Self::zeros(0)
    }
}

impl<T: Word> Aligned<T> {
    /// All zero.
    pub(crate) fn zeros(len: usize) -> Self {
        Self { lines: vec![Line([0; 16]); len.div_ceil(16)], len, kind: PhantomData }
    }

    /// Makes room for at least `len` values; what was there is kept.
    pub(crate) fn grow(&mut self, len: usize) {
        if len > self.len {
            self.lines.resize(len.div_ceil(16), Line([0; 16]));
            self.len = len;
        }
    }
}

impl<T: Word> Deref for Aligned<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        // SAFETY: the lines hold at least `len` words, and any word is a value of T.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.len) }
    }
}

impl<T: Word> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above, and the borrow is the only one.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.len) }
    }
}
