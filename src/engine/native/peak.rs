//! The machine's own ceiling: what its threads multiply when everything lies in their first
//! cache.

use super::kernels::{Aligned, Gemm, Isa, Kind, Left, Out, Packed};
use super::{Precision, thread_pool};
use crate::error::EngineError;
use std::time::{Duration, Instant};

/// Operations (a product and a sum are two) a second of all threads together, measured for
/// `time`; [`Precision::Auto`] is f32.
pub fn peak(precision: Precision, isa: Isa, threads: usize, time: Duration) -> Result<f64, EngineError> {
    let pool = thread_pool(threads)?;
    let rates = pool.broadcast(|_| {
        // Twelve rows of 128 words and 32 columns fit a first-level cache.
        let mut product = Product::new(precision, isa, 12, 128 * kind(precision).values(), 32);
        let started = Instant::now();
        let mut operations = 0.0;
        while started.elapsed() < time {
            (0..256).for_each(|_| product.run());
            operations += 256.0 * product.operations();
        }
        operations / started.elapsed().as_secs_f64()
    });
    Ok(rates.iter().sum())
}

const fn kind(precision: Precision) -> Kind {
    match precision {
        Precision::Auto | Precision::F32 => Kind::F32,
        Precision::Bf16 => Kind::Bf16,
        Precision::Int8 => Kind::I8,
    }
}

/// A matrix product that can be timed.
pub struct Product {
    isa: Isa,
    weight: Packed,
    words: Aligned<u32>,
    scales: Vec<[f32; 2]>,
    out: Aligned<f32>,
    rows: usize,
    depth: usize,
}

impl Product {
    /// `rows` rows of `depth` values times a weight of so many columns. `isa` must be here.
    pub fn new(precision: Precision, isa: Isa, rows: usize, depth: usize, columns: usize) -> Self {
        let kind = kind(precision);
        Self {
            isa,
            weight: Packed::new(isa, kind, &vec![0.01; columns * depth], &vec![0.0; columns]),
            words: Aligned::zeros(rows * depth.div_ceil(kind.values())),
            scales: vec![[1.0, 0.0]; rows],
            out: Aligned::zeros(rows * columns),
            rows,
            depth,
        }
    }

    /// Computes it once, on one thread.
    pub fn run(&mut self) {
        let left = Left { words: &self.words, stride: self.weight.inner, rows: self.rows, scales: &self.scales };
        self.isa.run(Gemm { left, weight: &self.weight, out: Out::F32(&mut self.out), gelu: false });
    }

    /// Operations of one run.
    pub fn operations(&self) -> f64 {
        2.0 * (self.rows * self.depth * self.weight.columns) as f64
    }
}
