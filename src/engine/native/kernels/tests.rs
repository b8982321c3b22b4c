//! Every kernel of every instruction set that is here, against plain loops.
#![allow(clippy::unwrap_used)]

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
    let left = Left { words: &words, stride, rows, scales: &scales, scale_stride: 1 };
    isa.run(Gemm { left, weight: &packed, out: Out::F32(&mut out), gelu });
    let stride = bias.len().div_ceil(2);
    let mut halves = vec![0; rows * stride];
    isa.run(Gemm { left, weight: &packed, out: Out::Bf16(&mut halves), gelu });
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

fn erf_gelu(x: f64) -> f64 {
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

    /// Parts of the inner dimension, each with scales of its own, add up.
    #[test]
    fn products_in_parts(rows in 1usize..30, parts in 1usize..4, columns in 1usize..70, seed: u64) {
        let part = 8;
        let (x, bias) = (random(rows * parts * part, seed), vec![0.0; columns]);
        let weights: Vec<Vec<f32>> = (0..parts).map(|p| random(columns * part, seed ^ p as u64)).collect();
        // Part p of all rows.
        let of = |p: usize| -> Vec<f32> { x.chunks_exact(part).skip(p).step_by(parts).flatten().copied().collect() };
        for kind in [Kind::F32, Kind::I8] {
            for isa in here() {
                let (words, stride, scales) = left(isa, kind, &x, part);
                let mut out = vec![1.0; rows * columns];
                for (p, weight) in weights.iter().enumerate() {
                    let (words, scales) = (&words[p * stride..], &scales[p..]);
                    let left = Left { words, stride: parts * stride, rows, scales, scale_stride: parts };
                    let packed = Packed::new(isa, kind, weight, &bias);
                    isa.run(Gemm { left, weight: &packed, out: Out::Add(&mut out), gelu: false });
                }
                let alone: Vec<Vec<f32>> =
                    weights.iter().enumerate().map(|(p, weight)| gemm(isa, kind, &of(p), weight, &bias, false)).collect();
                for (i, got) in out.iter().enumerate() {
                    let want = alone.iter().fold(1.0, |sum, part| sum + part[i]);
                    prop_assert_eq!(got.to_bits(), want.to_bits(), "{} {:?}", isa, kind);
                }
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
    fn attention(tokens in 1usize..80, heads in 1usize..4, size in 1usize..40, seed: u64) {
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
                isa.run(Attention { qkv: qkv_in, out: &mut out, width, heads, scratch });
                let allowed = if halves { 0.05 } else { 1e-5 };
                for (i, got) in out.iter().enumerate() {
                    let want = attend(&qkv, width, size, i);
                    prop_assert!((f64::from(*got) - want).abs() < allowed, "{isa} {got} {want}");
                }
            }
        }
    }

    #[test]
    fn layer_norm(rows in 1usize..5, width in 1usize..100, seed: u64) {
        let (x, y) = (random(rows * width, seed), random(rows * width, seed ^ 1));
        let (weight, bias) = (random(width, seed ^ 2), random(width, seed ^ 3));
        for isa in here() {
            for y in [&y[..], &[]] {
                let mut got = x.clone();
                isa.run(AddNorm { x: &mut got, y, weight: &weight, bias: &bias, eps: 1e-5 });
                for row in 0..rows {
                    let at = |i: usize| f64::from(x[row * width + i]) + y.get(row * width + i).map_or(0.0, |&v| f64::from(v));
                    let mean = (0..width).map(at).sum::<f64>() / width as f64;
                    let variance = (0..width).map(|i| (at(i) - mean).powi(2)).sum::<f64>() / width as f64;
                    for i in 0..width {
                        let unit = (at(i) - mean) / (variance + 1e-5).sqrt();
                        let want = unit * f64::from(weight[i]) + f64::from(bias[i]);
                        prop_assert!((f64::from(got[row * width + i]) - want).abs() < 2e-4, "{isa}");
                    }
                }
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

    #[test]
    fn sums_of_layers(n in 1usize..70, seed: u64) {
        let (sum, x) = (random(n, seed), random(n, seed ^ 1));
        for isa in here() {
            let mut got = sum.clone();
            isa.run(AddScaled { width: n, sum: &mut got, x: &x, share: 0.3 });
            for i in 0..n {
                prop_assert!((got[i] - (sum[i] + 0.3 * x[i])).abs() < 1e-5);
            }
        }
    }
}

/// Value `i` of the attention's result, in f64.
fn attend(qkv: &[f32], width: usize, size: usize, i: usize) -> f64 {
    let (token, column) = (i / width, i % width);
    let head = column / size;
    let at = |which: usize, t: usize, d: usize| f64::from(qkv[(t * 3 + which) * width + head * size + d]);
    let tokens = qkv.len() / 3 / width;
    let score = |t: usize| (0..size).map(|d| at(0, token, d) * at(1, t, d)).sum::<f64>() / (size as f64).sqrt();
    let weights: Vec<f64> = (0..tokens).map(|t| score(t).exp()).collect();
    let total: f64 = weights.iter().sum();
    (0..tokens).map(|t| weights[t] / total * at(2, t, column % size)).sum()
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
        let qkv: Vec<f32> = wild.iter().copied().cycle().take(9 * 8).collect();
        let (out, scratch) = (&mut [0.0; 24], &mut AttentionScratch::default());
        isa.run(Attention { qkv: Qkv::F32(&qkv), out, width: 8, heads: 2, scratch });
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
