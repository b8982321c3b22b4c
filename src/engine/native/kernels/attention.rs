//! Scaled dot-product attention (Vaswani et al., 2017) of all heads over one window.

use super::gemm::{Finish, Operands, put};
use super::simd::{Dot, DotBf16, DotF32, Simd};
use super::softmax::{Near, Powers, ROWS, Scores, inverses, softmax, softmax_to_bf16};
use super::{Aligned, Job, Kind};

/// Queries, keys and values side by side, shape `[tokens, 3 width]`; the queries are already
/// multiplied by [`query_scale`].
#[derive(Clone, Copy)]
pub(crate) enum Qkv<'a> {
    /// As f32.
    F32(&'a [f32]),
    /// As bf16, two a word; the size of a head is even.
    Bf16(&'a [u32]),
}

/// What queries are to be multiplied by for heads of a size: `log2(e) / sqrt(size)`, since
/// the softmax works in powers of two.
pub(crate) fn query_scale(size: usize) -> f32 {
    std::f32::consts::LOG2_E / (size as f32).sqrt()
}

/// What is added to the scores of two tokens by their distance, of each head, in powers of two.
pub(crate) struct Distances {
    /// Shape `[heads, row]`.
    addends: Vec<f32>,
    /// Addends of a head, and some zeros that are loaded and not used.
    row: usize,
    /// Tokens of a window at most.
    longest: usize,
}

impl Distances {
    /// `of` gives a head's bias of the natural scores for a key that is so many tokens ahead of the query.
    pub(crate) fn new(heads: usize, longest: usize, of: impl Fn(usize, i64) -> f32) -> Self {
        let reach = longest.max(1) as i64 - 1;
        let row = 2 * reach as usize + 1 + MOST_COLUMNS;
        let mut addends = vec![0.0; heads * row];
        for (head, addends) in addends.chunks_mut(row).enumerate() {
            for (addend, ahead) in addends.iter_mut().zip(-reach..=reach) {
                *addend = of(head, ahead) * std::f32::consts::LOG2_E;
            }
        }
        Self { addends, row, longest }
    }

    /// The addends of a head for the query `first` and the keys after 0.
    fn near(&self, head: usize, first: usize) -> Near {
        Near(self.addends.as_ptr().wrapping_add(head * self.row + self.longest - 1 - first))
    }
}

/// `qkv` to `out`, shape `[tokens, width]`. Sums and softmax are f32 in either case.
pub(crate) struct Attention<'a> {
    pub(crate) qkv: Qkv<'a>,
    pub(crate) out: &'a mut [f32],
    pub(crate) width: usize,
    pub(crate) heads: usize,
    /// What is added to the scores, if anything is.
    pub(crate) distances: Option<&'a Distances>,
    pub(crate) scratch: &'a mut AttentionScratch,
}

/// Columns of a panel at most, of any instruction set.
const MOST_COLUMNS: usize = 32;

/// Buffers that are used again.
#[derive(Default)]
pub(crate) struct AttentionScratch {
    /// Keys of a head, packed as the weights of a dense layer are.
    keys: Aligned<u32>,
    /// Values of a head, packed likewise.
    values: Aligned<u32>,
    /// Shape `[rows of a tile, tokens]`, the tokens rounded up.
    scores: Aligned<f32>,
    /// The same in bf16.
    shares: Aligned<u32>,
}

impl Job for Attention<'_> {
    #[inline(always)]
    unsafe fn run<S: Simd>(self) {
        assert!(self.heads > 0 && self.width.is_multiple_of(self.heads));
        assert!(self.out.len().is_multiple_of(self.width));
        let (words, per) = match self.qkv {
            Qkv::F32(values) => (values.len(), 1),
            Qkv::Bf16(words) => (words.len(), 2),
        };
        assert_eq!(words * per, 3 * self.out.len());
        assert!((self.width / self.heads).is_multiple_of(per));
        let tokens = self.out.len() / self.width;
        assert!(S::COLUMNS <= MOST_COLUMNS && S::ROWS <= ROWS);
        assert!(self.distances.is_none_or(|d| tokens <= d.longest && d.addends.len() == self.heads * d.row));
        unsafe {
            match self.qkv {
                Qkv::F32(values) => heads::<S, DotF32>(self, values.as_ptr().cast(), Kind::F32),
                Qkv::Bf16(words) => heads::<S, DotBf16>(self, words.as_ptr(), Kind::Bf16),
            }
        }
    }
}

#[inline(always)]
unsafe fn heads<S: Simd, D: Dot>(job: Attention, qkv: *const u32, kind: Kind) {
    let (width, size) = (job.width, job.width / job.heads);
    let tokens = job.out.len() / width;
    let per = kind.values();
    // In words: a row of all, the width of one part, a head, the tokens.
    let (row, part, head_words, token_words) = (3 * width / per, width / per, size / per, tokens.div_ceil(per));
    let wide = tokens.next_multiple_of(S::COLUMNS);
    let wide_size = size.next_multiple_of(S::COLUMNS);
    let s = job.scratch;
    s.keys.grow(wide * head_words);
    s.values.grow(wide_size * token_words);
    s.scores.grow(S::ROWS * wide);
    s.shares.grow(S::ROWS * wide.div_ceil(2));
    for head in 0..job.heads {
        unsafe {
            let queries = qkv.add(head * head_words);
            pack_keys::<S>(&mut s.keys, queries.add(part), row, tokens, head_words);
            let values = queries.add(2 * part);
            match kind {
                Kind::Bf16 => pack_pairs::<S>(&mut s.values, values, row, tokens, head_words),
                _ => pack_rows::<S>(&mut s.values, values, row, tokens, head_words),
            }
            let mut first = 0;
            while first < tokens {
                let rows = (tokens - first).min(S::ROWS);
                let near = job.distances.map(|distances| distances.near(head, first));
                let some = Queries { at: queries.add(first * row), stride: row, rows, words: head_words, near };
                let inverse = powers::<S, D>(s, kind, &some, tokens);
                let (a, stride) = match kind {
                    Kind::Bf16 => (s.shares.as_ptr(), wide / 2),
                    _ => (s.scores.as_ptr().cast(), wide),
                };
                let out = job.out.as_mut_ptr().add(first * width + head * size);
                let end = Context { out, stride: width, columns: size, inverse: &inverse };
                for p in 0..wide_size / S::COLUMNS {
                    let b = s.values.as_ptr().add(p * token_words * S::COLUMNS);
                    let o = Operands::whole(a, stride, rows, token_words, b);
                    S::panel::<D, _>(&o, p * S::COLUMNS, &end);
                }
                first += rows;
            }
        }
    }
}

/// Some queries of a head.
struct Queries {
    at: *const u32,
    stride: usize,
    rows: usize,
    words: usize,
    near: Option<Near>,
}

/// Queries times keys to powers of two, in bf16 or f32; gives what each row is to be multiplied
/// by for its sum to be 1.
#[inline(always)]
unsafe fn powers<S: Simd, D: Dot>(s: &mut AttentionScratch, kind: Kind, some: &Queries, tokens: usize) -> [f32; ROWS] {
    let &Queries { at, stride, rows, words, near } = some;
    let wide = tokens.next_multiple_of(S::COLUMNS);
    let panel = |p: usize| {
        let b = unsafe { s.keys.as_ptr().add(p * words * S::COLUMNS) };
        Operands::whole(at, stride, rows, words, b)
    };
    unsafe {
        if kind == Kind::Bf16 {
            let mut sums = [0.0f32; ROWS * 16];
            let out = s.shares.as_mut_ptr().cast();
            let end = Powers { out, stride: wide, scores: tokens, sums: sums.as_mut_ptr(), near };
            for p in 0..wide / S::COLUMNS {
                S::panel::<D, _>(&panel(p), p * S::COLUMNS, &end);
            }
            if let Some(inverse) = inverses::<S>(&sums, rows) {
                return inverse;
            }
        }
        let end = Scores { out: s.scores.as_mut_ptr(), stride: wide, near };
        for p in 0..wide / S::COLUMNS {
            S::panel::<D, _>(&panel(p), p * S::COLUMNS, &end);
        }
        let mut inverse = [0.0f32; ROWS];
        for (row, inverse) in inverse.iter_mut().enumerate().take(rows) {
            let scores = &mut s.scores[row * wide..(row + 1) * wide];
            let sum = if kind == Kind::Bf16 {
                softmax_to_bf16::<S>(scores, tokens, &mut s.shares[row * wide / 2..(row + 1) * wide / 2])
            } else {
                softmax::<S>(scores, tokens)
            };
            *inverse = 1.0 / sum;
        }
        inverse
    }
}

/// The keys of a head as the right side of a product over the head: a column a token. Columns
/// beyond the last token are any numbers; their scores are overwritten.
#[inline(always)]
unsafe fn pack_keys<S: Simd>(to: &mut [u32], keys: *const u32, stride: usize, tokens: usize, words: usize) {
    assert!(to.len() >= tokens.next_multiple_of(S::COLUMNS) * words);
    for token in (0..tokens).step_by(S::COLUMNS) {
        let rows = S::COLUMNS.min(tokens - token);
        let to = &mut to[token * words..][..S::COLUMNS * words];
        if rows < S::COLUMNS {
            to.fill(0);
        }
        unsafe { S::transpose(keys.add(token * stride), stride, rows, words, to.as_mut_ptr()) };
    }
}

/// The values of a head as the right side of a product over tokens, one token a word.
#[inline(always)]
unsafe fn pack_rows<S: Simd>(to: &mut [u32], values: *const u32, stride: usize, tokens: usize, size: usize) {
    assert!(to.len() >= tokens * size.next_multiple_of(S::COLUMNS));
    for token in 0..tokens {
        for d in (0..size).step_by(S::COLUMNS) {
            unsafe {
                let from = values.add(token * stride + d);
                let into = to.as_mut_ptr().add(d * tokens + token * S::COLUMNS);
                std::ptr::copy_nonoverlapping(from, into, S::COLUMNS.min(size - d));
            }
        }
    }
}

/// Likewise, two tokens a word.
#[inline(always)]
unsafe fn pack_pairs<S: Simd>(to: &mut [u32], values: *const u32, stride: usize, tokens: usize, words: usize) {
    let pairs = tokens.div_ceil(2);
    assert!(to.len() >= pairs * (2 * words).next_multiple_of(S::COLUMNS));
    for pair in 0..pairs {
        let last = 2 * pair + 1 == tokens;
        for d in (0..words).step_by(S::COLUMNS / 2) {
            unsafe {
                let even = values.add(2 * pair * stride + d);
                let odd = if last { even } else { even.add(stride) };
                let into = to.as_mut_ptr().add(2 * d * pairs + pair * S::COLUMNS);
                for i in 0..(S::COLUMNS / 2).min(words - d) {
                    let (a, b) = (*even.add(i), if last { 0 } else { *odd.add(i) });
                    *into.add(2 * i) = a & 0xffff | b << 16;
                    *into.add(2 * i + 1) = a >> 16 | b & 0xffff_0000;
                }
            }
        }
    }
}

struct Context<'a> {
    out: *mut f32,
    stride: usize,
    columns: usize,
    inverse: &'a [f32; ROWS],
}

impl Finish for Context<'_> {
    #[inline(always)]
    unsafe fn tile<S: Simd, const R: usize, const C: usize>(&self, row: usize, column: usize, sums: &[[S::F; C]; R]) {
        for (r, sums) in sums.iter().enumerate() {
            for (c, &sum) in sums.iter().enumerate() {
                unsafe {
                    let value = S::mul(sum, S::splat(self.inverse[row + r]));
                    put::<S>(self.out.add((row + r) * self.stride), column + c * S::LANES, self.columns, value);
                }
            }
        }
    }
}
