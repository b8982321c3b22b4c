//! Every kernel of every instruction set that is here, against plain loops.
#![allow(clippy::unwrap_used)]

use super::parts::{LEAST, PART};
use super::*;
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn here() -> Vec<Isa> {
    Isa::ALL.into_iter().filter(|isa| isa.is_here()).collect()
}

fn random(n: usize, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n).map(|_| rng.random_range(-2.0f32..2.0)).collect()
}

fn half(v: f32) -> f32 {
    f32::from_bits(u32::from(bf16(v)) << 16)
}

/// The left side of a product: words, stride, scales.
fn left(isa: Isa, kind: Kind, x: &[f32], width: usize) -> (Aligned<u32>, usize, Vec<[f32; 2]>) {
    let stride = width.div_ceil(kind.values());
    let rows = x.len() / width;
    let mut words = Aligned::zeros(rows * stride);
    let mut scales = vec![[0.0; 2]; rows];
    match kind {
        Kind::F32 => words.iter_mut().zip(x).for_each(|(w, v)| *w = v.to_bits()),
        Kind::Bf16 => isa.run(ToBf16 { from: x, width, to: &mut words, stride }),
        Kind::I8 => isa.run(ToBytes { from: x, width, to: &mut words, stride, scales: &mut scales }),
    }
    (words, stride, scales)
}

fn gemm(isa: Isa, kind: Kind, x: &[f32], weight: &[f32], bias: &[f32], gelu: bool) -> Vec<f32> {
    let width = weight.len() / bias.len();
    let (words, stride, scales) = left(isa, kind, x, width);
    let rows = x.len() / width;
    let packed = Packed::new(isa, kind, weight, bias);
    let mut out = vec![f32::NAN; rows * bias.len()];
    let left = Left { words: &words, stride, rows, scales: &scales };
    isa.run(Gemm { left, weight: &packed, out: Out::F32(&mut out), gelu });
    let stride = bias.len().div_ceil(2);
    let mut halves = vec![0; rows * stride];
    isa.run(Gemm { left, weight: &packed, out: Out::Bf16(&mut halves), gelu });
    let mut sums = vec![1.0; out.len()];
    isa.run(Gemm { left, weight: &packed, out: Out::Add(&mut sums), gelu });
    assert!(sums.iter().zip(&out).all(|(s, v)| s.to_bits() == (1.0 + v).to_bits() || v.is_nan()), "{isa} {kind:?}");
    for (i, v) in out.iter().enumerate().filter(|(_, v)| v.is_finite()) {
        let (row, column) = (i / bias.len(), i % bias.len());
        assert_eq!((halves[row * stride + column / 2] >> (16 * (column % 2))) as u16, bf16(*v), "{isa} {kind:?}");
    }
    out
}

/// The product in f64 from the values as they are stored, and the size of its terms.
fn reference(isa: Isa, kind: Kind, x: &[f32], weight: &[f32], bias: &[f32]) -> Vec<(f64, f64)> {
    let width = weight.len() / bias.len();
    let stored: Vec<f64> = match kind {
        Kind::F32 => x.iter().map(|&v| f64::from(v)).collect(),
        Kind::Bf16 => x.iter().map(|&v| f64::from(half(v))).collect(),
        Kind::I8 => {
            let (words, stride, scales) = left(isa, kind, x, width);
            let byte = |r: usize, k: usize| f64::from((words[r * stride + k / 4] >> (8 * (k % 4))) as u8);
            let value = |(r, k): (usize, usize)| f64::from(scales[r][0]) * (byte(r, k) - f64::from(scales[r][1]));
            (0..x.len()).map(|i| value((i / width, i % width))).collect()
        }
    };
    let packed = Packed::new(isa, kind, weight, bias);
    let word =
        |n: usize, k: usize| packed.words[(n / packed.panel * packed.inner + k) * packed.panel + n % packed.panel];
    let weights: Vec<f64> = (0..weight.len())
        .map(|i| {
            let (n, k, v) = (i / width, i % width, weight[i]);
            match kind {
                Kind::F32 => f64::from(v),
                Kind::Bf16 => f64::from(half(v)),
                Kind::I8 => {
                    let byte = (word(n, k / 4) >> (8 * (k % 4))) as u8 as i8;
                    let stored = f64::from(byte) * f64::from(packed.scales[n]);
                    assert!((stored - f64::from(v)).abs() <= 0.501 * f64::from(packed.scales[n]), "{stored} {v}");
                    stored
                }
            }
        })
        .collect();
    let value = |(row, column): (usize, usize)| {
        let terms = stored[row * width..(row + 1) * width].iter().zip(&weights[column * width..(column + 1) * width]);
        terms.fold((f64::from(bias[column]), 1.0), |(sum, size), (a, b)| (sum + a * b, size + (a * b).abs()))
    };
    let rows = x.len() / width;
    (0..rows * bias.len()).map(|i| value((i / bias.len(), i % bias.len()))).collect()
}

/// `before + gelu(x up^T + up_bias) down^T + down_bias`, with what lies between as bytes and scales.
fn feed_forward(
    isa: Isa,
    x: &[f32],
    up: &[f32],
    up_bias: &[f32],
    down: &[f32],
    down_bias: &[f32],
    before: &[f32],
) -> (Vec<u32>, Vec<f32>, Vec<f32>) {
    let width = up.len() / up_bias.len();
    let rows = x.len() / width;
    let inside = up_bias.len();
    let (words, stride, scales) = left(isa, Kind::I8, x, width);
    let left = Left { words: &words, stride, rows, scales: &scales };
    let (mut out, mut out_scales) = (vec![0; rows * inside.div_ceil(4)], vec![0.0; rows * parts(inside)]);
    let weight = Packed::new(isa, Kind::I8, up, up_bias);
    let scratch = &mut Aligned::default();
    isa.run(GeluToParts { left, weight: &weight, out: &mut out, scales: &mut out_scales, scratch });
    let weight = Packed::for_parts(isa, down, down_bias);
    let mut got = before.to_vec();
    isa.run(AddParts { words: &out, scales: &out_scales, rows, weight: &weight, out: &mut got });
    (out, out_scales, got)
}

fn erf_gelu(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.max(0.0);
    }
    // Abramowitz and Stegun 7.1.26 is too rough; the series is exact enough for |x| < 6.
    let z = x / std::f64::consts::SQRT_2;
    let (mut term, mut sum, mut n) = (z, z, 0.0);
    while term.abs() > 1e-17 && n < 200.0 {
        n += 1.0;
        term *= -z * z / n;
        sum += term / (2.0 * n + 1.0);
    }
    let erf = (sum * 2.0 / std::f64::consts::PI.sqrt()).clamp(-1.0, 1.0);
    0.5 * x * (1.0 + erf)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn products(rows in 0usize..30, width in 1usize..70, columns in 1usize..70, seed: u64) {
        let x = random(rows * width, seed);
        let weight = random(columns * width, seed ^ 1);
        let bias = random(columns, seed ^ 2);
        for kind in [Kind::F32, Kind::Bf16, Kind::I8] {
            for isa in here() {
                let want = reference(isa, kind, &x, &weight, &bias);
                let got = gemm(isa, kind, &x, &weight, &bias, false);
                for (g, (w, size)) in got.iter().zip(&want) {
                    prop_assert!((f64::from(*g) - w).abs() <= 1e-6 * size * 4.0, "{isa} {kind:?}: {g} {w}");
                }
            }
        }
    }

    /// The inside of the feed-forward layer in bytes, against f64 on what the bytes stand for.
    #[test]
    fn feed_forward_in_parts(rows in 1usize..30, width in 1usize..20, inside in 1usize..300, seed: u64) {
        let columns = 19;
        let (x, up) = (random(rows * width, seed), random(inside * width, seed ^ 1));
        let (up_bias, down) = (random(inside, seed ^ 2), random(columns * inside, seed ^ 3));
        let (down_bias, before) = (random(columns, seed ^ 4), random(rows * columns, seed ^ 5));
        for isa in here() {
            let (words, scales, got) = feed_forward(isa, &x, &up, &up_bias, &down, &down_bias, &before);
            let (stride, parts) = (inside.div_ceil(4), parts(inside));
            let value = |r: usize, k: usize| {
                let byte = (words[r * stride + k / 4] >> (8 * (k % 4))) as u8;
                f64::from(scales[r * parts + k / PART]) * f64::from(byte) - f64::from(LEAST)
            };
            let hidden = reference(isa, Kind::I8, &x, &up, &up_bias);
            for (i, (sum, size)) in hidden.iter().enumerate() {
                let (want, step) = (erf_gelu(*sum), f64::from(scales[i / inside * parts + i % inside / PART]));
                let allowed = 0.502 * step + 1e-3 + 1e-3 * want.abs() + 1e-5 * size;
                let stored = value(i / inside, i % inside);
                prop_assert!((stored - want).abs() <= allowed, "{isa}: {stored}, not {want}");
            }
            for (i, got) in got.iter().enumerate() {
                let (row, column) = (i / columns, i % columns);
                let (mut want, mut step) = (f64::from(before[i]) + f64::from(down_bias[column]), 1e-4);
                for k in 0..inside {
                    let a = value(row, k);
                    want += a * f64::from(down[column * inside + k]);
                    // Half a step of a weight that is at most 2.
                    step += a.abs() * 2.0 / 127.0 * 0.51;
                }
                prop_assert!((f64::from(*got) - want).abs() <= step, "{isa}: {got}, not {want}");
            }
            // The same bits alone.
            for row in 0..rows {
                let (x, before) = (&x[row * width..][..width], &before[row * columns..][..columns]);
                let alone = feed_forward(isa, x, &up, &up_bias, &down, &down_bias, before);
                let together = got[row * columns..][..columns].iter().map(|v| v.to_bits());
                prop_assert!(alone.2.iter().map(|v| v.to_bits()).eq(together), "{isa}");
            }
        }
    }

    /// A value is one chain of sums, whichever tile its row falls into: the same bits alone and
    /// among others.
    #[test]
    fn a_row_does_not_know_its_neighbours(rows in 1usize..40, width in 1usize..40, seed: u64) {
        let x = random(rows * width, seed);
        let weight = random(33 * width, seed ^ 1);
        let bias = random(33, seed ^ 2);
        for kind in [Kind::F32, Kind::Bf16, Kind::I8] {
            for isa in here() {
                let together = gemm(isa, kind, &x, &weight, &bias, true);
                for row in 0..rows {
                    let alone = gemm(isa, kind, &x[row * width..(row + 1) * width], &weight, &bias, true);
                    let bits = |v: &[f32]| v.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                    prop_assert_eq!(bits(&alone), bits(&together[row * 33..(row + 1) * 33]), "{} {:?}", isa, kind);
                }
            }
        }
    }

    #[test]
    fn attention(tokens in 1usize..80, heads in 1usize..4, size in 1usize..40, near: bool, seed: u64) {
        let width = heads * size;
        let qkv = random(tokens * 3 * width, seed);
        for isa in here() {
            for halves in [false, true] {
                if halves && size % 2 == 1 {
                    continue;
                }
                let mut out = vec![f32::NAN; tokens * width];
                let scratch = &mut AttentionScratch::default();
                let mut scaled = qkv.clone();
                let queries = scaled.chunks_mut(width).step_by(3).flatten();
                queries.for_each(|q| *q *= query_scale(size));
                let mut words = vec![0; qkv.len().div_ceil(2)];
                isa.run(ToBf16 { from: &scaled, width: qkv.len(), to: &mut words, stride: qkv.len().div_ceil(2) });
                let qkv_in = if halves { Qkv::Bf16(&words) } else { Qkv::F32(&scaled) };
                let distances = near.then(|| Distances::new(heads, tokens + seed as usize % 3, addend));
                let distances = distances.as_ref();
                isa.run(Attention { qkv: qkv_in, out: &mut out, width, heads, distances, scratch });
                let allowed = if halves { 0.05 } else { 1e-5 };
                for (i, got) in out.iter().enumerate() {
                    let want = attend(&qkv, width, size, i, near);
                    prop_assert!((f64::from(*got) - want).abs() < allowed, "{isa} {got} {want}");
                }
            }
        }
    }

    #[test]
    fn layer_norm(rows in 1usize..7, width in 1usize..100, seed: u64) {
        let x = random(rows * width, seed);
        let (weight, bias, sum) = (random(width, seed ^ 2), random(width, seed ^ 3), random(rows * width, seed ^ 4));
        for isa in here() {
            for kind in [Kind::F32, Kind::Bf16, Kind::I8] {
                let mut got = x.clone();
                let mut mixed = sum.clone();
                let stride = width.div_ceil(kind.values());
                let (mut words, mut scales) = (vec![0; rows * stride], vec![[0.0; 2]; rows]);
                let next = match kind {
                    Kind::F32 => Next::Same,
                    Kind::Bf16 => Next::Bf16(&mut words, stride),
                    Kind::I8 => Next::Bytes(&mut words, stride, &mut scales),
                };
                let mixes = [None, Some(Mix { sum: &mut mixed, share: 0.3 })];
                isa.run(Norm { x: &mut got, weight: &weight, bias: &bias, eps: 1e-5, next, mixes });
                for row in 0..rows {
                    let at = |i: usize| f64::from(x[row * width + i]);
                    let mean = (0..width).map(at).sum::<f64>() / width as f64;
                    let variance = (0..width).map(|i| (at(i) - mean).powi(2)).sum::<f64>() / width as f64;
                    for i in 0..width {
                        let unit = (at(i) - mean) / (variance + 1e-5).sqrt();
                        let want = unit * f64::from(weight[i]) + f64::from(bias[i]);
                        let k = row * width + i;
                        prop_assert!((f64::from(got[k]) - want).abs() < 2e-4, "{isa}");
                        prop_assert!((mixed[k] - (sum[k] + 0.3 * got[k])).abs() < 1e-5, "{isa}");
                    }
                }
                // What goes into the next product is what the conversion makes of it alone.
                let (alone, _, alone_scales) = left(isa, kind, &got, width);
                if kind != Kind::F32 {
                    prop_assert_eq!(&alone[..], &words[..], "{} {:?}", isa, kind);
                }
                prop_assert!(kind != Kind::I8 || alone_scales == scales, "{isa}");
            }
        }
    }

    #[test]
    fn bytes_are_within_half_a_step(width in 1usize..100, seed: u64) {
        let x = random(2 * width, seed);
        for isa in here() {
            let (words, stride, scales) = left(isa, Kind::I8, &x, width);
            for (i, v) in x.iter().enumerate() {
                let (row, k) = (i / width, i % width);
                let byte = (words[row * stride + k / 4] >> (8 * (k % 4))) as u8;
                let [scale, zero] = scales[row];
                prop_assert!((scale * (f32::from(byte) - zero) - v).abs() <= scale * 1.001, "{isa}");
            }
        }
    }
}

/// A bias by distance, of a head.
fn addend(head: usize, ahead: i64) -> f32 {
    (ahead as f32 * 0.7 + head as f32).sin() * 2.0
}

/// Value `i` of the attention's result, in f64; `near`: with [`addend`].
fn attend(qkv: &[f32], width: usize, size: usize, i: usize, near: bool) -> f64 {
    let (token, column) = (i / width, i % width);
    let head = column / size;
    let at = |which: usize, t: usize, d: usize| f64::from(qkv[(t * 3 + which) * width + head * size + d]);
    let tokens = qkv.len() / 3 / width;
    let bias = |t: usize| if near { f64::from(addend(head, t as i64 - token as i64)) } else { 0.0 };
    let product = |t: usize| (0..size).map(|d| at(0, token, d) * at(1, t, d)).sum::<f64>();
    let score = |t: usize| product(t) / (size as f64).sqrt() + bias(t);
    let weights: Vec<f64> = (0..tokens).map(|t| score(t).exp()).collect();
    let total: f64 = weights.iter().sum();
    (0..tokens).map(|t| weights[t] / total * at(2, t, column % size)).sum()
}

/// Scores whose powers of two no f32 holds: the greatest is taken off first.
#[test]
fn attention_with_huge_scores() {
    let (tokens, width) = (40, 8);
    let mut qkv = random(tokens * 3 * width, 3);
    for row in qkv.chunks_mut(3 * width) {
        row[..2 * width].iter_mut().for_each(|v| *v = half(*v * 40.0));
    }
    let mut scaled = qkv.clone();
    scaled.chunks_mut(width).step_by(3).flatten().for_each(|q| *q = half(*q * query_scale(width)));
    for isa in here() {
        let mut words = vec![0; qkv.len() / 2];
        isa.run(ToBf16 { from: &scaled, width: qkv.len(), to: &mut words, stride: qkv.len() / 2 });
        for qkv_in in [Qkv::F32(&scaled), Qkv::Bf16(&words)] {
            let (mut out, scratch) = (vec![f32::NAN; tokens * width], &mut AttentionScratch::default());
            isa.run(Attention { qkv: qkv_in, out: &mut out, width, heads: 1, distances: None, scratch });
            assert!(out.iter().all(|v| v.abs() <= 2.1), "{isa}: {out:?}");
            // Each query sees hardly more than its best key; the queries are rounded.
            let unscaled: Vec<f32> = scaled
                .iter()
                .enumerate()
                .map(|(i, v)| if i / width % 3 == 0 { v / query_scale(width) } else { *v })
                .collect();
            let far = (0..out.len())
                .filter(|&i| (f64::from(out[i]) - attend(&unscaled, width, width, i, false)).abs() > 0.05);
            assert_eq!(far.count(), 0, "{isa}");
        }
    }
}

#[test]
fn gelu_is_close_everywhere() {
    for isa in here() {
        let x: Vec<f32> = (-600..=600).map(|i| i as f32 / 100.0).collect();
        // A product with one is the value itself.
        let got = gemm(isa, Kind::F32, &x, &[1.0], &[0.0], true);
        for (g, x) in got.iter().zip(&x) {
            let want = erf_gelu(f64::from(*x));
            assert!((f64::from(*g) - want).abs() < 2e-6, "{isa}: gelu({x}) = {g}, not {want}");
        }
    }
}

#[test]
fn rough_gelu_is_close_enough() {
    for isa in here() {
        // Values that bf16 holds exactly.
        let x: Vec<f32> = (-384..=384).map(|i| half(i as f32 / 64.0)).collect();
        let got = gemm(isa, Kind::Bf16, &x, &[1.0], &[0.0], true);
        let far = gemm(isa, Kind::Bf16, &[-1e6, -20.0, 20.0, 1e6], &[1.0], &[0.0], true);
        assert!(far[0].abs() < 1e-2 && far[1].abs() < 1e-6 && far[2] == 20.0 && far[3] == half(1e6), "{isa}: {far:?}");
        for (g, x) in got.iter().zip(&x) {
            let want = erf_gelu(f64::from(*x));
            let allowed = 1e-4 + 1e-3 * want.abs();
            assert!((f64::from(*g) - want).abs() < allowed, "{isa}: gelu({x}) = {g}, not {want}");
        }
    }
}

#[test]
fn wild_values_do_not_panic() {
    let wild = [f32::MAX, f32::MIN, 0.0, -0.0, 1e-40, f32::INFINITY, f32::NAN, 1.0];
    for isa in here() {
        for kind in [Kind::F32, Kind::Bf16, Kind::I8] {
            gemm(isa, kind, &wild, &[1.0; 8], &[0.0], true);
            gemm(isa, kind, &[0.0; 8], &[0.0; 8], &[0.0], true);
        }
        feed_forward(isa, &wild, &[1.0; 16], &[0.0; 2], &[1.0; 4], &[0.0; 2], &[0.0; 2]);
        let qkv: Vec<f32> = wild.iter().copied().cycle().take(9 * 8).collect();
        let (out, scratch) = (&mut [0.0; 24], &mut AttentionScratch::default());
        isa.run(Attention { qkv: Qkv::F32(&qkv), out, width: 8, heads: 2, distances: None, scratch });
    }
}

#[test]
fn names_are_read_back() {
    for isa in here() {
        assert_eq!(isa.name().parse::<Isa>(), Ok(isa));
    }
    assert!("sse9".parse::<Isa>().unwrap_err().contains("portable"));
    assert!(Isa::best().is_here());
}
